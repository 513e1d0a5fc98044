/**
 * Notes in a journal, where Optuna's dashboard keeps them.
 *
 * @module
 */

import {
  attribute,
  type JournalOperation,
  systemAttribute,
} from "./_journal_operations.ts";
import type { JournalReplay, JournalStudy } from "./_journal_replay.ts";
import { isNote, noteKeys, notePieces, noteText } from "./_notes.ts";
import type { StudyNotes } from "./storage.ts";

/** Sets an attribute of a study (`null`) or a trial, or removes it; a note goes where the dashboard looks. */
export function keptAttribute(
  study: JournalStudy,
  trialId: number | null,
  key: string,
  value: unknown,
): JournalOperation[] {
  if (isNote(key, value)) return noteOperations(study, trialId, value ?? "");
  return [
    trialId === null
      ? attribute("study", study.id, key, value)
      : attribute("trial", trialId, key, value),
  ];
}

/** Sets the note on a study (`null`) or a trial; an empty text removes it. */
export function noteOperations(
  study: JournalStudy,
  trialId: number | null,
  text: string,
): JournalOperation[] {
  const keys = noteKeys(trialId);
  const before = study.system.get(keys.version);
  if (before === undefined && text === "") return [];
  // The dashboard counts pieces: one that is over is emptied.
  const emptied = [...study.notes.get(trialId)?.keys() ?? []].map((key) =>
    [key, ""] as const
  );
  const pieces = notePieces(text).map((piece, i) =>
    [`${keys.pieces}${i}`, piece] as const
  );
  return Object.entries({
    ...Object.fromEntries([...emptied, ...pieces]),
    [keys.version]: Number(before ?? 0) + 1,
  }).map(([key, value]) => systemAttribute("study", study.id, key, value));
}

/** The note on a study (`null`) or a trial; an empty text if there is none. */
export function noteIn(study: JournalStudy, trialId: number | null): string {
  const pieces = study.notes.get(trialId);
  return pieces === undefined ? "" : noteText(
    [...pieces].map(([key, piece]) => [key, JSON.stringify(piece)] as const),
  );
}

/** The notes of a study, by the numbers of its trials. */
export function notesIn(
  replay: JournalReplay,
  study: JournalStudy,
): StudyNotes {
  const trials = new Map<number, string>();
  for (const id of study.notes.keys()) {
    const trial = id === null ? null : replay.trial(id);
    const text = trial?.study === study ? noteIn(study, id) : "";
    if (text !== "") trials.set(trial!.number, text);
  }
  return Object.freeze({ study: noteIn(study, null), trials });
}

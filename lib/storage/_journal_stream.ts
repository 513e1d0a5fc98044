/**
 * A journal of any size: read twice, and of its trials only those are held that
 * have not ended yet, or ended before one of a lower number.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { createReadStream } from "node:fs";
import { isFinished, type TrialRecord } from "../records/mod.ts";
import { JournalFile } from "./_journal_file.ts";
import { operationIn } from "./_journal_lines.ts";
import { type JournalOperation, ownWriter } from "./_journal_operations.ts";
import { studyOf, trialOf } from "./_journal_records.ts";
import { JournalReplay, type JournalStudy } from "./_journal_replay.ts";
import type { StoredStudy } from "./storage.ts";

const lineEnd = 10;

/** The studies of a journal. */
export interface JournalStream {
  /** They, the oldest first. */
  readonly studies: readonly StoredStudy[];
  /** What was odd in the file, in words. */
  readonly notes: readonly string[];
  /** A study's trials by number; the file is read anew. */
  trials(studyId: number): AsyncGenerator<TrialRecord>;
}

/** What a first reading tells of the trials. */
interface Ends {
  /** How many operations there are. */
  count: number;
  /** By the trials' ids: the operation with which it ends, or the last one of it. */
  readonly last: number[];
  /** What our processes noted of trials that were over. */
  readonly late: Map<number, JournalOperation[]>;
}

/**
 * The studies of a journal that may be huge: looked at, never changed.
 *
 * @param path The file, which must not change but at its end.
 * @throws {StorageError} If it cannot be opened, or is no journal.
 *
 * @example
 * ```ts ignore
 * import { streamJournal } from "@etude/etude";
 * const { studies, trials } = streamJournal("a_million_trials.log");
 * for await (const trial of trials(studies[0].id)) console.log(trial.value);
 * ```
 */
export function streamJournal(path: string): JournalStream {
  const replay = new JournalReplay();
  const ends: Ends = { count: 0, last: [], late: new Map() };
  const file = new JournalFile(path, {
    play: (operation) => playFirst(replay, ends, operation),
    restart: () => {},
  }, { readOnly: true, durable: false, staleMs: 0, busyMs: 0 });
  file.read();
  const studies = replay.studies.filter((study) => study !== null);
  return {
    studies: studies.map(studyOf),
    notes: [...file.notes, ...replay.notes],
    trials: (studyId) => trialsOf(path, ends, replay.studies[studyId] ?? null),
  };
}

/** The id of the trial that an operation was about; NaN if about none. */
function played(replay: JournalReplay, operation: JournalOperation): number {
  const { trialCount } = replay;
  replay.play(operation);
  return replay.trialCount > trialCount
    ? trialCount
    : Number(operation.trial_id);
}

function playFirst(
  replay: JournalReplay,
  ends: Ends,
  operation: JournalOperation,
): void {
  ends.count++;
  const id = played(replay, operation);
  const trial = replay.trial(id);
  if (trial !== null) {
    ends.last[id] = ends.count;
    if (isFinished(trial.state)) replay.forget(trial);
  } else if (
    ends.last[id] !== undefined &&
    String(operation.worker_id).startsWith(ownWriter)
  ) {
    const late = ends.late.get(id) ?? [];
    ends.late.set(id, late);
    late.push(operation);
  }
}

async function* trialsOf(
  path: string,
  ends: Ends,
  study: JournalStudy | null,
): AsyncGenerator<TrialRecord> {
  const replay = new JournalReplay();
  const ready = new Map<number, TrialRecord>();
  let next = 0;
  let count = 0;
  for await (const operation of operationsIn(path)) {
    // What came after the first reading is not known.
    if (study === null || ++count > ends.count) return;
    const id = played(replay, operation);
    const trial = replay.trial(id);
    if (trial === null || ends.last[id] !== count) continue;
    for (const one of ends.late.get(id) ?? []) replay.play(one);
    replay.forget(trial);
    if (trial.study.id !== study.id) continue;
    ready.set(trial.number, trialOf(trial, study));
    for (let one = ready.get(next); one !== undefined; one = ready.get(next)) {
      ready.delete(next++);
      yield one;
    }
  }
}

/** The operations in the lines that were ended. */
async function* operationsIn(path: string): AsyncGenerator<JournalOperation> {
  let rest: Buffer[] = [];
  for await (
    const bytes of createReadStream(path, { highWaterMark: 2 ** 20 })
  ) {
    const chunk = bytes as Buffer;
    let from = 0;
    for (
      let end = chunk.indexOf(lineEnd);
      end >= 0;
      end = chunk.indexOf(lineEnd, from)
    ) {
      rest.push(chunk.subarray(from, end));
      const found = operationIn(
        rest.length === 1 ? rest[0]! : Buffer.concat(rest),
      );
      rest = [];
      from = end + 1;
      if (found !== null) yield found.operation;
    }
    if (from < chunk.length) rest.push(chunk.subarray(from));
  }
}

/**
 * Optuna's own files, and ours, which are the same: SQLite files and journals.
 *
 * @module
 */

import { stat } from "node:fs/promises";
import { constraintsKey, type TrialRecord } from "../records/mod.ts";
import {
  boolean,
  choice,
  choicesOf,
  float,
  int,
  type Parameter,
} from "../space/mod.ts";
import {
  JournalStorage,
  SQLiteStorage,
  type StoredStudy,
  streamJournal,
  type StudyStorage,
} from "../storage/mod.ts";
import type { AnyBuilder, StudyDraft, TrialDraft } from "./_draft.ts";

/** So many trials are read at a time. */
const portion = 1000;

/** The studies of an SQLite file, opened for reading alone. */
export function readSQLite(path: string): Promise<StudyDraft[]> {
  return draftsOf("SQLite file", path, () => {
    const storage = new SQLiteStorage(path, { readOnly: true });
    return { storage, notes: () => [] };
  });
}

/** A journal up to this size is held; of a larger one, only the trials that have not ended yet. */
const mostHeldBytes = 64 * 2 ** 20;

/**
 * The studies of a journal, opened for reading alone.
 *
 * @param options `heldBytes`: up to which size its trials are held. Defaults to 64 MiB.
 */
export async function readJournal(
  path: string,
  { heldBytes = mostHeldBytes }: { readonly heldBytes?: number } = {},
): Promise<StudyDraft[]> {
  const { size } = await stat(path);
  if (size > heldBytes) {
    const { studies, notes, trials } = streamJournal(path);
    return studies.map((study) =>
      studyDraft("Optuna journal", path, study, notes, async function* () {
        for await (const trial of trials(study.id)) yield draftOf(trial);
      })
    );
  }
  return await draftsOf("Optuna journal", path, () => {
    const storage = new JournalStorage(path, { readOnly: true });
    return { storage, notes: () => storage.notes };
  });
}

async function draftsOf(
  tool: string,
  path: string,
  open: () => {
    readonly storage: StudyStorage;
    readonly notes: () => readonly string[];
  },
): Promise<StudyDraft[]> {
  const { storage, notes } = open();
  try {
    return (await storage.listStudies()).map((study) =>
      studyDraft(
        tool,
        path,
        study,
        notes(),
        () => trialsOf(open().storage, study.id),
      )
    );
  } finally {
    await storage.close();
  }
}

function studyDraft(
  tool: string,
  path: string,
  study: StoredStudy,
  notes: readonly string[],
  trials: () => AsyncIterable<TrialDraft>,
): StudyDraft {
  const { name, objectives, constraints } = study;
  const { [constraintsKey]: _, ...attributes } = study.attributes;
  return {
    tool,
    path,
    name,
    objectives,
    ...constraints === undefined ? {} : { constraints },
    ...spaceOf(study),
    attributes,
    trials,
    notes,
  };
}

/** A study's trials by number, without holding them all; closes the storage. */
async function* trialsOf(
  storage: StudyStorage,
  studyId: number,
): AsyncGenerator<TrialDraft> {
  try {
    for (let from = 0;;) {
      const to = from + portion;
      const trials = await storage.readTrials(studyId, { from, to });
      for (const trial of trials) yield draftOf(trial);
      from += trials.length;
      // A storage that does not know where to end gives all of them at once.
      if (trials.length !== portion) return;
    }
  } finally {
    await storage.close();
  }
}

/** Of a study that Optuna made, its parameters: conditions are guessed from the trials. */
function spaceOf(
  { space, spaceInferred }: StoredStudy,
): Pick<StudyDraft, "space" | "declared"> {
  if (space === null) return { declared: new Map() };
  return !spaceInferred ? { space } : {
    declared: new Map(
      space.parameters.map((one) => [one.name, builderOf(one)]),
    ),
  };
}

function builderOf(parameter: Parameter): AnyBuilder {
  if (parameter.kind === "boolean") return boolean();
  const choices = choicesOf(parameter);
  if (choices !== null) return choice(choices) as AnyBuilder;
  const { kind, low, high, log, step } = parameter as Extract<
    Parameter,
    { kind: "float" | "int" }
  >;
  return (kind === "int" ? int : float)(low, high, {
    log,
    ...log || step === null ? {} : { step },
  });
}

function draftOf(trial: TrialRecord): TrialDraft {
  const { state, startedAt, finishedAt, error, origin } = trial;
  return {
    ...trial,
    curves: new Map(
      [...trial.curves].map(([name, { steps, values }]) => [
        name,
        new Map(steps.map((step, i) => [step, values[i]!])),
      ]),
    ),
    startedAtMs: startedAt?.getTime() ?? null,
    finishedAtMs: finishedAt?.getTime() ?? null,
    error: error ??
      (state === "failed" && origin === "other program"
        ? "It failed in Optuna"
        : null),
  };
}

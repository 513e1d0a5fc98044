import type { TrialRecord } from "../records/mod.ts";
import { SQLiteStorage, type StudyStorage } from "../storage/mod.ts";
import type { StudyDraft, TrialDraft } from "./_draft.ts";

/** So many trials are read at a time. */
const portion = 1000;

/** The studies of an SQLite file of Optuna's or ours, opened for reading alone. */
export async function readSQLite(path: string): Promise<StudyDraft[]> {
  const storage = new SQLiteStorage(path, { readOnly: true });
  try {
    return (await storage.listStudies()).flatMap((study) => {
      if (study.space === null) return [];
      const { id, name, objectives, constraints, space, attributes } = study;
      return [{
        tool: "SQLite file",
        path,
        name,
        objectives,
        ...constraints === undefined ? {} : { constraints },
        space,
        attributes,
        trials: () => trialsOf(path, id),
      }];
    });
  } finally {
    await storage.close();
  }
}

async function* trialsOf(
  path: string,
  studyId: number,
): AsyncGenerator<TrialDraft> {
  const storage = new SQLiteStorage(path, { readOnly: true });
  try {
    for await (const trial of storedTrials(storage, studyId)) {
      const { startedAt, finishedAt } = trial;
      yield {
        ...trial,
        params: trial.params,
        curves: new Map(
          [...trial.curves].map(([name, { steps, values }]) => [
            name,
            new Map(steps.map((step, i) => [step, values[i]!])),
          ]),
        ),
        startedAtMs: startedAt?.getTime() ?? null,
        finishedAtMs: finishedAt?.getTime() ?? null,
      };
    }
  } finally {
    await storage.close();
  }
}

/** A study's trials out of a storage, by number, without holding them all. */
export async function* storedTrials(
  storage: StudyStorage,
  studyId: number,
): AsyncGenerator<TrialRecord> {
  for (let from = 0;;) {
    const to = from + portion;
    const trials = await storage.readTrials(studyId, { from, to });
    yield* trials;
    from += trials.length;
    // A storage that does not know where to end gives all of them at once.
    if (trials.length !== portion) return;
  }
}

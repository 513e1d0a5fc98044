import type { TrialRecord } from "../records/mod.ts";
import type { Space } from "../space/mod.ts";
import type { StoredStudy, StudyStorage } from "../storage/mod.ts";
import type { ImportedStudy } from "./imported_study.ts";

/** So many trials are stored in one transaction. */
const atOnce = 1000;

/** What is known of a study that is to be stored. */
type StorableStudy = Pick<
  ImportedStudy,
  "name" | "objectives" | "constraints" | "space" | "trials" | "attributes"
>;

/** Stores a study with all its trials; nothing of it stays where that fails. */
export async function storeStudy(
  study: StorableStudy,
  storage: StudyStorage,
): Promise<StoredStudy> {
  const { name, objectives, constraints, space, attributes } = study;
  const stored = await storage.createStudy({
    name,
    objectives,
    ...constraints === undefined ? {} : { constraints },
    space: space as unknown as Space,
    seed: name,
    task: null,
  });
  try {
    for (const [key, value] of Object.entries(attributes)) {
      await storage.setStudyAttribute(stored.id, key, value);
    }
    for (let from = 0; from < study.trials.length; from += atOnce) {
      const trials = study.trials.slice(from, from + atOnce).map(settled);
      if (storage.addTrials !== undefined) {
        await storage.addTrials(stored.id, trials);
      } else {for (const trial of trials) {
          await addTrial(storage, stored.id, trial);
        }}
    }
  } catch (error) {
    await storage.deleteStudy(stored.id).catch(() => {});
    throw error;
  }
  return stored;
}

/** A trial that runs in another program cannot go on here. */
function settled(trial: TrialRecord): TrialRecord {
  return trial.state !== "running" ? trial : {
    ...trial,
    state: "failed",
    value: null,
    values: null,
    error: trial.error ?? "It was still running when its study was read",
  };
}

/** As other trials are stored, one step after the other; its times are those of now. */
async function addTrial(
  storage: StudyStorage,
  studyId: number,
  trial: TrialRecord,
): Promise<void> {
  const { state, params, origin, reason, forecast } = trial;
  const isWaiting = state === "waiting";
  const { number } = await storage.createTrial(studyId, {
    state: isWaiting ? "waiting" : "running",
    params,
    origin,
    reason,
    forecast,
  });
  if (isWaiting || state === "running") return;
  await storage.finishTrial(
    studyId,
    number,
    {
      state,
      values: trial.values,
      ...trial.constraints === undefined
        ? {}
        : { constraints: trial.constraints },
      attributes: trial.attributes,
      error: trial.error,
    },
    [...trial.curves.values()].flatMap(({ name, steps, values }) =>
      steps.map((step, i) => ({ name, step, value: values[i]! }))
    ),
  );
}

import type { TrialRecord } from "../records/mod.ts";
import type { Space } from "../space/mod.ts";
import type { StudyStorage } from "../storage/mod.ts";
import type { ImportedStudy } from "./imported_study.ts";

/** So many trials are stored in one transaction. */
const atOnce = 1000;

/** What is known of a study that is to be stored. */
type StorableStudy =
  & Pick<
    ImportedStudy,
    "name" | "objectives" | "constraints" | "space" | "attributes"
  >
  & { readonly trials: Iterable<TrialRecord> | AsyncIterable<TrialRecord> };

/** Stores a study with all its trials; nothing of it stays where that fails. */
export async function storeStudy(
  study: StorableStudy,
  storage: StudyStorage,
): Promise<{ readonly trialCount: number }> {
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
    let trialCount = 0;
    for await (const trials of inPortions(study.trials)) {
      trialCount += trials.length;
      if (storage.addTrials !== undefined) {
        await storage.addTrials(stored.id, trials);
      } else {
        for (const trial of trials) await addTrial(storage, stored.id, trial);
      }
    }
    return { trialCount };
  } catch (error) {
    await storage.deleteStudy(stored.id).catch(() => {});
    throw error;
  }
}

async function* inPortions(
  trials: StorableStudy["trials"],
): AsyncGenerator<TrialRecord[]> {
  let portion: TrialRecord[] = [];
  for await (const trial of trials) {
    if (portion.push(settled(trial)) < atOnce) continue;
    yield portion;
    portion = [];
  }
  if (portion.length > 0) yield portion;
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

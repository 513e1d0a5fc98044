import { expect } from "@std/expect";
import { it } from "@std/testing/bdd";
import {
  createStudy,
  float,
  minimize,
  randomSampler,
  space,
  StorageError,
  type StudyStorage,
} from "../../mod.ts";
import { exportStudy, importStudies } from "../../lib/interop/mod.ts";
import { withTemporaryFolder } from "../support/temporary.ts";
import { describeEachStorage, type Place, storageKinds } from "./_kinds.ts";

const open = (storage: StudyStorage | string) =>
  createStudy({
    name: "troubled",
    space: space({ x: float(0, 1) }),
    objective: minimize("loss"),
    sampler: randomSampler(),
    storage,
  });

type Opened = Awaited<ReturnType<typeof open>>;

/** What is to be there of a trial, and nothing of it lost. */
function endsOf({ trials }: Pick<Opened, "trials">) {
  return trials.map(({ state, value, params, curves }) => [
    state,
    value === params.x,
    curves.get("train loss")?.values.length,
  ]);
}

const whole = ["complete", true, 40];

/** Three good trials, then one at whose end the storage is in trouble. */
async function suffer(place: Place, at: number): Promise<void> {
  const trouble = place.troubles[at]!;
  const study = await open(place.impatient());
  let end: (() => Promise<void>) | null = null;
  const error = await study.optimize(async (trial) => {
    for (let step = 1; step <= 40; step++) {
      trial.report(step, { train: { loss: step } });
    }
    if (trial.number === 3) end = await trouble.begin();
    return trial.params.x;
  }, { trials: 6, progress: false }).then(
    () => null,
    (thrown: unknown) => thrown as StorageError,
  );
  try {
    expect(error).toBeInstanceOf(StorageError);
    expect([error!.trouble, error!.message]).toEqual([
      trouble.kind,
      expect.stringMatching(trouble.mend),
    ]);
    // What could not be stored is known all the same, and can be taken elsewhere.
    expect(endsOf(study)).toEqual([whole, whole, whole, whole]);
    await withTemporaryFolder(async (folder) => {
      const path = `${folder}/rescued.jsonl`;
      await exportStudy(study, path);
      const [rescued] = await importStudies(path);
      expect(endsOf(rescued as unknown as Opened)).toEqual(endsOf(study));
    });
  } finally {
    await (end as (() => Promise<void>) | null)?.();
  }
  if (end === null) {
    await study.close().catch(() => {});
    return;
  }
  await study.optimize((trial) => trial.params.x, {
    trials: 2,
    progress: false,
  });
  await study.close();
  expect(place.broken()).toBe(null);
  const again = await open(place.storage);
  const went = ["complete", true, undefined];
  expect(endsOf(again)).toEqual([whole, whole, whole, whole, went, went]);
  await again.close();
}

const kinds = storageKinds.filter(({ isKept }) => isKept);

describeEachStorage("a storage in trouble in mid-study", (places) => {
  it("ends the run with an error that says what was found and how to mend it; nothing that has ended is lost, and once it works again the study goes on", async () => {
    const { troubles } = places().fresh();
    for (const at of troubles.keys()) await suffer(places().fresh(), at);
    console.log(
      `${troubles.length} troubles (${
        troubles.map(({ name }) => name).join("; ")
      }): 0 trials lost`,
    );
  });
}, kinds);

/**
 * What a study of a small model saves the large one's:
 * `deno run -A bench/language/transfer.ts [seeds]`. Results go to
 * `out/language/transfer.jsonl`.
 *
 * A model of width 16 is tuned in 16 trials. Then one of width 128, in four ways:
 * cold or with the small one's study as its library, and in standard or in
 * width-aware scaling. Same seeds, sampler and space; the cold ones get twice as
 * many trials. The winner of each is trained once more, with another seed, and
 * measured on the test part.
 *
 * @module
 */

import { createStudy, minimize, type Trial } from "../../mod.ts";
import {
  type Outcome,
  type Params,
  resultsFile,
  searchSpace,
  type Setting,
  train,
} from "./_training.ts";

const seeds = Number(Deno.args[0] ?? 3);
const small = 16;
const large = 128;
const smallTrials = 16;
const coldTrials = 12;
const warmTrials = 6;

const file = await resultsFile("transfer");
const folder = await Deno.makeTempDir();

async function search(
  name: string,
  trials: number,
  setting: Setting,
  options: { storage: string; library: false | string[] },
) {
  const study = await createStudy({
    name,
    space: searchSpace,
    objective: minimize("validation loss"),
    seed: setting.seed,
    ...options,
  });
  const prices: { seconds: number; flops: number }[] = [];
  await study.optimize(async (trial) => {
    const { loss, seconds, flops } = await train(trial.params, setting, {
      trial: trial as unknown as Trial<never>,
    });
    prices.push({ seconds, flops });
    return loss;
  }, { trials, progress: false });
  const losses = study.trials.map(({ value }) => value);
  const params = study.best!.params as Params;
  return {
    losses,
    params,
    first: study.trials[0]!.params,
    seconds: prices.map((price) => price.seconds),
    flops: prices.map((price) => price.flops),
  };
}

for (let seed = 0; seed < seeds; seed++) {
  const name = `transfer ${seed}`;
  const past = `${folder}/small-${seed}.db`;
  if (file.done.has(`${seed} width-aware warm test`)) continue;
  // The small study is in a file of this process: begun again, it is made again.
  file.done.delete(`${seed} small`);
  await file.of(
    `${seed} small`,
    () =>
      search(`width ${small}`, smallTrials, { width: small, seed: name }, {
        storage: past,
        library: false,
      }),
  );
  for (const scaling of ["standard", "width-aware"] as const) {
    for (const start of ["cold", "warm"] as const) {
      const isCold = start === "cold";
      const setting = { width: large, scaling, seed: name };
      const found = await file.of(
        `${seed} ${scaling} ${start}`,
        () =>
          search(
            `width ${large}, ${scaling}, ${start}`,
            isCold ? coldTrials : warmTrials,
            setting,
            { storage: "memory", library: isCold ? false : [past] },
          ),
      );
      await file.of<Outcome>(
        `${seed} ${scaling} ${start} test`,
        () =>
          train(found.params, { ...setting, seed: `${name} again` }, {
            measureTest: true,
          }),
      );
    }
  }
}
await Deno.remove(folder, { recursive: true });

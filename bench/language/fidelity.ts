/**
 * Which cheap training foretells the whole one, what budgets in steps bring, and
 * what learning rates by layer bring:
 * `deno run -A bench/language/fidelity.ts [configurations] [seeds]`. Results go to
 * `out/language/fidelity.jsonl`.
 *
 * @module
 */

import {
  bohbSampler,
  createStudy,
  float,
  freezeThawSampler,
  gpSampler,
  hyperbandSampler,
  minimize,
  randomSampler,
  randomStream,
  type Sampler,
  type Space,
  space,
  type Trial,
} from "../../mod.ts";
import { layerSettings, perLayer } from "../../lib/tensorflow/mod.ts";
import { layersOf } from "../../notebooks/language_model.ts";
import {
  type Outcome,
  type Params,
  reports,
  resultsFile,
  searchSpace,
  type Setting,
  text,
  train,
} from "./_training.ts";

const configurations = Number(Deno.args[0] ?? 12);
const seeds = Number(Deno.args[1] ?? 3);
const file = await resultsFile("fidelity");

/** Cheap trainings, beside the whole one of width 32, depth 3, all of the text. */
const whole = { width: 32, depth: 3 };
const cheap: Record<string, Omit<Setting, "seed">> = {
  whole,
  "half the data": { ...whole, share: 1 / 2, reports: reports / 2 },
  "a fifth of the data": { ...whole, share: 1 / 5, reports: reports / 5 },
  "depth 2": { width: 32, depth: 2 },
  "depth 1": { width: 32, depth: 1 },
  "width 16": { width: 16, depth: 3 },
  // Beside it, what width 16 foretells where nobody minds the width.
  "whole, standard": { ...whole, scaling: "standard" },
};

// Learning rates around the best and beyond: those far too small are sorted
// rightly by every substitute (rank correlations of 0.9 to 1 over 0.001 to 0.3).
for (let i = 0; i < configurations; i++) {
  const random = randomStream("order", i);
  const log = (low: number, high: number) =>
    low * (high / low) ** random.uniform();
  const params: Params = {
    learningRate: log(0.015, 0.3),
    warmup: 0.02 + 0.48 * random.uniform(),
    forget: log(0.003, 0.3),
  };
  for (const [name, setting] of Object.entries(cheap)) {
    await file.of<Outcome>(
      `order ${i} ${name}`,
      () => train(params, { ...setting, seed: "fidelity" }),
    );
  }
}

/** A study of width 32 with a budget in reports, or in trials; its winner on the test part. */
async function search<C>(
  name: string,
  sampler: Sampler,
  searched: Space<C>,
  paramsOf: (params: C) => Params & Pick<Setting, "layers">,
  { seed, trials, epochs }: { seed: string; trials?: number; epochs?: number },
) {
  let seconds = 0;
  const study = await createStudy({
    name,
    space: searched,
    objective: minimize("validation loss"),
    seed,
    storage: "memory",
    library: false,
    sampler,
  });
  const setting = { width: 32, seed };
  await study.optimize(async (trial) => {
    const { layers, ...params } = paramsOf(trial.params);
    const outcome = await train(params, { ...setting, layers }, {
      trial: trial as unknown as Trial<never>,
    });
    seconds += outcome.seconds;
    return outcome.loss;
  }, { trials, epochs, progress: false });
  const { layers, ...params } = paramsOf(study.best!.params as C);
  const again = await train(
    params,
    { ...setting, layers, seed: `${seed} again` },
    { measureTest: true },
  );
  return {
    best: study.best!.value!,
    begun: study.trials.length,
    test: again.test,
    seconds,
    params: study.best!.params,
  };
}

const budgetTrials = 8;
const maxSteps = reports;
const samplers: Record<string, () => Sampler> = {
  random: () => randomSampler(),
  gp: () => gpSampler(),
  hyperband: () => hyperbandSampler({ maxSteps }),
  bohb: () => bohbSampler({ maxSteps }),
  "freeze-thaw": () => freezeThawSampler({ maxSteps }),
};
for (let seed = 0; seed < seeds; seed++) {
  for (const [name, sampler] of Object.entries(samplers)) {
    await file.of(
      `budget ${seed} ${name}`,
      () =>
        search(name, sampler(), searchSpace, (params) => params, {
          seed: `budget ${seed}`,
          epochs: budgetTrials * reports,
        }),
    );
  }
}

const size = { width: 32, depth: 2, context: 32, vocabulary: 0 };
const groups = {
  embedding: ["embedding"],
  body: layersOf({ ...size, vocabulary: text.characters.length })
    .filter((layer) => layer.startsWith("block")),
  output: ["output"],
};
const byLayer = space({
  ...perLayer(groups, { learningRate: float(1e-3, 0.3, { log: true }) }),
  warmup: float(0.02, 0.5),
});
const forAll = space({
  learningRate: float(1e-3, 0.3, { log: true }),
  warmup: float(0.02, 0.5),
});
const layerTrials = 12;
for (let seed = 0; seed < seeds; seed++) {
  const plan = { seed: `layers ${seed}`, trials: layerTrials };
  await file.of(
    `layers ${seed} one`,
    () => search("one", gpSampler(), forAll, (params) => params, plan),
  );
  await file.of(
    `layers ${seed} each`,
    () =>
      search("each", gpSampler(), byLayer, (params) => ({
        learningRate: params.bodyLearningRate,
        warmup: params.warmup,
        layers: layerSettings(groups, params),
      }), plan),
  );
}

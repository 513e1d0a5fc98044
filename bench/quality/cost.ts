/**
 * The Gaussian process with and without regard to what trials cost: regret at
 * equal cost. `deno run -A bench/quality/cost.ts [--suite NAME] [--tasks 167168,…]
 * [--seeds 3] [--budget 25]`. The suite is as for `bench:quality`; on LCBench the
 * cost is the recorded training time, elsewhere exp(4 u) of the first parameter's
 * place u on its scale: up to 55 times as much.
 *
 * A run may spend as much as `--budget` random trials do on average; regrets are
 * those once a quarter, a half and all of that is spent, as shares of the median
 * random configuration's. A trial that would go beyond it is not counted.
 *
 * @module
 */

import { parseArgs } from "node:util";
import {
  type Configuration,
  createStudy,
  gpSampler,
  maximize,
  minimize,
  randomSampler,
  randomStream,
  type Sampler,
  tpeSampler,
} from "../../mod.ts";
import { cachedReference } from "./reference.ts";
import { metricOf } from "./suites/suite.ts";
import { openSuite } from "./suites/open_suite.ts";

const { values: options } = parseArgs({
  args: Deno.args,
  options: {
    suite: { type: "string", default: "../shared/data/yahpo/lcbench" },
    tasks: {
      type: "string",
      default: "167168,189873,189906,167184,168910,126026",
    },
    seeds: { type: "string", default: "3" },
    budget: { type: "string", default: "25" },
    samplers: {
      type: "string",
      default: "random,tpe,gp,gp per cost,gp cooled",
    },
  },
});
const shares = [0.25, 0.5, 1];

const makers: Readonly<Record<string, (costBudget: number) => Sampler>> = {
  "random": () => randomSampler(),
  "tpe": () => tpeSampler(),
  "gp": () => gpSampler(),
  "gp per cost": () => gpSampler({ cost: "time" }),
  "gp cooled": (costBudget) => gpSampler({ cost: "time", costBudget }),
};

const suite = await openSuite(options.suite);
const metric = metricOf(suite, undefined);
const sums = new Map<string, { regrets: number[][]; trials: number[] }>();
for (const task of options.tasks.split(",")) {
  const reference = await cachedReference(suite, task, metric, {
    fidelity: {},
  });
  const space = suite.space(task);
  const random = randomStream("cost", task);
  const drawn = Array.from({ length: 500 }, () => space.sample(random.uniform));
  const costOf = (params: Configuration, time: number | undefined) =>
    time === undefined
      ? Math.exp(4 * space.encode(params)[0]!)
      // LCBench's surrogate gives times of 0 and below now and then.
      : Math.max(1e-3, time);
  const times = (await suite.evaluate(task, drawn))
    .map(({ time }, i) => costOf(drawn[i]!, time));
  const budget = Number(options.budget) *
    times.reduce((sum, time) => sum + time / times.length, 0);
  for (const name of options.samplers.split(",")) {
    for (let seed = 0; seed < Number(options.seeds); seed++) {
      const study = await createStudy({
        name: task,
        space,
        objective: metric.direction === "minimize" ? minimize() : maximize(),
        sampler: makers[name]!(budget),
        seed,
        library: false,
        storage: "memory",
      });
      let spent = 0;
      let best: number | null = null;
      const regrets = shares.map(() => 1);
      let trials = 0;
      for (; trials < 200; trials++) {
        const trial = await study.ask();
        const [told] = await suite.evaluate(task, [
          trial.params as Configuration,
        ]);
        const { time, [metric.name]: value } = told!;
        const cost = costOf(trial.params as Configuration, time);
        spent += cost;
        if (spent > budget) break;
        trial.measure("time", cost);
        await study.tell(trial, value!);
        best = study.best!.value!;
        const regret = Math.min(
          1,
          Math.abs(best - reference.best) /
            Math.abs(reference.median - reference.best),
        );
        shares.forEach((share, i) => {
          if (spent <= share * budget) regrets[i] = regret;
        });
      }
      const all = sums.get(name) ?? { regrets: [], trials: [] };
      all.regrets.push(regrets);
      all.trials.push(trials);
      sums.set(name, all);
    }
  }
  console.error(`${task} done`);
}
await suite.close();

console.log(
  `| sampler | runs | ${
    shares.map((share) => `${100 * share} %`).join(" | ")
  } | trials |\n|---|---|---|---|---|---|`,
);
for (const [name, { regrets, trials }] of sums) {
  const mean = (values: readonly number[]) =>
    values.reduce((a, b) => a + b, 0) / values.length;
  const columns = shares.map((_, i) =>
    mean(regrets.map((row) => row[i]!)).toFixed(4)
  );
  console.log(
    `| ${name} | ${regrets.length} | ${columns.join(" | ")} | ${
      mean(trials).toFixed(0)
    } |`,
  );
}

/**
 * One penalty a feature: how many trainings until the validation loss is what TPE finds
 * in 200.
 *
 *     deno run -A bench/gradients/penalties.ts [--data ../shared/data/datasets] [--splits 10] [--gp 100]
 *
 * Each split of the data is a task of its own. What is searched are penalties from 1e-5
 * to 100 on a logarithmic scale, 64 for diabetes, 30 for breast cancer. All begin alike
 * where they are told to: `from the middle` means that the first trial stands in the
 * middle of all ranges, as the gradient sampler's does. Prints a table in Markdown.
 *
 * @module
 */

import { parseArgs } from "node:util";
import {
  type Configuration,
  createStudy,
  float,
  gpSampler,
  gradientSampler,
  minimize,
  type Sampler,
  space as makeSpace,
  tpeSampler,
} from "../../mod.ts";
import { type DataSetName, readTable, splitTable } from "./data_sets.ts";
import {
  PenalizedRegression,
  type RegressionKind,
} from "./penalized_regression.ts";

/** A way to search. */
interface Way {
  readonly name: string;
  readonly sampler: () => Sampler;
  readonly trials: number;
  readonly fromMiddle: boolean;
  readonly splits: number;
}

/** What came of a search. */
interface Run {
  /** The best validation loss after each trial. */
  readonly best: readonly number[];
  /** The test loss of the best trial. */
  readonly test: number;
  /** Milliseconds a trial, all in all. */
  readonly ms: number;
}

const { values: options } = parseArgs({
  options: {
    data: { type: "string", default: "../shared/data/datasets" },
    splits: { type: "string", default: "10" },
    gp: { type: "string", default: "0" },
  },
});
const splits = Number(options.splits);
const gpTrials = Number(options.gp);
const tpeTrials = 200;

const ways: readonly Way[] = [
  {
    name: "TPE",
    sampler: () => tpeSampler(),
    trials: tpeTrials,
    fromMiddle: false,
    splits,
  },
  {
    name: "TPE from the middle",
    sampler: () => tpeSampler(),
    trials: tpeTrials,
    fromMiddle: true,
    splits,
  },
  ...gpTrials === 0 ? [] : [{
    name: "GP from the middle",
    sampler: () => gpSampler(),
    trials: gpTrials,
    fromMiddle: true,
    splits: Math.min(3, splits),
  }],
  {
    name: "gradient, L-BFGS",
    sampler: () => gradientSampler(),
    trials: 20,
    fromMiddle: true,
    splits,
  },
  {
    name: "gradient, Adam",
    sampler: () => gradientSampler({ optimizer: "adam" }),
    trials: 20,
    fromMiddle: true,
    splits,
  },
];

async function search(
  way: Way,
  model: PenalizedRegression,
  seed: string,
): Promise<Run> {
  const names = Array.from({ length: model.dimension }, (_, j) => `p${j}`);
  const space = makeSpace(
    Object.fromEntries(
      names.map((name) => [name, float(1e-5, 100, { log: true })]),
    ),
  );
  const study = await createStudy({
    name: "penalties",
    library: false,
    storage: "memory",
    space,
    objective: minimize("validation loss"),
    sampler: way.sampler(),
    seed,
  });
  if (way.fromMiddle) {
    await study.enqueue(
      space.decode(new Float64Array(space.dimension).fill(0.5)),
    );
  }
  const penaltiesOf = (params: Configuration) =>
    Float64Array.from(names, (name) => params[name] as number);
  const isGradient = way.name.startsWith("gradient");
  const begun = performance.now();
  await study.optimize(async (trial) => {
    const penalties = penaltiesOf(trial.params);
    const weights = model.train(penalties);
    if (isGradient) {
      const gradient = await model.gradient(weights, penalties);
      await trial.gradient(
        Object.fromEntries(names.map((name, j) => [name, gradient[j]!])),
      );
    }
    return model.loss("validation", weights);
  }, { trials: way.trials, progress: false });
  const ms = (performance.now() - begun) / way.trials;
  let best = Infinity;
  return {
    best: study.trials.map(({ value }) => best = Math.min(best, value!)),
    test: model.loss("test", model.train(penaltiesOf(study.best!.params))),
    ms,
  };
}

const median = (values: readonly number[]) => {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  return (sorted[Math.floor(middle)]! + sorted[Math.ceil(middle)]!) / 2;
};
const show = (value: number) => value.toFixed(4);

console.log(
  "| task | how | best validation loss after 1 / 5 / 10 / 20 trainings | at its end | its test loss | trainings to what TPE finds in 200: median, most, within 20 | to the better of both TPEs |",
);
console.log("| --- | --- | --- | --- | --- | --- | --- |");
for (const kind of ["ridge", "logistic"] as const) {
  for (const data of ["diabetes", "breast cancer"] as const) {
    await bench(kind, data);
  }
}

async function bench(kind: RegressionKind, data: DataSetName): Promise<void> {
  const table = await readTable(data, options.data!);
  /** By split, what TPE found, and the better of both. */
  const targets: { plain: number; better: number }[] = [];
  for (const way of ways) {
    const runs: Run[] = [];
    for (let split = 0; split < way.splits; split++) {
      const seed = `split ${split}`;
      const model = new PenalizedRegression(
        kind,
        splitTable(table, kind, seed),
      );
      runs.push(await search(way, model, seed));
    }
    const isTpe = way.name.startsWith("TPE");
    if (isTpe) {
      runs.forEach(({ best }, split) => {
        const found = best.at(-1)!;
        const { plain = found, better = found } = targets[split] ?? {};
        targets[split] = { plain, better: Math.min(better, found) };
      });
    }
    const needed = (which: "plain" | "better") => {
      const trainings = runs.map(({ best }, split) => {
        const index = best.findIndex((value) =>
          value <= targets[split]![which]
        );
        return index < 0 ? Infinity : index + 1;
      });
      const within = trainings.filter((n) => n <= 20).length;
      const text = (n: number) => Number.isFinite(n) ? `${n}` : "never";
      return `${text(median(trainings))}, ${
        text(Math.max(...trainings))
      }, ${within} of ${runs.length}`;
    };
    const at = (trials: number) =>
      show(median(runs.map(({ best }) => best[trials - 1]!)));
    const cells = [
      `${kind}, ${data}`,
      `${way.name}, ${way.splits} splits`,
      [1, 5, 10, 20].map(at).join(" / "),
      `${at(way.trials)} after ${way.trials}`,
      show(median(runs.map(({ test }) => test))),
      way.name === "TPE" ? "" : needed("plain"),
      isTpe ? "" : needed("better"),
    ];
    console.log(`| ${cells.join(" | ")} |`);
  }
}

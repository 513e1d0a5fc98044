/**
 * How many folds racing saves, how good its choice is, and what ensembles of the
 * study's trials bring: `deno run -A bench/ensembles/racing.ts [seeds] [trials] [least gain]`.
 *
 * Weighted nearest neighbors on real data (`../shared/data/datasets`), 10 folds,
 * random search over the number of neighbors, how far they count, how far
 * features are scaled, and the distance's power. The choice is measured by
 * the value that all folds give it.
 *
 * @module
 */

import {
  crossValidate,
  ensemble,
  folds,
  foldScoresOf,
  type RaceOptions,
} from "../../lib/ensembles/mod.ts";
import { maximize, minimize } from "../../lib/records/mod.ts";
import { randomSampler } from "../../lib/samplers/mod.ts";
import { float, int, space } from "../../lib/space/mod.ts";
import { createStudy } from "../../lib/study/mod.ts";

const seeds = Number(Deno.args[0] ?? 5);
const trials = Number(Deno.args[1] ?? 60);
const leastGain = Deno.args[2] === undefined
  ? {}
  : { leastGain: Number(Deno.args[2]) };
const folder = new URL("../../../shared/data/datasets/", import.meta.url);

interface Table {
  readonly name: string;
  readonly x: readonly (readonly number[])[];
  readonly y: readonly number[];
  /** The number of classes; 0 of a regression. */
  readonly classes: number;
}

async function lines(name: string): Promise<string[][]> {
  const file = await Deno.open(new URL(name, folder));
  const stream = name.endsWith(".gz")
    ? file.readable.pipeThrough(new DecompressionStream("gzip"))
    : file.readable;
  const text = await new Response(stream).text();
  return text.trim().split("\n").map((line) => line.trim().split(/[\s,]+/));
}

async function classesIn(file: string, header: number, most = Infinity) {
  const rows = (await lines(file)).slice(header)
    .map((row) => row.map(Number)).slice(0, most);
  const y = rows.map((row) => row.at(-1)!);
  return {
    name: file.replace(/(_data)?\.csv.*/, ""),
    x: rows.map((row) => row.slice(0, -1)),
    y,
    classes: new Set(y).size,
  };
}

async function tables(): Promise<readonly Table[]> {
  return [
    await classesIn("wine_data.csv", 1),
    await classesIn("breast_cancer.csv", 1),
    await classesIn("digits.csv.gz", 0, 600),
    {
      name: "diabetes",
      x: (await lines("diabetes_data_raw.csv.gz")).map((row) =>
        row.map(Number)
      ),
      y: (await lines("diabetes_target.csv.gz")).map(([y]) => Number(y)),
      classes: 0,
    },
  ];
}

const knobs = space({
  neighbors: int(1, 60, { log: true }),
  decay: float(0, 4),
  scaling: float(0, 1),
  power: float(0.5, 4),
});
type Knobs = NonNullable<typeof knobs.configurationType>;

/** What the neighbors among `train` say of `test`. */
function predict(
  { x, y, classes }: Table,
  { neighbors, decay, scaling, power }: Knobs,
  train: readonly number[],
  test: readonly number[],
): number[][] {
  const width = x[0]!.length;
  const weights = Array.from({ length: width }, (_, j) => {
    const mean = train.reduce((sum, i) => sum + x[i]![j]!, 0) / train.length;
    const variance = train.reduce((sum, i) =>
      sum + (x[i]![j]! - mean) ** 2, 0) / train.length;
    return variance === 0 ? 0 : variance ** (-scaling / 2);
  });
  return test.map((i) => {
    const near = train.map((k) => {
      let distance = 0;
      for (let j = 0; j < width; j++) {
        distance += Math.abs((x[i]![j]! - x[k]![j]!) * weights[j]!) ** power;
      }
      return { k, distance: distance ** (1 / power) };
    }).sort((a, b) => a.distance - b.distance).slice(0, neighbors);
    const votes = new Array<number>(Math.max(1, classes)).fill(0);
    let total = 0;
    for (const { k, distance } of near) {
      const weight = (distance + 1e-9) ** -decay;
      total += weight;
      if (classes === 0) votes[0]! += weight * y[k]!;
      else votes[y[k]!]! += weight;
    }
    return votes.map((vote) => vote / total);
  });
}

/** Whole studies are run twice: what a fold brings is kept. */
const memory = new Map<string, { score: number; predictions: number[][] }>();

async function run(table: Table, seed: string, race: RaceOptions | false) {
  const isClasses = table.classes > 0;
  const study = await createStudy({
    name: table.name,
    seed,
    space: knobs,
    objective: isClasses ? maximize("accuracy") : minimize("squared error"),
    storage: "memory",
    sampler: randomSampler(),
  });
  const split = folds(table.y, {
    count: 10,
    seed,
    kind: isClasses ? "stratified" : "k-fold",
  });
  const measure = (params: Knobs, index: number) => {
    const key = JSON.stringify([table.name, seed, index, params]);
    const known = memory.get(key);
    if (known !== undefined) return known;
    const { train, test } = split[index]!;
    const predictions = predict(table, params, train, test);
    const score = test.reduce((sum, i, row) => {
      const found = predictions[row]!;
      return sum +
        (isClasses
            ? Number(found.indexOf(Math.max(...found)) === table.y[i])
            : (found[0]! - table.y[i]!) ** 2) / test.length;
    }, 0);
    memory.set(key, { score, predictions });
    return { score, predictions };
  };
  await study.optimize(
    crossValidate(study, ({ params }, { index }) => measure(params, index), {
      folds: split,
      race,
    }),
    { trials, progress: false },
  );
  const used = study.trials.reduce(
    (sum, trial) => sum + (foldScoresOf(trial)?.scores.length ?? 0),
    0,
  );
  return { study, used, value: study.best!.value! };
}

const show = (value: number) => String(Number(value.toPrecision(4)));
const mean = (list: readonly number[]) =>
  list.reduce((sum, value) => sum + value / list.length, 0);

console.log(
  `${seeds} seeds, ${trials} trials of 10 folds each, random search.\n`,
);
console.log(
  "| data | race | folds saved | value of the choice | all folds | as good or better |",
);
console.log("|---|---|---|---|---|---|");
const later: string[] = [];
for (const table of await tables()) {
  const sign = table.classes > 0 ? 1 : -1;
  const rules = ["wilcoxon", "expected improvement", "both"] as const;
  const full: Awaited<ReturnType<typeof run>>[] = [];
  for (let s = 0; s < seeds; s++) full.push(await run(table, `${s}`, false));
  for (const by of rules) {
    const raced: Awaited<ReturnType<typeof run>>[] = [];
    for (let s = 0; s < seeds; s++) {
      raced.push(await run(table, `${s}`, { by, ...leastGain }));
    }
    const level = raced.filter(({ value }, s) =>
      sign * (value - full[s]!.value) >= -1e-12
    ).length;
    console.log(
      `| ${table.name} | ${by} | ${
        Math.round(100 * (1 - mean(raced.map((r) => r.used)) / (10 * trials)))
      } % | ${show(mean(raced.map((r) => r.value)))} | ${
        show(mean(full.map((r) => r.value)))
      } | ${level} of ${seeds} |`,
    );
  }
  const made = full.map(({ study }) =>
    ensemble(study, { labels: table.y, size: 10 })
  );
  const methods = Object.keys(made[0]!.parts.compared);
  later.push(
    `| ${table.name} | ${show(mean(made.map((m) => m.parts.single.value)))} | ${
      methods.map((method) =>
        `${method} ${
          show(mean(made.map((m) => m.parts.compared[method]!.value)))
        }`
      ).join(", ")
    } | ${made.filter((m) => m.isProposed).length} of ${seeds} |`,
  );
}
console.log(
  "\n| data | single best | ensembles, on samples that weights have not seen | greedy one proposed |",
);
console.log("|---|---|---|---|");
for (const line of later) console.log(line);

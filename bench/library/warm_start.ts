/**
 * What prior studies are worth: HPOBench's MLP, real tables, one task left out
 * at a time, with good priors and with ones that mislead.
 *
 *     python3 bench/library/hpobench_tables.py PACKAGES out/library/hpobench.json
 *     deno run -A bench/library/warm_start.ts --seeds 3 --trials 50
 *
 * Sources are the other seven tasks with 64 random configurations each. A row is
 * the mean over tasks and seeds of 100 × the normalized regret: (best of the
 * table − best so far) / (best − median of the table). `--priors` names what is
 * done to the sources; cold runs always stand beside them, with the same seeds.
 *
 * @module
 */

import { openLibrary, packLibrary } from "../../lib/library/mod.ts";
import { randomStream } from "../../lib/math/mod.ts";
import { maximize, type TrialRecord } from "../../lib/records/mod.ts";
import { gpSampler } from "../../lib/samplers/mod.ts";
import {
  type Configuration,
  float,
  int,
  locate,
  type Space,
  space,
} from "../../lib/space/mod.ts";
import { createStudy } from "../../lib/study/mod.ts";

type Table = Readonly<Record<string, number>>;

/** The tables' axes, in the order of a key's digits. */
const axes: readonly (readonly [string, readonly number[]])[] = [
  ["alpha", [
    1e-8,
    7.742637e-8,
    5.994842e-7,
    4.641589e-6,
    3.5938137e-5,
    2.7825593e-4,
    2.1544348e-3,
    1.6681006e-2,
    1.2915497e-1,
    1,
  ]],
  ["batch_size", [4, 6, 10, 16, 25, 40, 64, 101, 161, 256]],
  ["depth", [1, 2, 3]],
  ["learning_rate_init", [
    1e-5,
    3.5938137e-5,
    1.2915497e-4,
    4.641589e-4,
    1.6681006e-3,
    5.9948424e-3,
    2.1544347e-2,
    7.742637e-2,
    2.7825594e-1,
    1,
  ]],
  ["width", [16, 25, 40, 64, 101, 161, 256, 406, 645, 1024]],
];

const tuned = space({
  alpha: float(1e-8, 1, { log: true }),
  batch_size: int(4, 256, { log: true }),
  depth: int(1, 3),
  learning_rate_init: float(1e-5, 1, { log: true }),
  width: int(16, 1024, { log: true }),
});

/** The configuration of a key. */
function paramsOf(key: string): Configuration {
  return Object.fromEntries(
    axes.map(([name, values], i) => [name, values[Number(key[i])]!]),
  );
}

/** The key of the configuration of the table that is nearest. */
function keyOf(params: Configuration): string {
  return axes.map(([name, values]) => {
    const parameter = tuned.parameter(name);
    const place = locate(parameter, params[name]);
    const distances = values.map((value) =>
      Math.abs(locate(parameter, value) - place)
    );
    return distances.indexOf(Math.min(...distances));
  }).join("");
}

type Trial = readonly [Configuration, number];
type Spoil = (trials: readonly Trial[], seed: string) => readonly Trial[];

/** What may be done to sources. Levels and spreads of the values stay what they were. */
const priors: Readonly<Record<string, Spoil>> = {
  good: (trials) => trials,
  mirrored: (trials) =>
    trials.map(([params, value]) => [
      tuned.decode(
        tuned.encode(params as ReturnType<typeof tuned.validate>).map((u) =>
          1 - u
        ),
      ) as Configuration,
      value,
    ]),
  negated: (trials) => {
    const values = trials.map(([, value]) => value);
    const sum = Math.max(...values) + Math.min(...values);
    return trials.map(([params, value]) => [params, sum - value]);
  },
  shuffled: (trials, seed) => {
    const order = randomStream(seed, "shuffled").shuffle([...trials.keys()]);
    return trials.map(([params], i) => [params, trials[order[i]!]![1]]);
  },
};

function record([params, value]: Trial, number: number): TrialRecord {
  return {
    number,
    state: "complete",
    params,
    value,
    values: [value],
    curves: new Map(),
    startedAt: null,
    finishedAt: null,
    durationMs: null,
    error: null,
    origin: "other program",
    reason: null,
    forecast: null,
    attributes: {},
  };
}

const args = [...Deno.args];
const option = (name: string, standard: string): string => {
  const at = args.indexOf(`--${name}`);
  return at < 0 ? standard : args[at + 1]!;
};
const tables: Record<string, Table> = JSON.parse(
  await Deno.readTextFile(option("tables", "out/library/hpobench.json")),
);
const seeds = Number(option("seeds", "3"));
const trials = Number(option("trials", "50"));
const chosen = option("priors", Object.keys(priors).join(",")).split(",");
const objective = maximize("validation accuracy");
const marks = [1, 3, 5, 10, 25, 50].filter((mark) => mark <= trials);
const sums = new Map<string, Float64Array>();

for (let seed = 0; seed < seeds; seed++) {
  for (const [task, table] of Object.entries(tables)) {
    const sorted = Object.values(table).sort((a, b) => a - b);
    const [best, median] = [sorted.at(-1)!, sorted[sorted.length >> 1]!];
    for (const prior of ["cold", ...chosen]) {
      const packed = packLibrary(
        Object.entries(tables).filter(([name]) => name !== task).map((
          [name, source],
        ) => {
          const drawn = randomStream("sources", seed, name)
            .shuffle(Object.keys(source)).slice(0, 64)
            .map((key): Trial => [paramsOf(key), source[key]!]);
          const spoilt = priors[prior]?.(drawn, `${seed} ${name}`) ?? [];
          return {
            name,
            objective,
            space: tuned as unknown as Space,
            task: null,
            origin: "HPOBench",
            trials: spoilt.map(record),
          };
        }),
      );
      const library = await openLibrary([packed]);
      const study = await createStudy({
        name: "warm start",
        space: tuned,
        objective,
        seed: `${seed} ${task}`,
        sampler: gpSampler(),
        storage: "memory",
        ...(prior === "cold" ? {} : { library }),
      });
      await study.optimize(({ params }) => table[keyOf(params)]!, {
        trials,
        progress: false,
      });
      const sum = sums.get(prior) ?? new Float64Array(marks.length);
      marks.forEach((mark, i) => {
        const reached = Math.max(
          ...study.trials.slice(0, mark).map(({ value }) => value!),
        );
        sum[i]! += 100 * (best - reached) / (best - median);
      });
      sums.set(prior, sum);
    }
  }
}

const runs = seeds * Object.keys(tables).length;
console.log(`| sources | ${marks.join(" | ")} | of cold |`);
console.log(`|---|${marks.map(() => "---|").join("")}---|`);
const cold = sums.get("cold")!;
for (const [prior, sum] of sums) {
  const cells = Array.from(sum, (value) => (value / runs).toFixed(2));
  const ratios = Array.from(sum, (value, i) => (value / cold[i]!).toFixed(2));
  console.log(`| ${prior} | ${cells.join(" | ")} | ${ratios.join(" / ")} |`);
}

/**
 * How far off the winner's value is, naive and by `verdict`, and how often its
 * 90 % interval holds: `deno run -A bench/ensembles/verdict.ts [studies] [trials] [kind]`.
 *
 * Studies are simulated: the true values are known. The noise is given in units of
 * the spread of the better half of a search's true values (its 90 % quantile less
 * the median, over 1.28).
 *
 * @module
 */

import { verdict } from "../../lib/ensembles/mod.ts";
import {
  quickStream,
  type RandomStream,
  randomStream,
} from "../../lib/math/mod.ts";
import { maximize } from "../../lib/records/mod.ts";
import {
  randomSampler,
  type Sampler,
  tpeSampler,
} from "../../lib/samplers/mod.ts";
import { float, space } from "../../lib/space/mod.ts";
import { createStudy } from "../../lib/study/mod.ts";

interface Place {
  readonly a: number;
  readonly b: number;
  readonly c: number;
  readonly d: number;
}

interface Kind {
  readonly name: string;
  readonly sampler: () => Sampler;
  /** The true value of a configuration; larger is better. */
  truth(place: Place, random: RandomStream): number;
}

const bowl = ({ a, b, c, d }: Place) =>
  -((a - 0.3) ** 2 + (b - 0.6) ** 2 + (c - 0.5) ** 2 / 4 + (d - 0.2) ** 2 / 9);

const kinds: readonly Kind[] = [
  {
    name: "values from a normal distribution",
    sampler: randomSampler,
    truth: (_, random) => random.normal(),
  },
  {
    name: "values skewed to the bad side (log-normal)",
    sampler: randomSampler,
    truth: (_, random) => -Math.exp(1.2 * random.normal()),
  },
  {
    name: "random search on a bowl of 4 parameters",
    sampler: randomSampler,
    truth: bowl,
  },
  {
    name: "TPE on a bowl of 4 parameters",
    sampler: tpeSampler,
    truth: bowl,
  },
];

const [studies, trials] = [
  Number(Deno.args[0] ?? 100),
  Number(Deno.args[1] ?? 50),
];
const levels = [0.1, 0.3, 1, 3];
const cube = space({
  a: float(0, 1),
  b: float(0, 1),
  c: float(0, 1),
  d: float(0, 1),
});

/** The spread of the better half of what random search finds. */
function spreadOf(kind: Kind): number {
  const random = quickStream(randomStream("spread", kind.name));
  const values = Array.from({ length: 5000 }, () => {
    const [a, b, c, d] = [0, 0, 0, 0].map(() => random.uniform());
    return kind.truth({ a: a!, b: b!, c: c!, d: d! }, random);
  }).sort((x, y) => x - y);
  return (values[4500]! - values[2500]!) / 1.2816;
}

interface Result {
  readonly naive: number;
  readonly ours: number;
  readonly isInside: boolean;
  readonly probability: number;
  readonly isBest: boolean;
}

async function simulate(
  kind: Kind,
  sd: number,
  seed: string,
): Promise<Result> {
  const random = quickStream(randomStream("bench of verdicts", seed));
  const study = await createStudy({
    name: seed,
    seed,
    space: cube,
    objective: maximize("value"),
    storage: "memory",
    sampler: kind.sampler(),
  });
  const truth: number[] = [];
  for (let i = 0; i < trials; i++) {
    const trial = await study.ask();
    truth.push(kind.truth(trial.params, random));
    await study.tell(trial, truth[i]! + sd * random.normal());
  }
  const judged = verdict(study, { noise: sd });
  const { luckiest } = judged.parts;
  const [low, high] = judged.interval;
  const real = truth[judged.winner.number]!;
  await study.close();
  return {
    naive: luckiest.value - truth[luckiest.trial.number]!,
    ours: judged.estimate - real,
    isInside: real >= low && real <= high,
    probability: judged.probability,
    isBest: real === Math.max(...truth),
  };
}

const mean = (list: readonly number[]) =>
  list.reduce((sum, value) => sum + value / list.length, 0);

console.log(
  `${studies} studies of ${trials} trials each. Biases in standard deviations of the noise, ± their standard error.\n`,
);
console.log(
  "| studies | noise | bias, naive | bias, verdict | share left | in the 90 % interval | P(best) said | was the best |",
);
console.log("|---|---|---|---|---|---|---|---|");
const all = new Map<number, Result[]>();
const row = (name: string, level: number, scaled: readonly Result[]) => {
  const naive = mean(scaled.map((r) => r.naive));
  const ours = mean(scaled.map((r) => r.ours));
  const error = Math.sqrt(
    mean(scaled.map((r) => (r.ours - ours) ** 2)) / scaled.length,
  );
  console.log(
    `| ${name} | ${level} | ${naive.toFixed(2)} | ${ours.toFixed(2)} ± ${
      error.toFixed(2)
    } | ${Math.round(100 * ours / naive)} % | ${
      Math.round(100 * mean(scaled.map((r) => Number(r.isInside))))
    } % | ${mean(scaled.map((r) => r.probability)).toFixed(2)} | ${
      mean(scaled.map((r) => Number(r.isBest))).toFixed(2)
    } |`,
  );
};
for (const kind of kinds) {
  if (!kind.name.includes(Deno.args[2] ?? "")) continue;
  const spread = spreadOf(kind);
  for (const level of levels) {
    const sd = level * spread;
    const scaled: Result[] = [];
    for (let i = 0; i < studies; i++) {
      const result = await simulate(kind, sd, `${kind.name}, ${level}, ${i}`);
      scaled.push({
        ...result,
        naive: result.naive / sd,
        ours: result.ours / sd,
      });
    }
    row(kind.name, level, scaled);
    all.set(level, [...all.get(level) ?? [], ...scaled]);
  }
}
for (const [level, results] of all) row("**all**", level, results);

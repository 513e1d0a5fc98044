/**
 * How far off the winner's value is, naive and by `verdict`, and how often its
 * 90 % interval holds: `deno run -A bench/ensembles/verdict.ts [studies] [trials]
 * [development|confirmation] [kind]`.
 *
 * Studies are simulated: the true values are known.
 *
 * @module
 */

import { verdict } from "../../lib/ensembles/mod.ts";
import {
  confirmation,
  development,
  type Kind,
  simulate,
} from "./_simulated_studies.ts";

const [studies, trials] = [
  Number(Deno.args[0] ?? 100),
  Number(Deno.args[1] ?? 50),
];
const levels = [0.1, 0.3, 1, 3];
const kinds = Deno.args[2] === "confirmation"
  ? await confirmation()
  : development;

interface Result {
  readonly naive: number;
  readonly ours: number;
  readonly isInside: boolean;
  readonly probability: number;
  readonly isBest: boolean;
}

async function judge(
  kind: Kind,
  level: number,
  number: number,
): Promise<Result> {
  const { study, truth, sd } = await simulate(kind, level, number, trials);
  const judged = verdict(study, { noise: sd });
  const { luckiest } = judged.parts;
  const [low, high] = judged.interval;
  const real = truth[judged.winner.number]!;
  await study.close();
  return {
    naive: (luckiest.value - truth[luckiest.trial.number]!) / sd,
    ours: (judged.estimate - real) / sd,
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
const row = (name: string, level: number, results: readonly Result[]) => {
  const naive = mean(results.map((r) => r.naive));
  const ours = mean(results.map((r) => r.ours));
  const error = Math.sqrt(
    mean(results.map((r) => (r.ours - ours) ** 2)) / results.length,
  );
  console.log(
    `| ${name} | ${level} | ${naive.toFixed(2)} | ${ours.toFixed(2)} ± ${
      error.toFixed(2)
    } | ${Math.round(100 * ours / naive)} % | ${
      Math.round(100 * mean(results.map((r) => Number(r.isInside))))
    } % | ${mean(results.map((r) => r.probability)).toFixed(2)} | ${
      mean(results.map((r) => Number(r.isBest))).toFixed(2)
    } |`,
  );
};
for (const kind of kinds) {
  if (!kind.name.includes(Deno.args[3] ?? "")) continue;
  for (const level of levels) {
    const results: Result[] = [];
    for (let i = 0; i < studies; i++) results.push(await judge(kind, level, i));
    row(kind.name, level, results);
    all.set(level, [...all.get(level) ?? [], ...results]);
  }
}
for (const [level, results] of all) row("**all**", level, results);

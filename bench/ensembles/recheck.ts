/**
 * What measuring the first few again costs and brings:
 * `deno run -A bench/ensembles/recheck.ts [studies] [trials] [kind]`.
 *
 * Simulated studies as in verdict.ts. The choice is measured by how far below the
 * truly best of the trials it lies, in standard deviations of the noise. Beside
 * `recheck`: the best value as it stands, the verdict's choice, and the five best
 * values measured again equally often, with as many evaluations in all, of which
 * the one with the best mean is taken.
 *
 * @module
 */

import { recheck, verdict } from "../../lib/ensembles/mod.ts";
import { quickStream, randomStream } from "../../lib/math/mod.ts";
import { development, type Kind, simulate } from "./_simulated_studies.ts";

const [studies, trials] = [
  Number(Deno.args[0] ?? 25),
  Number(Deno.args[1] ?? 50),
];
const levels = [0.1, 0.3, 1, 3];
const top = 5;

async function measure(kind: Kind, level: number, number: number) {
  const { study, truth, sd } = await simulate(kind, level, number, trials);
  const random = quickStream(randomStream("recheck", kind.name, level, number));
  const best = Math.max(...truth);
  const trueOf = new Map(
    study.trials.map((
      { params, number },
    ) => [params as unknown, truth[number]!]),
  );
  const fresh = (params: unknown) =>
    Promise.resolve(trueOf.get(params)! + sd * random.normal());
  const judged = verdict(study, { noise: sd });
  const again = await recheck(study, fresh, { noise: sd, top });
  const [first] = again.candidates;
  const real = truth[again.winner.number]!;
  // As many evaluations, shared equally among the best values.
  const each = Math.max(1, Math.round(again.evaluations / top));
  const ranked = study.trials.toSorted((a, b) => b.value! - a.value!);
  const equal = await Promise.all(
    ranked.slice(0, top).map(async ({ number, params, value }) => {
      const values = [value!];
      for (let i = 0; i < each; i++) values.push(await fresh(params));
      return { number, mean: mean(values) };
    }),
  );
  const chosen = equal.reduce((a, b) => b.mean > a.mean ? b : a);
  await study.close();
  const behind = (which: number) => (best - truth[which]!) / sd;
  return {
    evaluations: again.evaluations,
    naive: behind(ranked[0]!.number),
    verdict: behind(judged.winner.number),
    equal: behind(chosen.number),
    recheck: behind(again.winner.number),
    naiveBias: (ranked[0]!.value! - truth[ranked[0]!.number]!) / sd,
    equalBias: (chosen.mean - truth[chosen.number]!) / sd,
    bias: (first!.estimate - real) / sd,
    isInside: Number(real >= first!.interval[0] && real <= first!.interval[1]),
  };
}

const mean = (list: readonly number[]) =>
  list.reduce((sum, value) => sum + value / list.length, 0);

console.log(
  `${studies} studies of ${trials} trials each, the first ${top} measured again.\n`,
);
console.log(
  "| studies | noise | evaluations | behind the best: best value | verdict | as many, shared equally | recheck | bias: best value | shared equally | recheck | in its 90 % interval |",
);
console.log("|---|---|---|---|---|---|---|---|---|---|---|");
type Result = Awaited<ReturnType<typeof measure>>;
const all = new Map<number, Result[]>();
const row = (name: string, level: number, results: readonly Result[]) => {
  const of = (key: keyof Result) => mean(results.map((r) => r[key]));
  const spread = Math.sqrt(
    mean(results.map(({ bias }) => (bias - of("bias")) ** 2)) / results.length,
  );
  console.log(
    `| ${name} | ${level} | ${of("evaluations").toFixed(0)} | ${
      ([
        "naive",
        "verdict",
        "equal",
        "recheck",
        "naiveBias",
        "equalBias",
      ] as const)
        .map((key) => of(key).toFixed(2)).join(" | ")
    } | ${of("bias").toFixed(2)} ± ${spread.toFixed(2)} | ${
      Math.round(100 * of("isInside"))
    } % |`,
  );
};
for (const kind of development) {
  if (!kind.name.includes(Deno.args[2] ?? "")) continue;
  for (const level of levels) {
    const results: Result[] = [];
    for (let i = 0; i < studies; i++) {
      results.push(await measure(kind, level, i));
    }
    row(kind.name, level, results);
    all.set(level, [...all.get(level) ?? [], ...results]);
  }
}
for (const [level, results] of all) row("**all**", level, results);

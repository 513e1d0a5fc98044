/**
 * What the project's own learning curves are worth for forecasts on data sets
 * that they have not seen.
 *
 *     deno run -A bench/library/own_curves.ts
 *
 * The held-out data sets are those of own_runs.ts. Of each of their studies with
 * curves, 24 are forecast from 30, 50 and 80 % of their steps, without a prior and
 * with one of `--curves` curves of the studies most similar to it. Error:
 * |forecast − end| over the curve's range, median; curves that move less than 0.02
 * are left out.
 *
 * @module
 */

import { parseArgs } from "node:util";
import { type CurvePrior, forecastCurve } from "../../lib/curves/mod.ts";
import {
  type CompactInput,
  libraryCurvePrior,
  openLibrary,
  packLibrary,
} from "../../lib/library/mod.ts";
import { hasWord, studiesOf } from "../../tools/make_library.ts";

const { values: options } = parseArgs({
  args: Deno.args,
  options: {
    runs: { type: "string", default: "out/library/runs" },
    curves: { type: "string", default: "96" },
    family: { type: "string", default: "mlp" },
  },
});
const heldOut = "digits,glass,ionosphere,musk,pima,shuttle,spam,votes,wisconsin"
  .split(",");
const all: CompactInput[] = [];
for await (const study of studiesOf(options.runs)) {
  if (study.trials.length >= 64) all.push(study);
}
const library = await openLibrary([
  packLibrary(all.filter(({ name }) => !hasWord(name, heldOut))),
]);
const errors = new Map<number, (readonly [number, number])[]>();
let prior: CurvePrior | null = null;
for (const { name, task, space, objective, trials } of all) {
  if (!name.startsWith(`${options.family} on`) || !hasWord(name, heldOut)) {
    continue;
  }
  const similar = await library.similar(task, space, { objective });
  prior = await libraryCurvePrior(similar, {
    series: objective,
    most: Number(options.curves),
  });
  for (const { curves } of trials.slice(0, 24)) {
    const curve = curves.get(objective.name);
    if (curve === undefined) continue;
    const { steps, values } = curve;
    const range = Math.max(...values) - Math.min(...values);
    if (range < 0.02) continue;
    for (const share of [0.3, 0.5, 0.8]) {
      const count = Math.round(share * steps.length);
      const seen = {
        name: curve.name,
        steps: steps.slice(0, count),
        values: values.slice(0, count),
      };
      const error = (prior: CurvePrior | null) =>
        Math.abs(
          forecastCurve(seen, {
            direction: objective.direction,
            at: steps.at(-1)!,
            bounds: [-1, 1],
            prior,
            kind: options.family,
          }).value! - values.at(-1)!,
        ) / range;
      const list = errors.get(share) ?? [];
      errors.set(share, list);
      list.push([error(null), error(prior)]);
    }
  }
}
const median = (list: number[]) =>
  list.sort((a, b) => a - b)[list.length >> 1]!.toFixed(3);
console.log(
  "| seen | curves | no prior | the library's curves |\n|---|---|---|---|",
);
for (const [share, list] of errors) {
  console.log(
    `| ${100 * share} % | ${list.length} | ${median(list.map(([a]) => a))} | ${
      median(list.map(([, b]) => b))
    } |`,
  );
}

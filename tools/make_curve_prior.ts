/**
 * Learns from the built-in library's learning curves, once, how curves go on:
 *
 *     deno run -A tools/make_curve_prior.ts --out lib/library/_built_in_curves.ts
 *
 * Of each study `--curves` curves, evenly over its trials (defaults to 16), looked at
 * at five lengths. To be run when the library has been made anew. Deterministic.
 *
 * @module
 */

import { parseArgs } from "node:util";
import { deflateRawSync } from "node:zlib";
import { curvePrior, type FinishedCurve } from "../lib/curves/mod.ts";
import { openLibrary } from "../lib/library/mod.ts";

const { values: options } = parseArgs({
  args: Deno.args,
  options: {
    out: { type: "string" },
    curves: { type: "string", default: "16" },
  },
});
if (options.out === undefined) {
  console.error("Usage: make_curve_prior.ts --out FILE [--curves COUNT]");
  Deno.exit(2);
}
const most = Number(options.curves);
const library = await openLibrary(["built-in"]);
const taken: FinishedCurve[] = [];
const groups = new Set<string>();
for (const study of library.studies()) {
  const { objective, task } = study;
  if (objective.direction !== "maximize") continue;
  const group = JSON.stringify(task?.data ?? study.name);
  const kind = task?.model?.kind;
  const found = (await study.read()).flatMap(({ curves }) => {
    const curve = curves.get(objective.name);
    return curve === undefined || curve.steps.length < 8
      ? []
      : [{ ...curve, group, ...(kind == null ? {} : { kind }) }];
  });
  if (found.length > 0) groups.add(group);
  const count = Math.min(most, found.length);
  for (let i = 0; i < count; i++) {
    taken.push(found[Math.floor(i * found.length / count)]!);
  }
}
const prior = curvePrior(taken, {
  direction: "maximize",
  cuts: 5,
  compact: true,
});
const bytes = new Uint8Array(deflateRawSync(JSON.stringify(prior)));
await Deno.writeTextFile(
  options.out,
  `// deno-fmt-ignore-file
/**
 * What the built-in library's learning curves teach, made by
 * tools/make_curve_prior.ts; not to be edited. From ${prior.curves} curves of our own
 * trainings on ${groups.size} data sets.
 *
 * @module
 */

/** A curve prior as JSON, deflated, in base64. */
export const builtInCurves: string =
  ${JSON.stringify(bytes.toBase64())};
`,
);
console.log(
  `${prior.curves} curves of ${groups.size} data sets: ${bytes.length} bytes; median error left out ${
    prior.error.shapes.toFixed(3)
  } without, ${prior.error.prior.toFixed(3)} with`,
);

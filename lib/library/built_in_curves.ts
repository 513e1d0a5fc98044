import { Buffer } from "node:buffer";
import { inflateRawSync } from "node:zlib";
import {
  type CurvePrior,
  type PackedCurvePrior,
  readCurvePrior,
} from "../curves/mod.ts";

let read: Promise<CurvePrior> | null = null;

/**
 * What the built-in library's learning curves teach about the way scores go that
 * are to be maximized (accuracy, r²), for `forecastCurve()`: learnt beforehand, read
 * in a few milliseconds when it is first asked for.
 *
 * @example
 * ```ts
 * import { builtInCurvePrior } from "@etude/etude";
 * const prior = await builtInCurvePrior();
 * prior.direction; // "maximize"
 * prior.error.prior < prior.error.shapes; // true
 * ```
 */
export function builtInCurvePrior(): Promise<CurvePrior> {
  read ??= import("./_built_in_curves.ts").then(({ builtInCurves }) => {
    const bytes = inflateRawSync(Buffer.from(builtInCurves, "base64"));
    return readCurvePrior(
      JSON.parse(bytes.toString("utf8")) as PackedCurvePrior,
    );
  });
  return read;
}

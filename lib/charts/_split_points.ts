import type { Curve } from "../records/mod.ts";
import { minMaxIndices } from "./_downsample.ts";
import type { ChartRow } from "./_field.ts";
import { drawable, round } from "./_scale.ts";

/**
 * The points of a training's curves: `s` `"train"` or `"validation"`, `g` the
 * piece of line (a value that cannot be drawn begins a new one), `x` the step,
 * `y` the value.
 *
 * @param most The most points of one curve.
 */
export function splitPoints(
  curves: { readonly train: Curve | null; readonly validation: Curve | null },
  most: number,
): ChartRow[] {
  const points: ChartRow[] = [];
  let piece = 0;
  for (const split of ["train", "validation"] as const) {
    const curve = curves[split];
    if (curve === null) continue;
    const ys = curve.values.map((y) => drawable(y) ? y : NaN);
    piece++;
    let last = -1;
    for (const index of minMaxIndices(ys, most)) {
      if (Number.isNaN(ys[index]!)) continue;
      if (last >= 0 && ys.slice(last + 1, index).some(Number.isNaN)) piece++;
      last = index;
      points.push({
        s: split,
        g: piece,
        x: curve.steps[index]!,
        y: round(ys[index]!),
      });
    }
  }
  return points;
}

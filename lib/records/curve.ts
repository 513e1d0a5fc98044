/** A named series of a trial over its steps. */
export interface Curve {
  /** The name, e.g. `"validation loss"`. */
  readonly name: string;
  /** The steps, e.g. epochs: whole numbers, rising. */
  readonly steps: readonly number[];
  /** The values, one a step; NaN and infinities are kept as reported. */
  readonly values: readonly number[];
}

/**
 * The best value of a curve and its step, without NaN and values infinite on
 * the bad side; null if there is none.
 *
 * @param direction Which values are better.
 *
 * @example
 * ```ts
 * import { bestPoint } from "@etude/etude";
 * bestPoint({ name: "loss", steps: [1, 2, 3], values: [3, 1, 2] }, "minimize"); // { step: 2, value: 1 }
 * ```
 */
export function bestPoint(
  curve: Curve,
  direction: "minimize" | "maximize",
): { step: number; value: number } | null {
  const sign = direction === "minimize" ? 1 : -1;
  let best: { step: number; value: number } | null = null;
  curve.values.forEach((value, index) => {
    if (Number.isNaN(value) || sign * value === Infinity) return;
    if (best === null || sign * value < sign * best.value) {
      best = { step: curve.steps[index]!, value };
    }
  });
  return best;
}

import type { Objective, TrialRecord } from "../records/mod.ts";

/**
 * A finished trial's value, or else the last of its objective's curve, with the
 * sign that makes smaller better; NaN if it failed or has none.
 */
export function lossOf<C>(
  { state, value, curves }: TrialRecord<C>,
  { name, direction }: Objective,
): number {
  if (state === "failed") return NaN;
  const last = curves.get(name)?.values.findLast(Number.isFinite);
  const found = value ?? last ?? NaN;
  return direction === "minimize" ? found : -found;
}

/**
 * Whether a configuration may be tried again. Where values are noisy, a second
 * value of a good one can be worth more than the first of another; where they are
 * not, it is worth nothing. What is taken for noise may be a rough function, so
 * that the first repeat is a question: if it brings the same value, there is no
 * other.
 */

import type { GaussianProcess, Observation } from "../surrogates/mod.ts";

/** From this share of the function's variance on, noise is worth a repeat. */
const muchNoise = 0.01;

/**
 * Whether trials say that a repeat may bring something else: the process sees
 * noise, and no two trials of one configuration have brought the same value,
 * unless two others have not.
 */
export function repeatsMayPay(
  process: GaussianProcess,
  observations: readonly Observation[],
): boolean {
  const { noise, outputScale } = process.hyperparameters;
  if (!(noise > muchNoise * outputScale)) return false;
  const values = new Map<string, number>();
  let isSame = false;
  for (const { unit, value, isPruned } of observations) {
    if (isPruned || !Number.isFinite(value)) continue;
    // Equal configurations may differ in the last digits of their places.
    const key = Array.from(unit, (u) => u.toFixed(12)).join(" ");
    const before = values.get(key);
    if (before !== undefined && before !== value) return true;
    if (before === value) isSame = true;
    values.set(key, value);
  }
  return !isSame;
}

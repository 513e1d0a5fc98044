/**
 * An objective that ends its own thread in every second trial, at a moment that hangs
 * on the trial's seed: by leaving, or by an error that nobody catches.
 *
 * @module
 */

import process from "node:process";
import type { Trial } from "../../mod.ts";

/** The objective. */
export default async function objective(
  trial: Trial<{ x: number }>,
): Promise<number> {
  const { uniform } = trial.random("moment");
  const end = trial.number % 2 === 0 ? Infinity : 1 + 9 * uniform();
  for (let step = 1; step <= 10; step++) {
    await trial.report(step, trial.params.x);
    if (step < end) continue;
    if (trial.number % 4 === 1) process.exit(1);
    setTimeout(() => {
      throw new Error("nobody catches me");
    });
    await new Promise(() => {});
  }
  return trial.params.x;
}

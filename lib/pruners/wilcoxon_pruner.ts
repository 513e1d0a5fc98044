import { bestTrial, type Curve } from "../records/mod.ts";
import { checkNames, checkNumbers } from "./_check.ts";
import { countOf, keep, nothingYet, show, stop } from "./_judgement.ts";
import { probabilityAboveZero } from "./_signed_ranks.ts";
import type { Pruner } from "./pruner.ts";

/** Options of {@linkcode wilcoxonPruner}. */
export interface WilcoxonPrunerOptions {
  /** Below this probability a trial stops, from 0 to 1. Defaults to `0.1`. */
  readonly pThreshold?: number;
  /** How many steps have to be shared with the best trial, at least 0; fewer than 2 are never judged. Defaults to `2`. */
  readonly startupSteps?: number;
}

/**
 * Stops a trial that is worse than the best one by Wilcoxon's signed-rank test
 * on the steps that both have: for objectives that are a mean over folds, seeds
 * or problem instances, one a step, in any order.
 *
 * NaN or infinite values keep a trial running, and so does a mean so far that is
 * no worse than the best trial's.
 *
 * It decides as Optuna 5's `WilcoxonPruner` does.
 *
 * @param options When it is sure enough.
 * @throws {TypeError} If an option is unknown.
 * @throws {RangeError} If a number is out of its range.
 *
 * @example
 * ```ts
 * import { wilcoxonPruner } from "@etude/etude";
 * const pruner = wilcoxonPruner({ pThreshold: 0.05 }); // step 3: the accuracy on fold 3
 * pruner.name; // "wilcoxon"
 * ```
 */
export function wilcoxonPruner(options: WilcoxonPrunerOptions = {}): Pruner {
  checkNames("wilcoxon", options, ["pThreshold", "startupSteps"]);
  const { pThreshold = 0.1, startupSteps = 2 } = options;
  checkNumbers("wilcoxon", { pThreshold, startupSteps }, {
    pThreshold: { least: 0, most: 1 },
    startupSteps: { least: 0, whole: true },
  });
  return Object.freeze<Pruner>({
    name: "wilcoxon",
    judge: ({ curve, study }) => {
      if (curve.values.length === 0) return nothingYet;
      if (!curve.values.every(Number.isFinite)) {
        return keep("Its values are not all finite.");
      }
      const best = bestTrial(study);
      const { name, direction } = study.objectives[0]!;
      const other = best?.curves.get(name);
      if (best === null || other === undefined || other.values.length === 0) {
        return keep("There is no best trial with a curve yet.");
      }
      if (!other.values.every(Number.isFinite)) {
        return keep("The best trial's values are not all finite.");
      }
      const sign = direction === "minimize" ? 1 : -1;
      const differences = sharedDifferences(curve, other)
        .map((difference) => sign * difference);
      const shared = countOf(differences.length, "step");
      if (differences.length < Math.max(2, startupSteps)) {
        return keep(`It shares only ${shared} with the best trial.`);
      }
      const p = probabilityAboveZero(differences);
      const sentence = (verdict: string) =>
        `On ${shared} it is ${verdict} the best trial ${best.number} (p = ${
          show(p)
        }).`;
      if (!(p < pThreshold)) return keep(sentence("not clearly worse than"));
      if (sign * mean(other.values) >= sign * mean(curve.values)) {
        return keep(
          `Its mean so far, ${
            show(mean(curve.values))
          }, is no worse than trial ${best.number}'s.`,
        );
      }
      return stop(sentence("worse than"));
    },
  });
}

/** Value less the other's value, at the steps that both have. */
function sharedDifferences(curve: Curve, other: Curve): number[] {
  const differences: number[] = [];
  let at = 0;
  curve.steps.forEach((step, index) => {
    while (at < other.steps.length && other.steps[at]! < step) at++;
    if (other.steps[at] === step) {
      differences.push(curve.values[index]! - other.values[at]!);
    }
  });
  return differences;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

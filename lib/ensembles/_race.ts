/**
 * Whether a configuration is worth its remaining folds.
 *
 * | symbol | name in code | meaning |
 * |---|---|---|
 * | K, m | `count`, `done` | how many folds there are, and are done |
 * | d | `gains` | by how much it is better than the best trial on each fold done, `[m]` |
 * | s² | `variance` | the variance of d |
 * | s₀², ν₀ | `prior` | that of other trials' differences to the best trial, and how much it counts |
 *
 * (1) s² = (ν₀ s₀² + Σ (d − d̄)²) / ν, with ν = ν₀ + m − 1
 *
 * (2) the mean difference over all K folds is d̄ + s √((K − m) / (m K)) T, with T Student's t of ν
 *
 * (3) expected gain: E[max(that, 0)], in units of s / √K, the standard error
 * of the difference once all folds are done
 *
 * Equation (2) is the predictive distribution of a finite sum of normal numbers
 * with unknown mean (flat prior) and variance.
 *
 * Source: expected improvement of Mockus (1975), over the folds that are left as
 * in Jones, Schonlau and Welch (1998); racing as in Maron and Moore (1994) and Birattari et al. (2002).
 *
 * @module
 */

import { type Judgement, wilcoxonPruner } from "../pruners/mod.ts";
import {
  bestTrial,
  foldCurveName,
  type FoldScores,
  foldScoresOf,
  type StudyView,
  type TrialRecord,
} from "../records/mod.ts";
import { studentExcess } from "./_student.ts";
import { meanOf } from "./_means.ts";

/** When racing stops a configuration. */
export interface RaceRule {
  readonly by: "wilcoxon" | "expected improvement" | "both";
  readonly pThreshold: number;
  readonly leastGain: number;
  readonly fewestFolds: number;
}

/** At most so many degrees of freedom come from the other trials. */
const mostPriorFreedom = 8;

/** The running trial so far. */
export interface Runner {
  readonly number: number;
  readonly scores: readonly number[];
  readonly count: number;
  readonly folds: string;
}

/** A reason to stop, or null. */
export function raceReason(
  view: StudyView,
  runner: Runner,
  rule: RaceRule,
): string | null {
  const { scores, count, folds } = runner;
  const done = scores.length;
  if (done >= count || done < rule.fewestFolds) return null;
  if (!scores.every(Number.isFinite)) return null;
  const rivals = view.trials.filter((trial) =>
    trial.state === "complete" && foldScoresOf(trial)?.folds === folds
  );
  const { direction, name } = view.objectives[0]!;
  const best = bestTrial({ objectives: view.objectives, trials: rivals });
  if (best === null) return null;
  const kept = foldScoresOf(best)!;
  if (!kept.scores.every(Number.isFinite)) return null;
  if (rule.by !== "expected improvement") {
    const steps = scores.map((_, i) => i + 1);
    const { stop, reason }: Judgement = wilcoxonPruner({
      pThreshold: rule.pThreshold,
    }).judge({
      curve: {
        name: foldCurveName(name),
        steps,
        values: scores,
      },
      number: runner.number,
      study: {
        ...view,
        objectives: [{ name: foldCurveName(name), direction }],
        // Cut to the folds done: folds are not equally hard.
        trials: [{
          ...best,
          curves: new Map([[foldCurveName(name), {
            name: foldCurveName(name),
            steps,
            values: kept.scores.slice(0, done),
          }]]),
        }],
      },
    });
    if (stop) return reason.replace(/steps?/, "folds");
  }
  if (rule.by === "wilcoxon") return null;
  const sign = direction === "minimize" ? -1 : 1;
  const gain = expectedGain(
    scores.map((score, i) => sign * (score - kept.scores[i]!)),
    count,
    priorOf(kept, best.number, rivals),
  );
  return gain === null || gain >= rule.leastGain
    ? null
    : `After ${done} of ${count} folds it is worse than trial ${best.number}, and what the others can be expected to make up is ${
      show(gain)
    } standard errors.`;
}

/** How variable differences to the best trial are, from the trials that have run all folds. */
function priorOf(
  kept: FoldScores,
  number: number,
  rivals: readonly TrialRecord[],
): { readonly variance: number; readonly freedom: number } {
  const variances = rivals.filter((trial) => trial.number !== number)
    .map((trial) => foldScoresOf(trial)!.scores)
    .filter((scores) =>
      scores.length === kept.scores.length && scores.every(Number.isFinite)
    )
    .map((scores) => {
      const differences = scores.map((score, i) => score - kept.scores[i]!);
      const mean = meanOf(differences);
      return differences.reduce((sum, d) => sum + (d - mean) ** 2, 0) /
        (differences.length - 1);
    })
    .filter((variance) => variance > 0)
    .sort((a, b) => a - b);
  const n = variances.length;
  if (n === 0) return { variance: 0, freedom: 0 };
  return {
    variance: variances[n >> 1]!,
    freedom: Math.min(mostPriorFreedom, n * (kept.scores.length - 1) / 2),
  };
}

/**
 * Equation (3); null while nothing can be said.
 *
 * @param gains By how much it is better on each fold done.
 * @param count How many folds there are.
 * @param prior What other trials say of the variance.
 */
export function expectedGain(
  gains: readonly number[],
  count: number,
  prior: { readonly variance: number; readonly freedom: number },
): number | null {
  const m = gains.length;
  const freedom = prior.freedom + m - 1;
  if (freedom < 2 || m >= count) return null;
  const mean = meanOf(gains);
  const squares = gains.reduce((sum, gain) => sum + (gain - mean) ** 2, 0);
  const variance = (prior.freedom * prior.variance + squares) / freedom;
  const error = Math.sqrt(variance / count);
  if (!(error > 0)) return mean < 0 ? 0 : null;
  const ahead = Math.sqrt(variance * (count - m) / (m * count));
  return ahead / error * studentExcess(-mean / ahead, freedom);
}

function show(value: number): string {
  return String(Number(value.toPrecision(2)));
}

/**
 * Acquisition functions where there are constraints: what a place is worth, times
 * the probability that it is feasible; while nothing is, that probability alone.
 *
 * Source: Gardner et al., Bayesian optimization with inequality constraints
 * (2014); Gelbart, Snoek and Adams, Bayesian optimization with unknown
 * constraints (2014), section 3.3, for while nothing is feasible. What is looked
 * for where nothing can be is our own.
 */

import { normalCdf, normalLogCdf, normalLogExcess } from "../math/mod.ts";
import { type StudyView, violationsIn } from "../records/mod.ts";
import {
  type ConstraintSurrogate,
  fitConstraints,
  logExpectedImprovement,
  logFeasibility,
  logProbabilityOfImprovementSlopes,
} from "../surrogates/mod.ts";
import type { Acquisition } from "./_gp_search.ts";

/** Where the logarithm of the probability of being feasible is nowhere higher, less violation is looked for. */
export const hopeless: number = Math.log(0.01);

/** What is known of a study's constraints. */
export interface Feasibility {
  /** The constraints that have been measured. */
  readonly constraints: readonly ConstraintSurrogate[];
  /**
   * By how much a trial, by its number, breaks them: 0 for a feasible one,
   * `Infinity` where that is not known. A constraint that no trial has measured
   * is left out: nothing can be learned of it.
   */
  violation(number: number): number;
}

/** What trials say of a study's constraints; null where it has none. */
export function feasibilityOf(
  study: StudyView,
  { maxTrials, pending }: {
    readonly maxTrials?: number;
    /** The points of running trials, `[q, d]`: they count as if they had brought what is expected. */
    readonly pending: Float64Array;
  },
): Feasibility | null {
  if ((study.constraints?.length ?? 0) === 0) return null;
  const constraints = fitConstraints(study, { maxTrials });
  const violationOf = violationsIn(study.trials);
  const violations = new Map(
    study.trials.map((trial) => [trial.number, violationOf(trial)]),
  );
  return {
    constraints: constraints.map((one) =>
      pending.length === 0
        ? one
        : { ...one, process: one.process.condition(pending) }
    ),
    violation: (number) => violations.get(number) ?? Infinity,
  };
}

/**
 * An acquisition function times the probability that a place is feasible, both
 * as logarithms; that probability alone without one.
 */
export function feasibleOnly(
  acquisition: Acquisition | null,
  { constraints }: Feasibility,
): Acquisition {
  if (constraints.length === 0 && acquisition !== null) return acquisition;
  const bounds = (points: Float64Array, values: Float64Array) => {
    for (const { process, threshold } of constraints) {
      const { mean, sd } = process.predictBounds(points);
      for (let i = 0; i < values.length; i++) {
        values[i]! += normalLogCdf((threshold - mean[i]!) / sd[i]!);
      }
    }
    return values;
  };
  const screen = acquisition?.screen?.bind(acquisition);
  const ascend = acquisition?.ascend?.bind(acquisition);
  return {
    score(points) {
      const chances = logFeasibility(constraints, points);
      const worth = acquisition?.score(points);
      return worth === undefined
        ? chances
        : worth.map((value, i) => value + chances[i]!);
    },
    ...screen === undefined
      ? {}
      : { screen: (points) => bounds(points, screen(points)) },
    ...acquisition !== null && ascend === undefined ? {} : {
      ascend(point) {
        const up = ascend?.(point);
        const gradient = up?.gradient ?? new Float64Array(point.length);
        let value = up?.value ?? 0;
        for (const { process, threshold } of constraints) {
          const expected = process.predictGradient(point);
          const chance = logProbabilityOfImprovementSlopes(expected, threshold);
          value += chance.value;
          for (let j = 0; j < gradient.length; j++) {
            gradient[j]! += chance.byMean * expected.meanGradient[j]! +
              chance.bySd * expected.sdGradient[j]!;
          }
        }
        return { value, gradient };
      },
    },
  };
}

/**
 * The improvement that is expected on the least total violation so far, in the
 * processes' units: what is looked for while nothing can be feasible. The total is
 * taken as normal, with the mean and the variance that it has.
 */
export function lessViolation({ constraints }: Feasibility): Acquisition {
  const totals = new Map<number, number>();
  constraints.forEach(({ process, threshold, numbers }, c) =>
    numbers.forEach((number, i) => {
      // Only trials that say how they stand to all constraints.
      if (c > 0 && !totals.has(number)) return;
      totals.set(
        number,
        (totals.get(number) ?? 0) + Math.max(0, process.values[i]! - threshold),
      );
    })
  );
  const last = constraints.at(-1)!;
  const best = last.numbers.reduce(
    (least, number) => Math.min(least, totals.get(number) ?? Infinity),
    Number.MAX_VALUE,
  );
  return {
    score(points) {
      const mean = new Float64Array(points.length / last.process.dimension);
      const variance = new Float64Array(mean.length);
      for (const { process, threshold } of constraints) {
        const expected = process.predict(points);
        for (let i = 0; i < mean.length; i++) {
          const sd = expected.sd[i]!;
          const z = (expected.mean[i]! - threshold) / sd;
          const excess = sd * Math.exp(normalLogExcess(z));
          mean[i]! += excess;
          const square = sd * sd * normalCdf(z) +
            (expected.mean[i]! - threshold) * excess;
          variance[i]! += Math.max(0, square - excess * excess);
        }
      }
      return mean.map((m, i) =>
        logExpectedImprovement({ mean: m, sd: Math.sqrt(variance[i]!) }, best)
      );
    },
  };
}

/** A function drawn from the process, where functions drawn from the constraints' allow it; what violates them least where they nowhere do. */
export function feasibleDraws(
  acquisition: Acquisition | null,
  { constraints }: Feasibility,
  random: Parameters<ConstraintSurrogate["process"]["sample"]>[1],
): Acquisition {
  return {
    score(points) {
      const violations = constraints.map(({ process, threshold }) =>
        process.sample(points, random).map((y) => Math.max(0, y - threshold))
      );
      const worth = acquisition?.score(points);
      const size = points.length /
        (constraints[0]?.process.dimension ?? points.length);
      return Float64Array.from({ length: worth?.length ?? size }, (_, i) => {
        const violation = violations.reduce((sum, one) => sum + one[i]!, 0);
        return violation > 0 ? -1e6 * (1 + violation) : worth?.[i] ?? 0;
      });
    },
  };
}

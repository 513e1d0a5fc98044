import { normalLogCdf } from "../math/mod.ts";
import { type StudyView, violationsIn } from "../records/mod.ts";
import { constraintOutcomesOf, type RandomForest } from "../surrogates/mod.ts";

/** What forests know of a study's constraints. */
export interface ForestFeasibility {
  /** By how much a trial breaks those that have been measured; `Infinity` where that is not known. */
  violationOf(number: number): number;
  /** The logarithm of how probable it is that a place keeps to them; 0 without constraints. */
  logChance(unit: Float64Array): number;
}

/** A tree's leaves may all agree: it is never as sure as that. */
const leastSd = 0.1;

/**
 * A forest a constraint.
 *
 * @param fit Makes a forest of points and values.
 */
export function feasibilityIn(
  study: StudyView,
  fit: (
    points: readonly Float64Array[],
    values: Float64Array,
  ) => RandomForest,
): ForestFeasibility {
  const outcomes = constraintOutcomesOf(study);
  if (outcomes.length === 0) {
    return {
      violationOf: () => 0,
      logChance: () => 0,
    };
  }
  const violationOf = violationsIn(study.trials);
  const violations = new Map(
    study.trials.map((trial) => [trial.number, violationOf(trial)]),
  );
  const forests = outcomes.map(({ observations, values, threshold }) => ({
    forest: fit(observations.map(({ unit }) => unit), values),
    threshold,
  }));
  return {
    violationOf: (number) => violations.get(number) ?? Infinity,
    logChance: (unit) =>
      forests.reduce((sum, { forest, threshold }) => {
        const { mean, sd } = forest.predict(unit);
        return sum + normalLogCdf((threshold - mean) / Math.max(leastSd, sd));
      }, 0),
  };
}

/** Acquisition functions over the points of a Gaussian process, with slopes. */

import type { RandomStream } from "../math/mod.ts";
import type { Prediction } from "../records/mod.ts";
import {
  type AcquisitionSlopes,
  type GaussianProcess,
  logExpectedImprovementSlopes,
  logProbabilityOfImprovementSlopes,
  type Predictions,
} from "../surrogates/mod.ts";
import type { Acquisition } from "./_gp_search.ts";

/**
 * Where a trial is worth most: the logarithm of expected improvement, the
 * probability of improvement, the confidence bound, or the minimum of a function
 * drawn from the process.
 */
export type AcquisitionName = "logEI" | "PI" | "UCB" | "Thompson";

/** The acquisition functions, with what they are called in reasons. */
export const acquisitionNames: Readonly<Record<AcquisitionName, string>> =
  Object.freeze({
    logEI: "Expected improvement",
    PI: "Probability of improvement",
    UCB: "Confidence bound",
    Thompson: "Thompson sampling",
  });

/** The improvement that counts for PI, in standard deviations of the values: without any it stays at the best. */
const margin = 0.02;

/** From so many points on, candidates are looked at roughly first: sooner it gains nothing. */
const screeningFrom = 100;

/** The acquisition function of a process. */
export function acquisitionOf(
  name: AcquisitionName,
  process: GaussianProcess,
  { best, beta, random }: {
    /** The value to be improved on. */
    best: number;
    /** How many standard deviations the confidence bound is away. */
    beta: number;
    /** Where Thompson's function is drawn from. */
    random: RandomStream;
  },
): Acquisition {
  if (name === "Thompson") {
    return {
      score: (points) => process.sample(points, random).map((value) => -value),
    };
  }
  const slopes = (expected: Prediction): AcquisitionSlopes => {
    switch (name) {
      case "logEI":
        return logExpectedImprovementSlopes(expected, best);
      case "PI":
        return logProbabilityOfImprovementSlopes(expected, best - margin);
      case "UCB":
        return {
          value: beta * expected.sd - expected.mean,
          byMean: -1,
          bySd: beta,
        };
    }
  };
  const values = ({ mean, sd }: Predictions) =>
    mean.map((m, i) => slopes({ mean: m, sd: sd[i]! }).value);
  return {
    score: (points) => values(process.predict(points)),
    ...process.size < screeningFrom
      ? {}
      : { screen: (points) => values(process.predictBounds(points)) },
    ascend(point) {
      const expected = process.predictGradient(point);
      const { value, byMean, bySd } = slopes(expected);
      return {
        value,
        gradient: expected.meanGradient.map((slope, j) =>
          byMean * slope + bySd * expected.sdGradient[j]!
        ),
      };
    },
  };
}

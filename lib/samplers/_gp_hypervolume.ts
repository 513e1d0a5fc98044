/**
 * Expected hypervolume improvement over the points of Gaussian processes, with
 * slopes; where it is measured from, and what trials have gained of it.
 */

import { hypervolume, hypervolumeGain, paretoFront } from "../math/mod.ts";
import type {
  ExpectedHypervolume,
  GaussianProcess,
} from "../surrogates/mod.ts";
import type { Acquisition } from "./_gp_search.ts";

/** No range is taken for smaller than this, in standard deviations of the objective. */
const leastRange = 1;
/** The share of the hypervolume that counts as a gain. */
const share = 0.005;
/** From so many points on, candidates are looked at roughly first. */
const screeningFrom = 100;

/** So small a share of the front's range is no difference worth much of another objective. */
const noDifference = 0.03;

/**
 * The reference point: each objective's worst on the front, and beyond it a share
 * of the front's range, or of a standard deviation if that is more. What is all but
 * dominated does not count: where others are as good, to 3 % of the front's range,
 * in all objectives but one, and better in that one, a point can be as bad in it as
 * it likes.
 *
 * Source: for what does not count, Ikeda, Kita and Kobayashi, Failure of
 * Pareto-based MOEAs (2001).
 */
export function referenceOf(
  front: readonly (readonly number[])[],
  beyond: number,
): number[] {
  const rangesOf = (points: readonly (readonly number[])[]) =>
    front[0]!.map((_, j) => {
      const column = points.map((point) => point[j]!);
      return { low: Math.min(...column), high: Math.max(...column) };
    });
  const margins = rangesOf(front).map(({ low, high }) =>
    noDifference * (high - low)
  );
  const solid = front.filter((p) =>
    !front.some((q) =>
      q.every((value, j) => value <= p[j]! + margins[j]!) &&
      q.some((value, j) => value < p[j]! - margins[j]!)
    )
  );
  return rangesOf(solid.length > 0 ? solid : front).map(({ low, high }) =>
    high + beyond * Math.max(leastRange, high - low)
  );
}

/**
 * log EHVI over the processes' points.
 *
 * @param hope By how many standard deviations each objective is taken for better than expected.
 */
export function hypervolumeOf(
  processes: readonly GaussianProcess[],
  improvement: ExpectedHypervolume,
  hope: number,
): Acquisition {
  const valuesOf = (
    predictions: readonly { mean: Float64Array; sd: Float64Array }[],
  ) =>
    predictions[0]!.mean.map((_, i) =>
      improvement.log(
        predictions.map(({ mean, sd }) => mean[i]! - hope * sd[i]!),
        predictions.map(({ sd }) => sd[i]!),
      )
    );
  return {
    score: (points) => valuesOf(processes.map((one) => one.predict(points))),
    ...processes[0]!.size < screeningFrom ? {} : {
      screen: (points) =>
        valuesOf(processes.map((one) => one.predictBounds(points))),
    },
    ascend(point) {
      const expected = processes.map((one) => one.predictGradient(point));
      const { value, byMean, bySd } = improvement.slopes(
        expected.map(({ mean, sd }) => mean - hope * sd),
        expected.map(({ sd }) => sd),
      );
      const gradient = new Float64Array(point.length);
      expected.forEach(({ meanGradient, sdGradient }, j) => {
        for (let i = 0; i < gradient.length; i++) {
          gradient[i]! += byMean[j]! * meanGradient[i]! +
            (bySd[j]! - hope * byMean[j]!) * sdGradient[i]!;
        }
      });
      return { value, gradient };
    },
  };
}

/**
 * How many trials have made the hypervolume grow by something up to each, times −1:
 * what `doubtOf` reads.
 */
export function gainsOf(
  values: readonly (readonly number[])[],
  reference: readonly number[],
): Float64Array {
  const something = share * hypervolume(values, reference);
  let front: (readonly number[])[] = [];
  let gains = 0;
  return Float64Array.from(values, (value) => {
    const gain = hypervolumeGain(value, front, reference);
    if (gain > something) gains++;
    if (gain > 0) {
      const all = [...front, value];
      front = paretoFront(all).map((i) => all[i]!);
    }
    return -gains;
  });
}

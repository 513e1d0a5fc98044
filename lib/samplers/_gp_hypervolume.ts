/** Expected hypervolume improvement over the points of Gaussian processes, with slopes. */

import type {
  ExpectedHypervolume,
  GaussianProcess,
} from "../surrogates/mod.ts";
import type { Acquisition } from "./_gp_search.ts";

/** How far beyond the front's worst the reference lies, as a share of its range. */
const beyond = 0.1;
/** No range is taken for smaller than this, in standard deviations of the objective. */
const leastRange = 1;
/** From so many points on, candidates are looked at roughly first. */
const screeningFrom = 100;

/** r: each objective's worst on the front, and a tenth of the front's range beyond, or of a standard deviation. */
export function referenceOf(front: readonly (readonly number[])[]): number[] {
  return front[0]!.map((_, j) => {
    const column = front.map((point) => point[j]!);
    const [low, high] = [Math.min(...column), Math.max(...column)];
    return high + beyond * Math.max(leastRange, high - low);
  });
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

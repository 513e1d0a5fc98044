import { checkPoints } from "./pareto.ts";
import { hypervolumeGain } from "./hypervolume.ts";

/** A point that was chosen. */
export interface HypervolumeChoice {
  /** Its place in the list of points. */
  readonly index: number;
  /** What it added to the hypervolume of those chosen before it. */
  readonly gain: number;
}

/**
 * Chooses points that together dominate much: each time the one that adds most to
 * the hypervolume of those chosen before, the first of equals. What it gives has
 * at least 1 − 1/e of the most that so many points can have.
 *
 * Gains only fall as points are chosen, so that most need not be worked out anew.
 *
 * Source: Guerreiro, Fonseca and Paquete, Greedy Hypervolume Subset Selection in
 * Low Dimensions (2016); the lazy gains from Minoux (1978).
 *
 * @param points Points, all with the same number of objectives; smaller is better.
 * @param options The reference point, and how many to choose at most.
 * @returns The chosen ones, in the order in which they were chosen.
 * @throws {RangeError} If the numbers of objectives differ, or the reference has NaN.
 *
 * @example
 * ```ts
 * import { hypervolumeSubset } from "@etude/etude";
 * hypervolumeSubset([[0, 2], [1, 1], [2, 0]], { reference: [3, 3], count: 1 }); // [{ index: 1, gain: 4 }]
 * ```
 */
export function hypervolumeSubset(
  points: readonly (readonly number[])[],
  options: { readonly reference: readonly number[]; readonly count: number },
): HypervolumeChoice[] {
  const { reference, count } = options;
  checkPoints([reference, ...points], "choose points");
  // An upper bound of each gain, and how many were chosen when it was worked out.
  const left = points.map((point, index) => ({
    index,
    gain: hypervolumeGain(point, [], reference),
    known: 0,
  }));
  const chosen: HypervolumeChoice[] = [];
  const others: (readonly number[])[] = [];
  while (chosen.length < count && left.length > 0) {
    for (;;) {
      let at = 0;
      left.forEach(({ gain }, i) => {
        if (gain > left[at]!.gain) at = i;
      });
      const best = left[at]!;
      if (best.known === others.length) {
        left.splice(at, 1);
        chosen.push({ index: best.index, gain: best.gain });
        others.push(points[best.index]!);
        break;
      }
      best.gain = hypervolumeGain(points[best.index]!, others, reference);
      best.known = others.length;
    }
  }
  return chosen;
}

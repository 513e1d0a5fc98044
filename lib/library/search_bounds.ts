import { fromUnit, type Space, toUnit } from "../space/mod.ts";
import type { PriorStudy } from "./prior_study.ts";

/** Options of {@linkcode learntBounds}. */
export interface LearntBoundsOptions {
  /** The best share of each study's trials whose values count, in `(0, 1]`; at least one trial a study. Defaults to `0.05`. */
  readonly share?: number;
  /** How much is added on either side, as a share of the range found and of the whole scale, at least 0. Defaults to `0.1`. */
  readonly margin?: number;
}

/** Bounds learnt from prior studies. */
export interface LearntBounds {
  /** Ranges by parameter, within the space's own; only those that are narrower. For `space.edit({ range })`. */
  readonly range: Readonly<Record<string, readonly [number, number]>>;
  /** How many studies spoke. */
  readonly studies: number;
}

/**
 * Where the best configurations of prior studies lie: the smallest box about
 * them, with a margin. A weak strategy by itself, since an optimum may lie outside:
 * as a start for a search that may leave the box.
 *
 * @param studies Prior studies.
 * @param space The space of the new study.
 * @throws {RangeError} If an option is out of range.
 *
 * Source: Perrone et al., Learning search spaces for Bayesian optimization
 * (2019), the box.
 *
 * @example
 * ```ts
 * import { float, learntBounds, space } from "@etude/etude";
 * learntBounds([], space({ x: float(0, 1) })).range; // {}
 * ```
 */
export function learntBounds<C>(
  studies: readonly PriorStudy[],
  space: Space<C>,
  options: LearntBoundsOptions = {},
): LearntBounds {
  const { share = 0.05, margin = 0.1 } = options;
  if (!(share > 0 && share <= 1 && margin >= 0)) {
    throw new RangeError(
      `Cannot learn bounds: share is ${share} and margin ${margin}, expected a share in (0, 1] and a margin of at least 0`,
    );
  }
  const low = new Float64Array(space.dimension).fill(Infinity);
  const high = new Float64Array(space.dimension).fill(-Infinity);
  let spoke = 0;
  for (const { trials, mapping, objective } of studies) {
    const sign = objective.direction === "minimize" ? 1 : -1;
    const ranked = trials.filter(({ value }) => Number.isFinite(value))
      .toSorted((a, b) => sign * (a.value! - b.value!));
    const best = ranked.slice(
      0,
      Math.max(1, Math.round(share * ranked.length)),
    );
    if (ranked.length > 0) spoke++;
    for (const { params } of best) {
      mapping.toUnit(params).forEach((place, axis) => {
        if (Number.isNaN(place)) return;
        const inside = Math.min(1, Math.max(0, place));
        low[axis] = Math.min(low[axis]!, inside);
        high[axis] = Math.max(high[axis]!, inside);
      });
    }
  }
  const range: Record<string, readonly [number, number]> = {};
  space.parameters.forEach((parameter, axis) => {
    if (parameter.kind !== "float" && parameter.kind !== "int") return;
    if (!(low[axis]! <= high[axis]!)) return;
    const added = margin * (0.5 + (high[axis]! - low[axis]!) / 2);
    const [a, b] = [low[axis]! - added, high[axis]! + added].map((place) =>
      fromUnit(parameter, place) as number
    );
    const isNarrower = a! > parameter.low || b! < parameter.high;
    if (isNarrower && toUnit(parameter, a!) <= toUnit(parameter, b!)) {
      range[parameter.name] = Object.freeze([a!, b!] as const);
    }
  });
  return Object.freeze({ range: Object.freeze(range), studies: spoke });
}

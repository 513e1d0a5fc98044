/**
 * A margin for axes of few values: the distribution never gets so narrow that
 * only one value can be drawn.
 *
 * | symbol | name in code | meaning |
 * |---|---|---|
 * | α | `margin` | the least probability of a neighboring value |
 * | A | `stretch` | `[n]`, how much an ordered axis is stretched when its value is read off |
 * | ℓ_low, ℓ_up | `low`, `up` | the edges to the left and right of the mean |
 * | p_low, p_up | `below`, `above` | the probabilities beyond them |
 *
 * Source: Hamano, Saito, Nomura and Shirakawa, CMA-ES with margin: lower-bounding
 * marginal probability for mixed-integer black-box optimization (2022,
 * arXiv 2205.13482), section 4.
 *
 * @module
 */

import { normalCdf, normalQuantile } from "../math/mod.ts";
import { type GaussianSearch, spreadAlong } from "./gaussian_search.ts";

/** Edges an axis, or null for one that has a value everywhere. */
export type AxisEdges = readonly (Float64Array | null)[];

/** A search, and how its ordered axes are stretched. */
export interface MarginSearch {
  /** The distribution. */
  readonly search: GaussianSearch;
  /** A, `[dimension]`; 1 where nothing is stretched. */
  readonly stretch: Float64Array;
}

/**
 * Widens ordered axes so that the values beside the present one keep at least a
 * probability of about α each.
 *
 * @param edges Of ordered axes at least one edge.
 * @param margin α, in `(0, 0.5)`; usual is 1/(n λ).
 *
 * @example
 * ```ts
 * import { keepMargin, startSearch } from "@etude/etude";
 * // A switch (its edge at 0.5) that the search has all but decided keeps a chance.
 * const search = startSearch({ mean: Float64Array.of(0.1), sigma: 0.05 });
 * const kept = keepMargin({ search, stretch: Float64Array.of(1) }, [Float64Array.of(0.5)], 0.1);
 * kept.search.mean[0]! > 0.1 || kept.stretch[0]! > 1; // true
 * ```
 */
export function keepMargin(
  { search, stretch: before }: MarginSearch,
  edges: AxisEdges,
  margin: number,
): MarginSearch {
  if (edges.every((places) => places === null)) {
    return { search, stretch: before };
  }
  const mean = Float64Array.from(search.mean);
  const stretch = Float64Array.from(before);
  edges.forEach((places, axis) => {
    if (places === null) return;
    const spread = spreadAlong(search, axis);
    const moved = moveAxis(
      { mean: mean[axis]!, stretch: stretch[axis]!, spread },
      places,
      margin,
    );
    mean[axis] = moved.mean;
    stretch[axis] = moved.stretch;
  });
  return { search: Object.freeze({ ...search, mean }), stretch };
}

function moveAxis(
  { mean, stretch, spread }: { mean: number; stretch: number; spread: number },
  edges: Float64Array,
  margin: number,
): { mean: number; stretch: number } {
  const last = edges.length - 1;
  const value = valueAt(edges, mean);
  const low = edges[Math.min(last, Math.max(0, value - 1))]!;
  const up = edges[Math.min(last, value)]!;
  const scale = spread * stretch;
  if (!(scale > 0 && Number.isFinite(scale))) return { mean, stretch };
  let below = normalCdf((low - mean) / scale);
  let above = normalCdf((mean - up) / scale);
  const between = 1 - below - above;
  if (Math.max(below, above) > 0.5) {
    // The first or the last value: eq. 10.
    return Math.min(below, above) >= margin ? { mean, stretch } : {
      mean: up + Math.sign(mean - up) * scale * normalQuantile(1 - margin),
      stretch,
    };
  }
  // Eq. 11–14: what is too little is taken from what is more than enough.
  const half = margin / 2;
  below = Math.max(below, half);
  above = Math.max(above, half);
  const excess = (1 - below - above - between) /
    (below + between + above - 3 * half);
  const clip = (p: number) => Math.min(0.5 - 1e-10, Math.max(1e-10, p));
  const toLow = normalQuantile(1 - clip(below + excess * (below - half)));
  const toUp = normalQuantile(1 - clip(above + excess * (above - half)));
  // Eq. 15, 16: both edges where they belong.
  return {
    mean: (low * toUp + up * toLow) / (toLow + toUp),
    stretch: (up - low) / ((toLow + toUp) * spread),
  };
}

/**
 * Which value a place means: the number of edges below it.
 *
 * @example
 * ```ts
 * import { valueAt } from "@etude/etude";
 * valueAt(Float64Array.of(0.25, 0.5, 0.75), 0.6); // 2
 * ```
 */
export function valueAt(edges: Float64Array, place: number): number {
  let [from, to] = [0, edges.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if (edges[middle]! < place) from = middle + 1;
    else to = middle;
  }
  return from;
}

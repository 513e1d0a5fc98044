import type { RandomStream } from "../math/mod.ts";
import { clip, otherChoice } from "./_genes.ts";
import type { Axis } from "./evolution.ts";

/** Options of {@linkcode mutate}. */
export interface MutationOptions {
  /** How likely a gene is changed, in `[0, 1]`. */
  readonly rate: number;
  /** How near the changed gene stays: larger is nearer, at least 0. Defaults to `20`. */
  readonly eta?: number;
}

/**
 * A changed copy: polynomial mutation within the cube; on an axis without an order
 * any other value; on an ordered axis of few values at least to the next one.
 *
 * Source: Deb and Goyal 1996; bounded as in Deb et al. 2002 (NSGA-II).
 *
 * @param point `[dimension]`.
 * @param random Draws up to three numbers an axis.
 *
 * @example
 * ```ts
 * import { mutate, randomStream } from "@etude/etude";
 * mutate([{ kind: "continuous" }], Float64Array.of(0.5), { rate: 1 }, randomStream("seed"))[0] !== 0.5; // true
 * ```
 */
export function mutate(
  axes: readonly Axis[],
  point: Float64Array,
  { rate, eta = 20 }: MutationOptions,
  random: RandomStream,
): Float64Array {
  return point.map((place, j) => {
    if (random.uniform() >= rate) return place;
    const axis = axes[j]!;
    const u = random.uniform();
    if (axis.kind === "unordered") {
      return otherChoice(place, axis.count, random);
    }
    const moved = polynomial(clip(place), u, eta);
    return axis.kind === "ordered" ? toNext(axis.edges, place, moved) : moved;
  });
}

/**
 * Polynomial mutation of a place within `[0, 1]` by a number `u` from `[0, 1)`.
 *
 * @example
 * ```ts
 * import { polynomial } from "@etude/etude";
 * polynomial(0.3, 0.5, 20); // 0.3: half of the changes go down, half up
 * ```
 */
export function polynomial(place: number, u: number, eta: number): number {
  const power = 1 / (eta + 1);
  if (u < 0.5) {
    const rest = (1 - place) ** (eta + 1);
    return clip(place + (2 * u + (1 - 2 * u) * rest) ** power - 1);
  }
  const rest = place ** (eta + 1);
  return clip(place + 1 - (2 * (1 - u) + 2 * (u - 0.5) * rest) ** power);
}

/** The moved place, or just beyond the next edge if it would mean the same value. */
function toNext(edges: Float64Array, from: number, to: number): number {
  if (edges.length === 0) return to;
  const above = edges.find((edge) => edge > from);
  const below = edges.findLast((edge) => edge < from);
  const isSame = (above === undefined || to < above) &&
    (below === undefined || to > below);
  if (!isSame) return to;
  const isUp = below === undefined || (above !== undefined && to >= from);
  const ends = [0, ...edges, 1];
  const edge = isUp ? above! : below!;
  const index = ends.indexOf(edge);
  // The middle of the next value.
  return isUp ? (edge + ends[index + 1]!) / 2 : (edge + ends[index - 1]!) / 2;
}

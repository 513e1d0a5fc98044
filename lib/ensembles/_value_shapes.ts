/**
 * How the true values of a study's trials may be spread.
 *
 * | symbol | name in code | meaning |
 * |---|---|---|
 * | μ, τ₊, τ₋ | `middle`, `good`, `bad` | where most values lie, and how far they spread to the good and to the bad side |
 * | e, τ, a | `edge`, `scale`, `crowding` | a value that cannot be passed, how far below it values lie, and how they crowd there |
 * | t | | e − θ, how far a value θ lies below the edge |
 *
 * (1) without an edge: p(θ) ∝ exp(−((θ − μ) / τ₊)² / 2) for θ ≥ μ, (1 + (θ − μ)² / 3τ₋²)⁻² for θ < μ
 *
 * (2) with one: p(θ) ∝ t^(a − 1) (1 + t / τ)^(−a − 3) for t > 0, a beta prime distribution
 *
 * An objective has an optimum that no configuration passes. Near one in d
 * dimensions the values of configurations chosen blindly have a = d/2; a search
 * that gathers trials there makes them crowd at the edge, a < 1. All have a heavy
 * tail to the bad side, since searches try bad configurations too, which must not
 * decide how the good ones spread. All log τ are equally probable beforehand.
 *
 * Source: the smallest of many distances from an optimum, de Haan, Estimation of
 * the minimum of a function using order statistics (1981).
 *
 * @module
 */

/** A grid of possible true values. */
export interface Grid {
  readonly centers: Float64Array;
  readonly widths: Float64Array;
}

/** One way in which they may be spread. */
export interface ValuePrior {
  /** The probability of each cell, `[G]`; sums to 1. */
  readonly shares: Float64Array;
  /** How probable it is beforehand; over all they sum to 1. */
  readonly weight: number;
}

const mostMiddles = 20;
const mostSpreads = 10;
const crowdings = [0.5, 1, 2, 4];
const tail = 3;
const mostEdges = 20;
const scales = 9;

/**
 * The shapes that values may have, on a grid; half of the weight is that of each
 * equation.
 *
 * @param values What was measured, `[n]`, larger is better.
 * @param unit A typical standard error of the better ones, above 0.
 * @param grid Where the true values may lie.
 */
export function priorsOf(
  values: readonly number[],
  unit: number,
  grid: Grid,
): readonly ValuePrior[] {
  const families = [open(values, unit, grid), edged(values, unit, grid)];
  return families.flatMap((family) =>
    family.map((shares) => ({
      shares,
      weight: 1 / (families.length * family.length),
    }))
  );
}

/** From `low` to `high`, each as many times the one before. */
function geometric(low: number, high: number, count: number): number[] {
  return Array.from(
    { length: count },
    (_, i) => low * (high / low) ** (i / (count - 1)),
  );
}

/** Equation (1). */
function open(
  values: readonly number[],
  unit: number,
  grid: Grid,
): Float64Array[] {
  const ordered = values.toSorted((a, b) => a - b);
  const n = ordered.length;
  const many = Math.min(mostMiddles, Math.max(5, n));
  const middles = Array.from({ length: many }, (_, i) => {
    const place = i / (many - 1) * (n - 1);
    const at = Math.floor(place);
    return ordered[at]! +
      (place - at) * ((ordered[at + 1] ?? ordered[at]!) - ordered[at]!);
  });
  const least = 0.05 * unit;
  const range = Math.max(ordered[n - 1]! - ordered[0]!, 2 * unit);
  const count = Math.min(
    mostSpreads,
    Math.max(4, Math.ceil(Math.log2(range / least))),
  );
  const spreads = geometric(least, range, count);
  return middles.flatMap((middle) =>
    spreads.flatMap((good) =>
      spreads.map((bad) =>
        sharesOf(grid, (center, width) => {
          const away = center - middle;
          // A spread narrower than its cell still has to lie in one.
          return width * (away >= 0
            ? Math.exp(-((away / Math.max(good, width / 2)) ** 2) / 2)
            : (1 + (away / Math.max(bad, width / 2)) ** 2 / 3) ** -2);
        })
      )
    )
  );
}

/** Equation (2). */
function edged(
  values: readonly number[],
  unit: number,
  grid: Grid,
): Float64Array[] {
  const top = values.reduce((a, b) => Math.max(a, b));
  const range = Math.max(
    top - values.reduce((a, b) => Math.min(a, b)),
    2 * unit,
  );
  // By chance the best value stands above the edge, if many trials crowd there.
  const edges = Array.from({ length: 11 }, (_, k) => top + (k - 8) / 2 * unit);
  for (let step = 1.7 * unit; edges.length < mostEdges; step *= 1.7) {
    edges.push(edges.at(-1)! + step);
    if (edges.at(-1)! > top + range / 2) break;
  }
  return edges.flatMap((edge) =>
    geometric(0.1 * unit, 2 * range, scales).flatMap((scale) =>
      crowdings.map((a) =>
        sharesOf(grid, (center, width) => {
          const far = edge - center + width / 2;
          if (far <= 0) return 0;
          // The power is integrated over the cell: at the edge it may be infinite.
          const near = Math.max(0, far - width);
          return (far ** a - near ** a) / a *
            (1 + (near + far) / 2 / scale) ** -(a + tail);
        })
      )
    )
  );
}

function sharesOf(
  { centers, widths }: Grid,
  mass: (center: number, width: number) => number,
): Float64Array {
  const shares = centers.map((center, g) => mass(center, widths[g]!));
  const total = shares.reduce((sum, share) => sum + share, 0);
  return shares.map((share) => share / total);
}

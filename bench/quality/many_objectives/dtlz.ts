/**
 * DTLZ1 to 7 of two and three objectives.
 *
 * x = (x₁ … x_{M−1}, the place on the front; x_M … x_n, the distance from it).
 *
 * Source: Deb, Thiele, Laumanns and Zitzler, Scalable Test Problems for
 * Evolutionary Multiobjective Optimization (2005). The reference points are
 * those of BoTorch's problems; DTLZ6 has DTLZ5's.
 *
 * @module
 */

import type { ProblemDefinition } from "./problem.ts";

const { PI, cos, hypot, max, min, sin, sqrt, SQRT1_2 } = Math;

/** The sum of a term over the distance variables. */
function over(
  x: ArrayLike<number>,
  from: number,
  term: (x: number) => number,
): number {
  let sum = 0;
  for (let i = from; i < x.length; i++) sum += term(x[i]!);
  return sum;
}

const rugged = (x: ArrayLike<number>, from: number) =>
  100 * (x.length - from +
    over(x, from, (x) => (x - 0.5) ** 2 - cos(20 * PI * (x - 0.5))));
const bowl = (x: ArrayLike<number>, from: number) =>
  over(x, from, (x) => (x - 0.5) ** 2);

/** A point of the sphere, times 1 + g, from angles in `[0, 1]`. */
function spherical(angles: readonly number[], g: number): number[] {
  const M = angles.length + 1;
  return Array.from({ length: M }, (_, i) => {
    let f = 1 + g;
    for (let j = 0; j < M - 1 - i; j++) f *= cos(angles[j]! * PI / 2);
    return i === 0 ? f : f * sin(angles[M - 1 - i]! * PI / 2);
  });
}

const take = (x: ArrayLike<number>, count: number) =>
  Array.from({ length: count }, (_, i) => x[i]!);

/** Angles of the problems whose front is a curve. */
function curved(x: ArrayLike<number>, M: number, g: number): number[] {
  return take(x, M - 1).map((x, i) =>
    i === 0 ? x : (1 + 2 * g * x) / (2 * (1 + g))
  );
}

const sphereLowest = (limits: readonly number[]) =>
  sqrt(max(0, 1 - hypot(...limits) ** 2));

/** x (1 + sin 3πx), which DTLZ7 takes from its last objective. */
const bumps = (x: number) => x * (1 + sin(3 * PI * x));
/** Where it is largest in `[0, 1]`. */
const topBump = 0.8594008566447;

/** Its largest value up to a place. */
const bumpsUpTo = (() => {
  const cells = 200_000;
  let table: Float64Array | null = null;
  return (x: number): number => {
    if (table === null) {
      table = new Float64Array(cells + 1);
      for (let i = 1; i <= cells; i++) {
        table[i] = max(table[i - 1]!, bumps(topBump * i / cells));
      }
    }
    return table[min(cells, Math.floor(x / topBump * cells + 1e-9))]!;
  };
})();

function same(value: number, M: number): number[] {
  return new Array<number>(M).fill(value);
}

function definitionsOf(M: number): Record<string, ProblemDefinition> {
  const m = M - 1;
  const sphere = {
    objectives: M,
    dimension: M + 9,
    lower: () => 0,
    upper: () => 1,
    nadir: same(1, M),
    reference: same(1.1, M),
    lowest: sphereLowest,
  };
  // Of two objectives the curve is the circle.
  const curve = M === 2 ? { ...sphere, reference: same(10, M) } : {
    ...sphere,
    nadir: [SQRT1_2, SQRT1_2, 1],
    reference: same(10, M),
    lowest: (limits: readonly number[]) =>
      sqrt(max(0, 1 - 2 * min(...limits) ** 2)),
  };
  return {
    [`dtlz1-${M}`]: {
      ...sphere,
      dimension: M + 4,
      nadir: same(0.5, M),
      reference: same(400, M),
      evaluate: (x) => {
        const g = rugged(x, m);
        return Array.from({ length: M }, (_, i) => {
          let f = 0.5 * (1 + g);
          for (let j = 0; j < m - i; j++) f *= x[j]!;
          return i === 0 ? f : f * (1 - x[m - i]!);
        });
      },
      lowest: (limits) => max(0, 0.5 - limits.reduce((a, b) => a + b)),
    },
    [`dtlz2-${M}`]: {
      ...sphere,
      evaluate: (x) => spherical(take(x, m), bowl(x, m)),
    },
    [`dtlz3-${M}`]: {
      ...sphere,
      reference: same(10_000, M),
      evaluate: (x) => spherical(take(x, m), rugged(x, m)),
    },
    [`dtlz4-${M}`]: {
      ...sphere,
      evaluate: (x) => spherical(take(x, m).map((x) => x ** 100), bowl(x, m)),
    },
    [`dtlz5-${M}`]: {
      ...curve,
      evaluate: (x) => {
        const g = bowl(x, m);
        return spherical(curved(x, M, g), g);
      },
    },
    [`dtlz6-${M}`]: {
      ...curve,
      evaluate: (x) => {
        const g = over(x, m, (x) => x ** 0.1);
        return spherical(curved(x, M, g), g);
      },
    },
    [`dtlz7-${M}`]: {
      ...sphere,
      dimension: M + 19,
      nadir: [...same(topBump, m), 2 * M],
      reference: same(15, M),
      evaluate: (x) => {
        const g = 1 + 9 / (x.length - m) * over(x, m, (x) => x);
        const first = take(x, m);
        const h = first.reduce((h, f) => h - bumps(f) / (1 + g), M);
        return [...first, (1 + g) * h];
      },
      lowest: (limits) => limits.reduce((f, x) => f - bumpsUpTo(x), 2 * M),
    },
  };
}

/** The problems by name: `dtlz1-2` is of two objectives. */
export const dtlzProblems: Readonly<Record<string, ProblemDefinition>> = {
  ...definitionsOf(2),
  ...definitionsOf(3),
};

/**
 * WFG1 to 9 of two and three objectives: variables zᵢ in `[0, 2 i]`, of which
 * the first k say where on the front, the others how far from it.
 *
 * | symbol | meaning |
 * |---|---|
 * | y | z / (2 i), then transformed step by step, all in `[0, 1]` |
 * | t | y reduced to one number an objective; the last is the distance |
 * | h | the shape of the front, from t |
 *
 * f_m = t_M + 2 m h_m. k is 4.
 *
 * Source: Huband, Hingston, Barone and While, A Review of Multiobjective Test
 * Problems and a Scalable Test Problem Toolkit (2006).
 *
 * @module
 */

import type { ProblemDefinition } from "./problem.ts";

const { PI, abs, acos, ceil, cos, floor, max, min, sin, sqrt } = Math;

/** How many variables say where on the front. */
const k = 4;

const clip = (y: number) => min(1, max(0, y));

const shiftLinear = (y: number) =>
  clip(abs(y - 0.35) / abs(floor(0.35 - y) + 0.35));
function shiftMultiModal(y: number, A: number, B: number): number {
  const C = 0.35;
  const far = abs(y - C) / (2 * (floor(C - y) + C));
  return clip(
    (1 + cos((4 * A + 2) * PI * (0.5 - far)) + 4 * B * far ** 2) / (B + 2),
  );
}
function shiftDeceptive(y: number): number {
  const [A, B, C] = [0.35, 0.001, 0.05];
  const below = floor(y - A + B) * (1 - C + (A - B) / B) / (A - B);
  const above = floor(A + B - y) * (1 - C + (1 - A - B) / B) / (1 - A - B);
  return clip(1 + (abs(y - A) - B) * (below + above + 1 / B));
}
function biasFlat(y: number): number {
  const [A, B, C] = [0.8, 0.75, 0.85];
  return clip(
    A + min(0, floor(y - B)) * A * (B - y) / B -
      min(0, floor(C - y)) * (1 - A) * (y - C) / (1 - C),
  );
}
/** Bias that hangs on another number u. */
function biasBy(y: number, u: number): number {
  const [A, B, C] = [0.98 / 49.98, 0.02, 50];
  return clip(
    y ** (B + (C - B) * (A - (1 - 2 * u) * abs(floor(0.5 - u) + A))),
  );
}
function mean(y: readonly number[]): number {
  return clip(y.reduce((a, b) => a + b) / y.length);
}
function weightedMean(y: readonly number[], first: number): number {
  let [sum, all] = [0, 0];
  y.forEach((value, i) => {
    const weight = 2 * (first + i + 1);
    sum += weight * value;
    all += weight;
  });
  return clip(sum / all);
}
/** Reduction of numbers that hang together, by A of them. */
function nonSeparable(y: readonly number[], A: number): number {
  let sum = 0;
  y.forEach((value, j) => {
    sum += value;
    for (let i = 1; i < A; i++) sum += abs(value - y[(j + i) % y.length]!);
  });
  const half = ceil(A / 2);
  return clip(sum / (y.length / A * half * (1 + 2 * A - 2 * half)));
}

/** One number an objective: of groups of the first k, and of the others. */
function grouped(
  y: readonly number[],
  M: number,
  reduce: (part: readonly number[], first: number) => number,
): number[] {
  const gap = k / (M - 1);
  return [
    ...Array.from(
      { length: M - 1 },
      (_, i) => reduce(y.slice(i * gap, (i + 1) * gap), i * gap),
    ),
    reduce(y.slice(k), k),
  ];
}

const shiftRest = (y: readonly number[]) =>
  y.map((y, i) => i < k ? y : shiftLinear(y));
/** Pairs of the rest together, then all in groups. */
function paired(y: readonly number[], M: number): number[] {
  const pairs: number[] = [];
  for (let i = k; i + 1 < y.length; i += 2) {
    pairs.push(nonSeparable(y.slice(i, i + 2), 2));
  }
  return grouped([...y.slice(0, k), ...pairs], M, mean);
}
const together = (part: readonly number[]) => nonSeparable(part, part.length);

/** How y becomes t, by number. */
const transformations:
  readonly ((y: readonly number[], M: number) => number[])[] = [
    (y, M) =>
      grouped(
        shiftRest(y).map((y, i) => (i < k ? y : biasFlat(y)) ** 0.02),
        M,
        weightedMean,
      ),
    (y, M) => paired(shiftRest(y), M),
    (y, M) => paired(shiftRest(y), M),
    (y, M) => grouped(y.map((y) => shiftMultiModal(y, 30, 10)), M, mean),
    (y, M) => grouped(y.map(shiftDeceptive), M, mean),
    (y, M) => grouped(shiftRest(y), M, together),
    (y, M) =>
      grouped(
        shiftRest(
          y.map((one, i) => i < k ? biasBy(one, mean(y.slice(i + 1))) : one),
        ),
        M,
        mean,
      ),
    (y, M) =>
      grouped(
        shiftRest(
          y.map((one, i) => i < k ? one : biasBy(one, mean(y.slice(0, i)))),
        ),
        M,
        mean,
      ),
    (y, M) =>
      grouped(
        y.map((one, i) =>
          i === y.length - 1 ? one : biasBy(one, mean(y.slice(i + 1)))
        ).map((y, i) => i < k ? shiftDeceptive(y) : shiftMultiModal(y, 30, 95)),
        M,
        together,
      ),
  ];

type Shape = (x: readonly number[], m: number) => number;

/** Products of one function of the first x, ended by another. */
function product(
  inner: (x: number) => number,
  last: (x: number) => number,
): Shape {
  return (x, m) => {
    const M = x.length + 1;
    let h = m === 1 ? 1 : last(x[M - m]!);
    for (let i = 0; i < M - m; i++) h *= inner(x[i]!);
    return h;
  };
}
const concave = product((x) => sin(x * PI / 2), (x) => cos(x * PI / 2));
const convex = product((x) => 1 - cos(x * PI / 2), (x) => 1 - sin(x * PI / 2));
const linear = product((x) => x, (x) => 1 - x);
const mixed = (x: number) => 1 - x - cos(10 * PI * x + PI / 2) / (10 * PI);
const disconnected = (x: number) => 1 - x * cos(5 * PI * x) ** 2;
/** A shape whose last objective is another function of the first x. */
function ending(shape: Shape, end: (x: number) => number): Shape {
  return (x, m) => m === x.length + 1 ? end(x[0]!) : shape(x, m);
}

const shapes: readonly Shape[] = [
  ending(convex, mixed),
  ending(convex, disconnected),
  linear,
  ...new Array<Shape>(6).fill(concave),
];

/** The least value of a function up to a place in `[0, 1]`. */
function leastUpTo(f: (x: number) => number): (x: number) => number {
  const cells = 200_000;
  let table: Float64Array | null = null;
  return (x) => {
    if (table === null) {
      table = new Float64Array(cells + 1).fill(f(0));
      for (let i = 1; i <= cells; i++) {
        table[i] = min(table[i - 1]!, f(i / cells));
      }
    }
    return table[min(cells, floor(x * cells + 1e-9))]!;
  };
}

/** How far x₁ can go on a convex front where the first objectives are limited. */
function farthest(limits: readonly number[]): number {
  const [a, b] = limits.map((limit, i) => limit / (2 * (i + 1)));
  let c = min(1, a!);
  if (b !== undefined) {
    const fits = (c: number) => {
      const cosine = max(0, 1 - a! / c);
      return 1 - sqrt(1 - cosine ** 2) <= b / c;
    };
    let [low, high] = [0, 1];
    if (fits(1)) low = 1;
    for (let step = 0; low < 1 && step < 45; step++) {
      const middle = (low + high) / 2;
      if (fits(middle)) low = middle;
      else high = middle;
    }
    c = low;
  }
  return acos(1 - c) * 2 / PI;
}

/** WFG3: of three objectives not only the line is undominated (Ishibuchi, Masuda and Nojima, 2016). */
function lowestOfLine(limits: readonly number[]): number {
  if (limits.length === 1) return 4 * max(0, 1 - limits[0]! / 2);
  let least = Infinity;
  const steps = 200;
  for (let step = 0; step <= steps; step++) {
    const t = min(1, ...limits) * step / steps;
    const [a, b] = [(limits[0]! - t) / 2, (limits[1]! - t) / 4];
    const x2 = min(
      0.5 + t / 2,
      max(0.5 - t / 2, a + b > 0 ? a / (a + b) : 0.5),
    );
    const x1 = min(1, x2 > 0 ? a / x2 : 1, x2 < 1 ? b / (1 - x2) : 1);
    least = min(least, t + 6 * (1 - x1));
  }
  return least;
}

function definitionsOf(M: number): Record<string, ProblemDefinition> {
  const scale = Array.from({ length: M }, (_, m) => 2 * (m + 1));
  const lastScale = scale[M - 1]!;
  const lowestMixed = leastUpTo(mixed);
  const lowestDisconnected = leastUpTo(disconnected);
  const lowest: readonly ((limits: readonly number[]) => number)[] = [
    (limits) => lastScale * lowestMixed(farthest(limits)),
    (limits) => lastScale * lowestDisconnected(farthest(limits)),
    lowestOfLine,
  ];
  return Object.fromEntries(transformations.map((transform, index) => [
    `wfg${index + 1}-${M}`,
    {
      objectives: M,
      dimension: 24,
      lower: () => 0,
      upper: (i: number) => 2 * (i + 1),
      nadir: scale,
      reference: scale.map((s) => s + 1),
      evaluate: (z: ArrayLike<number>) => {
        const t = transform(Array.from(z, (z, i) => z / (2 * (i + 1))), M);
        const far = t[M - 1]!;
        // WFG3's second and later places shrink to a line at distance 0.
        const x = t.slice(0, -1).map((t, i) =>
          max(far, index === 2 && i > 0 ? 0 : 1) * (t - 0.5) + 0.5
        );
        return scale.map((s, m) => far + s * shapes[index]!(x, m + 1));
      },
      lowest: lowest[index] ?? ((limits: readonly number[]) =>
        lastScale * sqrt(
          max(
            0,
            1 - limits.reduce((sum, x, m) => sum + (x / scale[m]!) ** 2, 0),
          ),
        )),
    },
  ]));
}

/** The problems by name: `wfg1-3` is of three objectives. */
export const wfgProblems: Readonly<Record<string, ProblemDefinition>> = {
  ...definitionsOf(2),
  ...definitionsOf(3),
};

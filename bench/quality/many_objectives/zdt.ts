/**
 * ZDT1 to 4 and 6: two objectives, f₂ = g h(f₁, g), the front at g = 1.
 *
 * Source: Zitzler, Deb and Thiele, Comparison of Multiobjective Evolutionary
 * Algorithms (2000); ZDT5, of bits, is left out.
 *
 * @module
 */

import type { ProblemDefinition } from "./problem.ts";

const { PI, cos, exp, max, sin, sqrt } = Math;

function rest(x: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 1; i < x.length; i++) sum += x[i]!;
  return sum / (x.length - 1);
}

/** Of x at f₁ and g above 1 the second objective. */
function twoOf(f1: number, g: number, h: (f1: number, g: number) => number) {
  return [f1, g * h(f1, g)];
}

const shapes = {
  root: (f1: number, g: number) => 1 - sqrt(f1 / g),
  square: (f1: number, g: number) => 1 - (f1 / g) ** 2,
  waves: (f1: number, g: number) =>
    1 - sqrt(f1 / g) - f1 / g * sin(10 * PI * f1),
};

/** Where ZDT3's h is least, the end of its front. */
const deepest = 0.8518328654364;
const base = {
  objectives: 2,
  dimension: 30,
  lower: () => 0,
  upper: () => 1,
  nadir: [1, 1],
  reference: [11, 11],
} as const;

/** f₁ of ZDT6. */
const humps = (x: number) => 1 - exp(-4 * x) * sin(6 * PI * x) ** 6;
/** The least value that f₁ of ZDT6 takes. */
const leastHump = 0.2807753188154;

/** The problems by name. */
export const zdtProblems: Readonly<Record<string, ProblemDefinition>> = {
  zdt1: {
    ...base,
    evaluate: (x) => twoOf(x[0]!, 1 + 9 * rest(x), shapes.root),
    lowest: ([x]) => shapes.root(x!, 1),
  },
  zdt2: {
    ...base,
    evaluate: (x) => twoOf(x[0]!, 1 + 9 * rest(x), shapes.square),
    lowest: ([x]) => shapes.square(x!, 1),
  },
  zdt3: {
    ...base,
    nadir: [deepest, 1],
    evaluate: (x) => twoOf(x[0]!, 1 + 9 * rest(x), shapes.waves),
    lowest: runningLeast((x) => shapes.waves(x, 1), deepest),
  },
  zdt4: {
    ...base,
    dimension: 10,
    // Its g is about 30 a variable at random.
    reference: [11, 150],
    lower: (i) => i === 0 ? 0 : -5,
    upper: (i) => i === 0 ? 1 : 5,
    evaluate: (x) => {
      let g = 1 + 10 * (x.length - 1);
      for (let i = 1; i < x.length; i++) {
        g += x[i]! ** 2 - 10 * cos(4 * PI * x[i]!);
      }
      return twoOf(x[0]!, g, shapes.root);
    },
    lowest: ([x]) => shapes.root(x!, 1),
  },
  zdt6: {
    ...base,
    dimension: 10,
    nadir: [1, 1 - leastHump ** 2],
    evaluate: (x) =>
      twoOf(humps(x[0]!), 1 + 9 * rest(x) ** 0.25, shapes.square),
    lowest: ([x]) => x! < leastHump ? Infinity : shapes.square(x!, 1),
  },
};

/** The least value of a function up to a place: a front with gaps. */
export function runningLeast(
  f: (x: number) => number,
  end: number,
): (limits: readonly number[]) => number {
  const cells = 400_000;
  let table: Float64Array | null = null;
  return ([x]) => {
    if (table === null) {
      table = new Float64Array(cells + 1);
      let least = Infinity;
      for (let i = 0; i <= cells; i++) {
        const value = f(end * i / cells);
        if (value < least) least = value;
        table[i] = least;
      }
    }
    return table[
      Math.min(cells, max(0, Math.floor(x! / end * cells + 1e-9)))
    ]!;
  };
}

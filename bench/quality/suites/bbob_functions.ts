/**
 * The 24 noiseless functions of BBOB, with shifts and rotations drawn from a
 * random stream of our own: the functions are BBOB's, the instances are not
 * COCO's.
 *
 * Notation: x point `[D]` in [−5, 5]; x_opt optimum; z transformed point; Q, R
 * rotations; every function has its minimum 0 here, f_opt is added outside.
 *
 * Source: Hansen, Finck, Ros, Auger, INRIA RR-6829 (2009); the numbers of the
 * functions are theirs.
 *
 * @module
 */

import { type RandomStream, randomStream } from "../../../lib/math/mod.ts";
import {
  asymmetry,
  condition,
  minus,
  oscillate,
  penalty,
  randomRotation,
  rotate,
  rotateBack,
  share,
  sumOf,
  type Vector,
  vector,
} from "./bbob_transformations.ts";

/** An instance of one of the functions. */
export interface BBOBFunction {
  /** The name in the source. */
  readonly name: string;
  /** Where the minimum is, `[D]`. */
  readonly optimum: Vector;
  /** The value there. */
  readonly best: number;
  /** The value at a point, `[D]`. */
  readonly at: (x: Vector) => number;
}

/** What an instance is drawn from. */
export interface Draw {
  readonly d: number;
  /** A first and a second rotation. */
  readonly R: Vector;
  readonly Q: Vector;
  /** Uniform in [−4, 4]. */
  readonly shift: Vector;
  /** −1 or 1 by axis. */
  readonly signs: Vector;
  readonly random: RandomStream;
}

interface Definition {
  readonly name: string;
  readonly make: (
    draw: Draw,
  ) => { readonly optimum: Vector; readonly at: (x: Vector) => number };
}

const tau = 2 * Math.PI;
const square = (value: number) => value * value;
const norm2 = (z: Vector) => sumOf(z, square);
const steep = (z: Vector, exponent: number) =>
  sumOf(z, (v, i) => 10 ** (exponent * share(i, z.length)) * v * v);
const rastrigin = (z: Vector) =>
  10 * (z.length - sumOf(z, (v) => Math.cos(tau * v)));

/** The sum of neighbours' terms in Rosenbrock's valley. */
function valley(z: Vector, term: (s: number) => number): number {
  let sum = 0;
  for (let i = 0; i + 1 < z.length; i++) {
    sum += term(100 * square(z[i]! ** 2 - z[i + 1]!) + square(z[i]! - 1));
  }
  return sum;
}

const rosenbrockScale = (d: number) => Math.max(1, Math.sqrt(d) / 8);

/** Rosenbrock's z of functions 9 and 19, and the optimum, where z is all 1. */
function rotatedValley({ d, R }: Draw) {
  const scale = rosenbrockScale(d);
  return {
    optimum: rotateBack(R, vector(d, () => 0.5 / scale)),
    z: (x: Vector) => rotate(R, x).map((v) => scale * v + 0.5),
  };
}

function schaffers(alpha: number): Definition["make"] {
  return ({ d, R, Q, shift }) => ({
    optimum: shift,
    at: (x) => {
      const bent = asymmetry(rotate(R, minus(x, shift)), 0.5);
      const z = condition(rotate(Q, bent), alpha);
      let sum = 0;
      for (let i = 0; i + 1 < d; i++) {
        const s = Math.sqrt(z[i]! ** 2 + z[i + 1]! ** 2);
        sum += Math.sqrt(s) * (1 + Math.sin(50 * s ** 0.2) ** 2);
      }
      return square(sum / (d - 1)) + 10 * penalty(x);
    },
  });
}

function gallagher(
  peaks: number,
  reach: number,
  bestReach: number,
  bestAlpha: number,
): Definition["make"] {
  return ({ d, R, random }) => {
    const rest = random.shuffle(
      Array.from(
        { length: peaks - 1 },
        (_, j) => 1000 ** (2 * j / (peaks - 2)),
      ),
    );
    const alphas = [bestAlpha, ...rest];
    const weights = alphas.map((_, i) =>
      i === 0 ? 10 : 1.1 + 8 * (i - 1) / (peaks - 2)
    );
    const scales = alphas.map((alpha) => {
      const diagonal = Array.from(
        { length: d },
        (_, k) => alpha ** (share(k, d) / 2) / alpha ** 0.25,
      );
      return Float64Array.from(random.shuffle(diagonal));
    });
    const centers = alphas.map((_, i) => {
      const span = i === 0 ? bestReach : reach;
      return vector(d, () => span * (2 * random.uniform() - 1));
    });
    const rotated = centers.map((center) => rotate(R, center));
    return {
      optimum: centers[0]!,
      at: (x) => {
        const y = rotate(R, x);
        let highest = 0;
        for (let i = 0; i < peaks; i++) {
          const center = rotated[i]!;
          const distance = sumOf(
            scales[i]!,
            (c, k) => c * square(y[k]! - center[k]!),
          );
          highest = Math.max(
            highest,
            weights[i]! * Math.exp(-distance / (2 * d)),
          );
        }
        return square(oscillate(10 - highest)) + penalty(x);
      },
    };
  };
}

const waves = Array.from({ length: 12 }, (_, k) => [0.5 ** k, 3 ** k] as const);
const weierstrass = (v: number) =>
  waves.reduce((sum, [a, b]) => sum + a * Math.cos(tau * b * (v + 0.5)), 0);
const weierstrassBest = weierstrass(0);

const definitions: readonly Definition[] = [
  {
    name: "sphere",
    make: ({ shift }) => ({
      optimum: shift,
      at: (x) => norm2(minus(x, shift)),
    }),
  },
  {
    name: "ellipsoid, separable",
    make: ({ shift }) => ({
      optimum: shift,
      at: (x) => steep(minus(x, shift).map(oscillate), 6),
    }),
  },
  {
    name: "Rastrigin, separable",
    make: ({ shift }) => ({
      optimum: shift,
      at: (x) => {
        const waved = minus(x, shift).map(oscillate);
        const z = condition(asymmetry(waved, 0.2), 10);
        return rastrigin(z) + norm2(z);
      },
    }),
  },
  {
    name: "Büche-Rastrigin",
    make: ({ shift }) => {
      const optimum = shift.map((v, i) => i % 2 === 0 ? Math.abs(v) : v);
      return {
        optimum,
        at: (x) => {
          const waved = minus(x, optimum).map(oscillate);
          const z = condition(waved, 10)
            .map((v, i) => v > 0 && i % 2 === 0 ? 10 * v : v);
          return rastrigin(z) + norm2(z) + 100 * penalty(x);
        },
      };
    },
  },
  {
    name: "linear slope",
    make: ({ d, signs }) => {
      const optimum = signs.map((sign) => 5 * sign);
      const slopes = vector(d, (i) => signs[i]! * 10 ** share(i, d));
      return {
        optimum,
        at: (x) =>
          sumOf(slopes, (s, i) => {
            const z = optimum[i]! * x[i]! < 25 ? x[i]! : optimum[i]!;
            return 5 * Math.abs(s) - s * z;
          }),
      };
    },
  },
  {
    name: "attractive sector",
    make: ({ R, Q, shift }) => ({
      optimum: shift,
      at: (x) => {
        const z = rotate(Q, condition(rotate(R, minus(x, shift)), 10));
        const sum = sumOf(
          z,
          (v, i) => square(v * shift[i]! > 0 ? 100 * v : v),
        );
        return oscillate(sum) ** 0.9;
      },
    }),
  },
  {
    name: "step ellipsoid",
    make: ({ d, R, Q, shift }) => ({
      optimum: shift,
      at: (x) => {
        const y = condition(rotate(R, minus(x, shift)), 10);
        const steps = y.map((v) =>
          Math.abs(v) > 0.5
            ? Math.floor(0.5 + v)
            : Math.floor(0.5 + 10 * v) / 10
        );
        const z = rotate(Q, steps);
        const sum = sumOf(z, (v, i) => 100 ** share(i, d) * v * v);
        return 0.1 * Math.max(Math.abs(y[0]!) / 1e4, sum) + penalty(x);
      },
    }),
  },
  {
    name: "Rosenbrock",
    make: ({ d, shift }) => {
      const optimum = shift.map((v) => 0.75 * v);
      const scale = rosenbrockScale(d);
      return {
        optimum,
        at: (x) =>
          valley(minus(x, optimum).map((v) => scale * v + 1), (s) => s),
      };
    },
  },
  {
    name: "Rosenbrock, rotated",
    make: (draw) => {
      const { optimum, z } = rotatedValley(draw);
      return { optimum, at: (x) => valley(z(x), (s) => s) };
    },
  },
  {
    name: "ellipsoid",
    make: ({ R, shift }) => ({
      optimum: shift,
      at: (x) => steep(rotate(R, minus(x, shift)).map(oscillate), 6),
    }),
  },
  {
    name: "discus",
    make: ({ R, shift }) => ({
      optimum: shift,
      at: (x) =>
        sumOf(
          rotate(R, minus(x, shift)).map(oscillate),
          (v, i) => (i === 0 ? 1e6 : 1) * v * v,
        ),
    }),
  },
  {
    name: "bent cigar",
    make: ({ R, shift }) => ({
      optimum: shift,
      at: (x) =>
        sumOf(
          rotate(R, asymmetry(rotate(R, minus(x, shift)), 0.5)),
          (v, i) => (i === 0 ? 1 : 1e6) * v * v,
        ),
    }),
  },
  {
    name: "sharp ridge",
    make: ({ R, Q, shift }) => ({
      optimum: shift,
      at: (x) => {
        const z = rotate(Q, condition(rotate(R, minus(x, shift)), 10));
        return z[0]! ** 2 + 100 * Math.sqrt(norm2(z.subarray(1)));
      },
    }),
  },
  {
    name: "different powers",
    make: ({ d, R, shift }) => ({
      optimum: shift,
      at: (x) =>
        Math.sqrt(
          sumOf(
            rotate(R, minus(x, shift)),
            (v, i) => Math.abs(v) ** (2 + 4 * share(i, d)),
          ),
        ),
    }),
  },
  {
    name: "Rastrigin",
    make: ({ R, Q, shift }) => ({
      optimum: shift,
      at: (x) => {
        const waved = rotate(R, minus(x, shift)).map(oscillate);
        const z = rotate(R, condition(rotate(Q, asymmetry(waved, 0.2)), 10));
        return rastrigin(z) + norm2(z);
      },
    }),
  },
  {
    name: "Weierstrass",
    make: ({ d, R, Q, shift }) => ({
      optimum: shift,
      at: (x) => {
        const waved = rotate(R, minus(x, shift)).map(oscillate);
        const z = rotate(R, condition(rotate(Q, waved), 0.01));
        const mean = sumOf(z, weierstrass) / d;
        return 10 * (mean - weierstrassBest) ** 3 + 10 / d * penalty(x);
      },
    }),
  },
  { name: "Schaffers F7", make: schaffers(10) },
  { name: "Schaffers F7, ill-conditioned", make: schaffers(1000) },
  {
    name: "Griewank-Rosenbrock F8F2",
    make: (draw) => {
      const { d } = draw;
      const { optimum, z } = rotatedValley(draw);
      const sum = (x: Vector) => valley(z(x), (s) => s / 4000 - Math.cos(s));
      return { optimum, at: (x) => 10 / (d - 1) * sum(x) + 10 };
    },
  },
  {
    name: "Schwefel",
    make: ({ d, signs }) => {
      const reach = 4.2096874633;
      const optimum = signs.map((sign) => sign * reach / 2);
      return {
        optimum,
        at: (x) => {
          const y = x.map((v, i) => 2 * signs[i]! * v);
          const chained = y.map((v, i) =>
            i === 0 ? v : v + 0.25 * (y[i - 1]! - reach)
          );
          const z = condition(chained.map((v) => v - reach), 10)
            .map((v) => 100 * (v + reach));
          const sum = sumOf(z, (v) => v * Math.sin(Math.sqrt(Math.abs(v))));
          return 4.189828872724339 - sum / (100 * d) +
            100 * penalty(z.map((v) => v / 100));
        },
      };
    },
  },
  { name: "Gallagher, 101 peaks", make: gallagher(101, 5, 4, 1000) },
  { name: "Gallagher, 21 peaks", make: gallagher(21, 4.9, 3.92, 1e6) },
  {
    name: "Katsuura",
    make: ({ d, R, Q, shift }) => ({
      optimum: shift,
      at: (x) => {
        const z = rotate(Q, condition(rotate(R, minus(x, shift)), 100));
        let product = 1;
        for (let i = 0; i < d; i++) {
          let rough = 0;
          for (let j = 1; j <= 32; j++) {
            const scaled = 2 ** j * z[i]!;
            rough += Math.abs(scaled - Math.round(scaled)) / 2 ** j;
          }
          product *= (1 + (i + 1) * rough) ** (10 / d ** 1.2);
        }
        return 10 / d ** 2 * (product - 1) + penalty(x);
      },
    }),
  },
  {
    name: "Lunacek bi-Rastrigin",
    make: ({ d, R, Q, signs }) => {
      const mu0 = 2.5;
      const depth = 1;
      const s = 1 - 1 / (2 * Math.sqrt(d + 20) - 8.2);
      const mu1 = -Math.sqrt((mu0 ** 2 - depth) / s);
      return {
        optimum: signs.map((sign) => sign * mu0 / 2),
        at: (x) => {
          const y = x.map((v, i) => 2 * signs[i]! * v);
          const centered = y.map((v) => v - mu0);
          const z = rotate(Q, condition(rotate(R, centered), 100));
          const spheres = Math.min(
            norm2(centered),
            depth * d + s * sumOf(y, (v) => square(v - mu1)),
          );
          return spheres + rastrigin(z) + 1e4 * penalty(x);
        },
      };
    },
  },
];

/** How many functions there are. */
export const bbobCount: number = definitions.length;

/**
 * An instance of a function.
 *
 * @param number The function's number in the source, 1 to 24.
 * @param d The dimension, at least 2.
 * @param instance Which shifts, rotations and best value. Defaults to `1`.
 * @throws {RangeError} If there is no such function or dimension.
 */
export function bbobFunction(
  number: number,
  d: number,
  instance = 1,
): BBOBFunction {
  const random = randomStream("bbob", number, d, instance);
  const draw: Draw = {
    d,
    R: randomRotation(d, random),
    Q: randomRotation(d, random),
    shift: vector(d, () => 8 * random.uniform() - 4),
    signs: vector(d, () => random.uniform() < 0.5 ? -1 : 1),
    random,
  };
  const { name, optimum, at } = bbobFunctionOf(number, draw);
  // Cauchy, two decimals, at most 1,000 in size, as in the source.
  const cauchy = 100 * random.normal() / random.normal();
  const best = Math.max(-1000, Math.min(1000, Math.round(100 * cauchy) / 100));
  return { name, optimum, best, at: (x) => at(x) + best };
}

/** The instance of a function that was drawn so, with the best value 0. */
export function bbobFunctionOf(number: number, draw: Draw): BBOBFunction {
  const definition = definitions[number - 1];
  if (definition === undefined || !(draw.d >= 2)) {
    throw new RangeError(
      `Cannot make the function ${number} in ${draw.d} dimensions, expected 1 to ${bbobCount} in at least 2`,
    );
  }
  const { optimum, at } = definition.make(draw);
  return { name: definition.name, optimum, best: 0, at };
}

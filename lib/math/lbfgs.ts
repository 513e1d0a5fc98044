/**
 * L-BFGS within bounds: minimizes a smooth function over a box.
 *
 * | symbol | name in code | shape | meaning |
 * |---|---|---|---|
 * | x | `point` | `[d]` | the place |
 * | f, g | `value`, `gradient` | 1, `[d]` | the function's value and gradient there |
 * | s, y | `steps`, `changes` | `[memory, d]` | the last steps, and the gradient's change over each |
 *
 * Coordinates that press against a bound are held; the two-loop recursion works
 * on the others, and the line search is along the path projected onto the box.
 *
 * Source: Nocedal and Wright, Numerical Optimization (2006), algorithm 7.4;
 * projection after Bertsekas, SIAM J. Control and Optimization 20 (1982).
 *
 * @module
 */

import {
  type DifferentiableFunction,
  drive,
  type PointSearch,
} from "./point_search.ts";

/** Options of {@linkcode lbfgs}. */
export interface LbfgsOptions {
  /** The lower bounds, `[d]`. Defaults to none. */
  readonly lower?: ArrayLike<number>;
  /** The upper bounds, `[d]`. Defaults to none. */
  readonly upper?: ArrayLike<number>;
  /** The most iterations. Defaults to `100`. */
  readonly maxIterations?: number;
  /** The most evaluations of the function. Defaults to `Infinity`. */
  readonly maxEvaluations?: number;
  /** How many steps are remembered, at least 1. Defaults to `8`. */
  readonly memory?: number;
  /** It ends where no free coordinate of the gradient is larger; at least 0. Defaults to `1e-6`. */
  readonly gradientTolerance?: number;
  /** It ends where the value falls by less than this, relative to max(1, |f|); at least 0. Defaults to `1e-10`. */
  readonly valueTolerance?: number;
  /** The length of the first step, in the largest coordinate. Defaults to `1`. */
  readonly firstStep?: number;
}

/** What {@linkcode lbfgs} found. */
export interface LbfgsResult {
  /** The best place, `[d]`, within the bounds. */
  readonly point: Float64Array;
  /** The value there. */
  readonly value: number;
  /** How many iterations it took. */
  readonly iterations: number;
  /** How often the function was evaluated. */
  readonly evaluations: number;
  /** Whether it ended because nothing was left to gain, not at a limit. */
  readonly converged: boolean;
}

/**
 * Minimizes a smooth function over a box, from a start. Places where the
 * function is NaN or infinite are backed away from.
 *
 * @param objective Gives the value and writes the gradient.
 * @param start Where to begin, `[d]`; moved into the bounds. It is not changed.
 *
 * @example
 * ```ts
 * import { lbfgs } from "@etude/etude";
 * const square = (x: Float64Array, gradient: Float64Array) => {
 *   gradient[0] = 2 * (x[0]! - 3);
 *   return (x[0]! - 3) ** 2;
 * };
 * lbfgs(square, [0], { lower: [0], upper: [2] }).point; // [2]
 * ```
 */
export function lbfgs(
  objective: DifferentiableFunction,
  start: ArrayLike<number>,
  options: LbfgsOptions = {},
): LbfgsResult {
  return drive(lbfgsSearch(start, options), objective);
}

/**
 * {@linkcode lbfgs} from within: asks for one point after the other and is told
 * what the function is there. For functions that take minutes, such as a training:
 * whoever evaluates may wait, store, and go on another day.
 *
 * @param start Where to begin, `[d]`; moved into the bounds. It is not changed.
 *
 * @example
 * ```ts
 * import { lbfgsSearch } from "@etude/etude";
 * const search = lbfgsSearch([0], { lower: [0], upper: [2] });
 * let next = search.next();
 * while (!next.done) {
 *   const x = next.value[0]!;
 *   next = search.next({ value: (x - 3) ** 2, gradient: Float64Array.of(2 * (x - 3)) });
 * }
 * next.value.point; // [2]
 * ```
 */
export function* lbfgsSearch(
  start: ArrayLike<number>,
  options: LbfgsOptions = {},
): PointSearch<LbfgsResult> {
  const {
    lower,
    upper,
    maxIterations = 100,
    maxEvaluations = Infinity,
    memory = 8,
    gradientTolerance = 1e-6,
    valueTolerance = 1e-10,
    firstStep = 1,
  } = options;
  const d = start.length;
  const low = (i: number) => lower === undefined ? -Infinity : lower[i]!;
  const high = (i: number) => upper === undefined ? Infinity : upper[i]!;
  const clip = (x: number, i: number) => Math.min(high(i), Math.max(low(i), x));

  let point: Float64Array = Float64Array.from(start, clip);
  const first = yield point;
  let { value, gradient } = first;
  point = first.point ?? point;
  let evaluations = 1;
  let iterations = 0;
  let converged = false;
  const history: Step[] = [];
  const direction = new Float64Array(d);

  while (
    iterations < maxIterations && evaluations < maxEvaluations &&
    Number.isFinite(value)
  ) {
    let largest = 0;
    for (let i = 0; i < d; i++) {
      const held = gradient[i]! > 0
        ? point[i]! <= low(i)
        : point[i]! >= high(i);
      direction[i] = held ? 0 : -gradient[i]!;
      largest = Math.max(largest, Math.abs(direction[i]!));
    }
    if (!(largest > gradientTolerance)) {
      converged = true;
      break;
    }
    const steepest = history.length === 0;
    if (!steepest) twoLoops(history, direction);
    let slope = 0;
    for (let i = 0; i < d; i++) slope += direction[i]! * gradient[i]!;
    if (!steepest && !(slope < 0)) {
      history.length = 0;
      continue;
    }
    let length = steepest ? Math.min(1, firstStep / largest) : 1;
    let moved: { point: typeof point; gradient: typeof gradient } | null = null;
    let next = value;
    for (let tries = 0; tries < 20 && evaluations < maxEvaluations; tries++) {
      const trial = new Float64Array(d);
      let gain = 0;
      for (let i = 0; i < d; i++) {
        trial[i] = clip(point[i]! + length * direction[i]!, i);
        gain += gradient[i]! * (trial[i]! - point[i]!);
      }
      const told = yield trial;
      next = told.value;
      evaluations++;
      if (told.point !== undefined) {
        gain = 0;
        for (let i = 0; i < d; i++) {
          gain += gradient[i]! * (told.point[i]! - point[i]!);
        }
        gain = Math.min(0, gain);
      }
      if (Number.isFinite(next) && next <= value + 1e-4 * gain) {
        moved = { point: told.point ?? trial, gradient: told.gradient };
        break;
      }
      // The lowest point of the parabola through both values and the slope.
      const fitted = gain * length / (2 * (gain - (next - value)));
      length = Number.isFinite(fitted)
        ? Math.min(0.5 * length, Math.max(0.1 * length, fitted))
        : 0.2 * length;
    }
    if (moved === null) {
      // Old steps may mislead; without any, nothing is left to gain.
      if (steepest) {
        converged = evaluations < maxEvaluations;
        break;
      }
      history.length = 0;
      continue;
    }
    iterations++;
    remember(history, memory, {
      step: moved.point.map((x, i) => x - point[i]!),
      change: moved.gradient.map((g, i) => g - gradient[i]!),
    });
    const fall = value - next;
    ({ point, gradient } = moved);
    value = next;
    if (fall <= valueTolerance * Math.max(1, Math.abs(value))) {
      converged = true;
      break;
    }
  }
  return Object.freeze({ point, value, iterations, evaluations, converged });
}

/** A step and the gradient's change over it. */
interface Step {
  readonly step: Float64Array;
  readonly change: Float64Array;
}

/** Keeps a step along which the function curves upward. */
function remember(history: Step[], memory: number, latest: Step): void {
  const { step, change } = latest;
  if (!(dot(step, change) > 1e-12 * dot(change, change))) return;
  history.push(latest);
  if (history.length > memory) history.shift();
}

/** Turns the steepest direction into the quasi-Newton one; held coordinates, which are 0, stay so. */
function twoLoops(history: readonly Step[], direction: Float64Array): void {
  const held = direction.map((x) => x === 0 ? 1 : 0);
  const weights: number[] = [];
  for (let m = history.length - 1; m >= 0; m--) {
    const { step, change } = history[m]!;
    const weight = dot(step, direction) / dot(step, change);
    weights[m] = weight;
    for (let i = 0; i < direction.length; i++) {
      direction[i]! -= weight * change[i]!;
    }
  }
  const { step, change } = history.at(-1)!;
  const scale = dot(step, change) / dot(change, change);
  for (let i = 0; i < direction.length; i++) direction[i]! *= scale;
  for (let m = 0; m < history.length; m++) {
    const { step, change } = history[m]!;
    const weight = dot(change, direction) / dot(step, change);
    for (let i = 0; i < direction.length; i++) {
      direction[i]! += (weights[m]! - weight) * step[i]!;
    }
  }
  for (let i = 0; i < direction.length; i++) if (held[i]) direction[i] = 0;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

/**
 * Linear equations A x = b of which only v ↦ A v is known, A symmetric and positive.
 *
 * | symbol | name in code | shape | meaning |
 * |---|---|---|---|
 * | A | `apply` | `[n] → [n]` | the map, e.g. a Hessian times a vector |
 * | b | `right` | `[n]` | the right side |
 * | x | `solution` | `[n]` | what is looked for |
 * | r | `residual` | `[n]` | b − A x |
 * | p | `direction` | `[n]` | where to search next |
 * | δ | `damping` | 1 | A + δ I takes the place of A |
 *
 * Everything is added up in 64 bits, whatever A v was computed in.
 *
 * Source: Hestenes and Stiefel (1952), as in Nocedal and Wright, Numerical Optimization
 * (2006), algorithm 5.2; Lorraine, Vicol and Duvenaud, "Optimizing Millions of
 * Hyperparameters by Implicit Differentiation" (2020), algorithm 3.
 *
 * @module
 */

/** A linear map of vectors of n numbers, at once or later. */
export type LinearMap = (
  vector: Float64Array,
) => Float64Array | Promise<Float64Array>;

/** Options of {@linkcode conjugateGradient}. */
export interface ConjugateGradientOptions {
  /** It ends where ‖b − A x‖ is at most this part of ‖b‖, above 0. Defaults to `1e-10`. */
  readonly tolerance?: number;
  /** The most products A v, at least 1. Defaults to 2n + 10. */
  readonly maxIterations?: number;
  /** What is added to the diagonal, at least 0. Defaults to `0`. */
  readonly damping?: number;
}

/** Options of {@linkcode neumannSeries}. */
export interface NeumannSeriesOptions {
  /** How many terms, at least 1. Defaults to `100`. */
  readonly terms?: number;
  /** What A is scaled by: the series converges below 2 by A's largest eigenvalue. Defaults to what ten power iterations find, at ten products A v. */
  readonly stepSize?: number;
  /** It ends early where a term is at most this part of the first. Defaults to `1e-10`. */
  readonly tolerance?: number;
}

/** What a solver found. */
export interface LinearSolution {
  /** x, `[n]`. */
  readonly solution: Float64Array;
  /** How many products A v it took. */
  readonly products: number;
  /** ‖b − A x‖ by ‖b‖; of a Neumann series, the last term by the first. */
  readonly residual: number;
  /** Whether the tolerance was reached. */
  readonly converged: boolean;
}

/**
 * Solves A x = b by conjugate gradients. A product in 32 bits leaves a residual of about
 * 1e-6 at best: then it ends where nothing is gained any more, with `converged` false.
 *
 * @throws {RangeError} If A v is not finite, or A is not positive along a direction
 * while the residual is still large.
 *
 * @example
 * ```ts
 * import { conjugateGradient } from "@etude/etude";
 * const { solution } = await conjugateGradient(
 *   ([x, y]) => Float64Array.of(2 * x! + y!, x! + 3 * y!),
 *   Float64Array.of(3, 4),
 * );
 * solution; // about [1, 1]
 * ```
 */
export async function conjugateGradient(
  apply: LinearMap,
  right: Float64Array,
  options: ConjugateGradientOptions = {},
): Promise<LinearSolution> {
  const n = right.length;
  const { tolerance = 1e-10, maxIterations = 2 * n + 10, damping = 0 } =
    options;
  const doing = "solve by conjugate gradients";
  check(doing, { tolerance }, tolerance > 0, "a number above 0");
  check(doing, { maxIterations }, maxIterations >= 1, "at least 1");
  check(doing, { damping }, damping >= 0, "at least 0");
  const scale = norm(right);
  if (!Number.isFinite(scale)) throw notFinite(doing, "the right side");
  let solution = new Float64Array(n);
  let best = { solution, residual: scale };
  const residual = right.slice();
  let direction = residual.slice();
  let square = dot(residual, residual);
  let products = 0;
  while (
    products < maxIterations && Math.sqrt(square) > tolerance * scale
  ) {
    const product = await apply(direction);
    products++;
    let curvature = damping * dot(direction, direction);
    for (let i = 0; i < n; i++) curvature += direction[i]! * product[i]!;
    if (!Number.isFinite(curvature)) throw notFinite(doing, "a product A v");
    if (!(curvature > 0)) {
      // Where rounding has eaten the rest, the sign of a curvature says nothing.
      if (best.residual <= 1e-3 * scale) break;
      throw new RangeError(
        `Cannot ${doing}: along a direction the curvature is ${
          (curvature / dot(direction, direction)).toExponential(1)
        }, expected above 0; of a Hessian that means no minimum has been reached: train longer, or add damping`,
      );
    }
    const step = square / curvature;
    solution = solution.map((x, i) => x + step * direction[i]!);
    for (let i = 0; i < n; i++) {
      residual[i]! -= step * (product[i]! + damping * direction[i]!);
    }
    const next = dot(residual, residual);
    if (Math.sqrt(next) < best.residual) {
      best = { solution, residual: Math.sqrt(next) };
    }
    const share = next / square;
    direction = direction.map((p, i) => residual[i]! + share * p);
    square = next;
  }
  return solved(best.solution, products, {
    residual: scale === 0 ? 0 : best.residual / scale,
    tolerance,
  });
}

/**
 * Solves A x = b by the Neumann series x = α Σ (I − α A)ʲ b. With few terms it gives a
 * solution damped along flat directions, which is what a training that has not
 * converged asks for; each term costs a product A v and there is nothing else to store.
 *
 * @throws {RangeError} If A v is not finite, or the terms grow: then α is too large,
 * or A is not positive.
 *
 * @example
 * ```ts
 * import { neumannSeries } from "@etude/etude";
 * const { solution } = await neumannSeries(
 *   ([x]) => Float64Array.of(2 * x!),
 *   Float64Array.of(3),
 *   { stepSize: 0.4 },
 * );
 * solution; // about [1.5]
 * ```
 */
export async function neumannSeries(
  apply: LinearMap,
  right: Float64Array,
  options: NeumannSeriesOptions = {},
): Promise<LinearSolution> {
  const { terms = 100, stepSize, tolerance = 1e-10 } = options;
  const doing = "add up the Neumann series";
  check(doing, { terms }, terms >= 1, "at least 1");
  check(
    doing,
    { stepSize: stepSize ?? 1 },
    (stepSize ?? 1) > 0,
    "a number above 0",
  );
  const scale = norm(right);
  if (!Number.isFinite(scale)) throw notFinite(doing, "the right side");
  if (scale === 0) {
    const none = { residual: 0, tolerance };
    return solved(new Float64Array(right.length), 0, none);
  }
  let products = 0;
  let rate = stepSize;
  if (rate === undefined) {
    rate = 1 / await largestEigenvalue(apply, right);
    products += powerIterations;
  }
  let term = right.slice();
  let sum = term.slice();
  let size = scale;
  for (let j = 1; j < terms && size > tolerance * scale; j++) {
    const product = await apply(term);
    products++;
    const from = term;
    term = from.map((x, i) => x - rate * product[i]!);
    size = norm(term);
    if (!Number.isFinite(size)) throw notFinite(doing, "a product A v");
    if (size > 10 * scale) {
      throw new RangeError(
        `Cannot ${doing}: its terms grow with the step size ${
          rate.toExponential(2)
        }; take a smaller one, below 2 by the largest eigenvalue, or train longer if the loss is not at a minimum`,
      );
    }
    sum = sum.map((x, i) => x + term[i]!);
  }
  return solved(sum.map((x) => rate * x), products, {
    residual: size / scale,
    tolerance,
  });
}

const powerIterations = 10;

/** An estimate of A's largest eigenvalue, a little above it: from below it comes near quickly. */
async function largestEigenvalue(
  apply: LinearMap,
  start: Float64Array,
): Promise<number> {
  let vector = start;
  let value = 0;
  for (let i = 0; i < powerIterations; i++) {
    const length = norm(vector);
    vector = await apply(vector.map((x) => x / length));
    value = norm(vector);
    if (!(value > 0 && Number.isFinite(value))) {
      throw notFinite("estimate the largest eigenvalue", "A v, or its length");
    }
  }
  return 1.2 * value;
}

function solved(
  solution: Float64Array,
  products: number,
  { residual, tolerance }: { residual: number; tolerance: number },
): LinearSolution {
  const converged = residual <= tolerance;
  return Object.freeze({ solution, products, residual, converged });
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

function norm(vector: Float64Array): number {
  return Math.sqrt(dot(vector, vector));
}

function check(
  doing: string,
  named: Readonly<Record<string, number>>,
  fits: boolean,
  what: string,
): void {
  if (fits) return;
  const [[name, value]] = Object.entries(named) as [[string, number]];
  throw new RangeError(
    `Cannot ${doing}: ${name} is ${value}, expected ${what}`,
  );
}

function notFinite(doing: string, what: string): RangeError {
  return new RangeError(`Cannot ${doing}: ${what} is not finite`);
}

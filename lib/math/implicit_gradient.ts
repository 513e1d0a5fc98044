/**
 * The gradient of a validation loss with respect to hyperparameters, through the
 * minimum of a training loss, without looking at how the minimum was found.
 *
 * | symbol | name in code | shape | meaning |
 * |---|---|---|---|
 * | w | weights | `[n]` | what the training finds: ∂L/∂w = 0 there |
 * | λ | hyperparameters | `[d]` | what is tuned |
 * | L(w, λ) | training loss | 1 | what the training minimizes |
 * | F(w, λ) | validation loss | 1 | what the tuning minimizes |
 * | H | `hvp` | `[n] → [n]` | ∂²L/∂w², times a vector |
 * | q | `adjoint` | `[n]` | H⁻¹ ∂F/∂w |
 *
 * dF/dλ = ∂F/∂λ − (∂²L/∂λ∂w) q.
 *
 * Source: Pedregosa, "Hyperparameter optimization with approximate gradient" (2016),
 * equation 3; Lorraine, Vicol and Duvenaud (2020), theorem 1.
 *
 * @module
 */

import {
  conjugateGradient,
  type ConjugateGradientOptions,
  type LinearMap,
  type LinearSolution,
  neumannSeries,
  type NeumannSeriesOptions,
} from "./linear_solvers.ts";

/** How H q = ∂F/∂w is solved. */
export type AdjointSolver =
  | ({
    /** By conjugate gradients: exact where the training has converged. */
    readonly kind: "conjugate gradient";
  } & ConjugateGradientOptions)
  | ({
    /** By a Neumann series: rougher, and forgiving where it has not. */
    readonly kind: "neumann";
  } & NeumannSeriesOptions);

/** What {@linkcode implicitGradient} is given, all of it at the trained weights. */
export interface ImplicitProblem {
  /** ∂F/∂w, `[n]`. */
  readonly outerGradient: Float64Array;
  /** v ↦ H v, `[n] → [n]`. */
  readonly hvp: LinearMap;
  /** q ↦ (∂²L/∂λ∂w) q, `[n] → [d]`: the derivative of ⟨∂L/∂w, q⟩ with respect to λ. */
  readonly crossDerivative: LinearMap;
  /** ∂F/∂λ, `[d]`, where the validation loss itself hangs on λ. Defaults to 0. */
  readonly directGradient?: Float64Array;
  /** Defaults to conjugate gradients. */
  readonly solver?: AdjointSolver;
}

/** What {@linkcode implicitGradient} found. */
export interface ImplicitGradient {
  /** dF/dλ, `[d]`. */
  readonly gradient: Float64Array;
  /** q and how well it was found. */
  readonly adjoint: LinearSolution;
}

/**
 * The hypergradient by the implicit function theorem, on plain numbers in 64 bits: for
 * models whose second derivatives one can write down (ridge, logistic regression,
 * kernel machines), and for what other rooms compute with tensors.
 *
 * @throws {RangeError} If numbers are not finite, lengths differ, or H is not positive.
 *
 * @example
 * ```ts
 * import { implicitGradient } from "@etude/etude";
 * // L = (w − 3)² + λ w², F = (w − 2)²: w = 3 / (1 + λ), at λ = 1 w = 1.5.
 * const { gradient } = await implicitGradient({
 *   outerGradient: Float64Array.of(2 * (1.5 - 2)),
 *   hvp: ([v]) => Float64Array.of((2 + 2 * 1) * v!),
 *   crossDerivative: ([q]) => Float64Array.of(2 * 1.5 * q!),
 * });
 * gradient[0]; // 0.75
 * ```
 */
export async function implicitGradient(
  problem: ImplicitProblem,
): Promise<ImplicitGradient> {
  const { outerGradient, hvp, crossDerivative, directGradient } = problem;
  const { solver = { kind: "conjugate gradient" } } = problem;
  const adjoint = solver.kind === "neumann"
    ? await neumannSeries(hvp, outerGradient, solver)
    : await conjugateGradient(hvp, outerGradient, solver);
  const cross = await crossDerivative(adjoint.solution);
  if (directGradient !== undefined && directGradient.length !== cross.length) {
    throw new RangeError(
      `Cannot compute the implicit gradient: directGradient has ${directGradient.length} numbers and crossDerivative gives ${cross.length}, expected one a hyperparameter`,
    );
  }
  const gradient = Float64Array.from(
    cross,
    (x, j) => (directGradient?.[j] ?? 0) - x,
  );
  const bad = gradient.findIndex((x) => !Number.isFinite(x));
  if (bad >= 0) {
    throw new RangeError(
      `Cannot compute the implicit gradient: that of hyperparameter ${bad} is ${
        gradient[bad]
      }, expected a finite number`,
    );
  }
  return Object.freeze({ gradient, adjoint });
}

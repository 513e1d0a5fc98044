/**
 * Random streams, quasi-random sequences, and what else the rooms above share.
 *
 * @module
 */

export * from "./adam.ts";
export * from "./cholesky.ts";
export * from "./classical_scaling.ts";
export * from "./eigenvalues.ts";
export * from "./hypervolume.ts";
export * from "./implicit_gradient.ts";
export * from "./hypervolume_subset.ts";
export * from "./latin_hypercube.ts";
export * from "./lbfgs.ts";
export * from "./linear_solvers.ts";
export * from "./moments.ts";
export * from "./normal.ts";
export { dominates, nonDominatedSort, paretoFront } from "./pareto.ts";
export type {
  DifferentiableFunction,
  Evaluation,
  PointSearch,
} from "./point_search.ts";
export * from "./random.ts";
export * from "./sobol.ts";
export * from "./sorted.ts";
export * from "./undominated_boxes.ts";

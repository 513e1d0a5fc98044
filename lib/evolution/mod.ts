/**
 * Evolutionary algorithms, as plain objects on numbers in the unit cube.
 *
 * @module
 */

export * from "./cma_es.ts";
export * from "./crossover.ts";
export * from "./differential_evolution.ts";
export * from "./evolution.ts";
export * from "./gaussian_search.ts";
export * from "./genetic_algorithm.ts";
export * from "./margin.ts";
export * from "./mutation.ts";
export * from "./nsga.ts";
export * from "./particle_swarm.ts";
export * from "./reference_points.ts";
export * from "./regularized_evolution.ts";
export type { RunLog } from "./run_log.ts";
export * from "./two_starts.ts";
export * from "./warm_start_search.ts";

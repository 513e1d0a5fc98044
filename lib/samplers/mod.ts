/**
 * Samplers: each chooses the configuration of the next trial. One file a
 * sampler, one contract.
 *
 * @module
 */

export * from "./auto_sampler.ts";
export * from "./cma_es_sampler.ts";
export * from "./differential_evolution_sampler.ts";
export * from "./forest_sampler.ts";
export * from "./freeze_thaw_sampler.ts";
export * from "./genetic_sampler.ts";
export * from "./gp_sampler.ts";
export * from "./grid_sampler.ts";
export * from "./hyperband_sampler.ts";
export * from "./latin_hypercube_sampler.ts";
export * from "./nsga_sampler.ts";
export * from "./particle_swarm_sampler.ts";
export * from "./preference_sampler.ts";
export * from "./random_sampler.ts";
export * from "./regularized_evolution_sampler.ts";
export * from "./sampler.ts";
export * from "./sobol_sampler.ts";
export * from "./tpe_sampler.ts";

/**
 * Random streams, quasi-random sequences, and what else the rooms above share.
 *
 * @module
 */

export * from "./latin_hypercube.ts";
export * from "./random.ts";
export * from "./sobol.ts";

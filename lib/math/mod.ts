/**
 * Random streams, quasi-random sequences, and what else the rooms above share.
 *
 * @module
 */

export * from "./random.ts";

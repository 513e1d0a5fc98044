/**
 * Pruners: they stop trials that are not worth going on with. So far the
 * contract alone.
 *
 * @module
 */

export * from "./pruner.ts";

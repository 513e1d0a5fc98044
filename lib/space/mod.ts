/**
 * Search spaces: parameters, conditions, encoding to the unit cube, grids.
 *
 * @module
 */

export type { SpaceChanges } from "./_change.ts";
export * from "./builders.ts";
export type { SpaceEdit, SuccessorOptions } from "./edit.ts";
export * from "./encoding.ts";
export type { GridPoints } from "./grid.ts";
export type {
  ConfigurationOf,
  ConfigurationOfDefinition,
  SpaceDefinition,
} from "./infer.ts";
export * from "./parameter.ts";
export * from "./role.ts";
export * from "./space.ts";

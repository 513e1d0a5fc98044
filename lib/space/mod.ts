/**
 * Search spaces: parameters, conditions, encoding to the unit cube, grids.
 *
 * @module
 */

export type { SpaceChanges } from "./_change.ts";
export type { BrokenRule } from "./_rule_tests.ts";
export type {
  AllowedPlaces,
  DrawOptions,
  NearestOptions,
} from "./allowed_places.ts";
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
export type {
  Combination,
  ForbiddenRule,
  LinearRule,
  LinearRuleOptions,
  ParameterNames,
  PredicateRule,
  PredicateRuleOptions,
  Rule,
  RuleOptions,
  ValuesOf,
  Weights,
} from "./rule.ts";
export * from "./space.ts";

/**
 * Rules: which configurations of a space are allowed, beyond the ranges of its
 * parameters. Outcomes have constraints; configurations have rules.
 *
 * @module
 */

import type {
  Configuration,
  ParameterValue,
  Requirement,
} from "./parameter.ts";

/** A weighted sum of parameters that stays within bounds. */
export interface LinearRule {
  /** The kind. */
  readonly kind: "linear";
  /** What it is called in messages, unique in its space. */
  readonly name: string;
  /** A weight for each parameter of the sum; finite, not 0. A boolean counts 0 or 1. */
  readonly weights: Readonly<Record<string, number>>;
  /** The least sum allowed, included; absent for none. */
  readonly min?: number;
  /** The largest sum allowed, included; absent for none. */
  readonly max?: number;
  /** What a parameter that is not active counts as; absent: then the rule does not apply. */
  readonly inactive?: number;
}

/** A combination of values that must not stand together. */
export interface ForbiddenRule {
  /** The kind. */
  readonly kind: "forbidden";
  /** What it is called in messages, unique in its space. */
  readonly name: string;
  /** What must hold for a configuration to be forbidden: all of it, of active parameters. */
  readonly where: readonly Requirement[];
}

/** A condition in the user's own code. It cannot be stored, save for its name. */
export interface PredicateRule {
  /** The kind. */
  readonly kind: "predicate";
  /** What it is called in messages, unique in its space. */
  readonly name: string;
  /** The parameters without which the rule does not apply; absent: then it always does. */
  readonly of?: readonly string[];
  /** Whether a configuration is allowed; absent where the space was read from a storage. */
  readonly test?: (configuration: Configuration) => boolean;
}

/** What a configuration has to keep to, beyond the ranges of the parameters. */
export type Rule = LinearRule | ForbiddenRule | PredicateRule;

/** Options of a rule. */
export interface RuleOptions {
  /** What it is called in messages. Defaults to the rule in words. */
  readonly name?: string;
}

/** Options of a linear rule. */
export interface LinearRuleOptions extends RuleOptions {
  /**
   * What a parameter that is not active counts as, e.g. 0 for the units of a layer
   * that is not there. Defaults to nothing: the rule does not apply then.
   */
  readonly inactive?: number;
}

/** Options of a rule in the user's own code. */
export interface PredicateRuleOptions<C> {
  /** The parameters it looks at: it applies only where all are active. Defaults to applying always. */
  readonly of?: readonly ParameterNames<C>[];
}

/** The names of all parameters of configurations of type `C`. */
export type ParameterNames<C> = C extends unknown ? keyof C & string : never;

/** The values of one of them. */
export type ValuesOf<C, K extends string> = C extends unknown
  ? (K extends keyof C ? Exclude<C[K], undefined> : never)
  : never;

/** Weights by name, of parameters that are numbers or booleans. */
export type Weights<C> = {
  readonly [
    K in ParameterNames<C> as ValuesOf<C, K> extends number | boolean ? K
      : (number extends ValuesOf<C, K> ? K : never)
  ]?: number;
};

/** Values by name that must not stand together: a value, several, or a range, ends included. */
export type Combination<C> = {
  readonly [K in ParameterNames<C>]?:
    | ValuesOf<C, K>
    | readonly ValuesOf<C, K>[]
    | (number extends ValuesOf<C, K>
      ? { readonly min?: number; readonly max?: number }
      : never);
};

/** The names of the parameters that a rule speaks of; none for a predicate that does not say. */
export function namesIn(rule: Rule): readonly string[] {
  switch (rule.kind) {
    case "linear":
      return Object.keys(rule.weights);
    case "forbidden":
      return rule.where.map(({ parent }) => parent);
    case "predicate":
      return rule.of ?? [];
  }
}

/** A value as a summand: booleans count 0 or 1; NaN for what is no number. */
export function summand(value: ParameterValue | undefined): number {
  return typeof value === "number"
    ? value
    : typeof value === "boolean"
    ? Number(value)
    : NaN;
}

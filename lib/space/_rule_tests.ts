/**
 * Whether a configuration keeps to the rules.
 *
 * A sum counts as within its bounds where it is beyond them by no more than
 * rounding makes it: 1e-9 of the largest summand.
 *
 * @module
 */

import { satisfies } from "./_conditions.ts";
import { ownValue } from "./_own_value.ts";
import { show } from "./_show.ts";
import type { Configuration } from "./parameter.ts";
import {
  type LinearRule,
  namesIn,
  type PredicateRule,
  type Rule,
  summand,
} from "./rule.ts";

/** How far a sum may be beyond its bounds, as a share of its largest part. */
const rounding = 1e-9;

/** A rule that a configuration breaks, and how. */
export interface BrokenRule {
  /** The rule. */
  readonly rule: Rule;
  /** The sum that was found, for a linear rule; null for others. */
  readonly found: number | null;
}

/**
 * Whether a configuration keeps to a rule. Parameters that are not there are
 * inactive.
 *
 * @throws {RangeError} If a predicate throws, or is not known.
 * @throws {TypeError} If a predicate gives neither true nor false.
 */
export function keeps(rule: Rule, values: Configuration): boolean {
  switch (rule.kind) {
    case "linear":
      return isWithin(rule, sumOf(rule, values));
    case "forbidden":
      return !rule.where.every((requirement) =>
        satisfies(requirement, ownValue(values, requirement.parent))
      );
    case "predicate":
      return isPassed(rule, values);
  }
}

/** The rules that a configuration breaks. */
export function brokenAmong(
  rules: readonly Rule[],
  values: Configuration,
): BrokenRule[] {
  return rules.filter((rule) => !keeps(rule, values)).map((rule) => ({
    rule,
    found: rule.kind === "linear" ? sumOf(rule, values).sum : null,
  }));
}

/** In words: `"units1 + units2 ≤ 512" (it is 612)`. */
export function describeBroken({ rule, found }: BrokenRule): string {
  return `${show(rule.name)}${
    found === null ? "" : ` (it is ${Number(found.toPrecision(6))})`
  }`;
}

interface Sum {
  /** The sum; NaN where the rule does not apply. */
  readonly sum: number;
  /** The size of its largest part. */
  readonly largest: number;
}

function sumOf(
  { weights, inactive = NaN }: LinearRule,
  values: Configuration,
): Sum {
  let sum = 0;
  let largest = 0;
  let active = 0;
  for (const name in weights) {
    const own = summand(ownValue(values, name));
    if (own === own) active++;
    const part = weights[name]! * (own === own ? own : inactive);
    sum += part;
    largest = Math.max(largest, Math.abs(part));
  }
  return { sum: active === 0 ? NaN : sum, largest };
}

function isWithin(
  { min = -Infinity, max = Infinity }: LinearRule,
  { sum, largest }: Sum,
): boolean {
  if (sum !== sum) return true;
  if (sum >= min && sum <= max) return true;
  const bound = sum > max ? max : min;
  return Math.abs(sum - bound) <= rounding * Math.max(largest, Math.abs(bound));
}

function isPassed(rule: PredicateRule, values: Configuration): boolean {
  const { name, of, test } = rule;
  if (of?.some((one) => ownValue(values, one) === undefined)) return true;
  if (test === undefined) throw unknownTest(rule);
  let passes: unknown;
  try {
    passes = test(values);
  } catch (error) {
    throw new RangeError(
      `Cannot ask the rule ${show(name)}: its function threw ${
        show(error instanceof Error ? error.message : String(error))
      } for ${JSON.stringify(values)}`,
      { cause: error },
    );
  }
  if (typeof passes === "boolean") return passes;
  throw new TypeError(
    `Cannot ask the rule ${show(name)}: its function gave ${
      passes instanceof Promise ? "a promise" : show(passes)
    } for ${JSON.stringify(values)}, expected true or false`,
  );
}

/** What is said where a rule's function is needed and was not stored. */
function unknownTest({ name }: PredicateRule): RangeError {
  return new RangeError(
    `Cannot ask the rule ${
      show(name)
    }: it is a function, and those are not stored; give createStudy the space with .require(${
      show(name)
    }, …)`,
  );
}

/**
 * The rules that can be judged before all values are there: those of whose
 * parameters every one is there.
 */
export function decidedRules(
  rules: readonly Rule[],
  values: Configuration,
): Rule[] {
  return rules.filter((rule) => {
    const names = namesIn(rule);
    return names.length > 0 &&
      names.every((name) => Object.hasOwn(values, name));
  });
}

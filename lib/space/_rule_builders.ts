import { readRequirement } from "./_json.ts";
import { requirementsOf } from "./_conditions_given.ts";
import { withExactRequirement } from "./_conditions.ts";
import { valueProblem } from "./_normalize.ts";
import { nearest, show } from "./_show.ts";
import { choicesOf, type Parameter, type Requirement } from "./parameter.ts";
import {
  type ForbiddenRule,
  type LinearRule,
  type LinearRuleOptions,
  namesIn,
  type PredicateRule,
  type Rule,
} from "./rule.ts";

type ParametersByName = ReadonlyMap<string, Parameter>;

const cannot = "Cannot make the rule";

/** Checks and freezes a linear rule; of the bounds one at least is there. */
export function linearRule(
  weights: unknown,
  bounds: { readonly min?: unknown; readonly max?: unknown },
  options: LinearRuleOptions = {},
): LinearRule {
  const { name: given, inactive } = checkedOptions(options, [
    "name",
    "inactive",
  ]);
  if (
    typeof weights !== "object" || weights === null || Array.isArray(weights)
  ) {
    throw new TypeError(
      `${cannot}: found ${
        show(weights)
      }, expected weights by name such as { units1: 1, units2: 1 }`,
    );
  }
  const entries = Object.entries(weights)
    .filter(([, weight]) => weight !== undefined);
  for (const [parameter, weight] of entries) {
    if (typeof weight === "number" && Number.isFinite(weight)) continue;
    throw new TypeError(
      `${cannot}: the weight of ${show(parameter)} is ${
        show(weight)
      }, expected a finite number`,
    );
  }
  const used = entries.filter(([, weight]) => weight !== 0);
  if (used.length === 0) {
    throw new RangeError(
      `${cannot}: ${
        entries.length === 0 ? "it names no parameter" : "all weights are 0"
      }, expected weights such as { units1: 1, units2: 1 }`,
    );
  }
  for (const [end, bound] of Object.entries(bounds)) {
    if (typeof bound === "number" && Number.isFinite(bound)) continue;
    throw new TypeError(
      `${cannot}: the ${end === "max" ? "largest" : "least"} sum allowed is ${
        show(bound)
      }, expected a finite number`,
    );
  }
  if (
    inactive !== undefined &&
    !(typeof inactive === "number" && Number.isFinite(inactive))
  ) {
    throw new TypeError(
      `${cannot}: inactive is ${show(inactive)}, expected a finite number`,
    );
  }
  const plain = Object.freeze(Object.fromEntries(used)) as Record<
    string,
    number
  >;
  const { min, max } = bounds as { min?: number; max?: number };
  if (min !== undefined && max !== undefined && min > max) {
    throw new RangeError(
      `${cannot}: the least sum allowed (${min}) is above the largest (${max})`,
    );
  }
  return Object.freeze<LinearRule>({
    kind: "linear",
    name: (given as string | undefined) ?? describeSum(plain, { min, max }),
    weights: plain,
    ...(min === undefined ? {} : { min }),
    ...(max === undefined ? {} : { max }),
    ...(inactive === undefined ? {} : { inactive: inactive as number }),
  });
}

/** "units1 + 2 units2 ≤ 512". */
function describeSum(
  weights: Readonly<Record<string, number>>,
  { min, max }: { readonly min?: number; readonly max?: number },
): string {
  const sum = Object.entries(weights).map(([name, weight], index) => {
    const size = Math.abs(weight);
    const sign = index === 0
      ? (weight < 0 ? "−" : "")
      : (weight < 0 ? " − " : " + ");
    return `${sign}${size === 1 ? "" : `${size} `}${name}`;
  }).join("");
  if (min !== undefined && min === max) return `${sum} = ${min}`;
  return `${min === undefined ? "" : `${min} ≤ `}${sum}${
    max === undefined ? "" : ` ≤ ${max}`
  }`;
}

/** Checks and freezes a forbidden combination. */
export function forbiddenRule(
  combination: unknown,
  options: { readonly name?: string } = {},
): ForbiddenRule {
  const { name } = checkedOptions(options, ["name"]);
  const where = Object.freeze(requirementsOf(combination, {
    what: "the forbidden combination",
    example: '{ optimizer: "sgd", schedule: "none" }',
  }));
  return Object.freeze<ForbiddenRule>({
    kind: "forbidden",
    name: (name as string | undefined) ?? describeForbidden(where),
    where,
  });
}

function describeForbidden(where: readonly Requirement[]): string {
  const parts = where.map(({ parent, values, min, max }) =>
    values !== undefined
      ? `${parent} ${values.map(show).join(" or ")}`
      : min !== undefined && max !== undefined
      ? `${parent} from ${min} to ${max}`
      : min !== undefined
      ? `${parent} of ${min} or more`
      : `${parent} of ${max} or less`
  );
  return `no ${parts.join(" with ")}`;
}

/** Checks and freezes a rule in the user's own code; without a test where it was stored. */
export function predicateRule(
  name: unknown,
  test: unknown,
  options: { readonly of?: readonly string[] } = {},
): PredicateRule {
  if (typeof name !== "string" || name.trim() === "") {
    throw new TypeError(
      `${cannot}: its name is ${
        show(name)
      }, expected words that say the rule, such as "warmup shorter than training"`,
    );
  }
  if (test !== undefined && typeof test !== "function") {
    throw new TypeError(
      `${cannot} ${show(name)}: the test is ${
        show(test)
      }, expected a function of the configuration that gives true or false`,
    );
  }
  const { of } = checkedOptions(options, ["of"]);
  if (
    of !== undefined &&
    !(Array.isArray(of) && of.length > 0 &&
      of.every((one) => typeof one === "string"))
  ) {
    throw new TypeError(
      `${cannot} ${show(name)}: of is ${
        show(of)
      }, expected names of parameters such as ["warmup", "epochs"]`,
    );
  }
  return Object.freeze<PredicateRule>({
    kind: "predicate",
    name,
    ...(of === undefined
      ? {}
      : { of: Object.freeze([...new Set(of as readonly string[])]) }),
    ...(test === undefined ? {} : { test: test as PredicateRule["test"] }),
  });
}

function checkedOptions(
  options: unknown,
  known: readonly string[],
): Record<string, unknown> {
  if (typeof options !== "object" || options === null) {
    throw new TypeError(
      `${cannot}: the options are ${show(options)}, expected an object`,
    );
  }
  const unknown = Object.keys(options).find((key) => !known.includes(key));
  if (unknown !== undefined) {
    const guess = nearest(unknown, known);
    throw new TypeError(
      `${cannot}: there is no option ${show(unknown)}; there ${
        known.length === 1 ? "is" : "are"
      } ${known.join(", ")}${
        guess === null ? "" : `; did you mean ${show(guess)}?`
      }`,
    );
  }
  const { name } = options as { name?: unknown };
  if (
    name !== undefined && (typeof name !== "string" || name.trim() === "")
  ) {
    throw new TypeError(`${cannot}: its name is ${show(name)}, expected words`);
  }
  return options as Record<string, unknown>;
}

/**
 * The rules as they hold in a space: names and values checked, values moved
 * exactly onto the steps.
 *
 * @throws {RangeError} If one speaks of what the space does not have, or two have
 * one name.
 */
export function rulesFor(
  rules: readonly Rule[],
  byName: ParametersByName,
): readonly Rule[] {
  const seen = new Set<string>();
  return Object.freeze(rules.map((rule) => {
    if (seen.has(rule.name)) {
      throw new RangeError(
        `${cannot} ${
          show(rule.name)
        }: the space has one of that name; leave it out, or name it otherwise`,
      );
    }
    seen.add(rule.name);
    for (const name of namesIn(rule)) checkName(rule, name, byName);
    if (rule.kind === "linear") checkSummands(rule, byName);
    return rule.kind === "forbidden" ? exactForbidden(rule, byName) : rule;
  }));
}

function checkName(rule: Rule, name: string, byName: ParametersByName): void {
  if (byName.has(name)) return;
  const names = [...byName.keys()];
  const guess = nearest(name, names);
  throw new RangeError(
    `${cannot} ${show(rule.name)}: ${
      show(name)
    } is not a parameter; the space has ${names.map(show).join(", ")}${
      guess === null ? "" : `; did you mean ${show(guess)}?`
    }`,
  );
}

function checkSummands(rule: LinearRule, byName: ParametersByName): void {
  for (const name of Object.keys(rule.weights)) {
    const parameter = byName.get(name)!;
    const choices = choicesOf(parameter);
    const isNumeric = choices === null || parameter.kind === "boolean" ||
      choices.every((value) => typeof value === "number");
    if (isNumeric) continue;
    throw new RangeError(
      `${cannot} ${show(rule.name)}: the values of ${
        show(name)
      } are not numbers; use forbid(…) or require(…)`,
    );
  }
}

function exactForbidden(
  rule: ForbiddenRule,
  byName: ParametersByName,
): ForbiddenRule {
  const where = rule.where.map((requirement) => {
    const parameter = byName.get(requirement.parent)!;
    for (const value of requirement.values ?? []) {
      const problem = valueProblem(parameter, value);
      if (problem === null) continue;
      throw new RangeError(
        `${cannot} ${show(rule.name)}: the value of ${
          show(parameter.name)
        } ${problem}`,
      );
    }
    const choices = choicesOf(parameter);
    if (
      requirement.values === undefined &&
      choices?.some((value) => typeof value !== "number")
    ) {
      throw new RangeError(
        `${cannot} ${show(rule.name)}: ${
          show(parameter.name)
        } has a range, but its values are not numbers; list values instead`,
      );
    }
    return withExactRequirement(requirement, parameter);
  });
  return Object.freeze({ ...rule, where: Object.freeze(where) });
}

/** Reads the rules of a space's JSON; of predicates only the name is known. */
export function readRules(json: unknown): Rule[] {
  const { rules = [] } = (json ?? {}) as { rules?: unknown };
  if (!Array.isArray(rules)) {
    throw new SyntaxError(
      `Cannot read the space: found the rules ${show(rules)}, expected a list`,
    );
  }
  return rules.map((rule: unknown) => {
    const { kind, name, weights, min, max, inactive, where, of } =
      (rule ?? {}) as Record<string, unknown>;
    if (typeof name === "string") {
      if (kind === "linear") {
        return linearRule(weights, {
          ...(min === undefined ? {} : { min }),
          ...(max === undefined ? {} : { max }),
        }, {
          name,
          ...(inactive === undefined ? {} : { inactive: inactive as number }),
        });
      }
      if (kind === "forbidden" && Array.isArray(where)) {
        return Object.freeze<ForbiddenRule>({
          kind,
          name,
          where: Object.freeze(where.map((one) => readRequirement(name, one))),
        });
      }
      if (kind === "predicate") {
        return predicateRule(
          name,
          undefined,
          of === undefined ? {} : { of: of as string[] },
        );
      }
    }
    throw new SyntaxError(
      `Cannot read the space: found the rule ${
        show(rule)
      }, expected a linear one, a forbidden combination or a predicate's name`,
    );
  });
}

/** A rule as plain JSON: of a predicate its name, and what it looks at. */
export function ruleJSON(rule: Rule): Rule {
  if (rule.kind !== "predicate") return rule;
  const { test: _code, ...rest } = rule;
  return rest;
}

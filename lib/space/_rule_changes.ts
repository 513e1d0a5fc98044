import { show } from "./_show.ts";
import type { SpaceChanges } from "./_change.ts";
import {
  choicesOf,
  type Configuration,
  type Parameter,
  type ParameterValue,
  type Requirement,
} from "./parameter.ts";
import { namesIn, type Rule } from "./rule.ts";

/**
 * The rules of a space after changes to it: names and values as they are now.
 *
 * @param parameters The parameters after the changes.
 * @throws {RangeError} If a rule speaks of a parameter that is dropped, and is not
 * dropped itself, or one to drop does not exist.
 */
export function changedRules(
  rules: readonly Rule[],
  parameters: readonly Parameter[],
  changes: SpaceChanges,
): readonly Rule[] {
  const { drop = [], rename = {}, renameChoices = {}, dropRules = [] } =
    changes;
  const unknown = dropRules.find((name) =>
    !rules.some((rule) => rule.name === name)
  );
  if (unknown !== undefined) {
    throw new RangeError(
      `Cannot change the space: there is no rule ${show(unknown)} to drop; ${
        rules.length === 0
          ? "it has none"
          : `it has ${rules.map(({ name }) => show(name)).join(", ")}`
      }`,
    );
  }
  const kept = rules.filter(({ name }) => !dropRules.includes(name));
  for (const rule of kept) {
    const gone = namesIn(rule).find((name) => drop.includes(name));
    if (gone === undefined) continue;
    throw new RangeError(
      `Cannot change the space: the rule ${show(rule.name)} speaks of ${
        show(gone)
      }; drop it too with dropRules: [${show(rule.name)}]`,
    );
  }
  const nameOf = (name: string) =>
    Object.hasOwn(rename, name) ? rename[name]! : name;
  const valueOf = (name: string, value: ParameterValue) => {
    const pairs = Object.hasOwn(renameChoices, name)
      ? renameChoices[name]!
      : [];
    return pairs.find(([from]) => from === value)?.[1] ?? value;
  };
  return kept.flatMap((rule): Rule[] => {
    switch (rule.kind) {
      case "linear":
        return [{
          ...rule,
          weights: Object.fromEntries(
            Object.entries(rule.weights).map(([name, weight]) => [
              nameOf(name),
              weight,
            ]),
          ),
        }];
      case "forbidden": {
        const where = rule.where.map((one) =>
          changedRequirement(one, { nameOf, valueOf, parameters })
        );
        // What can no longer be is no longer forbidden.
        return where.includes(null)
          ? []
          : [{ ...rule, where: where as Requirement[] }];
      }
      case "predicate":
        return [{
          ...rule,
          ...(rule.of === undefined ? {} : { of: rule.of.map(nameOf) }),
          ...(rule.test === undefined
            ? {}
            : { test: inOldNames(rule.test, { rename, renameChoices }) }),
        }];
    }
  });
}

function changedRequirement(
  { parent, values, ...range }: Requirement,
  { nameOf, valueOf, parameters }: {
    nameOf: (name: string) => string;
    valueOf: (name: string, value: ParameterValue) => ParameterValue;
    parameters: readonly Parameter[];
  },
): Requirement | null {
  const name = nameOf(parent);
  if (values === undefined) return { parent: name, ...range };
  const parameter = parameters.find((one) => one.name === name)!;
  const choices = choicesOf(parameter);
  const { low, high } = parameter as { low: number; high: number };
  const left = values.map((value) => valueOf(name, value)).filter((value) =>
    choices?.includes(value) ??
      ((value as number) >= low && (value as number) <= high)
  );
  return left.length === 0 ? null : { parent: name, values: left };
}

/** A function that still finds names and values as they were when it was written. */
function inOldNames(
  test: (configuration: Configuration) => boolean,
  { rename, renameChoices }: {
    rename: Readonly<Record<string, string>>;
    renameChoices: NonNullable<SpaceChanges["renameChoices"]>;
  },
): (configuration: Configuration) => boolean {
  const names = Object.entries(rename);
  const choices = Object.entries(renameChoices);
  if (names.length === 0 && choices.length === 0) return test;
  return (configuration) => {
    const old: Record<string, ParameterValue | undefined> = {
      ...configuration,
    };
    for (const [name, pairs] of choices) {
      const was = pairs.find(([, to]) => to === old[name]);
      if (was !== undefined) old[name] = was[0];
    }
    for (const [from, to] of names) old[from] = old[to];
    return test(old);
  };
}

import {
  demandsOf,
  describeConditions,
  narrow,
  satisfies,
} from "./_conditions.ts";
import { exactValue, valueProblem } from "./_normalize.ts";
import { show } from "./_show.ts";
import { arrange, type ParameterTable, unknownName } from "./_table.ts";
import type { Configuration, Parameter, ParameterValue } from "./parameter.ts";

/**
 * Checks a configuration, whole or in parts, and gives it back frozen, in the
 * space's order; see `Space.validate` and `Space.validatePartial`.
 */
export function checkConfiguration(
  table: ParameterTable,
  given: unknown,
  partial: boolean,
): Configuration {
  if (typeof given !== "object" || given === null || Array.isArray(given)) {
    throw new TypeError(
      `Cannot read the configuration: found ${
        show(given)
      }, expected an object such as { ${table.parameters[0]!.name}: value }`,
    );
  }
  const values = new Map<string, unknown>(
    Object.entries(given).filter(([, value]) => value !== undefined),
  );
  const problems = [...values.keys()].filter((name) => !table.byName.has(name))
    .map((
      name,
    ) => `${show(name)} is not a parameter: ${unknownName(table, name)}`);
  const checked: Record<string, ParameterValue> = {};
  // Values that are missing or wrong. What hangs on them may be there or not.
  const open = new Set<string>();
  for (const parameter of table.ordered) {
    const { name } = parameter;
    const activity = activityOf(parameter, checked, open);
    if (activity === "inactive") {
      if (values.has(name)) {
        problems.push(
          `${show(name)} is not used here: it needs ${
            describeConditions(parameter)
          }; leave it out`,
        );
      }
      continue;
    }
    if (!values.has(name)) {
      if (!partial && activity === "active") {
        if (parameter.default !== undefined) {
          checked[name] = parameter.default;
          continue;
        }
        problems.push(`${show(name)} is missing`);
      }
      open.add(name);
      continue;
    }
    const value = values.get(name);
    const problem = valueProblem(parameter, value);
    if (problem === null) {
      checked[name] = exactValue(parameter, value as ParameterValue);
    } else {
      problems.push(`${show(name)} ${problem}`);
      open.add(name);
    }
  }
  if (partial && problems.length === 0) {
    problems.push(...conflicts(table, checked));
  }
  if (problems.length > 0) {
    throw new RangeError(
      `Cannot take the configuration: ${problems.join("; ")}`,
    );
  }
  return arrange(table, checked);
}

function activityOf(
  parameter: Parameter,
  checked: Readonly<Record<string, ParameterValue>>,
  open: ReadonlySet<string>,
): "active" | "inactive" | "open" {
  let activity: "active" | "open" = "active";
  for (const requirement of parameter.conditions) {
    const { parent } = requirement;
    if (open.has(parent)) activity = "open";
    else if (
      !Object.hasOwn(checked, parent) ||
      !satisfies(requirement, checked[parent])
    ) return "inactive";
  }
  return activity;
}

/** Which given values no value of an open parent lets stand side by side. */
function conflicts(table: ParameterTable, checked: Configuration): string[] {
  const { byName } = table;
  const names = Object.keys(checked);
  return [...demandsOf(names, byName)].flatMap(([parent, demands]) => {
    if (
      Object.hasOwn(checked, parent) ||
      narrow(byName.get(parent)!, demands) !== null
    ) return [];
    const asking = names.filter((name) =>
      demandsOf([name], byName).has(parent)
    );
    return [
      `${asking.map(show).join(" and ")} cannot stand together: no value of ${
        show(parent)
      } makes all of them active`,
    ];
  });
}

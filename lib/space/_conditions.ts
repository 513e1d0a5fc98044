import { exactValue, valueProblem } from "./_normalize.ts";
import { nearest, show } from "./_show.ts";
import {
  choicesOf,
  gridValue,
  type Parameter,
  type ParameterValue,
  type Requirement,
} from "./parameter.ts";

/** The parameters of a space, by name. */
type ParametersByName = ReadonlyMap<string, Parameter>;

/** Whether a value of the parent satisfies a requirement; undefined never does. */
export function satisfies(
  requirement: Requirement,
  value: ParameterValue | undefined,
): boolean {
  if (value === undefined) return false;
  if (requirement.values !== undefined) {
    return requirement.values.includes(value);
  }
  const { min = -Infinity, max = Infinity } = requirement;
  return typeof value === "number" && value >= min && value <= max;
}

/** Whether a parameter is active among values of which all are active. */
export function isActiveAmong(
  parameter: Parameter,
  values: Readonly<Record<string, ParameterValue | undefined>>,
): boolean {
  return parameter.conditions.every((requirement) =>
    satisfies(
      requirement,
      Object.hasOwn(values, requirement.parent)
        ? values[requirement.parent]
        : undefined,
    )
  );
}

/** In words, what a requirement asks: "optimizer to be "sgd"". */
function describeRequirement(requirement: Requirement): string {
  const { parent, values, min, max } = requirement;
  if (values !== undefined) {
    return `${parent} ${values.length === 1 ? "to be" : "to be one of"} ${
      values.map(show).join(", ")
    }`;
  }
  if (min !== undefined && max !== undefined) {
    return `${parent} to be between ${min} and ${max}`;
  }
  return min !== undefined
    ? `${parent} to be at least ${min}`
    : `${parent} to be at most ${max}`;
}

/** In words, what a parameter needs to be active; "nothing" if it always is. */
export function describeConditions(parameter: Parameter): string {
  return parameter.conditions.map(describeRequirement).join(" and ") ||
    "nothing";
}

/**
 * What must hold for all the named parameters to be active: the requirements on
 * each of their parents, the parents' parents and so on.
 */
export function demandsOf(
  names: Iterable<string>,
  byName: ParametersByName,
): ReadonlyMap<string, readonly Requirement[]> {
  const demands = new Map<string, Requirement[]>();
  const seen = new Set<string>();
  const visit = (name: string): void => {
    if (seen.has(name)) return;
    seen.add(name);
    for (const requirement of byName.get(name)?.conditions ?? []) {
      const { parent } = requirement;
      demands.set(parent, [...demands.get(parent) ?? [], requirement]);
      visit(parent);
    }
  };
  for (const name of names) visit(name);
  return demands;
}

/** The parameter with those values alone that satisfy all requirements; null if there are none. */
export function narrow(
  parameter: Parameter,
  requirements: readonly Requirement[],
): Parameter | null {
  const { name, role, conditions } = parameter;
  const fits = (value: ParameterValue) =>
    requirements.every((requirement) => satisfies(requirement, value));
  const list = choicesOf(parameter) ??
    requirements.find(({ values }) => values !== undefined)?.values;
  if (list !== undefined) {
    const choices = list.filter((value) =>
      fits(value) && valueProblem(parameter, value) === null
    );
    return choices.length === 0
      ? null
      : { name, role, conditions, kind: "choice", choices };
  }
  const range = parameter as Parameter & { kind: "float" | "int" };
  const low = Math.max(
    range.low,
    ...requirements.map((r) => r.min ?? -Infinity),
  );
  const high = Math.min(
    range.high,
    ...requirements.map((r) => r.max ?? Infinity),
  );
  if (low > high) return null;
  if (range.step === null) return { ...range, low, high };
  const at = (index: number) => gridValue(index, range.low, range.step!);
  let first = Math.ceil((low - range.low) / range.step);
  let last = Math.floor((high - range.low) / range.step);
  // The quotients may be one off, by rounding.
  if (at(first - 1) >= low) first--;
  if (at(first) < low) first++;
  if (at(last + 1) <= high) last++;
  if (at(last) > high) last--;
  return first > last ? null : { ...range, low: at(first), high: at(last) };
}

/** A requirement with its values moved exactly onto the steps of the parameter it looks at. */
export function withExactRequirement(
  requirement: Requirement,
  parent: Parameter | undefined,
): Requirement {
  if (
    requirement.values === undefined || parent?.kind !== "float" ||
    parent.step === null
  ) return requirement;
  const values = requirement.values.map((value) =>
    valueProblem(parent, value) === null ? exactValue(parent, value) : value
  );
  return Object.freeze({ ...requirement, values: Object.freeze(values) });
}

/** The parameters with the values in their conditions moved exactly onto the steps of the parents. */
export function withExactConditions(
  parameters: readonly Parameter[],
): Parameter[] {
  const byName = new Map(parameters.map((p) => [p.name, p]));
  return parameters.map((parameter) => {
    const conditions = parameter.conditions.map((requirement) =>
      withExactRequirement(requirement, byName.get(requirement.parent))
    );
    const moved = conditions.some((one, i) => one !== parameter.conditions[i]);
    return moved
      ? Object.freeze({ ...parameter, conditions: Object.freeze(conditions) })
      : parameter;
  });
}

/**
 * The parameters so that each stands after its parents.
 * Checks that conditions name other parameters of the space, can hold, and do
 * not go round in a circle.
 */
export function orderByDependency(
  parameters: readonly Parameter[],
): readonly Parameter[] {
  const byName = new Map(parameters.map((p) => [p.name, p]));
  for (const parameter of parameters) {
    for (const requirement of parameter.conditions) {
      checkRequirement(parameter, requirement, byName);
    }
  }
  const ordered: Parameter[] = [];
  const state = new Map<string, "open" | "done">();
  const visit = (parameter: Parameter, path: readonly string[]): void => {
    if (state.get(parameter.name) === "done") return;
    if (state.get(parameter.name) === "open") {
      throw new RangeError(
        `Cannot make the space: the conditions go round in a circle (${
          [...path, parameter.name].join(" → ")
        }); at least one parameter must stand without a condition`,
      );
    }
    state.set(parameter.name, "open");
    for (const { parent } of parameter.conditions) {
      visit(byName.get(parent)!, [...path, parameter.name]);
    }
    state.set(parameter.name, "done");
    ordered.push(parameter);
  };
  for (const parameter of parameters) visit(parameter, []);
  for (const parameter of parameters) checkCanBeActive(parameter, byName);
  return Object.freeze(ordered);
}

function checkRequirement(
  parameter: Parameter,
  requirement: Requirement,
  byName: ParametersByName,
): void {
  const parent = byName.get(requirement.parent);
  const about = `Cannot make the space: ${
    show(parameter.name)
  } is conditional on ${show(requirement.parent)}`;
  if (parent === undefined) {
    const guess = nearest(requirement.parent, [...byName.keys()]);
    throw new RangeError(
      `${about}, which is not in the space (it has ${
        [...byName.keys()].map(show).join(", ")
      })${guess === null ? "" : `; did you mean ${show(guess)}?`}`,
    );
  }
  if (requirement.values !== undefined) {
    for (const value of requirement.values) {
      const problem = valueProblem(parent, value);
      if (problem !== null) {
        throw new RangeError(`${about}, and the value asked for ${problem}`);
      }
    }
    return;
  }
  const { min = -Infinity, max = Infinity } = requirement;
  const choices = choicesOf(parent);
  if (choices?.some((value) => typeof value !== "number")) {
    throw new RangeError(
      `${about} by a range, but its values are not numbers; list values instead`,
    );
  }
  if (narrow(parent, [requirement]) === null) {
    const { low, high } = parent as { low: number; high: number };
    throw new RangeError(
      `${about} in [${min}, ${max}], but its ${
        choices === null
          ? `range is [${low}, ${high}]${stepOf(parent)}`
          : `values are ${choices.map(show).join(", ")}`
      }, so it would never hold`,
    );
  }
}

function stepOf(parameter: Parameter): string {
  const { step } = parameter as { step: number | null };
  return step === null ? "" : ` in steps of ${step}`;
}

function checkCanBeActive(
  parameter: Parameter,
  byName: ParametersByName,
): void {
  for (const [parent, demands] of demandsOf([parameter.name], byName)) {
    if (narrow(byName.get(parent)!, demands) !== null) continue;
    throw new RangeError(
      `Cannot make the space: ${
        show(parameter.name)
      } could never be active, since its conditions and its parents' need ${
        demands.map(describeRequirement).join(" and ")
      }`,
    );
  }
}

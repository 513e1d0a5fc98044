import { nearest, show } from "./_show.ts";
import type { ParameterDraft } from "./builders.ts";
import {
  choicesOf,
  gridValue,
  type Parameter,
  type ParameterValue,
  type Requirement,
  type Role,
} from "./parameter.ts";
import { guessRole } from "./role.ts";

const roles: readonly Role[] = [
  "learning rate",
  "regularization",
  "capacity",
  "budget",
  "batch size",
  "momentum",
  "optimizer",
  "schedule",
  "augmentation",
  "seed",
  "other",
];
const longestName = 512;

/** Checks a draft and gives its canonical, frozen form. */
export function normalizeParameter(
  name: string,
  draft: ParameterDraft,
): Parameter {
  const fail = (Class: ErrorConstructor, text: string): never => {
    throw new Class(`Cannot make the parameter ${show(name)}: ${text}`);
  };
  if (name === "") {
    fail(RangeError, "its name is empty, expected at least one character");
  }
  if (name === "__proto__") {
    fail(RangeError, "that name is reserved by JavaScript; choose another");
  }
  if (name.length > longestName) {
    fail(
      RangeError,
      `its name has ${name.length} characters, expected at most ${longestName}`,
    );
  }
  if (draft.role !== undefined && !roles.includes(draft.role)) {
    fail(
      RangeError,
      `the role is ${show(draft.role)}, expected one of ${
        roles.map(show).join(", ")
      }`,
    );
  }
  const base = {
    name,
    role: draft.role ?? guessRole(name),
    conditions: Object.freeze([...draft.conditions]),
  };
  let parameter: Parameter;
  switch (draft.kind) {
    case "float":
    case "int":
      parameter = { ...base, ...normalizeRange(draft, fail) } as Parameter;
      break;
    case "choice":
    case "ordinal":
      parameter = {
        ...base,
        kind: draft.kind,
        choices: normalizeChoices(draft, fail),
      } as Parameter;
      break;
    case "boolean":
      parameter = { ...base, kind: "boolean" };
      break;
    default:
      return fail(
        TypeError,
        `the kind is ${
          show(draft.kind)
        }, expected float, int, choice, ordinal or boolean`,
      );
  }
  if (draft.default !== undefined) {
    const problem = valueProblem(parameter, draft.default);
    if (problem !== null) fail(RangeError, `the default ${problem}`);
    parameter = { ...parameter, default: draft.default } as Parameter;
  }
  return Object.freeze(parameter);
}

type Fail = (Class: ErrorConstructor, text: string) => never;

function normalizeRange(draft: ParameterDraft, fail: Fail) {
  const { kind, low, high, log = false, step = null } = draft;
  for (const [label, bound] of [["low", low], ["high", high]] as const) {
    if (typeof bound !== "number" || !Number.isFinite(bound)) {
      fail(TypeError, `${label} is ${show(bound)}, expected a finite number`);
    }
    if (kind === "int" && !Number.isSafeInteger(bound)) {
      fail(
        RangeError,
        `${label} is ${
          show(bound)
        }, expected a whole number of at most 2^53 - 1; use float(…) for real numbers`,
      );
    }
  }
  const [a, b] = [low as number, high as number];
  if (a > b) fail(RangeError, `low (${a}) is above high (${b}); swap them`);
  if (typeof log !== "boolean") {
    fail(TypeError, `log is ${show(log)}, expected true or false`);
  }
  const least = kind === "int" ? 1 : 0;
  if (log && (kind === "int" ? a < 1 : a <= 0)) {
    fail(
      RangeError,
      `low is ${a}, but a logarithmic scale needs low ${
        kind === "int" ? "of at least 1" : `above ${least}`
      }`,
    );
  }
  const plainStep = kind === "int" ? step ?? 1 : step;
  if (plainStep !== null) {
    if (
      typeof plainStep !== "number" || !Number.isFinite(plainStep) ||
      plainStep <= 0
    ) {
      fail(RangeError, `step is ${show(plainStep)}, expected a number above 0`);
    }
    if (kind === "int" && !Number.isSafeInteger(plainStep)) {
      fail(RangeError, `step is ${plainStep}, expected a whole number`);
    }
    if (log && !(kind === "int" && plainStep === 1)) {
      fail(
        RangeError,
        `it has both log and step (${plainStep}), which do not go together; drop one`,
      );
    }
  }
  const top = plainStep === null || plainStep === 1 && kind === "int"
    ? b
    : gridValue(Math.floor((b - a) / plainStep + 1e-9), a, plainStep);
  return { kind, low: a, high: top, log, step: plainStep };
}

function normalizeChoices(
  draft: ParameterDraft,
  fail: Fail,
): readonly ParameterValue[] {
  const { kind, choices } = draft;
  if (!Array.isArray(choices)) {
    return fail(
      TypeError,
      `the choices are ${show(choices)}, expected an array`,
    );
  }
  if (choices.length === 0) {
    fail(RangeError, "the list of choices is empty, expected at least one");
  }
  for (const value of choices) {
    const ok = typeof value === "string" ||
      (typeof value === "number" && Number.isFinite(value)) ||
      (kind === "choice" && (typeof value === "boolean" || value === null));
    if (!ok) {
      const allowed = kind === "choice"
        ? "strings, finite numbers, booleans and null; for objects and functions list names and look them up in the objective"
        : "strings and finite numbers";
      fail(
        TypeError,
        `it has the choice ${show(value)}, expected only ${allowed}`,
      );
    }
  }
  // Python's Optuna takes 1 and true, and 0 and false, to be the same choice.
  const seen = new Map<unknown, ParameterValue>();
  for (const value of choices) {
    const key = typeof value === "boolean" ? Number(value) : value;
    if (seen.has(key)) {
      const earlier = seen.get(key)!;
      fail(
        RangeError,
        earlier === value
          ? `the choice ${show(value)} stands twice; list each once`
          : `it has both ${show(earlier)} and ${
            show(value)
          }, which Optuna cannot tell apart; use strings`,
      );
    }
    seen.set(key, value);
  }
  return Object.freeze([...choices]);
}

/**
 * What is wrong with a value for a parameter ("is 5, expected …"), or null.
 * A value within 1e-8 steps of a grid point counts as on the grid.
 */
export function valueProblem(
  parameter: Parameter,
  value: unknown,
): string | null {
  const choices = choicesOf(parameter);
  if (choices !== null) {
    if (choices.includes(value as ParameterValue)) return null;
    const list = choices.slice(0, 12).map(show).join(", ") +
      (choices.length > 12 ? ", …" : "");
    const guess = typeof value === "string"
      ? nearest(value, choices.filter((c) => typeof c === "string"))
      : null;
    return `is ${show(value)}, expected one of ${list}${
      guess === null ? "" : `; did you mean ${show(guess)}?`
    }`;
  }
  const { kind, low, high, step } = parameter as Parameter & {
    kind: "float" | "int";
  };
  const what = kind === "int" ? "a whole number" : "a number";
  if (typeof value !== "number" || Number.isNaN(value)) {
    return `is ${show(value)}, expected ${what} between ${low} and ${high}`;
  }
  if (kind === "int" && !Number.isInteger(value)) {
    return `is ${value}, expected a whole number between ${low} and ${high}`;
  }
  if (value < low || value > high) {
    return `is ${value}, expected ${what} between ${low} and ${high}`;
  }
  if (step !== null && !(kind === "int" && step === 1)) {
    const steps = (value - low) / step;
    if (
      Math.abs(steps - Math.round(steps)) > 1e-8 * Math.max(1, Math.abs(steps))
    ) {
      const below = gridValue(Math.floor(steps), low, step);
      return `is ${value}, expected a value on the grid ${low}, ${
        gridValue(1, low, step)
      }, … ${high}; the nearest below is ${below}`;
    }
  }
  return null;
}

/**
 * The parameters so that each stands after its parents.
 * Checks that conditions name other parameters of the space, can hold, and do not go round in a circle.
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
  return Object.freeze(ordered);
}

function checkRequirement(
  parameter: Parameter,
  requirement: Requirement,
  byName: ReadonlyMap<string, Parameter>,
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
  const numbers = choicesOf(parent);
  if (
    numbers !== null && !numbers.every((value) => typeof value === "number")
  ) {
    throw new RangeError(
      `${about} by a range, but its values are not numbers; list values instead`,
    );
  }
  const [low, high] = numbers === null
    ? [(parent as { low: number }).low, (parent as { high: number }).high]
    : [Math.min(...numbers as number[]), Math.max(...numbers as number[])];
  if (min > max || max < low || min > high) {
    throw new RangeError(
      `${about} in [${min}, ${max}], but its range is [${low}, ${high}], so it would never hold`,
    );
  }
}

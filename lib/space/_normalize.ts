import { nearest, show } from "./_show.ts";
import type { ParameterDraft } from "./builders.ts";
import {
  choicesOf,
  gridValue,
  type Parameter,
  type ParameterValue,
  type Role,
  snap,
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
    const start = exactValue(parameter, draft.default);
    parameter = { ...parameter, default: start } as Parameter;
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
  const [a, b] = [plainZero(low as number), plainZero(high as number)];
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
  if (plainStep === null || plainStep === 1 && kind === "int") {
    return { kind, low: a, high: b, log, step: plainStep };
  }
  const bottom = gridValue(0, a, plainStep);
  const last = Math.floor((b - a) / plainStep + 1e-9);
  const top = gridValue(last, bottom, plainStep);
  return { kind, low: bottom, high: top, log, step: plainStep };
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
  return Object.freeze(
    choices.map((value) =>
      typeof value === "number" ? plainZero(value) : value
    ),
  );
}

/** 0 for -0, which JSON and databases do not keep apart. */
function plainZero(value: number): number {
  return value + 0;
}

/** The canonical form of a value that is valid for the parameter: on its step exactly. */
export function exactValue(
  parameter: Parameter,
  value: ParameterValue,
): ParameterValue {
  if (typeof value !== "number") return value;
  return parameter.kind === "float" && parameter.step !== null
    ? snap(value, parameter.low, parameter.step)
    : plainZero(value);
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
  const steps = step === null ? 0 : (value - low) / step;
  const isOnGrid =
    Math.abs(steps - Math.round(steps)) <= 1e-8 * Math.max(1, Math.abs(steps));
  // Also the ends of a grid may be missed by the noise of binary fractions.
  const meant = isOnGrid ? exactValue(parameter, value) as number : value;
  if (meant < low || meant > high) {
    return `is ${value}, expected ${what} between ${low} and ${high}`;
  }
  if (isOnGrid) return null;
  const below = gridValue(Math.floor(steps), low, step!);
  return `is ${value}, expected a value on the grid ${low}, ${
    gridValue(1, low, step!)
  }, … ${high}; the nearest below is ${below}`;
}

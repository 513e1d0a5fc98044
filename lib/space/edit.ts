/**
 * How a space has changed since its study began, so that earlier trials can be
 * read as trials of the space as it is now.
 *
 * A trial is never rewritten: it keeps the names and values that it ran with.
 * The space keeps its edits, and {@linkcode Space.translate} reads an earlier
 * configuration through them. Only what changes a name or adds one has to be
 * kept: ranges, scales, steps and lists of values may change freely, since a
 * value stays what it was.
 *
 * @module
 */

import { show } from "./_show.ts";
import type { Rule } from "./rule.ts";
import {
  choicesOf,
  type Configuration,
  type Parameter,
  type ParameterValue,
} from "./parameter.ts";

/** A change to a space that earlier trials have to be read through. */
export type SpaceEdit =
  | {
    /** A parameter was added. */
    readonly action: "add";
    /** Its name. */
    readonly name: string;
    /** What it was, so to speak, in the trials before: the old constant. */
    readonly value: ParameterValue;
  }
  | {
    /** A parameter was dropped. */
    readonly action: "drop";
    /** Its name. */
    readonly name: string;
  }
  | {
    /** A parameter was renamed. */
    readonly action: "rename";
    /** Its name before. */
    readonly from: string;
    /** Its name now. */
    readonly to: string;
  }
  | {
    /** A value of a list was renamed. */
    readonly action: "rename choice";
    /** The parameter's name. */
    readonly name: string;
    /** The value before. */
    readonly from: ParameterValue;
    /** The value now. */
    readonly to: ParameterValue;
  };

/** What has to be said of a space that follows another, beyond the two spaces. */
export interface SuccessorOptions {
  /**
   * For parameters that are new, what they were in the trials before: the
   * constant in the code until now. Defaults to the parameter's `default`.
   */
  readonly before?: Configuration;
  /** Parameters that are no longer there; their values in earlier trials no longer count. Defaults to none. */
  readonly dropped?: readonly string[];
  /** Parameters that have a new name: `{ lr: "learningRate" }`. Defaults to none. */
  readonly renamed?: Readonly<Record<string, string>>;
  /** Values that have a new name, by the parameter's new name: `{ optimizer: [["Adam", "adam"]] }`. Defaults to none. */
  readonly renamedChoices?: Readonly<
    Record<string, readonly (readonly [ParameterValue, ParameterValue])[]>
  >;
  /**
   * Rules in code that no longer hold, by name; others may change without a word.
   * Defaults to none.
   */
  readonly droppedRules?: readonly string[];
}

/** What a space was like: its parameters and rules, and how it came to be. */
export interface SpaceHistory {
  /** The parameters. */
  readonly parameters: readonly Parameter[];
  /** The edits so far, the oldest first. */
  readonly edits: readonly SpaceEdit[];
  /** What configurations have to keep to. */
  readonly rules: readonly Rule[];
}

/**
 * The edits that lead from one space to another, the earlier ones included.
 *
 * @throws {RangeError} If a new parameter has no value for the trials before, one
 * is gone and nobody said so, a name stands for two things over time, or a number became a list or the other
 * way round. The message names every problem at once.
 */
export function editsBetween(
  earlier: SpaceHistory,
  { parameters, rules }: Omit<SpaceHistory, "edits">,
  options: SuccessorOptions,
): readonly SpaceEdit[] {
  const { before = {}, dropped = [], renamed = {}, renamedChoices = {} } =
    options;
  const old = new Map(earlier.parameters.map((one) => [one.name, one]));
  const now = new Map(parameters.map((one) => [one.name, one]));
  const problems = missingRules(earlier.rules, rules, options);
  let edits = [...earlier.edits];
  const taken = new Set(
    edits.flatMap((edit) => edit.action === "rename" ? [edit.from] : []),
  );
  const gone = new Set(
    edits.flatMap((edit) => edit.action === "drop" ? [edit.name] : []),
  );
  const origins = new Map<string, string>();
  for (const [from, to] of Object.entries(renamed)) {
    if (!old.has(from)) {
      problems.push(`${show(from)} is not in it, to be renamed`);
    } else if (!now.has(to)) {
      problems.push(
        `${show(from)} was to become ${
          show(to)
        }, which is not among the new parameters`,
      );
    } else if (now.has(from)) {
      problems.push(
        `${show(from)} was renamed ${
          show(to)
        }, and yet there is one of the old name; choose another`,
      );
    } else if (old.has(to) || taken.has(to) || gone.has(to)) {
      problems.push(
        `the new name ${
          show(to)
        } has stood for another parameter in earlier trials; choose another`,
      );
    } else {
      origins.set(to, from);
      edits.push(Object.freeze({ action: "rename", from, to }));
    }
  }
  const moved = new Set(origins.values());
  for (const { name } of earlier.parameters) {
    if (now.has(name) || moved.has(name)) continue;
    if (dropped.includes(name)) {
      edits.push(Object.freeze({ action: "drop", name }));
    } else {
      problems.push(
        `${show(name)} is gone: say dropped: [${
          show(name)
        }], or if it has a new name renamed: { ${name}: "…" }`,
      );
    }
  }
  for (const parameter of parameters) {
    const { name } = parameter;
    const was = old.get(origins.get(name) ?? name);
    if (was !== undefined) {
      if (isList(was) !== isList(parameter)) {
        problems.push(
          `${
            show(name)
          } was ${was.kind} and is ${parameter.kind}; give the new one another name`,
        );
      }
      continue;
    }
    if (taken.has(name)) {
      problems.push(
        `${
          show(name)
        } was another parameter's name in earlier trials; choose another`,
      );
      continue;
    }
    // Dropped once and wanted again: earlier trials that have it count as they are.
    edits = edits.filter((edit) =>
      !(edit.action === "drop" && edit.name === name)
    );
    const value = Object.hasOwn(before, name)
      ? before[name]
      : parameter.default;
    const problem = value === undefined
      ? `${
        show(name)
      } is new: say what it was in the trials so far, e.g. before: { ${name}: ${
        example(parameter)
      } }`
      : constantProblem(parameter, value);
    if (problem !== null) problems.push(problem);
    else edits.push(Object.freeze({ action: "add", name, value: value! }));
  }
  for (const [name, pairs] of Object.entries(renamedChoices)) {
    const parameter = now.get(name);
    for (const [from, to] of pairs) {
      if (
        parameter === undefined ||
        !(choicesOf(parameter)?.includes(to) ?? false)
      ) {
        problems.push(
          `${show(to)} is not a value of ${show(name)}, for ${
            show(from)
          } to become`,
        );
      } else if (choicesOf(parameter)!.includes(from)) {
        problems.push(
          `the value ${show(from)} of ${show(name)} was renamed ${
            show(to)
          }, and yet is still there`,
        );
      } else {edits.push(
          Object.freeze({ action: "rename choice", name, from, to }),
        );}
    }
  }
  for (const parameter of parameters) {
    for (const edit of earlier.edits) {
      if (
        edit.action === "rename choice" && edit.name === parameter.name &&
        choicesOf(parameter)?.includes(edit.from)
      ) {
        problems.push(
          `the value ${show(edit.from)} of ${show(parameter.name)} became ${
            show(edit.to)
          } earlier; choose another word`,
        );
      }
    }
  }
  if (problems.length > 0) {
    throw new RangeError(`Cannot change the space: ${problems.join("; ")}`);
  }
  return Object.freeze(edits);
}

/** Rules in code that are gone: functions are not stored, so that one may have been forgotten. */
function missingRules(
  before: readonly Rule[],
  now: readonly Rule[],
  { droppedRules = [] }: SuccessorOptions,
): string[] {
  return before.filter(({ kind, name }) =>
    kind === "predicate" && !droppedRules.includes(name) &&
    !now.some((rule) => rule.kind === kind && rule.name === name)
  ).map(({ name }) =>
    `the rule ${
      show(name)
    } is gone: it is a function, which is not stored, so bring it with .require(${
      show(name)
    }, …), or say droppedRules: [${show(name)}]`
  );
}

function isList(parameter: Parameter): boolean {
  return choicesOf(parameter) !== null;
}

function example(parameter: Parameter): string {
  const choices = choicesOf(parameter);
  return choices === null
    ? String((parameter as { low: number }).low)
    : show(choices[0]);
}

/** What is wrong with a constant: it may lie outside of the range, but must be of its kind. */
function constantProblem(
  parameter: Parameter,
  value: ParameterValue,
): string | null {
  const { name } = parameter;
  if (choicesOf(parameter) !== null) {
    return typeof value === "object" && value !== null
      ? `the value of ${show(name)} before is ${
        show(value)
      }, expected one of its kind`
      : null;
  }
  if (typeof value !== "number" || !Number.isFinite(value)) {
    return `the value of ${show(name)} before is ${
      show(value)
    }, expected a number`;
  }
  return (parameter as { log: boolean }).log && value <= 0
    ? `the value of ${
      show(name)
    } before is ${value}, which has no place on a logarithmic scale; take a small one above 0`
    : null;
}

/**
 * Reads a configuration through edits: names as they are now, and the old
 * constants for parameters that came later. The same object if nothing changes.
 */
export function applyEdits(
  edits: readonly SpaceEdit[],
  params: Configuration,
): Configuration {
  let values = params;
  // Names such as "constructor" are found in every object.
  const at = (name: string) =>
    Object.hasOwn(values, name) ? values[name] : undefined;
  for (const edit of edits) {
    if (edit.action === "add" && at(edit.name) === undefined) {
      values = { ...values, [edit.name]: edit.value };
    } else if (
      edit.action === "rename" && at(edit.from) !== undefined &&
      at(edit.to) === undefined
    ) {
      const { [edit.from]: value, ...rest } = values;
      values = { ...rest, [edit.to]: value };
    } else if (edit.action === "rename choice" && at(edit.name) === edit.from) {
      values = { ...values, [edit.name]: edit.to };
    }
  }
  return values;
}

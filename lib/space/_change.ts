import { normalizeParameter } from "./_normalize.ts";
import { ownValue } from "./_own_value.ts";
import { show } from "./_show.ts";
import { ParameterBuilder } from "./builders.ts";
import type { SuccessorOptions } from "./edit.ts";
import type { SpaceDefinition } from "./infer.ts";
import {
  choicesOf,
  type Configuration,
  type Parameter,
  type ParameterValue,
} from "./parameter.ts";

/** Changes to a space, for {@linkcode Space.edit}. */
export interface SpaceChanges {
  /** Parameters to add, made with `float`, `int`, …; they stand at the end. */
  readonly add?: SpaceDefinition;
  /** What the added parameters were in the trials so far. Defaults to their `default`. */
  readonly before?: Configuration;
  /** Parameters to drop. */
  readonly drop?: readonly string[];
  /** Parameters to rename: old name to new name. The rest of the changes speak of new names. */
  readonly rename?: Readonly<Record<string, string>>;
  /** New ranges `[low, high]` of numbers, wider or narrower. */
  readonly range?: Readonly<Record<string, readonly [number, number]>>;
  /** New scales of numbers. */
  readonly scale?: Readonly<Record<string, "linear" | "log">>;
  /** New lists of values, longer or shorter. */
  readonly choices?: Readonly<Record<string, readonly ParameterValue[]>>;
  /** Values to rename, pairs of old and new, by parameter: `{ optimizer: [["Adam", "adam"]] }`. */
  readonly renameChoices?: SuccessorOptions["renamedChoices"];
  /** Rules to drop, by name. */
  readonly dropRules?: readonly string[];
}

const known = [
  "add",
  "before",
  "drop",
  "rename",
  "range",
  "scale",
  "choices",
  "renameChoices",
  "dropRules",
];

/** The parameters after the changes. */
export function changedParameters(
  parameters: readonly Parameter[],
  changes: SpaceChanges,
): Parameter[] {
  const unknown = Object.keys(changes).filter((key) => !known.includes(key));
  if (unknown.length > 0) {
    throw new TypeError(
      `Cannot change the space: there is no change ${
        unknown.map(show).join(", ")
      }; there are ${known.join(", ")}`,
    );
  }
  const { add = {}, drop = [], rename = {}, range = {}, scale = {} } = changes;
  const { choices = {}, renameChoices = {} } = changes;
  const renamed = new Map(Object.entries(rename));
  const nameOf = (name: string) => renamed.get(name) ?? name;
  const left = parameters.filter(({ name }) => !drop.includes(name));
  checkNames([...Object.keys(rename), ...drop], parameters.map((p) => p.name));
  checkNames(
    [range, scale, choices, renameChoices].flatMap(Object.keys),
    left.map(({ name }) => nameOf(name)),
  );
  const values = new Map(
    Object.entries(renameChoices).map((
      [name, pairs],
    ) => [name, new Map(pairs)]),
  );
  const valueOf = (name: string, value: ParameterValue) => {
    const pairs = values.get(name);
    return pairs?.has(value) ? pairs.get(value)! : value;
  };
  const changed = left.map((parameter) => {
    const name = nameOf(parameter.name);
    const [low, high] = ownValue(range, name) ?? [];
    const list = ownValue(choices, name) ??
      choicesOf(parameter)?.map((value) => valueOf(name, value));
    const { default: start, ...rest } = parameter;
    const draft = {
      ...rest,
      ...(low === undefined || high === undefined ? {} : { low, high }),
      ...(ownValue(scale, name) === undefined
        ? {}
        : { log: scale[name] === "log" }),
      ...(parameter.kind === "boolean" ? {} : { choices: list }),
      conditions: parameter.conditions.map((requirement) => ({
        ...requirement,
        parent: nameOf(requirement.parent),
        ...(requirement.values === undefined ? {} : {
          values: requirement.values.map((value) =>
            valueOf(nameOf(requirement.parent), value)
          ),
        }),
      })),
    };
    const fits = start === undefined
      ? undefined
      : defaultWithin(draft as Parameter, valueOf(name, start));
    return normalizeParameter(name, { ...draft, default: fits });
  });
  const added = Object.entries(add).map(([name, builder]) => {
    if (!(builder instanceof ParameterBuilder)) {
      throw new TypeError(
        `Cannot make the parameter ${show(name)}: found ${
          show(builder)
        }, expected float(…), int(…), choice(…), ordinal(…) or boolean(…)`,
      );
    }
    return normalizeParameter(name, builder.draft);
  });
  return [...changed, ...added];
}

function checkNames(asked: readonly string[], names: readonly string[]): void {
  const missing = asked.filter((name) => !names.includes(name));
  if (missing.length === 0) return;
  throw new RangeError(
    `Cannot change the space: ${missing.map(show).join(", ")} ${
      missing.length === 1 ? "is" : "are"
    } not in it; it has ${names.map(show).join(", ")}`,
  );
}

/** A default that the changes leave outside is given up. */
function defaultWithin(
  parameter: Parameter,
  value: ParameterValue,
): ParameterValue | undefined {
  const choices = parameter.kind === "boolean"
    ? [true, false]
    : choicesOf(parameter);
  if (choices !== null) return choices.includes(value) ? value : undefined;
  const { low, high } = parameter as Parameter & { low: number; high: number };
  return (value as number) >= low && (value as number) <= high
    ? value
    : undefined;
}

/**
 * ConfigSpace's JSON, as YAHPO's folders have it, read as a space of ours.
 *
 * @module
 */

import {
  choice,
  type Condition,
  float,
  int,
  ordinal,
  type ParameterBuilder,
  type ParameterValue,
  type RangeCondition,
  type Space,
  space,
} from "../../../lib/space/mod.ts";

type Builder = ParameterBuilder<ParameterValue, unknown>;

/** A hyperparameter in ConfigSpace's JSON. */
export interface ConfigSpaceParameter {
  readonly name: string;
  readonly type: string;
  readonly lower?: number;
  readonly upper?: number;
  readonly log?: boolean;
  readonly q?: number | null;
  readonly choices?: readonly ParameterValue[];
  readonly sequence?: readonly (number | string)[];
  readonly value?: ParameterValue;
}

/** A condition in ConfigSpace's JSON. */
export interface ConfigSpaceCondition {
  readonly child: string;
  readonly type: string;
  readonly parent?: string;
  readonly value?: ParameterValue;
  readonly values?: readonly ParameterValue[];
  readonly conditions?: readonly ConfigSpaceCondition[];
}

/** A space in ConfigSpace's JSON. */
export interface ConfigSpaceJSON {
  readonly hyperparameters: readonly ConfigSpaceParameter[];
  readonly conditions?: readonly ConfigSpaceCondition[];
  readonly forbiddens?: readonly unknown[];
}

/**
 * The space of those hyperparameters that are not left out. Defaults are left
 * out too: every optimizer begins where it likes.
 *
 * @param json The content of `config_space.json`.
 * @param leftOut The names of tasks and fidelities.
 * @throws {RangeError} If it has something that our spaces do not: forbidden
 * combinations, an alternative over several parents, another kind of parameter.
 */
export function spaceOfConfigSpace(
  json: ConfigSpaceJSON,
  leftOut: ReadonlySet<string> = new Set(),
): Space {
  if ((json.forbiddens ?? []).length > 0) {
    throw new RangeError(
      "Cannot read the space: it has forbidden combinations, which our spaces do not have",
    );
  }
  const parameters = new Map(
    json.hyperparameters
      .filter(({ name }) => !leftOut.has(name))
      .map((parameter) => [parameter.name, parameter]),
  );
  const builders = new Map(
    [...parameters].map(([name, parameter]) => [name, builderOf(parameter)]),
  );
  const add = (condition: ConfigSpaceCondition): void => {
    if (condition.type === "AND") {
      condition.conditions!.forEach(add);
      return;
    }
    const parent = parameters.get(condition.parent ?? "");
    const child = builders.get(condition.child);
    if (child === undefined) return;
    if (parent === undefined) {
      throw new RangeError(
        `Cannot read the condition on ${condition.child}: its parent ${
          condition.parent ?? `(${condition.type})`
        } is not a parameter of the space`,
      );
    }
    builders.set(
      condition.child,
      child.when({ [parent.name]: wanted(condition, parent) } as Condition),
    );
  };
  (json.conditions ?? []).forEach(add);
  return space(Object.fromEntries(builders)) as unknown as Space;
}

function builderOf(parameter: ConfigSpaceParameter): Builder {
  const { name, type, lower, upper, log = false, q } = parameter;
  const grid = q === undefined || q === null ? {} : { step: q };
  switch (type) {
    case "uniform_float":
      return float(lower!, upper!, { log, ...grid });
    case "uniform_int":
      return int(lower!, upper!, { log, ...grid });
    case "categorical":
      return choice(parameter.choices!);
    case "ordinal":
      return ordinal(parameter.sequence!);
    case "constant":
      return choice([parameter.value!]);
    default:
      throw new RangeError(
        `Cannot read the parameter ${name}: its type is ${type}, expected uniform_float, uniform_int, categorical, ordinal or constant`,
      );
  }
}

function wanted(
  condition: ConfigSpaceCondition,
  parent: ConfigSpaceParameter,
): readonly ParameterValue[] | RangeCondition {
  const { type, value, values } = condition;
  switch (type) {
    case "EQ":
      return [value!];
    case "IN":
      return [...values!];
    case "NEQ":
      if (parent.choices !== undefined) {
        return parent.choices.filter((one) => one !== value);
      }
      break;
    case "GT":
      return { min: beyond(value as number, parent, 1) };
    case "LT":
      return { max: beyond(value as number, parent, -1) };
  }
  throw new RangeError(
    `Cannot read the condition on ${condition.child}: ${type} on ${parent.name}, expected EQ, IN, NEQ of choices, GT, LT or AND`,
  );
}

/** The next value after a bound that is itself excluded. */
function beyond(
  bound: number,
  parent: ConfigSpaceParameter,
  sign: 1 | -1,
): number {
  if (parent.type === "uniform_int") return bound + sign;
  return bound + sign * Math.max(Math.abs(bound), 1e-300) * Number.EPSILON;
}

import {
  boolean,
  choice,
  choicesOf,
  float,
  int,
  type Parameter,
  type ParameterValue,
} from "../space/mod.ts";
import { parsePythonJSON } from "../storage/mod.ts";
import type { AnyBuilder } from "./_draft.ts";
import { objectOf } from "./_values.ts";

/** One of Optuna's distributions. */
export interface Distribution {
  /** What must not change within a study: the class, whether it is logarithmic, the choices. */
  readonly likeness: string;
  /** The smallest and the largest value, for numbers. */
  readonly range: readonly [low: number, high: number] | null;
  /** The parameter, with the range of several distributions. */
  build(range: readonly [low: number, high: number] | null): AnyBuilder;
  /** The value that is written as a number. */
  external(internal: number): ParameterValue;
}

const known = new Map<string, Distribution>();

/** Reads what Optuna calls `distribution_json`; the older names too. */
export function readDistribution(json: string): Distribution {
  let found = known.get(json);
  if (found === undefined) {
    found = distributionOf(parsePythonJSON(json));
    if (known.size > 10_000) known.clear();
    known.set(json, found);
  }
  return found;
}

function distributionOf(json: unknown): Distribution {
  const { name, type, attributes } = objectOf(json) ?? {};
  const given = objectOf(attributes) ?? objectOf(json) ?? {};
  const kind = String(name ?? type ?? "");
  if (Array.isArray(given.choices)) {
    const choices = given.choices as ParameterValue[];
    const isBoolean = choices.length === 2 && choices[0] === false &&
      choices[1] === true;
    return {
      likeness: JSON.stringify(choices),
      range: null,
      build: () => isBoolean ? boolean() : choice(choices) as AnyBuilder,
      external: (internal) => choices[internal] ?? null,
    };
  }
  const { low, high } = given;
  if (typeof low !== "number" || typeof high !== "number") {
    throw new SyntaxError(
      `Cannot read the distribution ${
        JSON.stringify(json)
      }: expected low and high, or choices`,
    );
  }
  const log = given.log === true || kind.includes("Log");
  const isInt = /^int/i.test(kind);
  const step = given.step ?? given.q;
  const options = {
    log,
    ...typeof step === "number" && !log ? { step } : {},
  };
  return {
    likeness: `${isInt ? "int" : "float"}${log ? " log" : ""}`,
    range: [low, high],
    build: (range) =>
      (isInt ? int : float)(range?.[0] ?? low, range?.[1] ?? high, options),
    external: (internal) => internal,
  };
}

/** A parameter as Optuna's `distribution_json`. */
export function writeDistribution(parameter: Parameter): string {
  const choices = choicesOf(parameter);
  if (choices !== null) {
    return JSON.stringify({
      name: "CategoricalDistribution",
      attributes: { choices },
    });
  }
  const { kind, low, high, log, step } = parameter as Extract<
    Parameter,
    { kind: "float" | "int" }
  >;
  return JSON.stringify({
    name: kind === "int" ? "IntDistribution" : "FloatDistribution",
    attributes: { log, step, low, high },
  });
}

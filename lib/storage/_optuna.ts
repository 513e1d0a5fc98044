/**
 * How Optuna writes parameters, states, times and numbers into its tables.
 *
 * @module
 */

import type { Prediction, TrialState } from "../records/mod.ts";
import {
  boolean,
  choice,
  choicesOf,
  type Configuration,
  float,
  int,
  type Parameter,
  type ParameterBuilder,
  type ParameterValue,
  type Space,
  space,
} from "../space/mod.ts";
import { parsePythonJSON, pythonJSON } from "./_python_json.ts";

const stateNames = {
  waiting: "WAITING",
  running: "RUNNING",
  complete: "COMPLETE",
  pruned: "PRUNED",
  failed: "FAIL",
} as const satisfies Record<TrialState, string>;

const statesByName = new Map(
  Object.entries(stateNames).map((
    [state, name],
  ) => [name as string, state as TrialState]),
);

/** Optuna's name of a state. */
export function stateName(state: TrialState): string {
  return stateNames[state];
}

/** The state of Optuna's name. */
export function stateOf(name: string): TrialState {
  const state = statesByName.get(name);
  if (state === undefined) {
    throw new SyntaxError(
      `Cannot read a trial: its state is ${
        JSON.stringify(name)
      }, expected one of ${[...statesByName.keys()].join(", ")}`,
    );
  }
  return state;
}

/** A time as Optuna 5 writes it into SQLite: UTC, a space, exactly six digits of fraction. */
export function datetimeText(ms: number): string {
  return `${new Date(ms).toISOString().replace("T", " ").replace("Z", "")}000`;
}

/** A time of Optuna's in milliseconds since 1970, taken as UTC; null for none and for what is not a time. */
export function datetimeMs(text: string | null): number | null {
  if (text === null) return null;
  const ms = Date.parse(
    `${text.replace(" ", "T").replace(/(\.\d{3})\d*$/, "$1")}Z`,
  );
  return Number.isNaN(ms) ? null : ms;
}

/** The column `param_value`: numbers as themselves, list values as their index. */
export function internalValue(
  parameter: Parameter,
  value: ParameterValue,
): number {
  const choices = choicesOf(parameter);
  return choices === null ? value as number : choices.indexOf(value);
}

/** The column `distribution_json`. */
export function distributionJSON(parameter: Parameter): string {
  const choices = choicesOf(parameter);
  if (choices !== null) {
    return JSON.stringify({
      name: "CategoricalDistribution",
      attributes: { choices },
    });
  }
  const { kind, low, high, log, step } = parameter as Parameter & {
    kind: "float" | "int";
  };
  return JSON.stringify({
    name: kind === "int" ? "IntDistribution" : "FloatDistribution",
    attributes: { log, step, low, high },
  });
}

/** Distributions as JSON, by parameter: the same for every trial. */
const distributions = new WeakMap<object, string>();

/** A row of `trial_params`. */
export interface ParamRow {
  readonly name: string;
  readonly value: number;
  readonly distribution: string;
}

/** The rows of a configuration. */
export function paramRows(
  space: Space | null,
  params: Configuration,
): ParamRow[] {
  return Object.entries(params).flatMap(([name, value]) => {
    if (value === undefined) return [];
    const parameter = space?.parameter(name);
    if (parameter === undefined) {
      throw new RangeError(
        `Cannot store the parameter ${
          JSON.stringify(name)
        }: the study has no space`,
      );
    }
    let distribution = distributions.get(parameter);
    if (distribution === undefined) {
      distribution = distributionJSON(parameter);
      distributions.set(parameter, distribution);
    }
    return [{ name, value: internalValue(parameter, value), distribution }];
  });
}

interface Distribution {
  readonly name?: string;
  readonly attributes?: {
    readonly low?: number;
    readonly high?: number;
    readonly log?: boolean;
    readonly step?: number | null;
    readonly q?: number;
    readonly choices?: readonly unknown[];
  };
}

interface DistributionReader {
  readonly external: (internal: number) => ParameterValue;
  readonly likeness: string;
}

const readers = new Map<string, DistributionReader>();

/** Whether a text is a distribution: one with choices, or with a low and a high end. */
export function isDistribution(text: string): boolean {
  try {
    const { attributes } = parsePythonJSON(text) as Distribution;
    const { choices, low, high } = attributes ?? {};
    return Array.isArray(choices) ||
      typeof low === "number" && typeof high === "number";
  } catch {
    return false;
  }
}

/** The value that a row of `trial_params` stands for. */
export function externalValue(
  distribution: string,
  internal: number,
): ParameterValue {
  return readerOf(distribution).external(internal);
}

/**
 * What Optuna does not let change of a parameter within a study: whether it is a
 * float, an integer or a list, whether it is logarithmic, the list's choices.
 */
export function likeness(distribution: string): string {
  return readerOf(distribution).likeness;
}

function readerOf(distribution: string): DistributionReader {
  let reader = readers.get(distribution);
  if (reader === undefined) {
    const { name = "", attributes = {} } = parsePythonJSON(
      distribution,
    ) as Distribution;
    const { choices, log } = attributes;
    const plain = choices === undefined ? null : plainChoices(choices);
    reader = choices === undefined
      ? {
        external: (value) => value,
        likeness: `${name.startsWith("Int") ? "int" : "float"} ${
          log ?? name.includes("Log")
        }`,
      }
      : {
        external: (value) => plain?.[value] ?? null,
        likeness: pythonJSON(choices),
      };
    if (readers.size > 10_000) readers.clear();
    readers.set(distribution, reader);
  }
  return reader;
}

/**
 * The space of a study that another program made, from the distributions of
 * its trials' parameters: ranges are joined, and a parameter that some trials
 * lack is taken as one that all have. Null if there are none.
 */
export function spaceOfDistributions(
  rows: readonly { readonly name: string; readonly distribution: string }[],
): Space | null {
  const builders = new Map<
    string,
    { read: Distribution; low: number; high: number }
  >();
  for (const { name, distribution } of rows) {
    const read = parsePythonJSON(distribution) as Distribution;
    const { low = 0, high = 0 } = read.attributes ?? {};
    const known = builders.get(name);
    builders.set(name, {
      read,
      low: Math.min(low, known?.low ?? low),
      high: Math.max(high, known?.high ?? high),
    });
  }
  if (builders.size === 0) return null;
  const made = space(
    Object.fromEntries(
      [...builders].map((
        [name, { read, low, high }],
      ) => [name, builderOf(read, low, high)]),
    ),
  ) as unknown as Space;
  for (const [name, { read }] of builders) {
    // Where a choice is told otherwise here, Optuna shall find its own again.
    if (read.attributes?.choices !== undefined) {
      distributions.set(made.parameter(name), pythonJSON(read));
    }
  }
  return made;
}

/**
 * Choices as a parameter of ours can have them: numbers that are not finite,
 * lists and objects as texts, and so the second of two that Python takes to be
 * the same, such as 1 and true.
 */
function plainChoices(choices: readonly unknown[]): ParameterValue[] {
  const seen = new Set<unknown>();
  return choices.map((value) => {
    const isPlain = typeof value === "string" || typeof value === "boolean" ||
      value === null || Number.isFinite(value);
    let plain = isPlain ? value as ParameterValue : pythonJSON(value);
    if (seen.has(keyOf(plain))) plain = pythonJSON(value);
    while (seen.has(plain)) plain = `${plain}'`;
    seen.add(keyOf(plain));
    return plain;
  });
}

function keyOf(value: ParameterValue): ParameterValue {
  return typeof value === "boolean" ? Number(value) : value;
}

function builderOf(
  { name = "", attributes = {} }: Distribution,
  low: number,
  high: number,
): ParameterBuilder<ParameterValue> {
  if (attributes.choices !== undefined) {
    const choices = plainChoices(attributes.choices);
    return choices.length === 2 && choices[0] === false && choices[1] === true
      ? boolean()
      : choice(choices);
  }
  const log = attributes.log ?? name.includes("Log");
  const step = attributes.step ?? attributes.q ?? undefined;
  if (name.startsWith("Int")) {
    return int(low, high, { log, step: log ? undefined : step });
  }
  return float(low, high, { log, step });
}

/** The columns `value` and `value_type` (also of intermediate values). */
export function valueColumns(value: number): [number | null, string] {
  if (Number.isNaN(value)) return [null, "NAN"];
  if (value === Infinity) return [null, "INF_POS"];
  if (value === -Infinity) return [null, "INF_NEG"];
  return [value, "FINITE"];
}

/** The number that the columns `value` and `value_type` stand for. */
export function valueOfColumns(value: number | null, type: string): number {
  switch (type) {
    case "INF_POS":
      return Infinity;
    case "INF_NEG":
      return -Infinity;
    case "NAN":
      return NaN;
    default:
      return value ?? NaN;
  }
}

/**
 * The values of constraints in a trial's system attribute, by their key: the
 * list `constraints`, by place, or since Optuna 5 `constraints:<key>`, one each.
 */
export function constraintKeys(
  attribute: string,
  value: unknown,
): Map<string, number> {
  if (attribute.startsWith("constraints:")) {
    return new Map(
      typeof value === "number"
        ? [[attribute.slice("constraints:".length), value]]
        : [],
    );
  }
  return new Map(
    (Array.isArray(value) ? value : []).flatMap((one, place) =>
      typeof one === "number" ? [[String(place), one] as const] : []
    ),
  );
}

/**
 * A trial's constraints as all versions of Optuna read them: a list of numbers,
 * ≤ 0 when kept. One that is not known is infinitely violated for Optuna. Null
 * where nothing is to be written: of a trial that is not complete and knows none.
 */
export function constraintsList({ state, constraints = [] }: {
  readonly state: TrialState;
  readonly constraints?: readonly (number | null)[];
}): number[] | null {
  const isKnown = constraints.some((value) => value !== null);
  return constraints.length === 0 || (!isKnown && state !== "complete")
    ? null
    : constraints.map((value) => value ?? Infinity);
}

/** A forecast as it is stored. */
export function forecastJSON(forecast: Prediction | null): string | null {
  return forecast === null
    ? null
    : JSON.stringify({ mean: forecast.mean, sd: forecast.sd });
}

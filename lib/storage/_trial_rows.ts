/**
 * Trials from the rows of Optuna's tables and ours.
 *
 * @module
 */

import {
  type Curve,
  optunaConstraint,
  type OutcomeConstraint,
  type TrialOrigin,
  type TrialRecord,
} from "../records/mod.ts";
import type { Configuration, ParameterValue, Space } from "../space/mod.ts";
import {
  constraintKeys,
  datetimeMs,
  externalValue,
  stateOf,
  valueOfColumns,
} from "./_optuna.ts";
import { withNote } from "./_notes.ts";
import { parsePythonJSON } from "./_python_json.ts";
import { recordOf } from "./_record.ts";

/** What trials are read in the light of. */
export interface TrialFrame {
  /** In whose order parameters are given; null if it is not known. */
  readonly space: Space | null;
  /** What its trials must keep to. */
  readonly constraints: readonly OutcomeConstraint[];
}

/** The rows of a trial's parts: `trial_id`, and then these columns. */
export interface TrialParts {
  /** `param_name, param_value, distribution_json` */
  readonly params: unknown[][];
  /** `value, value_type`, in the order of the objectives. */
  readonly values: unknown[][];
  /** `key, value_json` of the user's attributes. */
  readonly attributes: unknown[][];
  /** `value_json` of `fixed_params`. */
  readonly fixed: unknown[][];
  /** `key, value_json` of `constraints` and `constraints:…`. */
  readonly constraints: unknown[][];
  /** `origin, reason, error, forecast_json`. */
  readonly own: unknown[][];
}

/** What of a trial is not read by its rows alone. */
export interface TrialExtras {
  /** Its curves, by name. Defaults to none. */
  readonly curves?: ReadonlyMap<string, Curve> | undefined;
  /** The note on it. Defaults to none. */
  readonly note?: string | undefined;
}

/** Parts without a row. */
export function emptyParts(): TrialParts {
  return {
    params: [],
    values: [],
    attributes: [],
    fixed: [],
    constraints: [],
    own: [],
  };
}

/**
 * The record of a trial.
 *
 * @param trial Its row of `trials`: number, state, times as text.
 */
export function assembleTrial(
  { space, constraints }: TrialFrame,
  trial: Readonly<Record<string, unknown>>,
  found: TrialParts,
  { curves = new Map(), note = "" }: TrialExtras,
): TrialRecord {
  const state = stateOf(String(trial.state));
  const [, origin = "other program", reason = null, error = null, forecast] =
    found.own[0] ?? [];
  const values = found.values.map(([, value, type]) =>
    valueOfColumns(value as number | null, String(type))
  );
  return recordOf({
    number: Number(trial.number),
    state,
    params: paramsOf(space, found.params, found.fixed[0]),
    values: values.length === 0 || state === "failed" ? null : values,
    ...constraints.length === 0 ? {} : {
      constraints: constraintValues(
        constraints,
        found.constraints.map((
          [, key, json],
        ) => [String(key), parsePythonJSON(String(json))]),
      ),
    },
    curves,
    startedAtMs: datetimeMs(trial.datetime_start as string | null),
    finishedAtMs: datetimeMs(trial.datetime_complete as string | null),
    error: error as string | null,
    origin: (origin ?? "other program") as TrialOrigin,
    reason: reason as string | null,
    forecast: forecast ? JSON.parse(String(forecast)) : null,
    attributes: withNote(
      Object.fromEntries(
        found.attributes.map((
          [, key, value],
        ) => [String(key), parsePythonJSON(String(value))]),
      ),
      note,
    ),
  });
}

/**
 * A value a constraint, by its place in the list or by its name.
 *
 * @param attributes System attributes of the trial, by key.
 */
export function constraintValues(
  constraints: readonly OutcomeConstraint[],
  attributes: Iterable<readonly [string, unknown]>,
): (number | null)[] {
  const values: (number | null)[] = constraints.map(() => null);
  for (const [attribute, json] of attributes) {
    for (const [key, value] of constraintKeys(attribute, json)) {
      const { measure } = optunaConstraint(key);
      const named = constraints.findIndex((one) => one.measure === measure);
      const at = named >= 0 ? named : Number(key);
      // Infinitely violated stands for not known.
      if (at < values.length && value < Infinity) values[at] = value;
    }
  }
  return values;
}

function paramsOf(
  space: Space | null,
  rows: readonly unknown[][],
  fixed: readonly unknown[] | undefined,
): Configuration {
  // Fixed values count until the trial has its whole configuration.
  const queued = fixed === undefined || rows.length > 0 ? [] : Object.entries(
    parsePythonJSON(String(fixed[1])) as Record<string, ParameterValue>,
  );
  const entries = [
    ...queued,
    ...rows.map(([, name, value, distribution]) =>
      [
        String(name),
        externalValue(String(distribution), Number(value)),
      ] as const
    ),
  ];
  return arrangedParams(space, entries);
}

/** A configuration in the space's order, what the space does not know last. */
export function arrangedParams(
  space: Space | null,
  entries: readonly (readonly [string, ParameterValue])[],
): Configuration {
  const params = Object.fromEntries(entries) as Configuration;
  if (space === null) return params;
  const known = space.arrange(params);
  return Object.keys(known).length === entries.length
    ? known
    : { ...known, ...params };
}

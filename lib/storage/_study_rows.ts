/**
 * Studies from the rows of Optuna's tables and ours.
 *
 * @module
 */

import {
  constraintsKey,
  constraintsOf,
  type Objective,
  optunaConstraint,
  type OutcomeConstraint,
} from "../records/mod.ts";
import { Space } from "../space/mod.ts";
import { constraintKeys } from "./_optuna.ts";
import { withNote } from "./_notes.ts";
import { parsePythonJSON } from "./_python_json.ts";
import type { StoredStudy } from "./storage.ts";

type Row = Readonly<Record<string, unknown>>;

/** What is known of a study. */
export interface StudyRows {
  readonly id: number;
  readonly name: string;
  /** `space_json, task_json`; undefined for a study of another program. */
  readonly definition: Row | undefined;
  /** Undefined for a study of another program. */
  readonly seed: unknown;
  /** `study:metric_names`, or undefined. */
  readonly metricNames: unknown;
  /** In the order of the objectives. */
  readonly directions: readonly unknown[];
  /** `key, value_json` of the user's attributes. */
  readonly attributes: readonly Row[];
  /** The note on it; an empty text if there is none. */
  readonly note: string;
  /** The space of a study of another program. */
  readonly inferSpace: () => Space | null;
  /** `key, value_json` of the constraints in the trials of another program's study. */
  readonly optunaConstraints: () => readonly Row[];
}

/** The frozen study. */
export function assembleStudy(rows: StudyRows): StoredStudy {
  const { id, name, definition, seed } = rows;
  const attributes = Object.freeze(withNote(
    Object.fromEntries(
      rows.attributes.map((
        { key, value_json },
      ) => [String(key), parsePythonJSON(String(value_json))]),
    ),
    rows.note,
  ));
  return Object.freeze({
    id,
    name,
    objectives: objectivesOf(rows.directions, rows.metricNames),
    constraints: studyConstraints(
      attributes,
      () => definition === undefined ? keysOf(rows.optunaConstraints()) : [],
    ),
    space: definition === undefined
      ? rows.inferSpace()
      : Space.fromJSON(JSON.parse(String(definition.space_json))),
    spaceInferred: definition === undefined,
    seed: seed === undefined ? name : String(seed),
    task: definition === undefined
      ? null
      : parsePythonJSON(String(definition.task_json ?? "null")),
    attributes,
  });
}

/** The keys under which trials have values of constraints. */
function* keysOf(rows: readonly Row[]): Generator<string> {
  for (const { key, value_json } of rows) {
    const value = parsePythonJSON(String(value_json));
    yield* constraintKeys(String(key), value).keys();
  }
}

/**
 * The constraints of a study: those that it says it has, or else, of a study of
 * Python's Optuna, those that its trials have values of.
 *
 * @param trialKeys The keys of those.
 */
export function studyConstraints(
  attributes: Readonly<Record<string, unknown>>,
  trialKeys: () => Iterable<string>,
): readonly OutcomeConstraint[] {
  return Object.hasOwn(attributes, constraintsKey)
    ? constraintsOf(attributes)
    : Object.freeze([...new Set(trialKeys())].map(optunaConstraint));
}

/** The objectives of directions, in order, and the names that Optuna lists. */
export function objectivesOf(
  directions: readonly unknown[],
  metricNames: unknown,
): readonly Objective[] {
  return objectivesNamed(
    directions,
    metricNames === undefined
      ? []
      : parsePythonJSON(String(metricNames)) as string[],
  );
}

/** The objectives of directions (`MINIMIZE`, `MAXIMIZE`) and their names, as far as there are some. */
export function objectivesNamed(
  directions: readonly unknown[],
  listed: readonly string[],
): readonly Objective[] {
  return Object.freeze(
    directions.map((direction, index, { length }) =>
      Object.freeze({
        name: listed[index] ?? (length === 1 ? "value" : `value ${index}`),
        direction: direction === "MAXIMIZE" ? "maximize" : "minimize",
      })
    ),
  );
}

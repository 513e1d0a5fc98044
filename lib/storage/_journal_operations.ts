/**
 * The operations of Optuna's journal, as they are written. What they mean, and
 * which of them are dropped: `optuna/storages/journal/_storage.py`. What Optuna
 * has no place for stands in system attributes, which it keeps and leaves alone.
 *
 * @module
 */

import type {
  Objective,
  Prediction,
  TrialOrigin,
  TrialRecord,
  TrialState,
} from "../records/mod.ts";
import { constraintsKey } from "../records/mod.ts";
import type { Configuration, Space } from "../space/mod.ts";
import { constraintsList, paramRows } from "./_optuna.ts";
import { PythonFloat, pythonJSON } from "./_python_json.ts";
import { reportsOfCurves } from "./_record.ts";
import type { Report, StudyDefinition } from "./storage.ts";

/** The codes of the operations. */
export const codes = {
  createStudy: 0,
  deleteStudy: 1,
  studyAttribute: 2,
  studySystemAttribute: 3,
  createTrial: 4,
  trialParam: 5,
  trialState: 6,
  intermediateValue: 7,
  trialAttribute: 8,
  trialSystemAttribute: 9,
} as const;

/** An operation, as it is written. */
export interface JournalOperation {
  readonly op_code: number;
  readonly [field: string]: unknown;
}

/** With this the name begins of a writer that is of ours. */
export const ownWriter = "etude-";

/** System attributes of a study: its space, seed and task. */
export const studyKeys = {
  space: "etude:space",
  seed: "etude:seed",
  task: "etude:task",
} as const;

/** The system attribute of a trial with a {@linkcode TrialNote}. */
export const noteKey = "etude:trial";

/** The system attribute of a trial that says that its process lives. */
export const beatKey = "etude:beat";

/**
 * The system attribute of a trial with points of curves other than the
 * objective's: steps and values by name. Each such operation adds to them.
 */
export const curvesKey = "etude:curves";

/** A field beside an attribute: it is removed. Optuna, which cannot remove one, sees null. */
export const removedMark = "etude_removed";

/** What Optuna cannot keep of a trial. */
export interface TrialNote {
  readonly origin: TrialOrigin;
  readonly reason?: string | null;
  readonly error?: string | null;
  readonly forecast?: Prediction | null;
  /** The process that runs it. */
  readonly worker?: string | null;
  /** Whether that process says from time to time that it lives. */
  readonly beats?: boolean;
}

const states: readonly TrialState[] = [
  "running",
  "complete",
  "pruned",
  "failed",
  "waiting",
];

/** The number of a state. */
export function stateNumber(state: TrialState): number {
  return states.indexOf(state);
}

/** The state of a number. */
export function stateOfNumber(number: unknown): TrialState {
  return states[Number(number)] ?? "failed";
}

/** The line of an operation. */
export function lineOf(writer: string, operation: JournalOperation): string {
  const { op_code, ...fields } = operation;
  return `${pythonJSON({ op_code, worker_id: writer, ...fields })}\n`;
}

/** A time as Optuna 5 writes it: in UTC, with its zone. */
export function timeText(ms: number | null): string | null {
  return ms === null
    ? null
    : new Date(ms).toISOString().replace("Z", "000+00:00");
}

/** Makes a study. */
export function studyOperations(
  id: number,
  definition:
    & Omit<StudyDefinition, "seed" | "task">
    & Partial<Pick<StudyDefinition, "seed" | "task">>,
): JournalOperation[] {
  const { name, objectives, constraints = [], space, seed, task = null } =
    definition;
  const names = objectives.map((objective) => objective.name);
  return [
    {
      op_code: codes.createStudy,
      study_name: name,
      directions: objectives.map(({ direction }) =>
        direction === "minimize" ? 1 : 2
      ),
    },
    ...Object.entries({
      "study:metric_names": names,
      "dashboard:objective_names": names,
      [studyKeys.space]: space,
      ...seed === undefined ? {} : { [studyKeys.seed]: seed },
      ...task === null ? {} : { [studyKeys.task]: task },
    }).map(([key, value]) => systemAttribute("study", id, key, value)),
    ...constraints.length === 0
      ? []
      : [attribute("study", id, constraintsKey, constraints)],
  ];
}

/** Sets an attribute of the user's, or removes it if the value is undefined. */
export function attribute(
  owner: "study" | "trial",
  id: number,
  key: string,
  value: unknown,
): JournalOperation {
  return {
    op_code: owner === "study" ? codes.studyAttribute : codes.trialAttribute,
    [`${owner}_id`]: id,
    user_attr: { [key]: value ?? null },
    ...value === undefined ? { [removedMark]: true } : {},
  };
}

/** Sets a system attribute. */
export function systemAttribute(
  owner: "study" | "trial",
  id: number,
  key: string,
  value: unknown,
): JournalOperation {
  return {
    op_code: owner === "study"
      ? codes.studySystemAttribute
      : codes.trialSystemAttribute,
    [`${owner}_id`]: id,
    system_attr: { [key]: value },
  };
}

/** Gives a trial its configuration. */
export function paramOperations(
  trialId: number,
  space: Space | null,
  params: Configuration,
): JournalOperation[] {
  return paramRows(space, params).map(({ name, value, distribution }) => ({
    op_code: codes.trialParam,
    trial_id: trialId,
    param_name: name,
    param_value_internal: internalOf(space, name, value),
    distribution,
  }));
}

/** Adds values to a trial's curves. */
export function reportOperations(
  trialId: number,
  objectiveName: string,
  reports: readonly Report[],
): JournalOperation[] {
  const others = reports.filter(({ name }) => name !== objectiveName);
  return [
    ...reports.filter(({ name }) => name === objectiveName).map((
      { step, value },
    ) => ({
      op_code: codes.intermediateValue,
      trial_id: trialId,
      step,
      intermediate_value: new PythonFloat(value),
    })),
    ...others.length === 0
      ? []
      : [systemAttribute("trial", trialId, curvesKey, pointsByName(others))],
  ];
}

function pointsByName(
  reports: readonly Report[],
): Record<string, readonly [steps: number[], values: number[]]> {
  return Object.fromEntries(
    [...Map.groupBy(reports, ({ name }) => name)].map(([name, points]) => [
      name,
      [points.map(({ step }) => step), points.map(({ value }) => value)],
    ]),
  );
}

/** Sets a trial's state. */
export function stateOperation(
  trialId: number,
  state: TrialState,
  values: readonly number[] | null,
  atMs: number,
): JournalOperation {
  return {
    op_code: codes.trialState,
    trial_id: trialId,
    state: stateNumber(state),
    values: values?.map((value) => new PythonFloat(value)) ?? null,
    [state === "running" ? "datetime_start" : "datetime_complete"]: timeText(
      atMs,
    ),
  };
}

/** Makes a trial with all that it has. */
export function trialOperation(
  study: {
    readonly id: number;
    readonly space: Space | null;
    readonly objectives: readonly Objective[];
  },
  trial: TrialRecord,
  system: Readonly<Record<string, unknown>>,
): JournalOperation {
  const { state, values, startedAt, finishedAt } = trial;
  const params = trial.params as Configuration;
  const isWaiting = state === "waiting";
  const rows = isWaiting ? [] : paramRows(study.space, params);
  const reports = reportsOfCurves(trial);
  const objectiveName = study.objectives[0]!.name;
  const others = reports.filter(({ name }) => name !== objectiveName);
  const constraints = constraintsList(trial);
  return {
    op_code: codes.createTrial,
    study_id: study.id,
    datetime_start: isWaiting ? null : timeText(startedAt?.getTime() ?? null),
    ...finishedAt === null
      ? {}
      : { datetime_complete: timeText(finishedAt.getTime()) },
    state: stateNumber(state),
    value: values?.length === 1 ? new PythonFloat(values[0]!) : null,
    values: values !== null && values.length > 1
      ? values.map((value) => new PythonFloat(value))
      : null,
    distributions: Object.fromEntries(
      rows.map(({ name, distribution }) => [name, distribution]),
    ),
    params: Object.fromEntries(
      rows.map((
        { name, value },
      ) => [name, internalOf(study.space, name, value)]),
    ),
    user_attrs: trial.attributes,
    system_attrs: {
      ...isWaiting ? { fixed_params: params } : {},
      ...constraints === null ? {} : { constraints },
      ...others.length === 0 ? {} : { [curvesKey]: pointsByName(others) },
      ...system,
    },
    intermediate_values: Object.fromEntries(
      reports.filter(({ name }) => name === objectiveName).map((
        { step, value },
      ) => [step, new PythonFloat(value)]),
    ),
  };
}

/** Of a float a float, else an integer. */
function internalOf(
  space: Space | null,
  name: string,
  value: number,
): number | PythonFloat {
  return space?.parameter(name).kind === "float"
    ? new PythonFloat(value)
    : value;
}

/** What Optuna cannot keep of a trial that is over, or waits. */
export function noteOf(
  { origin, reason, error, forecast }: TrialRecord,
): TrialNote {
  return {
    origin,
    ...reason === null ? {} : { reason },
    ...error === null ? {} : { error },
    ...forecast === null ? {} : { forecast },
  };
}

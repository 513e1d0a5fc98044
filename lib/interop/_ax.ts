import type { Objective, TrialState } from "../records/mod.ts";
import { boolean, choice, float, int, ordinal } from "../space/mod.ts";
import type { ParameterValue } from "../space/mod.ts";
import { parsePythonJSON } from "../storage/mod.ts";
import {
  addPoint,
  type AnyBuilder,
  type Points,
  type StudyDraft,
  type TrialDraft,
} from "./_draft.ts";
import { nameOfPath } from "./_files.ts";
import { chooseObjectives, type ReadingOptions } from "./_reading.ts";
import { type Table, valuesOf } from "./_table.ts";
import {
  entryOf,
  listOf,
  numberOf,
  objectOf,
  objectsOf,
  timeMs,
} from "./_values.ts";

type Fields = Readonly<Record<string, unknown>>;

const states: Readonly<Record<string, TrialState>> = {
  CANDIDATE: "waiting",
  STAGED: "waiting",
  DISPATCHED: "running",
  RUNNING: "running",
  COMPLETED: "complete",
  FAILED: "failed",
  ABANDONED: "failed",
  EARLY_STOPPED: "pruned",
  STALE: "failed",
};

/** Whether JSON is a snapshot of Ax's client, or an experiment. */
export function isAx(json: unknown): boolean {
  return experimentOf(json) !== null;
}

function experimentOf(json: unknown): Fields | null {
  const whole = objectOf(json);
  const experiment = objectOf(whole?.experiment) ?? whole;
  const space = objectOf(experiment?.search_space);
  return space?.__type === "SearchSpace" ||
      space?.__type === "HierarchicalSearchSpace"
    ? experiment
    : null;
}

/** What Ax writes of an enum, or a plain name. */
function enumName(value: unknown): string {
  return String(objectOf(value)?.name ?? value);
}

/** A snapshot: `client.save_to_json_file()`. */
export function readAx(
  path: string,
  json: unknown,
  options: ReadingOptions,
): StudyDraft[] {
  const experiment = experimentOf(json)!;
  const points = pointsOf(experiment);
  const trials = objectsOf(Object.values(objectOf(experiment.trials) ?? {}));
  const measures = new Set(
    [...points.values()].flatMap((of) => [...of.keys()]),
  );
  const objectives = chooseObjectives(
    path,
    [...measures],
    options,
    objectivesOf(experiment),
  );
  return [{
    tool: "Ax",
    path,
    name: String(experiment.name ?? nameOfPath(path)),
    objectives,
    declared: spaceOf(objectOf(experiment.search_space)!),
    trials: trials.flatMap((trial) =>
      trialsOf(trial, points.get(Number(trial.index)) ?? new Map(), objectives)
    ),
  }];
}

/** The points of each trial's measures, by its index; the last batch of data counts. */
function pointsOf(experiment: Fields): Map<number, Points> {
  const found = new Map<number, Points>();
  for (
    const batches of Object.values(objectOf(experiment.data_by_trial) ?? {})
  ) {
    const listed = listOf(objectOf(batches)?.value).map(listOf);
    const data = listed.length > 0
      ? listed.map(([, one]) => one)
      : Object.values(objectOf(batches) ?? {});
    for (const one of data) addData(found, objectOf(one)?.df);
  }
  return found;
}

function addData(found: Map<number, Points>, frame: unknown): void {
  const text = objectOf(frame)?.value;
  const columns = objectOf(
    typeof text === "string" ? parsePythonJSON(text) : text,
  ) ?? {};
  const cell = (name: string, row: string) => objectOf(columns[name])?.[row];
  for (const row of Object.keys(objectOf(columns.trial_index) ?? {})) {
    const index = Number(cell("trial_index", row));
    const name = String(cell("metric_name", row));
    let points = found.get(index);
    if (points === undefined) found.set(index, points = new Map());
    const step = numberOf(cell("step", row)) ??
      numberOf(cell("progression", row));
    addPoint(
      points,
      name,
      Math.max(0, Math.round(step ?? 0)),
      numberOf(cell("mean", row)) ?? NaN,
    );
  }
}

/** Of a new experiment an expression such as `-loss`; of older ones a metric and `minimize`. */
function objectivesOf(experiment: Fields): Objective[] | null {
  const objective = objectOf(
    objectOf(experiment.optimization_config)?.objective,
  );
  if (objective === null) return null;
  if (typeof objective.expression === "string") {
    const parts = objective.expression.split(",").map((part) =>
      part.trim().match(/^(-?)\s*(?:1(?:\.0)?\s*\*\s*)?([^-+*/\s]+)$/)
    );
    return parts.every((part) => part !== null)
      ? parts.map((part): Objective => ({
        name: part![2]!,
        direction: part![1] === "-" ? "minimize" : "maximize",
      }))
      : null;
  }
  const listed = listOf(objective.objectives);
  const all = listed.length > 0 ? listed : [objective];
  const read = all.map((one): Objective | null => {
    const { metric, minimize } = objectOf(one) ?? {};
    const name = objectOf(metric)?.name;
    return typeof name !== "string" ? null : {
      name,
      direction: minimize === true ? "minimize" : "maximize",
    };
  });
  return read.every((one) => one !== null) ? read : null;
}

function spaceOf(space: Fields): Map<string, AnyBuilder> {
  const builders = new Map<string, AnyBuilder>();
  const parameters = objectsOf(space.parameters);
  for (const one of parameters) {
    const builder = builderOf(one);
    if (builder !== null) builders.set(String(one.name), builder);
  }
  for (const one of parameters) {
    for (const [value, children] of dependentsOf(one)) {
      for (const child of children) {
        const builder = builders.get(child);
        if (builder === undefined) continue;
        builders.set(
          child,
          builder.when({ [String(one.name)]: value }) as AnyBuilder,
        );
      }
    }
  }
  return builders;
}

/** Which parameters a choice brings with it. Keys of JSON are texts: the value is the one that reads so. */
function dependentsOf(
  { dependents, values }: Fields,
): [ParameterValue, string[]][] {
  return Object.entries(objectOf(dependents) ?? {}).map(([key, children]) => [
    (listOf(values).find((value) => String(value) === key) ??
      key) as ParameterValue,
    listOf(children).map(String),
  ]);
}

function builderOf(one: Fields): AnyBuilder | null {
  const type = enumName(one.parameter_type);
  if (one.__type === "FixedParameter") {
    return choice([one.value as ParameterValue]) as AnyBuilder;
  }
  if (one.__type === "ChoiceParameter") {
    const values = [...listOf(one.values)] as ParameterValue[];
    if (type === "BOOL" && values.length === 2) return boolean();
    // Ax calls two values ordered whatever they are.
    const isOrdinal = one.is_ordered === true && values.length > 2 &&
      values.every((value) => ["string", "number"].includes(typeof value));
    return isOrdinal
      ? ordinal(values as (string | number)[]) as AnyBuilder
      : choice(values) as AnyBuilder;
  }
  const [low, high] = [numberOf(one.lower), numberOf(one.upper)];
  if (low === null || high === null) return null;
  const log = one.log_scale === true;
  return type === "INT" ? int(low, high, { log }) : float(low, high, { log });
}

/** A trial; a batch is a trial for each arm, without values, because they are told by arm. */
function trialsOf(
  trial: Fields,
  points: Points,
  objectives: readonly Objective[],
): TrialDraft[] {
  const runs = [trial.generator_run, ...listOf(trial.generator_run_structs)]
    .map((one) => objectOf(objectOf(one)?.generator_run) ?? objectOf(one));
  const arms = runs.flatMap((run) => objectsOf(run?.arms));
  const state = entryOf(states, enumName(trial.status)) ?? "failed";
  const dated = (key: string) => timeMs(objectOf(trial[key])?.value);
  const values = objectives.map(({ name }) => {
    const steps = [...points.get(name) ?? []].sort(([a], [b]) => a - b);
    return steps.at(-1)?.[1] ?? NaN;
  });
  const isOne = arms.length === 1;
  return arms.map((arm) => ({
    state: isOne ? state : "failed",
    params: objectOf(arm.parameters) ?? {},
    values: isOne && values.every((value) => !Number.isNaN(value))
      ? values
      : null,
    curves: isOne
      ? new Map([...points].filter(([, of]) => of.size > 1))
      : new Map(),
    startedAtMs: dated("time_run_started") ?? dated("time_created"),
    finishedAtMs: dated("time_completed"),
    error: !isOne
      ? "It is an arm of a batch, whose values are not told apart here"
      : state === "failed"
      ? String(trial.status_reason ?? "It failed in Ax")
      : null,
    attributes: { arm_name: arm.name },
  }));
}

/** Whether a table is what `client.summarize()` gives. */
export function isAxSummary(columns: ReadonlySet<string>): boolean {
  return ["trial_index", "arm_name", "trial_status"].every((name) =>
    columns.has(name)
  );
}

/**
 * The study of a summary. Its columns are, in this order: what the trial is,
 * the metrics, the parameters; where metrics end it does not say, so that they
 * are those up to the last one that a trial without a value lacks, or told.
 */
export function axSummaryOf(
  table: Table,
  options: ReadingOptions,
): StudyDraft[] {
  const own = [
    "trial_index",
    "arm_name",
    "trial_status",
    "generation_node",
    "generation_method",
    "fail_reason",
    "status_reason",
  ];
  const rest = [...table.columns].filter(([name]) => !own.includes(name))
    .map(([name, cells]) => ({ name, cells: valuesOf(cells) }));
  const statuses = table.columns.get("trial_status")!;
  const isMetric = ({ cells }: { cells: readonly unknown[] }) =>
    cells.every((value) => value === undefined || typeof value === "number") &&
    cells.some((value, row) =>
      value === undefined && statuses[row] !== "COMPLETED"
    );
  const named = options.objectives?.map(({ name }) => name) ?? [];
  const last = rest.findLastIndex((column) =>
    named.includes(column.name) || isMetric(column)
  );
  const metrics = last >= 0 ? rest.slice(0, last + 1) : rest.slice(0, 1);
  const params = rest.slice(metrics.length);
  const objectives = chooseObjectives(
    table.path,
    metrics.map(({ name }) => name),
    options,
  );
  return [{
    tool: "Ax",
    path: table.path,
    name: nameOfPath(table.path),
    objectives,
    trials: statuses.map((status, row) => ({
      state: entryOf(states, status) ?? "failed",
      params: Object.fromEntries(
        params.map(({ name, cells }) => [name, cells[row]]),
      ),
      values: objectives.map(({ name }) => {
        const value = metrics.find((one) => one.name === name)?.cells[row];
        return typeof value === "number" ? value : NaN;
      }),
      error: entryOf(states, status) === "failed" ? "It failed in Ax" : null,
      attributes: {
        arm_name: table.columns.get("arm_name")![row],
        ...Object.fromEntries(
          metrics.filter(({ name, cells }) =>
            cells[row] !== undefined &&
            !objectives.some((one) => one.name === name)
          ).map(({ name, cells }) => [name, cells[row]]),
        ),
      },
    })),
    notes: table.notes,
  }];
}

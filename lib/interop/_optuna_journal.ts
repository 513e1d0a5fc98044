/**
 * The file of Optuna's `JournalStorage`: JSON Lines, an operation each, played
 * from the beginning. What the operations are, and which of them are dropped:
 * `optuna/storages/journal/_storage.py`.
 *
 * @module
 */

import {
  constraintsKey,
  constraintsOf,
  type Objective,
  optunaConstraint,
  type TrialState,
} from "../records/mod.ts";
import { Space } from "../space/mod.ts";
import { parsePythonJSON } from "../storage/mod.ts";
import { addPoint, type AnyBuilder, type Points } from "./_draft.ts";
import type { StudyDraft, TrialDraft } from "./_draft.ts";
import { linesOf } from "./_files.ts";
import { type Distribution, readDistribution } from "./_optuna_distribution.ts";
import {
  entryOf,
  listOf,
  numberOf,
  objectOf,
  setEntries,
  setEntry,
  timeMs,
} from "./_values.ts";

/** What our exports keep of a study and of a trial that Optuna has no place for. */
export const spaceKey = "etude:space";
/** The curves but the objective's: name to steps and values. */
export const curvesKey = "etude:curves";

const states: readonly TrialState[] = [
  "running",
  "complete",
  "pruned",
  "failed",
  "waiting",
];

/** The number of a state in a journal. */
export function stateNumber(state: TrialState): number {
  return states.indexOf(state);
}

type Attributes = Record<string, unknown>;

interface Trial {
  readonly study: Study;
  state: TrialState;
  values: readonly number[] | null;
  startedAtMs: number | null;
  finishedAtMs: number | null;
  readonly params: Attributes;
  readonly points: Map<number, number>;
  readonly attributes: Attributes;
  readonly system: Attributes;
}

interface Study {
  readonly name: string;
  readonly directions: readonly unknown[];
  readonly attributes: Attributes;
  readonly system: Attributes;
  readonly distributions: Map<
    string,
    { readonly first: Distribution; range: [number, number] | null }
  >;
  readonly trials: Trial[];
}

/** Whether the beginning of a file is a journal's. */
export function isJournal(head: string): boolean {
  return /^\s*\{[^\n]{0,200}"op_code"\s*:\s*\d/.test(head);
}

/** The studies of a journal. */
export async function readJournal(path: string): Promise<StudyDraft[]> {
  const journal = new Journal();
  const notes: string[] = [];
  for await (const { text, number, isEnded } of linesOf(path)) {
    const { operation, isMended } = operationOf(text);
    if (operation !== null) journal.play(operation);
    if (operation !== null && !isMended) continue;
    notes.push(
      isMended
        ? `Line ${number} began with the torn end of another; what follows it was read.`
        : isEnded
        ? `Line ${number} is damaged and was left out.`
        : `The last line breaks off and was left out; repairJournal(path) mends the file, so that Optuna reads it too.`,
    );
  }
  if (journal.newerOperations > 0) {
    notes.push(
      `${journal.newerOperations} operations that Optuna 5 does not know were left out.`,
    );
  }
  return journal.studies.map((study) => draftOf(path, study, notes));
}

/**
 * An operation. Where a torn line was glued to the next one, the next one.
 */
export function operationOf(
  line: string,
): { readonly operation: Attributes | null; readonly isMended: boolean } {
  const parse = (text: string): Attributes | null => {
    try {
      const read = objectOf(parsePythonJSON(text));
      return typeof read?.op_code === "number" ? { ...read } : null;
    } catch {
      return null;
    }
  };
  const whole = parse(line);
  if (whole !== null) return { operation: whole, isMended: false };
  let tries = 0;
  for (
    let at = line.lastIndexOf('{"op_code"');
    at > 0 && tries < mostTries;
    at = line.lastIndexOf('{"op_code"', at - 1), tries++
  ) {
    const operation = parse(line.slice(at));
    if (operation !== null) return { operation, isMended: true };
  }
  return { operation: null, isMended: false };
}

/** So often a beginning is looked for in a torn line: one that was made up has as many as it likes. */
const mostTries = 20;

/** What the operations make. */
class Journal {
  readonly #studies: (Study | null)[] = [];
  readonly #trials: Trial[] = [];
  /** How many operations are of no kind known. */
  newerOperations = 0;

  get studies(): Study[] {
    return this.#studies.filter((study) => study !== null);
  }

  play(op: Attributes): void {
    switch (op.op_code) {
      case 0:
        return this.#createStudy(op);
      case 1:
        if (this.#study(op) !== null) this.#studies[Number(op.study_id)] = null;
        return;
      case 2:
        setEntries(this.#study(op)?.attributes ?? {}, op.user_attr);
        return;
      case 3:
        setEntries(this.#study(op)?.system ?? {}, op.system_attr);
        return;
      case 4:
        return this.#createTrial(op);
      case 5:
      case 6:
      case 7:
      case 8:
      case 9: {
        const trial = this.#trials[Number(op.trial_id)];
        // What comes for a trial that is over is dropped, as Optuna does.
        if (trial === undefined || isOver(trial)) return;
        return change(trial, op);
      }
      default:
        this.newerOperations++;
    }
  }

  #study(op: Attributes): Study | null {
    return this.#studies[Number(op.study_id)] ?? null;
  }

  #createStudy(op: Attributes): void {
    const name = String(op.study_name);
    if (this.studies.some((study) => study.name === name)) return;
    this.#studies.push({
      name,
      directions: listOf(op.directions),
      attributes: {},
      system: {},
      distributions: new Map(),
      trials: [],
    });
  }

  #createTrial(op: Attributes): void {
    const study = this.#study(op);
    if (study === null) return;
    const trial: Trial = {
      study,
      state: states[Number(op.state ?? 0)] ?? "failed",
      values: valuesOf(op.values) ?? valuesOf([op.value]),
      startedAtMs: timeMs(op.datetime_start),
      finishedAtMs: timeMs(op.datetime_complete),
      params: {},
      points: new Map(
        Object.entries(objectOf(op.intermediate_values) ?? {}).map((
          [step, value],
        ) => [Number(step), numberOf(value) ?? NaN]),
      ),
      attributes: { ...objectOf(op.user_attrs) },
      system: { ...objectOf(op.system_attrs) },
    };
    study.trials.push(trial);
    this.#trials.push(trial);
    const distributions = objectOf(op.distributions) ?? {};
    for (const [name, value] of Object.entries(objectOf(op.params) ?? {})) {
      setParameter(
        trial,
        name,
        Number(value),
        String(entryOf(distributions, name)),
      );
    }
  }
}

function isOver({ state }: Trial): boolean {
  return state !== "running" && state !== "waiting";
}

function valuesOf(list: unknown): readonly number[] | null {
  const values = listOf(list).map(numberOf);
  return values.length > 0 && values.every((value) => value !== null)
    ? values
    : null;
}

function change(trial: Trial, op: Attributes): void {
  switch (op.op_code) {
    case 5:
      setParameter(
        trial,
        String(op.param_name),
        Number(op.param_value_internal),
        String(op.distribution),
      );
      return;
    case 6: {
      const state = states[Number(op.state)] ?? "failed";
      // The first to set it running has it.
      if (state === "running" && trial.state === "running") return;
      trial.state = state;
      trial.values = valuesOf(op.values) ?? trial.values;
      trial.startedAtMs = timeMs(op.datetime_start) ?? trial.startedAtMs;
      trial.finishedAtMs = timeMs(op.datetime_complete) ?? trial.finishedAtMs;
      return;
    }
    case 7:
      trial.points.set(Number(op.step), numberOf(op.intermediate_value) ?? NaN);
      return;
    case 8:
      setEntries(trial.attributes, op.user_attr);
      return;
    case 9:
      setEntries(trial.system, op.system_attr);
  }
}

function setParameter(
  trial: Trial,
  name: string,
  internal: number,
  json: string,
): void {
  const distribution = readDistribution(json);
  const { distributions } = trial.study;
  const before = distributions.get(name);
  if (before === undefined) {
    const { range } = distribution;
    distributions.set(name, {
      first: distribution,
      range: range === null ? null : [...range],
    });
  } else if (before.first.likeness !== distribution.likeness) return;
  else if (before.range !== null) {
    const [low, high] = distribution.range!;
    before.range = [
      Math.min(low, before.range[0]),
      Math.max(high, before.range[1]),
    ];
  }
  setEntry<unknown>(trial.params, name, distribution.external(internal));
}

function draftOf(
  path: string,
  study: Study,
  notes: readonly string[],
): StudyDraft {
  const objectives = objectivesOf(study);
  const { [spaceKey]: space, ...attributes } = study.attributes;
  const keys = new Set<string>();
  for (const { system } of study.trials) {
    for (const key of constraintsIn(system).keys()) keys.add(key);
  }
  const constraints = Object.hasOwn(attributes, constraintsKey)
    ? constraintsOf(attributes)
    : [...keys].map(optunaConstraint);
  delete attributes[constraintsKey];
  return {
    tool: "Optuna journal",
    path,
    name: study.name,
    objectives,
    constraints,
    ...space === undefined ? {} : { space: Space.fromJSON(space) },
    declared: new Map<string, AnyBuilder>(
      [...study.distributions].map(([name, { first, range }]) => [
        name,
        first.build(range),
      ]),
    ),
    trials: study.trials.map((trial) =>
      trialOf(trial, objectives[0]!.name, [...keys])
    ),
    attributes,
    notes,
  };
}

function objectivesOf({ directions, system }: Study): Objective[] {
  const names = listOf(system["study:metric_names"]);
  return directions.map((direction, i, { length }) => ({
    name: String(names[i] ?? (length === 1 ? "value" : `value ${i}`)),
    direction: direction === 2 ? "maximize" : "minimize",
  }));
}

/** A trial's constraints by key: one list, by place, or since Optuna 5 one attribute each. */
function constraintsIn(system: Attributes): Map<string, number> {
  const found = new Map<string, number>();
  for (const [key, value] of Object.entries(system)) {
    if (key === "constraints") {
      listOf(value).forEach((one, place) => {
        if (typeof one === "number") found.set(String(place), one);
      });
    } else if (key.startsWith("constraints:") && typeof value === "number") {
      found.set(key.slice("constraints:".length), value);
    }
  }
  return found;
}

function trialOf(
  trial: Trial,
  objective: string,
  keys: readonly string[],
): TrialDraft {
  const { [curvesKey]: others, ...attributes } = trial.attributes;
  const curves: Points = new Map();
  if (trial.points.size > 0) curves.set(objective, trial.points);
  for (const [name, pair] of Object.entries(objectOf(others) ?? {})) {
    const [steps, values] = listOf(pair).map(listOf);
    steps?.forEach((step, i) =>
      addPoint(curves, name, Number(step), numberOf(values?.[i]) ?? NaN)
    );
  }
  const constraints = constraintsIn(trial.system);
  const isQueued = Object.keys(trial.params).length === 0;
  return {
    state: trial.state,
    params: isQueued ? objectOf(trial.system.fixed_params) ?? {} : trial.params,
    values: trial.values,
    ...keys.length === 0 ? {} : {
      constraints: keys.map((key) => {
        const value = constraints.get(key);
        // Infinitely violated stands for not known.
        return value === undefined || !(value < Infinity) ? null : value;
      }),
    },
    curves,
    startedAtMs: trial.startedAtMs,
    finishedAtMs: trial.finishedAtMs,
    error: trial.state === "failed" ? "It failed in Optuna" : null,
    attributes,
  };
}

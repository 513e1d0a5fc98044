/**
 * The file of Optuna's `JournalStorage`: JSON Lines, an operation each, played
 * from the beginning. What the operations are, and which of them are dropped:
 * `optuna/storages/journal/_storage.py`.
 *
 * @module
 */

import { stat } from "node:fs/promises";
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
import { listOf, numberOf, objectOf, timeMs } from "./_values.ts";

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
  readonly number: number;
  /** The line that said something of it last. */
  line: number;
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
  /** Its number in the journal. */
  readonly id: number;
  readonly name: string;
  readonly directions: readonly unknown[];
  readonly attributes: Attributes;
  readonly system: Attributes;
  readonly distributions: Map<
    string,
    { readonly first: Distribution; range: [number, number] | null }
  >;
  /** By which keys its trials have constraints. */
  readonly keys: Set<string>;
  trialCount: number;
}

/** A journal up to this size is held; of a larger one, only the trials that have not ended yet. */
const mostHeldBytes = 64 * 2 ** 20;

/** Whether the beginning of a file is a journal's. */
export function isJournal(head: string): boolean {
  return /^\s*\{[^\n]{0,200}"op_code"\s*:\s*\d/.test(head);
}

/**
 * The studies of a journal.
 *
 * @param options `heldBytes`: up to which size its trials are held. Defaults to 64 MiB.
 */
export async function readJournal(
  path: string,
  { heldBytes = mostHeldBytes }: { readonly heldBytes?: number } = {},
): Promise<StudyDraft[]> {
  const { size } = await stat(path);
  const holds = size <= heldBytes;
  const trials = new Map<Study, Trial[]>();
  const journal = new Journal((trial) => {
    if (isOver(trial)) noteKeys(trial);
    if (!holds) return;
    const its = trials.get(trial.study) ?? [];
    trials.set(trial.study, its);
    its[trial.number] = trial;
  });
  const notes: string[] = [];
  for await (const { operation, line } of operationsIn(path, notes)) {
    journal.play(operation, line);
  }
  const open = journal.openTrials();
  open.forEach(noteKeys);
  if (journal.newerOperations > 0) {
    notes.push(
      `${journal.newerOperations} operations that Optuna 5 does not know were left out.`,
    );
  }
  return journal.studies.map((study) => {
    const objective = objectivesOf(study)[0]!.name;
    const keys = [...study.keys];
    const draft = (trial: Trial) => trialOf(trial, objective, keys);
    const lastLines = new Map(
      open.filter((trial) => trial.study === study).map((
        { number, line },
      ) => [number, line]),
    );
    return draftOf(
      path,
      study,
      holds ? (trials.get(study) ?? []).map(draft) : async function* () {
        for await (const trial of trialsIn(path, study.id, lastLines)) {
          yield draft(trial);
        }
      },
      notes,
    );
  });
}

function noteKeys({ study, system }: Trial): void {
  for (const key of constraintsIn(system).keys()) study.keys.add(key);
}

/**
 * The trials of a study in the order of their numbers, read anew: those that run
 * at a time are held, and those that ended before one of a lower number.
 *
 * @param lastLines Of those that never end, by number, the last line of them.
 */
async function* trialsIn(
  path: string,
  studyId: number,
  lastLines: ReadonlyMap<number, number>,
): AsyncGenerator<Trial> {
  const ready = new Map<number, Trial>();
  const journal = new Journal((trial) => {
    if (trial.study.id !== studyId) return;
    const isLast = lastLines.get(trial.number) === trial.line;
    if (isOver(trial) || isLast) ready.set(trial.number, trial);
  });
  let next = 0;
  for await (const { operation, line } of operationsIn(path)) {
    journal.play(operation, line);
    for (;;) {
      const trial = ready.get(next);
      if (trial === undefined) break;
      ready.delete(next++);
      yield trial;
    }
  }
}

/**
 * The operations in a journal, with the number of their line.
 *
 * @param notes What is mended or left out is added to it.
 */
async function* operationsIn(
  path: string,
  notes: string[] = [],
): AsyncGenerator<{ readonly operation: Attributes; readonly line: number }> {
  for await (const { text, number: line, isEnded } of linesOf(path)) {
    const { operation, isMended } = operationOf(text);
    if (operation !== null) yield { operation, line };
    if ((operation !== null && !isMended) || notes.length >= mostNotes) {
      continue;
    }
    notes.push(
      isMended
        ? `Line ${line} began with the torn end of another; what follows it was read.`
        : isEnded
        ? `Line ${line} is damaged and was left out.`
        : `The last line breaks off and was left out; repairJournal(path) mends the file, so that Optuna reads it too.`,
    );
  }
}

const mostNotes = 100;

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
  for (
    let at = line.lastIndexOf('{"op_code"');
    at > 0;
    at = line.lastIndexOf('{"op_code"', at - 1)
  ) {
    const operation = parse(line.slice(at));
    if (operation !== null) return { operation, isMended: true };
  }
  return { operation: null, isMended: false };
}

/** What the operations make. Of a trial that is over nothing is held. */
class Journal {
  readonly #studies: (Study | null)[] = [];
  readonly #trials: (Trial | null)[] = [];
  readonly #changed: (trial: Trial) => void;
  /** How many operations are of no kind known. */
  newerOperations = 0;

  /** @param changed Told of a trial that was made or changed. */
  constructor(changed: (trial: Trial) => void) {
    this.#changed = changed;
  }

  /** The trials that have not ended. */
  openTrials(): Trial[] {
    return this.#trials.filter((trial) => trial !== null);
  }

  get studies(): Study[] {
    return this.#studies.filter((study) => study !== null);
  }

  play(op: Attributes, line: number): void {
    switch (op.op_code) {
      case 0:
        return this.#createStudy(op);
      case 1:
        if (this.#study(op) !== null) this.#studies[Number(op.study_id)] = null;
        return;
      case 2:
        Object.assign(this.#study(op)?.attributes ?? {}, op.user_attr);
        return;
      case 3:
        Object.assign(this.#study(op)?.system ?? {}, op.system_attr);
        return;
      case 4:
        return this.#createTrial(op, line);
      case 5:
      case 6:
      case 7:
      case 8:
      case 9: {
        const id = Number(op.trial_id);
        const trial = this.#trials[id];
        // What comes for a trial that is over is dropped, as Optuna does.
        if (trial === undefined || trial === null) return;
        trial.line = line;
        change(trial, op);
        this.#changed(trial);
        if (isOver(trial)) this.#trials[id] = null;
        return;
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
      id: this.#studies.length,
      name,
      directions: listOf(op.directions),
      attributes: {},
      system: {},
      distributions: new Map(),
      keys: new Set(),
      trialCount: 0,
    });
  }

  #createTrial(op: Attributes, line: number): void {
    const study = this.#study(op);
    if (study === null) return;
    const trial: Trial = {
      study,
      number: study.trialCount++,
      line,
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
    const distributions = objectOf(op.distributions) ?? {};
    for (const [name, value] of Object.entries(objectOf(op.params) ?? {})) {
      setParameter(trial, name, Number(value), String(distributions[name]));
    }
    this.#trials.push(isOver(trial) ? null : trial);
    this.#changed(trial);
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
      Object.assign(trial.attributes, op.user_attr);
      return;
    case 9:
      Object.assign(trial.system, op.system_attr);
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
  trial.params[name] = distribution.external(internal);
}

function draftOf(
  path: string,
  study: Study,
  trials: StudyDraft["trials"],
  notes: readonly string[],
): StudyDraft {
  const { [spaceKey]: space, ...attributes } = study.attributes;
  const constraints = Object.hasOwn(attributes, constraintsKey)
    ? constraintsOf(attributes)
    : [...study.keys].map(optunaConstraint);
  delete attributes[constraintsKey];
  return {
    tool: "Optuna journal",
    path,
    name: study.name,
    objectives: objectivesOf(study),
    constraints,
    ...space === undefined ? {} : { space: Space.fromJSON(space) },
    declared: new Map<string, AnyBuilder>(
      [...study.distributions].map(([name, { first, range }]) => [
        name,
        first.build(range),
      ]),
    ),
    trials,
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
        return value === undefined || value === Infinity ? null : value;
      }),
    },
    curves,
    startedAtMs: trial.startedAtMs,
    finishedAtMs: trial.finishedAtMs,
    error: trial.state === "failed" ? "It failed in Optuna" : null,
    attributes,
  };
}

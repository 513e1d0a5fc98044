/**
 * What the operations of Optuna's journal make, one after the other.
 *
 * @module
 */

import type { TrialState } from "../records/mod.ts";
import { isFinished } from "../records/mod.ts";
import type { ParameterValue } from "../space/mod.ts";
import {
  beatKey,
  codes,
  curvesKey,
  type JournalOperation,
  ownWriter,
  removedMark,
  stateOfNumber,
} from "./_journal_operations.ts";
import { noteOwner } from "./_notes.ts";
import {
  constraintKeys,
  externalValue,
  isDistribution,
  likeness,
} from "./_optuna.ts";

/** Points of a curve in the order in which they came; the last value for a step counts. */
export interface JournalPoints {
  readonly steps: number[];
  readonly values: number[];
}

/** A study as the journal has it. */
export interface JournalStudy {
  readonly id: number;
  readonly name: string;
  readonly directions: readonly ("MINIMIZE" | "MAXIMIZE")[];
  readonly attributes: Map<string, unknown>;
  readonly system: Map<string, unknown>;
  /** The pieces of notes, by their keys in `system`, by the ids of their trials; under null the study's. */
  readonly notes: Map<number | null, Map<string, string>>;
  readonly trials: JournalTrial[];
  /** The distributions of its trials' parameters, each once, by name. */
  readonly distributions: Map<string, Set<string>>;
  /** Under which keys trials have values of constraints. */
  readonly constraintKeys: Set<string>;
  /** Grows with every change but its trials'. */
  version: number;
  /** No trial below this number waits: what has begun never waits again. */
  firstWaiting: number;
}

/** A trial as the journal has it. */
export interface JournalTrial {
  /** Its place among the trials of all studies. */
  readonly id: number;
  readonly number: number;
  readonly study: JournalStudy;
  state: TrialState;
  values: readonly number[] | null;
  startedAtMs: number | null;
  finishedAtMs: number | null;
  readonly params: Map<string, ParameterValue>;
  readonly attributes: Map<string, unknown>;
  readonly system: Map<string, unknown>;
  /** The objective's curve. */
  readonly points: JournalPoints;
  /** The other curves, by name. */
  readonly curves: Map<string, JournalPoints>;
  /** Grows with every change. */
  version: number;
  /** When something was last read of it, as `performance.now()` has it. */
  heardAtMs: number;
}

/** Plays operations. */
export class JournalReplay {
  /** By their ids; null for those that were deleted. */
  readonly studies: (JournalStudy | null)[] = [];
  readonly #trials: JournalTrial[] = [];
  /** How many operations were of no kind that is known. */
  newerOperations = 0;
  readonly #readable = new Set<string>();
  /** How many parameters' values were left out, since what they stand for cannot be read. */
  damagedParams = 0;

  /** The study of that name, if there is one. */
  studyNamed(name: string): JournalStudy | null {
    return this.studies.find((study) => study?.name === name) ?? null;
  }

  /** What was left out, in words. */
  get notes(): string[] {
    const { newerOperations, damagedParams } = this;
    return [
      ...newerOperations === 0 ? [] : [
        `${newerOperations} operations that Optuna 5 does not know were left out.`,
      ],
      ...damagedParams === 0 ? [] : [
        `${damagedParams} values of parameters were left out: what they stand for cannot be read.`,
      ],
    ];
  }

  /** How many trials were made, in all studies: the next one's id. */
  get trialCount(): number {
    return this.#trials.length;
  }

  /** The trial of that id, if there is one. */
  trial(id: number): JournalTrial | null {
    return this.#trials[id] ?? null;
  }

  /** Lets go of a trial: what comes for it later is dropped. */
  forget({ id, number, study }: JournalTrial): void {
    delete this.#trials[id];
    delete study.trials[number];
  }

  /** Plays one. */
  play(operation: JournalOperation): void {
    const study = this.studies[Number(operation.study_id)] ?? null;
    switch (operation.op_code) {
      case codes.createStudy:
        return this.#createStudy(operation);
      case codes.deleteStudy:
        if (study !== null) this.studies[study.id] = null;
        return;
      case codes.studyAttribute:
      case codes.studySystemAttribute:
        if (study === null) return;
        study.version++;
        if (operation.op_code === codes.studyAttribute) {
          return setAll(study.attributes, operation, "user_attr");
        }
        setAll(study.system, operation, "system_attr");
        return this.#setNote(study, operation);
      case codes.createTrial:
        if (study !== null) this.#createTrial(study, operation);
        return;
      case codes.trialParam:
      case codes.trialState:
      case codes.intermediateValue:
      case codes.trialAttribute:
      case codes.trialSystemAttribute: {
        const trial = this.#trials[Number(operation.trial_id)];
        if (trial === undefined) return;
        if (
          operation.op_code === codes.trialParam &&
          !this.#isReadable(operation.distribution)
        ) return;
        return changeTrial(trial, operation);
      }
      default:
        this.newerOperations++;
    }
  }

  #createStudy(operation: JournalOperation): void {
    const name = String(operation.study_name);
    if (this.studyNamed(name) !== null) return;
    this.studies.push({
      id: this.studies.length,
      name,
      directions: listOf(operation.directions).map((direction) =>
        direction === 2 ? "MAXIMIZE" : "MINIMIZE"
      ),
      attributes: new Map(),
      system: new Map(),
      notes: new Map(),
      trials: [],
      distributions: new Map(),
      constraintKeys: new Set(),
      version: 0,
      firstWaiting: 0,
    });
  }

  /** What of a study's system is a note goes to its owner. */
  #setNote(study: JournalStudy, operation: JournalOperation): void {
    for (const [key, value] of entriesOf(operation.system_attr)) {
      const owner = noteOwner(key);
      if (owner === undefined) continue;
      const pieces = study.notes.get(owner) ?? new Map<string, string>();
      study.notes.set(owner, pieces.set(key, String(value)));
      const trial = owner === null ? null : this.trial(owner);
      if (trial !== null) trial.version++;
    }
  }

  #createTrial(study: JournalStudy, operation: JournalOperation): void {
    const points = entriesOf(operation.intermediate_values);
    const trial: JournalTrial = {
      id: this.#trials.length,
      number: study.trials.length,
      study,
      state: stateOfNumber(operation.state ?? 0),
      values: valuesOf(operation.values) ?? valuesOf([operation.value]),
      startedAtMs: timeMs(operation.datetime_start),
      finishedAtMs: timeMs(operation.datetime_complete),
      params: new Map(),
      attributes: new Map(entriesOf(operation.user_attrs)),
      system: new Map(),
      points: {
        steps: points.map(([step]) => Number(step)),
        values: points.map(([, value]) => value as number),
      },
      curves: new Map(),
      version: 0,
      heardAtMs: performance.now(),
    };
    study.trials.push(trial);
    this.#trials.push(trial);
    for (const [key, value] of entriesOf(operation.system_attrs)) {
      setSystem(trial, key, value);
    }
    const distributions = new Map(entriesOf(operation.distributions));
    for (const [name, value] of entriesOf(operation.params)) {
      const distribution = distributions.get(name);
      if (!this.#isReadable(distribution)) continue;
      setParam(trial, name, Number(value), String(distribution));
    }
  }

  #isReadable(distribution: unknown): boolean {
    const text = String(distribution);
    if (this.#readable.has(text)) return true;
    if (!isDistribution(text)) {
      this.damagedParams++;
      return false;
    }
    this.#readable.add(text);
    return true;
  }
}

function changeTrial(trial: JournalTrial, operation: JournalOperation): void {
  const isOwn = String(operation.worker_id).startsWith(ownWriter);
  const isNote = operation.op_code === codes.trialAttribute ||
    operation.op_code === codes.trialSystemAttribute;
  // What comes for a trial that is over is dropped, as Optuna does; our notes are kept.
  if (isFinished(trial.state) && !(isOwn && isNote)) return;
  trial.heardAtMs = performance.now();
  if (entriesOf(operation.system_attr)[0]?.[0] === beatKey) return;
  trial.version++;
  switch (operation.op_code) {
    case codes.trialParam: {
      const name = String(operation.param_name);
      const distribution = String(operation.distribution);
      if (!isOwn && !fits(trial.study, name, distribution)) return;
      setParam(
        trial,
        name,
        Number(operation.param_value_internal),
        distribution,
      );
      return;
    }
    case codes.trialState: {
      const state = stateOfNumber(operation.state);
      // The first to set it running has it.
      if (state === "running" && trial.state === "running") return;
      trial.state = state;
      trial.values = valuesOf(operation.values) ?? trial.values;
      trial.startedAtMs = timeMs(operation.datetime_start) ?? trial.startedAtMs;
      trial.finishedAtMs = timeMs(operation.datetime_complete) ??
        trial.finishedAtMs;
      return;
    }
    case codes.intermediateValue:
      trial.points.steps.push(Number(operation.step));
      trial.points.values.push(operation.intermediate_value as number);
      return;
    case codes.trialAttribute:
      setAll(trial.attributes, operation, "user_attr");
      return;
    case codes.trialSystemAttribute:
      for (const [key, value] of entriesOf(operation.system_attr)) {
        setSystem(trial, key, value);
      }
  }
}

/** Whether Optuna takes a parameter to be the same as in the study's other trials. */
function fits(
  study: JournalStudy,
  name: string,
  distribution: string,
): boolean {
  const [first] = study.distributions.get(name) ?? [];
  return first === undefined || likeness(first) === likeness(distribution);
}

function setParam(
  trial: JournalTrial,
  name: string,
  internal: number,
  distribution: string,
): void {
  trial.params.set(name, externalValue(distribution, internal));
  const { study } = trial;
  const known = study.distributions.get(name);
  if (known?.has(distribution)) return;
  if (known === undefined) {
    study.distributions.set(name, new Set([distribution]));
  } else known.add(distribution);
  study.version++;
}

function setSystem(trial: JournalTrial, key: string, value: unknown): void {
  if (key === curvesKey) {
    for (const [name, pair] of entriesOf(value)) addPoints(trial, name, pair);
    return;
  }
  trial.system.set(key, value);
  if (key !== "constraints" && !key.startsWith("constraints:")) return;
  const { study } = trial;
  for (const found of constraintKeys(key, value).keys()) {
    if (study.constraintKeys.has(found)) continue;
    study.constraintKeys.add(found);
    study.version++;
  }
}

function addPoints(trial: JournalTrial, name: string, pair: unknown): void {
  const [steps, values] = listOf(pair).map(listOf);
  if (steps === undefined || values === undefined) return;
  let points = trial.curves.get(name);
  if (points === undefined) {
    points = { steps: [], values: [] };
    trial.curves.set(name, points);
  }
  for (const [i, step] of steps.entries()) {
    points.steps.push(Number(step));
    points.values.push(values[i] as number);
  }
}

function setAll(
  attributes: Map<string, unknown>,
  operation: JournalOperation,
  field: string,
): void {
  for (const [key, value] of entriesOf(operation[field])) {
    if (operation[removedMark] === true) attributes.delete(key);
    else attributes.set(key, value);
  }
}

function valuesOf(list: unknown): readonly number[] | null {
  const values = listOf(list);
  return values.length > 0 && values.every((one) => typeof one === "number")
    ? values
    : null;
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function entriesOf(value: unknown): [string, unknown][] {
  return typeof value === "object" && value !== null
    ? Object.entries(value)
    : [];
}

/** A time; without a zone it is of this machine's, as Optuna takes it. Null for none. */
function timeMs(value: unknown): number | null {
  if (typeof value !== "string") return null;
  const ms = Date.parse(
    value.replace(" ", "T").replace(/(\.\d{3})\d+/, "$1"),
  );
  return Number.isNaN(ms) ? null : ms;
}

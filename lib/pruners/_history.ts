/**
 * An index of a study's trials, so that a judgement costs a look at one column
 * of numbers and not at every curve.
 *
 * It is a cache and no state: everything in it follows from the trials it is
 * asked with, and it begins anew when they are others than it has seen.
 *
 * @module
 */

import { countBelow } from "../math/mod.ts";
import {
  type Curve,
  isFinished,
  type StudyView,
  type TrialRecord,
} from "../records/mod.ts";
import type { Space } from "../space/mod.ts";

/** What a trial brings into a column; undefined if nothing. */
export type Reader = (curve: Curve, trial: TrialRecord) => number | undefined;

/** Numbers of several trials. */
export class Column {
  /** Those that are not NaN, rising. */
  readonly sorted: number[] = [];
  /** How many there are, NaN too. */
  size = 0;
  /** How many of the history's finished trials it has taken in. */
  seen = 0;

  /** Adds numbers. */
  add(values: readonly number[]): void {
    this.size += values.length;
    const numbers = values.filter((value) => !Number.isNaN(value));
    if (numbers.length > 8) {
      const all = Float64Array.from([...this.sorted, ...numbers]).sort();
      this.sorted.length = 0;
      this.sorted.push(...all);
      return;
    }
    for (const value of numbers) {
      this.sorted.splice(countBelow(this.sorted, value), 0, value);
    }
  }
}

/** The trials of a study, with columns that grow as trials end. */
export class History {
  /** Trials that have ended, in the order in which that was seen. */
  readonly finished: TrialRecord[] = [];
  /** Trials that have not ended and have a curve of the objective, as of the last look. */
  unfinished: readonly TrialRecord[] = [];
  /** How many trials are complete. */
  complete = 0;
  /** The last step of each complete trial that has a curve, the largest; null if there is none. */
  longest: number | null = null;
  readonly #objective: string;
  readonly #slots: (TrialRecord | undefined)[] = [];
  #columns = new Map<string, Column>();

  constructor(objective: string) {
    this.#objective = objective;
  }

  /** Takes in what has changed; gives `false` if these are other trials than before. */
  update(trials: readonly TrialRecord[]): boolean {
    const slots = this.#slots;
    if (trials.length < slots.length) return false;
    const unfinished: TrialRecord[] = [];
    for (let i = 0; i < trials.length; i++) {
      const trial = trials[i]!;
      const known = slots[i];
      if (known === trial) continue;
      if (!isFinished(trial.state)) {
        if (known !== undefined) return false;
        if (trial.curves.has(this.#objective)) unfinished.push(trial);
        continue;
      }
      if (known !== undefined && !isSame(known, trial)) return false;
      slots[i] = trial;
      // Only its notes have changed: what a curve says stays.
      if (known === undefined) this.#add(trial);
    }
    this.unfinished = unfinished;
    return true;
  }

  #add(trial: TrialRecord): void {
    this.finished.push(trial);
    if (trial.state !== "complete") return;
    this.complete++;
    const last = this.curveOf(trial)?.steps.at(-1);
    if (last !== undefined) this.longest = Math.max(this.longest ?? 0, last);
  }

  /** The curve that pruners see. */
  curveOf(trial: TrialRecord): Curve | undefined {
    return trial.curves.get(this.#objective);
  }

  /** The column of that key over the finished trials; `read` must hang on the key alone. */
  column(key: string, read: Reader): Column {
    let column = this.#columns.get(key);
    if (column === undefined) {
      if (this.#columns.size >= mostColumns) this.#columns = new Map();
      this.#columns.set(key, column = new Column());
    }
    const values: number[] = [];
    while (column.seen < this.finished.length) {
      const trial = this.finished[column.seen++]!;
      const curve = this.curveOf(trial);
      const value = curve === undefined ? undefined : read(curve, trial);
      if (value !== undefined) values.push(value);
    }
    column.add(values);
    return column;
  }
}

/** More columns than these are not kept: each takes a number a trial. */
const mostColumns = 20_000;

/** Whether two records of a finished trial say the same but for the notes on it. */
function isSame(a: TrialRecord, b: TrialRecord): boolean {
  return a.number === b.number && a.state === b.state && a.curves === b.curves;
}

const histories = new WeakMap<Space, Map<string, History>>();

/** The history of a study, brought up to date. */
export function historyOf(study: StudyView): History {
  const objective = study.objectives[0]!.name;
  let bySpace = histories.get(study.space);
  if (bySpace === undefined) {
    histories.set(study.space, bySpace = new Map());
  }
  const key = JSON.stringify([study.name, objective]);
  const known = bySpace.get(key);
  if (known?.update(study.trials)) return known;
  const fresh = new History(objective);
  fresh.update(study.trials);
  bySpace.set(key, fresh);
  return fresh;
}

/**
 * Descents along gradients, read off a study's trials.
 *
 * | symbol | name in code | shape | meaning |
 * |---|---|---|---|
 * | v | `params` | | the values of a trial |
 * | u | `point` | `[d]` | those that move, on the unit cube |
 * | ∂f/∂v | `gradientOf(trial)` | | what the trial has told, on the values' own scale |
 * | ∂f/∂u | `slope` | `[d]` | the same on the unit cube: times high − low, or times v log(high / low) |
 *
 * A descent begins at a trial that has told a gradient. The optimizer asks for a point;
 * the trial that has exactly that configuration is the descent's next, whoever ran it
 * and when. So nothing is stored but the trials: told the same, the optimizer asks the
 * same.
 *
 * @module
 */

import {
  adamSearch,
  type Evaluation,
  lbfgsSearch,
  type PointSearch,
} from "../math/mod.ts";
import {
  gradientOf,
  isDiscarded,
  isFinished,
  type StudyView,
  type TrialRecord,
} from "../records/mod.ts";
import type { Configuration, Parameter, Space } from "../space/mod.ts";
import { allowedAt } from "./_allowed_at.ts";

/** How descents go. */
export interface DescentSettings {
  readonly optimizer: "lbfgs" | "adam";
  readonly stepSize: number;
  readonly tolerance: number;
  /** The most trials of a descent; null for what suits the space. */
  readonly steps: number | null;
}

/** A parameter along which there can be a gradient. */
type Continuous = Parameter & { readonly kind: "float" };

/** Where nothing but numbers moves, a descent may go on for as many trials. */
const longest = 200;
/** Where there are choices too, it makes room for others sooner. */
const longestAmongOthers = 15;
/** Adam ends where its best is as many trials ago. */
const patience = 15;

/** How often in a row an optimizer may ask for what has been tried. */
const mostRepeats = 30;

/** What the steepest slope is scaled to. Of values as large, small differences are relative ones. */
const steep = 1e6;

/** Whether a parameter is a continuum, so that there can be a gradient along it. */
export function isContinuous(parameter: Parameter): parameter is Continuous {
  return parameter.kind === "float" && parameter.step === null &&
    parameter.low < parameter.high;
}

/** One descent. */
export class Descent {
  /** Its trials, the first one where it began. */
  readonly trials: TrialRecord<unknown>[] = [];
  /** The best value after 1, 2, … trials; smaller is better. */
  readonly best: number[] = [];
  /** The values that do not move. */
  readonly rest: Configuration;
  /** Whether values other than those that move could be chosen. */
  readonly isAmongOthers: boolean;
  /** The configuration to try next; null where it has ended. */
  next: Configuration | null = null;
  readonly #space: Space;
  readonly #axes: readonly Continuous[];
  readonly #settings: DescentSettings;
  readonly #sign: number;
  readonly #search: PointSearch<unknown>;
  readonly #scale: number;
  readonly #offset: number;
  readonly #known: Map<string, TrialRecord<unknown>>;
  #isBusy = false;

  /** A descent from a trial that has told a gradient; `known` are the trials of all descents by configuration, to which it adds. */
  constructor(
    start: TrialRecord<unknown>,
    space: Space,
    settings: DescentSettings & { readonly sign: number },
    known: Map<string, TrialRecord<unknown>>,
  ) {
    this.#known = known;
    this.#space = space;
    this.#settings = settings;
    this.#sign = settings.sign;
    const told = gradientOf(start)!;
    const params = start.params as Configuration;
    this.#axes = space.parameters.filter(isContinuous)
      .filter(({ name }) => Object.hasOwn(told, name));
    const moving = new Set(this.#axes.map(({ name }) => name));
    this.rest = Object.fromEntries(
      Object.entries(params).filter(([name]) => !moving.has(name)),
    );
    this.isAmongOthers = moving.size < space.dimension;
    const { value, gradient } = this.#evaluation(start, 1, 0);
    // So steep that no unit of the objective's matters to the optimizer.
    const steepest = Math.max(...gradient.map(Math.abs), 0);
    this.#scale = steepest > 0 ? steep / steepest : 1;
    this.#offset = value;
    const { optimizer, stepSize, tolerance } = settings;
    const d = this.#axes.length;
    const box = {
      lower: new Float64Array(d),
      upper: new Float64Array(d).fill(1),
      maxIterations: longest,
    };
    const at = this.#placeOf(params);
    this.#search = optimizer === "adam"
      ? adamSearch(at, { ...box, learningRate: stepSize })
      : lbfgsSearch(at, {
        ...box,
        firstStep: stepSize,
        gradientTolerance: tolerance * steep,
        valueTolerance: tolerance,
      });
    this.#search.next();
    this.take(start);
  }

  /** Whether it waits for a trial. */
  get isBusy(): boolean {
    return this.#isBusy;
  }

  /** The value of its best trial so far. */
  get value(): number {
    return this.best.at(-1)!;
  }

  /** The trial of that value. */
  get bestTrial(): TrialRecord<unknown> {
    const index = this.best.indexOf(this.value);
    return this.trials[index]!;
  }

  /** Takes in its next trial. */
  take(trial: TrialRecord<unknown>): void {
    this.trials.push(trial);
    this.#isBusy = !isFinished(trial.state);
    const { value } = this.#evaluation(trial, 1, 0);
    const before = this.best.at(-1) ?? Infinity;
    this.best.push(value < before ? value : before);
    if (this.#isBusy) return;
    this.#known.set(keyOf(trial.params as Configuration), trial);
    this.next = this.#isLongEnough() ? null : this.#askedAfter(trial);
  }

  /** What the optimizer asks for next; what has been tried it is told at once. */
  #askedAfter(trial: TrialRecord<unknown>): Configuration | null {
    let told = trial;
    for (let repeats = 0; repeats < mostRepeats; repeats++) {
      const asked = this.#search.next(
        this.#evaluation(told, this.#scale, this.#offset),
      );
      if (asked.done) return null;
      const params = this.#paramsAt(asked.value);
      const known = this.#known.get(keyOf(params));
      if (known === undefined) return params;
      told = known;
    }
    return null;
  }

  #isLongEnough(): boolean {
    const { steps, optimizer } = this.#settings;
    const most = steps ?? (this.isAmongOthers ? longestAmongOthers : longest);
    const since = this.trials.length - 1 - this.best.indexOf(this.value);
    return this.trials.length >= most ||
      (optimizer === "adam" && since >= patience);
  }

  /** What the optimizer is told of a trial. NaN where it has no gradient: then it backs away. */
  #evaluation(
    trial: TrialRecord<unknown>,
    scale: number,
    offset: number,
  ): Evaluation {
    const told = gradientOf(trial);
    const isUsable = trial.state === "complete" && told !== null &&
      !isDiscarded(trial);
    const value = isUsable ? this.#sign * (trial.value ?? NaN) : NaN;
    const params = trial.params as Configuration;
    const gradient = Float64Array.from(this.#axes, (axis) => {
      const { name, low, high, log } = axis;
      const width = log
        ? (params[name] as number) * Math.log(high / low)
        : high - low;
      const slope = told !== null && Object.hasOwn(told, name)
        ? told[name]!
        : 0;
      return this.#sign * scale * slope * width;
    });
    return {
      value: scale * (value - offset),
      gradient,
      // Where rules have moved a point, it is not where the optimizer thinks.
      ...this.#space.rules.length === 0 ? {} : { point: this.#placeOf(params) },
    };
  }

  #placeOf(params: Configuration): Float64Array {
    const place = this.#space.locate(params);
    return Float64Array.from(
      this.#axes,
      ({ name }) => place[this.#space.names.indexOf(name)]!,
    );
  }

  #paramsAt(point: Float64Array): Configuration {
    const place = new Map(this.#axes.map(({ name }, i) => [name, point[i]!]));
    return allowedAt(
      this.#space,
      Float64Array.from(this.#space.names, (name) => place.get(name) ?? NaN),
      this.rest,
    );
  }
}

/** What the trials of a study are to descents. */
export interface DescentReading {
  /** The descents, by the numbers of the trials where they began. */
  readonly descents: readonly Descent[];
  /** The trials that belong to none. */
  readonly others: readonly TrialRecord<unknown>[];
}

/** Reads the descents off a study's trials. */
export function readDescents<C>(
  { space, trials, objectives }: StudyView<C>,
  settings: DescentSettings,
): DescentReading {
  const sign = objectives[0]!.direction === "minimize" ? 1 : -1;
  const descents: Descent[] = [];
  const others: TrialRecord<unknown>[] = [];
  const known = new Map<string, TrialRecord<unknown>>();
  const awaited = new Map<string, Descent>();
  const expectNext = (descent: Descent) => {
    if (descent.next !== null) awaited.set(keyOf(descent.next), descent);
  };
  const canMove = space.parameters.some(isContinuous);
  for (const trial of canMove ? trials : []) {
    // A gradient, or an optimizer that waits for this trial: without either, no need to look.
    const told = gradientOf(trial);
    if (awaited.size === 0 && told === null) {
      others.push(trial);
      continue;
    }
    const key = keyOf(trial.params as Configuration);
    const descent = awaited.get(key);
    if (descent !== undefined) {
      awaited.delete(key);
      descent.take(trial);
      expectNext(descent);
    } else if (isStart(trial) && isOfSpace(trial, space)) {
      const begun = new Descent(
        trial,
        space as unknown as Space,
        { ...settings, sign },
        known,
      );
      descents.push(begun);
      expectNext(begun);
    } else others.push(trial);
  }
  return { descents, others: canMove ? others : trials };
}

function isStart(trial: TrialRecord<unknown>): boolean {
  const told = gradientOf(trial);
  return told !== null && trial.state === "complete" &&
    Number.isFinite(trial.value ?? NaN) && !isDiscarded(trial) &&
    Object.keys(told).length > 0;
}

/** Whether a trial is whole and within all ranges as they are now: the space may have changed since. */
function isOfSpace<C>(
  { params }: TrialRecord<unknown>,
  space: StudyView<C>["space"],
): boolean {
  try {
    const valid = space.validate(params, { rules: false });
    return keyOf(valid as Configuration) === keyOf(params as Configuration);
  } catch {
    return false;
  }
}

/** Equal for equal configurations, in whatever order their names stand. */
export function keyOf(params: Configuration): string {
  return JSON.stringify(
    Object.keys(params).sort().map((name) => [name, params[name]]),
  );
}

/**
 * Evolutionary algorithms as samplers: which generation a trial belongs to is read
 * off the history.
 *
 * Trials stand in a row, by number; the first λ of them are the first generation,
 * the next λ the second. Whoever chose a trial, it counts: a person's, a queue's and
 * another sampler's join the generation in which they fall. A generation is learned
 * from when its trials are over; where one hangs, when the next generation is
 * complete without it. Until then the last distribution goes on being used.
 *
 * Nothing is stored: what an algorithm asked for is asked anew, with the trial's own
 * stream of random numbers. So a study that is resumed goes on as before.
 *
 * @module
 */

import type { Axis, Evolution, Individual } from "../evolution/mod.ts";
import {
  numberedStreams,
  type RandomStream,
  randomStream,
} from "../math/mod.ts";
import {
  isFinished,
  type StudyView,
  type TrialHistory,
  type TrialRecord,
  violationsIn,
} from "../records/mod.ts";
import {
  cardinality,
  choicesOf,
  type Configuration,
  type Parameter,
  type Space,
} from "../space/mod.ts";
import type { Sampler } from "./sampler.ts";

/** From how many values on an ordered axis counts as continuous. */
const manyValues = 200;

/** What is kept between suggestions: it hangs on the history alone. */
interface Memory<S> {
  readonly evolution: Evolution<S>;
  readonly seed: string;
  /** The stream of a trial, the same whenever it is asked for. */
  readonly streamOf: (number: number) => RandomStream;
  /** What was learned from the trials told. */
  state: S;
  /** The trials of all generations that were learned from. */
  readonly told: TrialRecord<unknown>[];
  /** The indices of those among them that were not over. */
  readonly open: number[];
  /** How many trials the longest history had. */
  longest: number;
  /** What was asked for in the present generation, by trial: a shortcut, made anew where it is missing. */
  readonly asked: Map<number, Asked<S>>;
}

/** What an algorithm asked for. */
interface Asked<S> {
  /** In which state, and for which place. */
  readonly state: S;
  readonly slot: number;
  /** The point, `[dimension]`. */
  readonly point: Float64Array;
  /** The configuration there. */
  readonly params: Configuration;
}

/**
 * A sampler out of an evolutionary algorithm.
 *
 * @param makeEvolution Makes the algorithm for the axes of a space.
 */
export function populationSampler<S>(
  name: string,
  makeEvolution: (axes: readonly Axis[]) => Evolution<S>,
): Sampler {
  const memories = new WeakMap<object, Memory<S>>();

  /** The state that the trials teach, and the place of the next in its generation. */
  function learn<C>(
    view: HistoryView<C>,
    seed: string,
  ): { memory: Memory<S>; slot: number } {
    let memory = memories.get(view.space);
    if (memory?.seed !== seed || !isStillTrue(memory, view.trials)) {
      const evolution = memory?.evolution ?? makeEvolution(axesOf(view.space));
      const state = evolution.start();
      memory = {
        evolution,
        seed,
        streamOf: numberedStreams(randomStream(seed, "evolution")),
        state,
        told: [],
        open: [],
        longest: 0,
        asked: new Map(),
      };
      memories.set(view.space, memory);
    }
    while (learnGeneration(memory, view));
    memory.longest = Math.max(memory.longest, view.trials.length);
    const slot = (view.trials.length - memory.told.length) %
      memory.evolution.size(memory.state);
    return { memory, slot };
  }

  return Object.freeze<Sampler>({
    name,
    suggest({ study, history, number, seed, fixed }) {
      const { constraints, objectives, space } = study;
      const trials = history ?? study.trials;
      const { memory, slot } = learn(
        { constraints, objectives, space, trials },
        seed,
      );
      const { evolution, state } = memory;
      const point = evolution.ask(state, slot, memory.streamOf(number));
      const about = evolution.describe(state, slot);
      const params = study.space.decode(point, fixed);
      if (Object.keys(fixed).length === 0) {
        memory.asked.set(number, {
          state,
          slot,
          point,
          params: params as Configuration,
        });
      }
      return {
        params,
        reason: `${about[0]!.toUpperCase()}${
          about.slice(1)
        } (${evolution.name}).`,
      };
    },
  });
}

/** What is looked at of a study. */
interface HistoryView<C>
  extends Pick<StudyView<C>, "constraints" | "objectives" | "space"> {
  readonly trials: TrialHistory<C>;
}

/** Learns from the next generation if it is over; else false. */
function learnGeneration<S, C>(
  memory: Memory<S>,
  view: HistoryView<C>,
): boolean {
  const { evolution, state, told } = memory;
  const begin = told.length;
  const size = evolution.size(state);
  const trials = view.trials.slice(begin, begin + size);
  if (trials.length < size) return false;
  const isOver = trials.every((trial) => isFinished(trial.state));
  if (!isOver && !isPassed(view.trials, begin + size, size)) return false;
  const generation: Individual[] = [];
  trials.forEach((trial, slot) => {
    told.push(trial);
    if (!isFinished(trial.state)) memory.open.push(begin + slot);
    else {
      const individual = individualOf(memory, { view, trial, slot });
      if (individual !== null) generation.push(individual);
    }
  });
  memory.asked.clear();
  if (generation.length > 0) memory.state = evolution.tell(state, generation);
  return true;
}

/**
 * Whether what was learned is what these trials teach. A trial that is over never
 * changes: where the history has grown, only the others are looked at.
 */
function isStillTrue<S>(
  { told, open, longest }: Memory<S>,
  trials: TrialHistory<unknown>,
): boolean {
  const isSame = (index: number) => trials.at(index) === told[index];
  if (trials.length < told.length) return false;
  if (trials.length <= longest) return told.every((_, index) => isSame(index));
  return told.length === 0 ||
    (isSame(0) && isSame(told.length - 1) && open.every(isSame));
}

/** Whether the next generation is over, up to one in two of its trials. */
function isPassed(
  trials: TrialHistory<unknown>,
  begin: number,
  size: number,
): boolean {
  const next = trials.slice(begin, begin + size);
  const over = next.filter((trial) => isFinished(trial.state)).length;
  return next.length === size && over >= size / 2;
}

/** A trial as one of a generation; null if it cannot be placed. */
function individualOf<S, C>(
  { evolution, state, streamOf, asked }: Memory<S>,
  { view, trial, slot }: {
    view: HistoryView<C>;
    trial: TrialRecord<C>;
    slot: number;
  },
): Individual | null {
  const random = () => streamOf(trial.number);
  const known = asked.get(trial.number);
  let [point, params] = [known?.point, known?.params];
  if (
    known?.state !== state || known.slot !== slot || point === undefined ||
    params === undefined
  ) {
    point = evolution.ask(state, slot, random());
    params = view.space.decode(point) as Configuration;
  }
  const isForeign = !isSame(params, trial.params as Configuration);
  if (isForeign) {
    const drift = point;
    // What is inactive drifts as it would have.
    point = view.space.locate(trial.params as Configuration)
      .map((place, j) => Number.isNaN(place) ? drift[j]! : place);
  }
  if (!point.every(Number.isFinite)) return null;
  return {
    slot,
    point,
    values: valuesOf(trial, view),
    violation: violationIn(trial, view, evolution),
    isForeign,
    random,
  };
}

function isSame(a: Configuration, b: Configuration): boolean {
  if (a === b) return true;
  const names = Object.keys(a);
  return names.length === Object.keys(b).length &&
    names.every((name) => Object.hasOwn(b, name) && a[name] === b[name]);
}

/** A value an objective, smaller is better; infinite where it failed. */
function valuesOf<C>(
  trial: TrialRecord<C>,
  { objectives }: HistoryView<C>,
): Float64Array {
  return Float64Array.from(objectives, ({ name, direction }, k) => {
    if (trial.state === "failed") return Infinity;
    const told = trial.values?.[k] ?? (k === 0 ? trial.value : null) ??
      trial.curves.get(name)?.values.findLast(Number.isFinite) ?? NaN;
    const value = direction === "minimize" ? told : -told;
    return Number.isNaN(value) ? Infinity : value;
  });
}

/**
 * By how much a trial breaks the constraints; infinitely where that is not known.
 * In the scales of the first generation, so that later ones can be compared with it.
 */
function violationIn<S, C>(
  trial: TrialRecord<C>,
  { constraints = [], trials }: HistoryView<C>,
  evolution: Pick<Evolution<S>, "size" | "start">,
): number {
  if (constraints.length === 0) return 0;
  const firstSize = evolution.size(evolution.start());
  return violationsIn(trials.slice(0, firstSize))(trial);
}

/** The axes of a space as algorithms see them. */
export function axesOf<C>(space: Space<C>): Axis[] {
  return space.parameters.map(axisOf);
}

function axisOf(parameter: Parameter): Axis {
  const choices = choicesOf(parameter);
  const count = choices?.length ?? cardinality(parameter);
  if (!(count <= manyValues)) return { kind: "continuous" };
  if (parameter.kind === "choice" && count > 2) {
    return { kind: "unordered", count };
  }
  return { kind: "ordered", edges: edgesOf(parameter, count) };
}

/** Where one value ends and the next begins. */
function edgesOf(parameter: Parameter, count: number): Float64Array {
  const isLogarithmic = parameter.kind === "int" && parameter.log &&
    parameter.low < parameter.high;
  if (!isLogarithmic) {
    return Float64Array.from(
      { length: Math.max(0, count - 1) },
      (_, k) => (k + 1) / count,
    );
  }
  const { low, high } = parameter;
  const [bottom, top] = [Math.log(low - 0.5), Math.log(high + 0.5)];
  return Float64Array.from(
    { length: high - low },
    (_, k) => (Math.log(low + k + 0.5) - bottom) / (top - bottom),
  );
}

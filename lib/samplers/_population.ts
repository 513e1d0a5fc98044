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
 * Where prior studies have configurations to begin with, these stand first in the
 * first generation.
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
  type PriorWeight,
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
import type { Prior } from "../surrogates/mod.ts";
import { allowedNear, type AskedPlace, askFor } from "./_population_rules.ts";
import {
  type SearchBeginning,
  searchOf,
  weightAtFirst,
} from "./_prior_search.ts";
import type { Sampler, SuggestRequest } from "./sampler.ts";

/** From how many values on an ordered axis counts as continuous. */
const manyValues = 200;

/** What is kept between suggestions: it hangs on the history alone. */
interface Memory<S> {
  readonly evolution: Evolution<S>;
  readonly seed: string;
  /** What prior studies say; null where there are none. */
  readonly prior: Prior | null;
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
interface Asked<S> extends AskedPlace {
  /** In which state, and for which place. */
  readonly state: S;
  readonly slot: number;
}

/** What a {@linkcode populationSampler} makes of prior studies, besides their starts. */
export interface PriorUse<S> {
  /** Whether the algorithm itself begins from what prior studies say, and who then chooses an individual; null once nobody asks them. */
  readonly chooser: (state: S, slot: number) => PriorWeight["chosenBy"] | null;
}

/**
 * A sampler out of an evolutionary algorithm.
 *
 * @param makeEvolution Makes the algorithm for the axes of a space; from where
 * prior studies had their best, if it uses them and there are any.
 */
export function populationSampler<S>(
  name: string,
  makeEvolution: (
    axes: readonly Axis[],
    begin: SearchBeginning | null,
  ) => Evolution<S>,
  use: PriorUse<S> | null = null,
): Sampler {
  const memories = new WeakMap<object, Memory<S>>();

  /** The state that the trials teach, and the place of the next in its generation. */
  function learn<C>(
    { study, history, seed, prior = null }: LearnRequest<C>,
  ): { memory: Memory<S>; slot: number } {
    const { constraints, objectives, space } = study;
    const view = {
      constraints,
      objectives,
      space,
      trials: history ?? study.trials,
    };
    let memory = memories.get(view.space);
    const isSame = memory?.seed === seed && memory.prior === prior;
    if (memory === undefined || !isSame || !isStillTrue(memory, view.trials)) {
      const evolution = memory?.prior === prior
        ? memory.evolution
        : makeEvolution(
          axesOf(view.space),
          use === null || prior === null ? null : searchOf(prior, view.space),
        );
      const state = evolution.start();
      memory = {
        evolution,
        seed,
        prior,
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
    asksPrior: true,
    suggest<C>(request: SuggestRequest<C>) {
      const { study, number, seed, fixed, prior, start } = request;
      if (start !== undefined) return start;
      const { memory, slot } = learn(request);
      const { evolution, state } = memory;
      const { space } = study;
      const asked = askFor(memory, { space, slot, seed, number, fixed });
      const about = evolution.describe(state, slot);
      if (Object.keys(fixed).length === 0) {
        memory.asked.set(number, { ...asked, state, slot });
      }
      const params = allowedNear(space, asked, {
        fixed,
        towards: () => bestOf(study),
      });
      const chosenBy = prior === undefined ? null : use?.chooser(state, slot);
      return {
        params: params as C,
        reason: `${about[0]!.toUpperCase()}${
          about.slice(1)
        } (${evolution.name}).`,
        ...(chosenBy == null
          ? {}
          : { priorWeight: weightAtFirst(prior!, chosenBy) }),
      };
    },
  });
}

/** So many of the best trials show the way to what the rules allow. */
const guides = 5;

function bestOf<C>(view: StudyView<C>): Configuration[] {
  return view.trials.filter(({ state }) => state === "complete")
    .map((trial) => ({ trial, value: valuesOf(trial, view)[0]! }))
    .sort((a, b) => a.value - b.value || a.trial.number - b.trial.number)
    .slice(0, guides).map(({ trial }) => trial.params as Configuration);
}

/** What is looked at of a request. */
interface LearnRequest<C>
  extends Pick<SuggestRequest<C>, "study" | "history" | "seed"> {
  readonly prior?: Prior | null;
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
  memory: Memory<S>,
  { view, trial, slot }: {
    view: HistoryView<C>;
    trial: TrialRecord<C>;
    slot: number;
  },
): Individual | null {
  const { state, seed, asked } = memory;
  const { space } = view;
  const { number } = trial;
  const before = asked.get(number);
  const known = before?.state === state && before.slot === slot
    ? before
    : askFor(memory, { space, slot, seed, number, fixed: {} });
  let { point } = known;
  const { params, random } = known;
  // What was moved to where the rules allow it counts as another's choice, too.
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
    violation: violationIn(trial, view, memory.evolution),
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

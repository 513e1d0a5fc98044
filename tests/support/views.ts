/**
 * Plain data for the tests of samplers, pruners, charts and the like: trials,
 * views of a study, and what a sampler is asked.
 *
 * @module
 */

import { randomStream } from "../../lib/math/mod.ts";
import {
  type Curve,
  minimize,
  type Objective,
  type OutcomeConstraint,
  type StudyView,
  type TrialRecord,
} from "../../lib/records/mod.ts";
import type { SuggestRequest } from "../../lib/samplers/mod.ts";
import { type Configuration, Space } from "../../lib/space/mod.ts";

/** What {@linkcode trialOf} takes beside number and configuration. */
export interface TrialDetails extends Partial<Omit<TrialRecord, "curves">> {
  /** Curves by name: the values at steps 1, 2, 3, … */
  readonly curves?: Readonly<Record<string, readonly number[]>>;
}

/**
 * A frozen trial. Without details it is complete with the value 0; other states
 * have no value unless one is given. Trial n began n minutes after the first.
 */
export function trialOf<C = Configuration>(
  number: number,
  params: C,
  details: TrialDetails = {},
): TrialRecord<C> {
  const { state = "complete", curves = {}, ...rest } = details;
  const value = details.value ?? (state === "complete" ? 0 : null);
  const startedAt = state === "waiting"
    ? null
    : new Date(Date.UTC(2025, 0, 1, 0, number));
  const finished = state !== "waiting" && state !== "running";
  return Object.freeze<TrialRecord<C>>({
    number,
    state,
    value,
    values: value === null ? null : Object.freeze([value]),
    startedAt,
    finishedAt: finished ? new Date(startedAt!.getTime() + 30_000) : null,
    durationMs: finished ? 30_000 : null,
    error: state === "failed" ? "Error: it broke" : null,
    origin: "sampler",
    reason: null,
    forecast: null,
    attributes: Object.freeze({}),
    ...rest as Partial<TrialRecord<C>>,
    params: Object.freeze(params),
    curves: new Map(
      Object.entries(curves).map((
        [name, values],
      ) => [name, curveOf(name, values)]),
    ),
  });
}

/** A frozen curve with the values at steps 1, 2, 3, … */
export function curveOf(name: string, values: readonly number[]): Curve {
  return Object.freeze({
    name,
    steps: Object.freeze(values.map((_, index) => index + 1)),
    values: Object.freeze([...values]),
  });
}

/** A frozen view of a study; it minimizes unless objectives are given. */
export function viewOf<C>(
  space: Space<C>,
  trials: readonly TrialRecord<C>[] = [],
  objectives: readonly Objective[] = [minimize()],
  constraints: readonly OutcomeConstraint[] = [],
): StudyView<C> {
  return Object.freeze({
    name: "study",
    objectives: Object.freeze([...objectives]),
    constraints,
    space,
    trials: Object.freeze([...trials]),
  });
}

/** The view with more trials. */
export function withTrials<C>(
  view: StudyView<C>,
  ...trials: readonly TrialRecord<C>[]
): StudyView<C> {
  return Object.freeze({
    ...view,
    trials: Object.freeze([...view.trials, ...trials]),
  });
}

/** The same study as another process would read it: no object is shared. */
export function rebuilt<C>(view: StudyView<C>): StudyView<C> {
  const json = JSON.parse(JSON.stringify(view.space));
  return viewOf(
    Space.fromJSON(json) as unknown as Space<C>,
    view.trials.map((trial) => {
      const { params, ...rest } = structuredClone(trial);
      return Object.freeze({ ...rest, params: Object.freeze(params) });
    }),
    structuredClone(view.objectives),
    structuredClone(view.constraints),
  );
}

/** What {@linkcode requestOf} may be told. */
export interface RequestDetails {
  /** The number of the trial to suggest for. Defaults to the number of trials. */
  readonly number?: number;
  /** The study's seed. Defaults to `"seed"`. */
  readonly seed?: string;
  /** Values already decided. Defaults to none. */
  readonly fixed?: Configuration;
}

/** What a study asks its sampler, with a fresh stream of random numbers. */
export function requestOf<C>(
  study: StudyView<C>,
  details: RequestDetails = {},
): SuggestRequest<C> {
  const { number = study.trials.length, seed = "seed", fixed = {} } = details;
  return Object.freeze({
    study,
    number,
    seed,
    random: randomStream(seed, number, "sampler"),
    fixed: Object.freeze({ ...fixed }),
  });
}

import {
  isDiscarded,
  isFinished,
  type StudyView,
  type TrialRecord,
} from "../records/mod.ts";
import { lossOf } from "./_loss.ts";
import type { Configuration, Space } from "../space/mod.ts";

/** A trial as a surrogate sees it. */
export interface Observation {
  /** The trial's number. */
  readonly number: number;
  /** Its place in the unit cube, `[dimension]`, NaN where a parameter is inactive. */
  readonly unit: Float64Array;
  /** Its value, with the sign that makes smaller better; NaN if it failed or has none that is of use. */
  readonly value: number;
  /** Whether it was pruned, so that the value is that of an unfinished training. */
  readonly isPruned: boolean;
}

/** What a study knows, as surrogates see it. */
export interface Observations {
  /** The finished trials, by number. */
  readonly finished: readonly Observation[];
  /** The places of trials that run, or wait with a whole configuration. */
  readonly pending: readonly Float64Array[];
  /** The numbers of the trials that run, rising. */
  readonly running: readonly number[];
  /** 1 if the study minimizes, −1 if it maximizes: value in user's units = sign × value here. */
  readonly sign: 1 | -1;
}

/**
 * What a study's trials tell a surrogate.
 *
 * - Complete: their value. NaN and what is infinitely bad count as failed; what is
 *   infinitely good counts as the best finite value.
 * - Pruned: their value, or else the last value of the objective's curve;
 *   without either as failed.
 * - Failed: they count as bad, so that a region where trainings diverge is left.
 * - Discarded ones tell nothing.
 * - Running, and waiting ones whose configuration is whole: pending.
 *
 * Finished trials whose values are no longer allowed, since the space has
 * changed, count where they stand, outside of the unit cube. Trials that lack a
 * value are left out.
 *
 * @example
 * ```ts
 * import { createStudy, float, observationsOf, space } from "@etude/etude";
 * const study = await createStudy({ name: "s", space: space({ x: float(0, 1) }), storage: "memory" });
 * observationsOf(study.view()).finished.length; // 0
 * ```
 */
export function observationsOf<C>(view: StudyView<C>): Observations {
  const { direction } = view.objectives[0]!;
  const sign = direction === "minimize" ? 1 : -1;
  const finished: Observation[] = [];
  const pending: Float64Array[] = [];
  const running: number[] = [];
  for (const trial of view.trials) {
    if (isDiscarded(trial)) continue;
    const unit = unitOf(trial, view);
    if (unit === null) continue;
    if (trial.state === "running" || trial.state === "waiting") {
      pending.push(unit);
      if (trial.state === "running") running.push(trial.number);
      continue;
    }
    const isPruned = trial.state === "pruned";
    finished.push({
      number: trial.number,
      unit,
      value: lossOf(trial, view.objectives[0]!),
      isPruned,
    });
  }
  return {
    finished: withoutInfinities(finished.sort((a, b) => a.number - b.number)),
    pending,
    running: running.sort((a, b) => a - b),
    sign,
  };
}

function withoutInfinities(finished: readonly Observation[]): Observation[] {
  const best = finished.reduce(
    (least, { value }) =>
      Number.isFinite(value) ? Math.min(least, value) : least,
    Infinity,
  );
  return finished.map((observation) => {
    const { value } = observation;
    if (Number.isFinite(value) || Number.isNaN(value)) return observation;
    const isGood = value < 0 && Number.isFinite(best);
    return { ...observation, value: isGood ? best : NaN };
  });
}

// A finished trial never changes: its place is worked out once for a space.
const places = new WeakMap<
  object,
  { space: object; unit: Float64Array | null }
>();

/**
 * The place of a trial; null if its configuration is not a whole one of the
 * space. Of a finished trial it may lie outside of the unit cube: its values
 * were allowed once.
 */
function unitOf<C>(
  trial: TrialRecord<C>,
  { space }: StudyView<C>,
): Float64Array | null {
  const key = trial.params as object;
  const known = places.get(key);
  if (known?.space === space) return known.unit;
  const params = trial.params as Configuration;
  let unit: Float64Array | null;
  try {
    unit = space.encode(space.validate(params, { rules: false }));
    // Defaults fill what is open: a waiting trial must be whole by itself.
    if (trial.state === "waiting" && isOpen(params, space)) unit = null;
  } catch {
    unit = isFinished(trial.state) && !isOpen(params, space)
      ? space.locate(params)
      : null;
  }
  // A running one may yet finish.
  if (unit !== null || isFinished(trial.state)) {
    places.set(key, { space, unit });
  }
  return unit;
}

/** Whether a parameter that is active has no value. */
function isOpen<C>(params: Configuration, space: Space<C>): boolean {
  return space.names.some((name) =>
    (!Object.hasOwn(params, name) || params[name] === undefined) &&
    space.isActive(name, params)
  );
}

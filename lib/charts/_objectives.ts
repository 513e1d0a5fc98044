/**
 * Studies with several objectives, as their charts see them.
 *
 * @module
 */

import type { Objective, StudyView, TrialRecord } from "../records/mod.ts";
import { drawable, valueRange } from "./_scale.ts";
import { shorten } from "./_text.ts";

/** A complete trial of which every objective has a value. */
export interface ValuedTrial {
  readonly trial: TrialRecord;
  /** The values as the user said them. */
  readonly values: readonly number[];
  /** The same such that smaller is better. */
  readonly losses: readonly number[];
}

/** The complete trials with a value an objective that an axis can hold, by number. */
export function valuedTrials(view: StudyView): readonly ValuedTrial[] {
  const signs = view.objectives.map(({ direction }) =>
    direction === "minimize" ? 1 : -1
  );
  return view.trials.flatMap((trial) => {
    const { state, values } = trial;
    return state === "complete" && values !== null &&
        values.length === signs.length && values.every((v) => drawable(v))
      ? [{ trial, values, losses: values.map((v, i) => signs[i]! * v) }]
      : [];
  });
}

/** The range of an objective's values, outliers on the bad side left out. */
export function objectiveRange(
  { direction }: Objective,
  values: readonly number[],
): readonly [number, number] {
  const range = valueRange(values, direction, false)!;
  return [range.low, range.high];
}

/** An objective as an axis names it. */
export function titleOf({ name, direction }: Objective, columns = 36): string {
  return `${shorten(name, columns)} (${direction})`;
}

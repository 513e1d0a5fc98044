/** A study of several objectives as studies of one. */

import {
  isFeasible,
  lossesOf,
  type StudyView,
  type TrialRecord,
} from "../records/mod.ts";

// The same trial becomes the same object each time: what is remembered of trials hangs on it.
const parts = new WeakMap<TrialRecord, TrialRecord[]>();

/** The study with one of its objectives, by its place, alone. */
export function objectiveView(study: StudyView, place: number): StudyView {
  const count = study.objectives.length;
  return {
    ...study,
    objectives: [study.objectives[place]!],
    trials: study.trials.map((trial) => {
      const known = parts.get(trial) ?? [];
      parts.set(trial, known);
      return known[place] ??= withValue(
        trial,
        trial.values?.length === count ? trial.values[place]! : null,
      );
    }),
  };
}

/** A trial that has another value. */
export function withValue(
  trial: TrialRecord,
  value: number | null,
): TrialRecord {
  return { ...trial, value, values: value === null ? null : [value] };
}

/** A trial that has ended with a usable value of every objective. */
export interface Outcome {
  /** The trial's place in the list of trials. */
  readonly index: number;
  /** Its losses, smaller is better: finite, or −Infinity. */
  readonly losses: readonly number[];
  /** Whether it keeps to the study's constraints. */
  readonly isFeasible: boolean;
}

/** The complete trials whose every value is a number, and none infinitely bad. */
export function outcomesOf(
  { trials, objectives }: Pick<StudyView, "trials" | "objectives">,
): Outcome[] {
  const found: Outcome[] = [];
  trials.forEach((trial, index) => {
    if (trial.state !== "complete") return;
    if (trial.values?.length !== objectives.length) return;
    const losses = lossesOf(trial, objectives);
    if (losses.every((loss) => loss < Infinity)) {
      found.push({ index, losses, isFeasible: isFeasible(trial) });
    }
  });
  return found;
}

/** More than so many ranges away is all the same. */
const farOff = 1e6;

/**
 * Losses as shares of the range between the best and the worst of each objective:
 * at least 0; of what makes the range up, at most 1.
 *
 * @param of The places of the losses whose range it is. Defaults to all.
 */
export function scaledLosses(
  losses: readonly (readonly number[])[],
  of: Iterable<number> = losses.keys(),
): number[][] {
  const places = [...of];
  const ranges = (losses[0] ?? []).map((_, k) => {
    let [low, high] = [Infinity, -Infinity];
    for (const place of places) {
      const loss = losses[place]![k]!;
      if (!Number.isFinite(loss)) continue;
      low = Math.min(low, loss);
      high = Math.max(high, loss);
    }
    return [low, high] as const;
  });
  return losses.map((loss) =>
    loss.map((value, k) => {
      const [low, high] = ranges[k]!;
      if (!(value > low)) return 0;
      // Halves do not overflow; where the range is nothing, all that is worse is as bad.
      const share = (value / 2 - low / 2) / (high / 2 - low / 2);
      // The smallest numbers have no halves: what is worse by one of them is at the other end.
      return Number.isNaN(share) ? 1 : Math.min(share, farOff);
    })
  );
}

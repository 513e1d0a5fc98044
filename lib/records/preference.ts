import { isDiscarded } from "./marks.ts";
import type { StudyView } from "./study.ts";
import type { TrialRecord } from "./trial.ts";

/**
 * The attribute of a trial that keeps the numbers of the trials that a person
 * likes less: `[3, 7]`, one as often as they said so.
 */
export const preferredAttribute = "etude:preferred";

/** What a person has said of two trials. */
export interface Preference {
  /** The number of the one that is better. */
  readonly better: number;
  /** The number of the other. */
  readonly worse: number;
}

/**
 * All that a person has said of which of two trials is better, by the better
 * one's number. Discarded trials are left out.
 *
 * @example
 * ```ts
 * import { createStudy, float, preferencesOf, space } from "@etude/etude";
 * const study = await createStudy({ name: "s", space: space({ x: float(0, 1) }), storage: "memory" });
 * await study.optimize(() => 0, { trials: 2, progress: false });
 * await study.prefer(1, 0);
 * preferencesOf(study.view()); // [{ better: 1, worse: 0 }]
 * ```
 */
export function preferencesOf<C>(
  { trials }: Pick<StudyView<C>, "trials">,
): Preference[] {
  const said = trials.filter((trial) => preferredTo(trial).length > 0);
  if (said.length === 0) return [];
  const usable = new Set(
    trials.filter((trial) => trial.state === "complete" && !isDiscarded(trial))
      .map(({ number }) => number),
  );
  return said.filter(({ number }) => usable.has(number)).flatMap((trial) =>
    preferredTo(trial).filter((worse) => usable.has(worse))
      .map((worse) => ({ better: trial.number, worse }))
  );
}

/**
 * The numbers of the trials that a person likes less than this one, each as often as they said so.
 *
 * @example
 * ```ts
 * import { createStudy, float, preferenceSampler, preferredTo, space } from "@etude/etude";
 * const study = await createStudy({
 *   name: "taste", space: space({ x: float(0, 1) }), storage: "memory", sampler: preferenceSampler(),
 * });
 * await study.optimize(() => 0, { trials: 2, progress: false });
 * await study.prefer(1, 0);
 * preferredTo(study.trial(1)); // [0]
 * ```
 */
export function preferredTo(trial: TrialRecord<unknown>): readonly number[] {
  const kept = trial.attributes[preferredAttribute];
  return Array.isArray(kept)
    ? kept.filter((number) => Number.isInteger(number))
    : [];
}

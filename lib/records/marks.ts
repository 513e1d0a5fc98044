import type { TrialRecord } from "./trial.ts";

/**
 * The attribute that keeps a person's note on a study or a trial: a text, Markdown.
 * Files and databases keep it where optuna-dashboard keeps its notes, so that both
 * show the same.
 */
export const noteAttribute = "etude:note";

/** The attribute that marks a trial as a favorite: `true`. */
export const favoriteAttribute = "etude:favorite";

/** The attribute that keeps a person's {@linkcode TrialVerdict} on a trial. */
export const verdictAttribute = "etude:verdict";

/**
 * What a person says of a trial against what was stored of it: `"failed"`: its
 * result is bad, whatever was reported; `"discarded"`: it tells nothing, as if it
 * had never run.
 */
export interface TrialVerdict {
  /** What it counts as. */
  readonly state: "failed" | "discarded";
  /** Why, in words; null where nobody said. */
  readonly reason: string | null;
}

/**
 * What a person has said of a trial; null if nothing.
 *
 * @example
 * ```ts
 * import { createStudy, float, space, verdictOf } from "@etude/etude";
 * const study = await createStudy({ name: "s", space: space({ x: float(0, 1) }), storage: "memory" });
 * await study.optimize((trial) => trial.params.x, { trials: 2, progress: false });
 * await study.discard(1, "the data were wrong");
 * verdictOf(study.trial(1)); // { state: "discarded", reason: "the data were wrong" }
 * ```
 */
export function verdictOf(trial: TrialRecord<unknown>): TrialVerdict | null {
  const kept = trial.attributes[verdictAttribute];
  if (typeof kept !== "object" || kept === null) return null;
  const { state, reason } = kept as Record<string, unknown>;
  return state === "failed" || state === "discarded"
    ? { state, reason: typeof reason === "string" ? reason : null }
    : null;
}

/**
 * Whether a trial tells nothing: a person has discarded it, or taken it out of
 * the queue. Samplers and surrogates leave it out.
 *
 * @example
 * ```ts
 * import { createStudy, float, isDiscarded, space } from "@etude/etude";
 * const study = await createStudy({ name: "s", space: space({ x: float(0, 1) }), storage: "memory" });
 * const queued = await study.enqueue({ x: 0.5 });
 * await study.withdraw(queued.number);
 * isDiscarded(study.trial(0)); // true
 * ```
 */
export function isDiscarded(trial: TrialRecord<unknown>): boolean {
  return verdictOf(trial)?.state === "discarded";
}

/**
 * The note on a trial or on a study; an empty text if there is none.
 *
 * @example
 * ```ts
 * import { createStudy, float, noteOf, space } from "@etude/etude";
 * const study = await createStudy({ name: "s", space: space({ x: float(0, 1) }), storage: "memory" });
 * await study.note("The data of **May**, without outliers.");
 * noteOf(study); // "The data of **May**, without outliers."
 * ```
 */
export function noteOf(
  { attributes }: { readonly attributes: Readonly<Record<string, unknown>> },
): string {
  const note = attributes[noteAttribute];
  return typeof note === "string" ? note : "";
}

/**
 * Whether a trial is marked as a favorite.
 *
 * @example
 * ```ts
 * import { createStudy, float, isFavorite, space } from "@etude/etude";
 * const study = await createStudy({ name: "s", space: space({ x: float(0, 1) }), storage: "memory" });
 * await study.optimize((trial) => trial.params.x, { trials: 2, progress: false });
 * await study.favorite(0);
 * isFavorite(study.trial(0)); // true
 * ```
 */
export function isFavorite(trial: TrialRecord<unknown>): boolean {
  return trial.attributes[favoriteAttribute] === true;
}

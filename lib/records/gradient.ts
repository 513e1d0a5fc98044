import type { TrialRecord } from "./trial.ts";

/** The attribute that keeps a trial's {@linkcode TrialGradient}. */
export const gradientAttribute = "etude:gradient";

/**
 * How the objective would change with each parameter: its derivatives at the trial's
 * configuration, by name, each per unit of the parameter's own value (not of its
 * logarithm), of the objective as the user says it, all finite.
 */
export type TrialGradient = Readonly<Record<string, number>>;

/**
 * The gradient that a trial has told (`trial.gradient(…)`); null if none.
 *
 * @example
 * ```ts
 * import { createStudy, float, gradientOf, space } from "@etude/etude";
 * const study = await createStudy({ name: "s", space: space({ x: float(0, 1) }), storage: "memory" });
 * await study.optimize(async (trial) => {
 *   const { x } = trial.params;
 *   await trial.gradient({ x: 2 * x });
 *   return x ** 2;
 * }, { trials: 1, progress: false });
 * gradientOf(study.trial(0))!.x === 2 * study.trial(0).params.x; // true
 * ```
 */
export function gradientOf(trial: TrialRecord<unknown>): TrialGradient | null {
  const kept = trial.attributes[gradientAttribute];
  if (typeof kept !== "object" || kept === null) return null;
  const isGradient = Object.values(kept).every((one) =>
    typeof one === "number" && Number.isFinite(one)
  );
  return isGradient ? kept as TrialGradient : null;
}

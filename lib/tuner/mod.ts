/**
 * The interactive panel: tuning by hand, with the surrogate under the sliders.
 *
 * In a notebook: `await tuner(study, objective)`. Without one, on any study file,
 * Optuna's too:
 *
 * ```sh
 * deno run -A jsr:@etude/etude/tuner studies.db
 * ```
 *
 * @example
 * ```ts
 * import { createStudy, float, minimize, space } from "@etude/etude";
 * import { tuner } from "@etude/etude/tuner";
 * const study = await createStudy({
 *   name: "by hand", space: space({ x: float(0, 1) }), objective: minimize("loss"), storage: "memory",
 * });
 * const panel = await tuner(study, (trial) => (trial.params.x - 0.3) ** 2);
 * await panel.close();
 * ```
 *
 * @module
 */

export { Tuner, tuner } from "./tuner.ts";
export type { TunerOptions } from "./tuner_options.ts";
export { workerObjective } from "./worker_objective.ts";
export type { ObjectiveFunction, Study, Trial } from "../study/mod.ts";

if (import.meta.main) {
  const { runPanel } = await import("./_command.ts");
  await runPanel();
}

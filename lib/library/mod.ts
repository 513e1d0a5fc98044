/**
 * The library of prior studies: what a task is, which studies are like it, and
 * what they teach before the first trial.
 *
 * @module
 */

export type { ModelInput } from "./_model.ts";
export type { LinkReason } from "./_match.ts";
export * from "./built_in_curves.ts";
export * from "./describe_task.ts";
export * from "./library.ts";
export * from "./library_card.ts";
export * from "./library_curves.ts";
export * from "./library_strategy.ts";
export * from "./library_study.ts";
export * from "./make_prior.ts";
export * from "./open_library.ts";
export * from "./pack_library.ts";
export * from "./pack_prior.ts";
export * from "./parameter_link.ts";
export * from "./portfolio.ts";
export * from "./prior_study.ts";
export * from "./remap_prior.ts";
export * from "./search_bounds.ts";
export * from "./similar_study.ts";
export * from "./simulate_cold_start.ts";
export * from "./space_mapping.ts";
export {
  type DataFeatures,
  isTaskDescription,
  type Landmarks,
  type ModelDescription,
  type TaskDescription,
  type TaskKind,
} from "./task.ts";
export * from "./task_likeness.ts";
export * from "./warm_start.ts";

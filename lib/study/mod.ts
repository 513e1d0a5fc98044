/**
 * Studies and trials: ask, tell, run, stop, reopen.
 *
 * @module
 */

export * from "./ask_options.ts";
export type { ReportValues } from "./_report_values.ts";
export type { ObjectiveValue } from "./_values.ts";
export { type ComparedTrial, Comparison } from "./comparison.ts";
export * from "./create_study.ts";
export * from "./errors.ts";
export { Forecast, type NearTrial } from "./forecast.ts";
export { observeStudies, type StudyObserver } from "./observers.ts";
export { PreferencePair } from "./preference_pair.ts";
export * from "./run.ts";
export * from "./run_summary.ts";
export {
  type ForecastScore,
  type OriginScore,
  Scoreboard,
} from "./scoreboard.ts";
export * from "./study.ts";
export * from "./study_options.ts";
export * from "./suggestion.ts";
export * from "./trial.ts";
export { TrialDiagnosis, type TrialDiagnosisParts } from "./trial_diagnosis.ts";
export * from "./trial_result.ts";

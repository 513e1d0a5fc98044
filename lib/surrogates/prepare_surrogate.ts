import type { StudyView } from "../records/mod.ts";
import { recall } from "./_fit_memory.ts";
import { fitSize, settledCount } from "./_fit_schedule.ts";
import { fitThread } from "./_fit_thread.ts";
import { knownFeatures } from "./_known_features.ts";
import { objectiveFeatures } from "./_output_features.ts";
import { observationsOf } from "./observations.ts";
import type { SurrogateOptions } from "./surrogate.ts";

/** A fit to fewer trials takes no longer than having it made elsewhere. */
const fewestTrials = 20;

/**
 * Begins, in another thread, the fit of hyperparameters that
 * {@linkcode fitSurrogate} will need once the running trial that began first has
 * ended. It returns at once, and changes no answer, only how long it takes; it
 * does nothing where there is nothing to prepare, or there can be no thread (it
 * takes the permission to read the library's own files).
 *
 * @param view The study, with one running trial at least.
 * @param options Whether the objective is one of several.
 * @returns Whether a fit is being made.
 *
 * @example
 * ```ts
 * import { createStudy, float, prepareSurrogate, space } from "@etude/etude";
 * const study = await createStudy({ name: "s", space: space({ x: float(0, 1) }), storage: "memory" });
 * prepareSurrogate(study.view()); // false: nothing runs
 * ```
 */
export function prepareSurrogate<C>(
  view: StudyView<C>,
  { oneOfSeveral = false }: Pick<SurrogateOptions, "oneOfSeveral"> = {},
): boolean {
  const { finished, running } = observationsOf(view);
  const [ending, ...others] = running;
  if (ending === undefined) return false;
  const numbers = [...finished.map(({ number }) => number), ending]
    .sort((a, b) => a - b);
  const size = fitSize(settledCount(numbers, others));
  if (size < fewestTrials || numbers.indexOf(ending) < size) return false;
  const first = finished.slice(0, size);
  if (!first.some(({ value }) => Number.isFinite(value))) return false;
  const known = knownFeatures(view.space);
  const features = oneOfSeveral
    ? objectiveFeatures(known, view.objectives[0]!.name)
    : known;
  fitThread.collect();
  return recall(features, first) === undefined &&
    fitThread.begin(features, first);
}

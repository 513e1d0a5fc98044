import { isFinished, type StudyView } from "../records/mod.ts";
import type { DiagnosisContext } from "./context.ts";
import { Diagnosis, type StudyFindingKind } from "./diagnosis.ts";
import { diagnoseTrialBeside, surroundingsOf } from "./diagnose_trial.ts";
import {
  findBudget,
  findCommon,
  findEdges,
  findFailingRegion,
  findInstability,
  findNoiseAboveDifferences,
} from "./_study_findings.ts";

/**
 * Says what a study's trials together show of the search itself: whether the
 * best stand at the edge of the space, trainings are too short or too long, a
 * region fails, the noise hides which trial is best; and what many trials share.
 *
 * Takes up to a millisecond a trial.
 *
 * @param view The study.
 * @param context What else is known of its trainings, e.g. the baseline.
 *
 * @example
 * ```ts
 * import { diagnoseStudy, type StudyView } from "@etude/etude";
 * const show = (view: StudyView) => console.log(String(diagnoseStudy(view)));
 * ```
 *
 * Source: the questions are those of Google's Deep Learning Tuning Playbook.
 */
export function diagnoseStudy<C>(
  view: StudyView<C>,
  context: DiagnosisContext = {},
): Diagnosis<StudyFindingKind> {
  const over = view.trials.filter(({ state }) => isFinished(state));
  const known = surroundingsOf(view);
  const diagnosed = known === null ? [] : over.map((trial) => ({
    trial,
    diagnosis: diagnoseTrialBeside(view, trial, context, known),
  }));
  return new Diagnosis({
    subject: `Study ${JSON.stringify(view.name)}`,
    findings: [
      ...findEdges(view),
      ...findFailingRegion(view, diagnosed),
      ...findInstability(diagnosed),
      ...findBudget(view, diagnosed),
      ...findNoiseAboveDifferences(view),
      ...findCommon(diagnosed),
    ],
    nothing: over.length < 10
      ? `${over.length} finished trials say little of the search yet.`
      : "nothing wrong with the search to be seen.",
  });
}

import { isFinished, type StudyView } from "../records/mod.ts";
import { fitSurrogate, type Surrogate } from "../surrogates/mod.ts";
import { count } from "./_text.ts";

/** What the surrogate of a chart learns from, if the chart says nothing else: enough for a picture, and quick. */
const usualTrials = 150;

/** The surrogate that a chart draws: of so many trials, whatever the study has. */
export function drawnSurrogate(
  view: StudyView,
  maxTrials: number = usualTrials,
): Surrogate {
  return fitSurrogate(view, { maxTrials, chosenOnly: true });
}

/** Says that the surrogate does not know all trials; empty if it does. */
export function surrogateNote(
  view: StudyView,
  maxTrials: number = usualTrials,
): string {
  const finished = view.trials.filter(({ state }) => isFinished(state)).length;
  return finished <= maxTrials
    ? ""
    : `the surrogate knows ${maxTrials} of ${
      count(finished, "trial")
    }: the best, the latest, and others evenly`;
}

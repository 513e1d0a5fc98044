/**
 * Bayesian optimization of four objectives and more: by a trade-off between them,
 * drawn anew for each trial. Augmented Chebyshev: max wⱼ lⱼ + ρ Σ wⱼ lⱼ, with lⱼ
 * the objective's loss as a share of the front's range, and weights w that are
 * uniform among those that sum to 1.
 *
 * Source: Knowles, ParEGO (2006).
 */

import { paretoFront } from "../math/mod.ts";
import { outcomesOf, scaledLosses, withValue } from "./_objective_views.ts";
import type { Suggestion, SuggestRequest } from "./sampler.ts";

/** ρ of the augmented Chebyshev trade-off. */
const augmentation = 0.05;

/**
 * By a trade-off that is drawn for this trial.
 *
 * @param single Chooses for a study of one objective.
 */
export function byTradeOff(
  request: SuggestRequest,
  single: (request: SuggestRequest) => Suggestion,
): Suggestion {
  const { study, random } = request;
  const raw = study.objectives.map(() => -Math.log1p(-random.uniform()));
  const sum = raw.reduce((a, b) => a + b);
  const weights = raw.map((one) => sum > 0 ? one / sum : 1 / raw.length);
  const outcomes = outcomesOf(study);
  const all = outcomes.map(({ losses }) => losses);
  // The front's range, not that of all: what is far off says little of what is at stake.
  const losses = scaledLosses(all, paretoFront(all));
  const value = new Map(outcomes.map(({ index }, i) => {
    const parts = losses[i]!.map((loss, j) => weights[j]! * loss);
    const sum = parts.reduce((a, b) => a + b);
    return [index, Math.max(...parts) + augmentation * sum];
  }));
  const trials = study.trials.map((trial, index) =>
    withValue(trial, value.get(index) ?? null)
  );
  const suggestion = single({
    ...request,
    study: {
      ...study,
      objectives: [{ name: "trade-off", direction: "minimize" }],
      trials,
    },
  });
  const named = weights.map((weight, j) =>
    `${study.objectives[j]!.name} ${weight.toFixed(2)}`
  );
  return {
    params: suggestion.params,
    reason: `Expected improvement of a trade-off that weighs ${
      named.join(", ")
    }.`,
  };
}

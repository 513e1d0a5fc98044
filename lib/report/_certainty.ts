/**
 * How sure we are of the best trial, in sentences.
 *
 * | symbol | name | what |
 * |---|---|---|
 * | v | `best.value` | the value measured, in the objective's unit |
 * | m, s | `mean`, `sd` | what the surrogate expects of the best configuration without noise |
 * | σ | `noiseSd` | the noise of one measurement, as the surrogate estimates it |
 * | r² | `r2` | the share of the variance that it predicts of trials left out |
 *
 * @module
 */

import { formatNumber } from "../charts/mod.ts";
import {
  bestTrial,
  isBetter,
  isFeasible,
  type StudyView,
  type TrialRecord,
} from "../records/mod.ts";
import { fitSurrogate } from "../surrogates/mod.ts";

/** How sure we are of the best. */
export interface Certainty {
  /** A sentence for those who read one only. */
  readonly short: string;
  /** The reasons, a sentence each. */
  readonly sentences: readonly string[];
  /** Numbers of complete trials, the best first, that one measurement cannot tell from the best. */
  readonly rivals: readonly number[];
}

/** Fewer trials say nothing of noise. */
const fewestTrials = 8;
/** The share of the variance from which on the surrogate is believed. */
const trustedFrom = 0.3;
/** The surrogate learns from so many at most: a second. */
const mostTrials = 300;

/** How sure we are of a study's best trial. */
export function certaintyOf(view: StudyView): Certainty {
  const best = bestTrial(view);
  if (best === null || !Number.isFinite(best.value)) {
    return {
      short: view.trials.some((trial) =>
          trial.state === "complete" && !isFeasible(trial)
        )
        ? "There is no feasible trial with a finite value yet."
        : "There is no complete trial with a finite value yet.",
      sentences: [],
      rivals: [],
    };
  }
  // What is not feasible is no rival.
  const finite = view.trials.filter((trial) =>
    trial.state === "complete" && trial.value !== null &&
    Number.isFinite(trial.value) && isFeasible(trial)
  );
  const late = latestSentence(view, best, finite.length);
  if (finite.length < fewestTrials) {
    return {
      short:
        `Not sure: ${finite.length} of ${view.trials.length} trials are complete, too few to tell luck from quality.`,
      sentences: [late],
      rivals: [],
    };
  }
  try {
    return judged(view, best, finite, late);
  } catch {
    // A surrogate that cannot be fitted takes nothing from what was measured.
    return { short: late, sentences: [], rivals: [] };
  }
}

function judged(
  view: StudyView,
  best: TrialRecord,
  finite: readonly TrialRecord[],
  late: string,
): Certainty {
  const { direction, name } = view.objectives[0]!;
  const surrogate = fitSurrogate(view, { maxTrials: mostTrials });
  const { r2, coverage95 } = surrogate.crossValidation();
  const { noiseSd } = surrogate;
  const value = best.value!;
  const sign = direction === "minimize" ? 1 : -1;
  const { mean, sd } = surrogate.predict(best.params, { noise: false });
  // Two measurements differ by chance by σ √2; 95 % of the time by less than 1.96 times that.
  const reach = 1.96 * Math.SQRT2 * noiseSd;
  const rivals = finite.filter((trial) =>
    trial.number !== best.number && sign * (trial.value! - value) <= reach
  ).toSorted((a, b) => sign * (a.value! - b.value!)).map((t) => t.number);
  const luck = sign * (mean - value);
  const digits = (x: number) => formatNumber(x, 4);
  const explains = Number.isNaN(r2) ? 0 : Math.max(0, r2);
  if (explains < trustedFrom) {
    return {
      short:
        "It cannot be told from these trials: what they measured hangs little on the parameters, as far as the surrogate sees.",
      sentences: [
        `Of trials left out, it predicts ${
          Math.round(100 * explains)
        } % of the variance. So nobody knows how much of the best value is luck: train that configuration again, with two or three other seeds.`,
        late,
      ],
      rivals: [],
    };
  }
  const short = rivals.length === 0
    ? "Fairly sure: no other trial comes within the noise of one measurement."
    : rivals.length <= 3
    ? `Somewhat sure: ${listOf(rivals)} may be as good.`
    : `Not sure which is best: ${rivals.length} other trials cannot be told from it by one measurement each.`;
  const sentences = [
    `${name} ${
      digits(value)
    } was measured once. The surrogate, which has seen all trials, expects ${
      digits(mean)
    } of this configuration, within ${digits(mean - 1.96 * sd)} to ${
      digits(mean + 1.96 * sd)
    } (95 %).`,
    luck > 0.5 * Math.max(sd, noiseSd * 0.5)
      ? `The best of many is likely a little lucky: measured again, expect it ${
        digits(luck)
      } ${direction === "minimize" ? "higher" : "lower"}.`
      : "",
    noiseSd > 0
      ? `One measurement is off by about ${
        digits(noiseSd)
      } (standard deviation, estimated).${
        rivals.length > 0
          ? ` So near the best: ${listOf(rivals.slice(0, 8))}${
            rivals.length > 8 ? " …" : ""
          }. Train those again with other seeds before you decide.`
          : ""
      }`
      : "",
    `Of trials left out, the surrogate predicts ${
      Math.round(100 * explains)
    } % of the variance, and its 95 % intervals hold ${
      Math.round(100 * coverage95)
    } % of them: what it says can be believed so far.`,
    late,
  ].filter((sentence) => sentence !== "");
  return { short, sentences, rivals };
}

function latestSentence(
  view: StudyView,
  best: TrialRecord,
  complete: number,
): string {
  const { direction } = view.objectives[0]!;
  const since = view.trials.length - 1 - best.number;
  const before = view.trials.filter((trial) =>
    trial.number < best.number && trial.state === "complete" &&
    trial.value !== null && isFeasible(trial)
  ).map(({ value }) => value!);
  const second = before.reduce<number | null>(
    (a, b) => a === null || isBetter(b, a, direction) ? b : a,
    null,
  );
  const step = second === null || !Number.isFinite(second)
    ? ""
    : `, better than all before by ${
      formatNumber(Math.abs(best.value! - second), 3)
    }`;
  return complete < 2
    ? `Trial ${best.number} is the only complete one.`
    : since === 0
    ? `The last trial is the best${step}: the search still improves.`
    : `The best was trial ${best.number} of ${view.trials.length}${step}; the ${since} since brought nothing better.`;
}

function listOf(numbers: readonly number[]): string {
  const shown = numbers.map((n) => `trial ${n}`);
  return shown.length === 1
    ? shown[0]!
    : `${shown.slice(0, -1).join(", ")} and ${shown.at(-1)}`;
}

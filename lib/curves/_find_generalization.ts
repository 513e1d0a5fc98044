/**
 * Findings about what the validation says beside the training: overfitting, a
 * gap, another distribution, a leak, noise, underfitting.
 *
 * @module
 */

import type { Finding } from "./diagnosis.ts";
import type { Features } from "./_features.ts";
import {
  at,
  better,
  correctedP,
  curveName,
  evidence,
  finding,
  own,
  short,
  worse,
} from "./_finding.ts";
import { learningRateOf, type Siblings } from "./_siblings.ts";
import { percent, show, times } from "./_words.ts";

/** The thresholds; levels are shares of the baseline. */
const limits = {
  /** A rise, as a share of the lowest validation value, that does harm. */
  rise: 0.05,
  /** The same as a share of the baseline. */
  riseOfBaseline: 0.015,
  /** A gap at the end that counts where the validation is this many times the training. */
  gap: 0.04,
  gapRatio: 2.2,
  /** The same where the training is all but memorized. */
  gapRatioIfSmall: 1.8,
  /** A gap at the end that counts by itself. */
  wideGap: 0.3,
  /** A gap in the first epochs. */
  earlyGap: 0.15,
  /** A validation that stays above this while the training learns. */
  never: 0.9,
  /** A training that ends below this has memorized, whatever the validation. */
  kept: 0.04,
  /** A level that is all but perfect. */
  perfect: 0.03,
  /** A level at which a model has memorized its data. */
  memorized: 0.09,
  /** Noise of the validation as a share of its level. */
  noisy: 0.04,
  /** Noise of the training as a share of its level. */
  trainNoisy: 0.018,
  /** Times the level of the better trials. */
  underfit: 1.4,
};

/** Validation and training come from different distributions. */
export function findShift(
  features: Features,
  siblings: Siblings,
): Finding | null {
  const { train, validation, earlyGap, n } = features;
  if (train === null || validation === null || n < 5) return null;
  if (train.end > 0.85) return null;
  // Without a baseline a first value that was never bettered proves nothing.
  const measured = features.baselineKnown || siblings.unit !== null;
  const never = measured && validation.low > limits.never &&
    validation.low > train.end + 0.2;
  const gained = 1 - (train.values[1]! + train.values[2]!) / 2;
  const early = earlyGap > limits.earlyGap &&
    earlyGap > 3 * validation.noise && earlyGap > 0.5 * gained &&
    gained > 0.15 &&
    validation.end - train.end > earlyGap / 2 && train.end > limits.kept;
  // Others learned as much without losing it: what is lost here is no memory.
  const reference = siblings.reference === null
    ? NaN
    : siblings.reference / features.unit;
  const ofTrain = (siblings.referenceTrain ?? NaN) / features.unit;
  const unlike = train.end > 0.6 * ofTrain && train.end < 1.4 * ofTrain &&
    validation.end > 2 * reference && features.gap > 0.15 &&
    validation.noise < 0.05 * validation.end;
  const turned = features.rise?.significant === true && train.end > 0.25 &&
    Math.abs(train.lateShare) < 0.03 && features.gap > 0.25;
  if (!never && !early && !unlike && !turned) return null;
  const z = features.gapZ;
  return finding(
    "shift",
    "problem",
    never
      ? `The validation never gets better than ${
        own(features, validation.low)
      }, ${
        percent(validation.low)
      } of what a constant answer gives, while the training reaches ${
        own(features, train.end)
      }: the two seem to come from different data.`
      : unlike || turned && !early
      ? `The validation ends at ${
        own(features, validation.end)
      } while the training stays at ${own(features, train.end)}${
        unlike
          ? `, a level that other trials reach on both (${
            own(features, reference)
          })`
          : ", too high a level to have been memorized"
      }: the two seem to come from different data.`
      : `From the first epochs on the validation stands ${
        percent(earlyGap)
      } of the baseline ${short(features)} the training (${
        own(features, validation.values[Math.min(2, n - 1)]!)
      } beside ${own(features, train.values[Math.min(2, n - 1)]!)} at ${
        at(features, Math.min(2, n - 1))
      }), before anything could be memorized: the two seem to come from different data.`,
    { features, first: 0 },
    evidence(
      "gap in the first epochs",
      earlyGap,
      "of the baseline",
      limits.earlyGap,
      correctedP(Math.max(0, z)),
    ),
    evidence(
      "best validation value",
      validation.low,
      "of the baseline",
      limits.never,
    ),
  );
}

/** Too good, or too good too soon: asked as a question. */
export function findLeak(features: Features): Finding | null {
  const { train, validation, n, context } = features;
  if (train === null || validation === null || n < 5) return null;
  const ratio = validation.end / Math.max(train.end, 1e-9);
  const alike = ratio > 0.6;
  const perfect = validation.end < validation.low + 0.02 &&
    (alike && validation.end < limits.perfect && ratio < 1.5 ||
      validation.end < 0.4 * limits.perfect && ratio < 3 &&
        validation.noise < 0.003);
  const soon = validation.values[Math.min(2, n - 1)]! < 0.15 && alike &&
    ratio < 1.3 && validation.end < 0.05;
  const pairs = validation.values.map((v, i) => v < train.values[i]!);
  const late = pairs.slice(n >> 1);
  const below = late.filter(Boolean).length / Math.max(1, late.length);
  const memorized = alike && ratio < 1.1 &&
    (train.end < limits.memorized / 2 ||
      train.end < limits.memorized && train.noise > 0.05 * train.end);
  const under = !context.trainHandicapped && !context.penaltyInTrainLoss &&
    below > 0.9 && ratio < 0.8 && features.gapZ < -4 &&
    train.end - validation.end > 0.03 && train.noise / train.end < 0.02 &&
    validation.noise / validation.end < limits.noisy;
  if (!perfect && !soon && !memorized && !under) return null;
  return finding(
    "leakage",
    "question",
    `Too good to be true? ${
      under
        ? `The validation ${features.reading.word} (${
          own(features, validation.end)
        }) is better than that of the training (${own(features, train.end)})`
        : `The validation ends at ${own(features, validation.end)}, ${
          percent(validation.end)
        } of what a constant answer gives, and as good as the training (${
          own(features, train.end)
        })`
    }. Do both share rows, or does an input contain the answer?`,
    { features, first: 0 },
    evidence(
      "validation at the end",
      validation.end,
      "of the baseline",
      limits.memorized,
    ),
    evidence("validation over training", ratio, "×", 1.15),
  );
}

/** The validation has turned and risen while the training went on falling. */
export function findOverfitting(features: Features): Finding | null {
  const { train, validation, rise, n, context, steps } = features;
  if (validation === null || rise === null || n < 6) return null;
  const share = rise.rise / Math.max(rise.low, 1e-9);
  if (!rise.significant || share < limits.rise) return null;
  if (rise.rise < limits.riseOfBaseline) return null;
  if (features.baselineKnown && rise.low > 0.97) return null;
  if (train !== null) {
    const before = train.smooth[rise.valley]!;
    // Both rise together: that is no memorizing.
    if (train.end > before + 2 * train.noise + 0.3 * rise.rise) return null;
    // Without a gap it is the training that stands high, not memory.
    const handicapped = context.trainHandicapped || context.penaltyInTrainLoss;
    const fell =
      before - train.end > Math.max(0.3 * rise.rise, 3 * train.noise);
    if (!handicapped && !fell && features.gap < 0.25 * rise.rise) return null;
  }
  const wanted = metricStillImproves(features);
  const from = rise.valley;
  return finding(
    wanted === null ? "overfitting" : "overconfidence",
    wanted === null ? "problem" : "hint",
    `${wanted === null ? "Overfitting" : "Overconfident, not worse"} since ${
      at(features, from)
    }: ${curveName(features, "validation")} has ${worse(features)} from ${
      own(features, rise.low)
    } to ${own(features, rise.end)} (${percent(share)}, z ${show(rise.z)})${
      train === null
        ? ""
        : ` while the training ${features.reading.word} ${
          train.end < train.smooth[from]! - train.noise
            ? `has ${better(features)} on to ${own(features, train.end)}`
            : `stays at ${own(features, train.end)}`
        }`
    }${
      wanted === null
        ? context.running || from >= n - 2
          ? "."
          : `; the best model is that of epoch ${show(steps[from]!)}.`
        : `, yet ${wanted}: the model is as often right, only too sure.`
    }${fallsAgain(features)}`,
    { features, first: from },
    evidence(
      "rise of the validation after its lowest point",
      share,
      "of the lowest value",
      limits.rise,
    ),
    evidence(
      "how much better a valley fits than a fall",
      rise.statistic,
      "noise variances",
      rise.critical,
      0.005,
    ),
    evidence("the same as a number of standard deviations", rise.z, "σ"),
  );
}

/** Said where the validation comes down again after its rise. */
function fallsAgain(features: Features): string {
  const { validation, rise, steps } = features;
  if (validation === null || rise === null) return "";
  let peak = rise.valley;
  for (let i = rise.valley; i < steps.length; i++) {
    if (validation.smooth[i]! > validation.smooth[peak]!) peak = i;
  }
  const back = validation.smooth[peak]! - rise.end;
  return back > 0.3 * rise.rise && back > 3 * validation.noise
    ? ` It is coming back from ${own(features, validation.smooth[peak]!)} at ${
      at(features, peak)
    }: longer training may undo it.`
    : "";
}

/** What the wanted metric does, if it has not got worse meanwhile; null if it has or is unknown. */
function metricStillImproves({ metric }: Features): string | null {
  if (metric === null || metric.lost > metric.tolerance) return null;
  return `the ${metric.name} has not got worse (best ${
    show(metric.best)
  }, at the end ${show(metric.end)})`;
}

/** A gap between training and validation that does not grow into a rise. */
export function findGap(
  features: Features,
  siblings: Siblings,
): Finding | null {
  const { train, validation, gap, gapZ, n } = features;
  if (train === null || validation === null || n < 6) return null;
  const ratio = validation.end / Math.max(1e-9, train.end);
  const small = train.end < 0.12;
  const wide = gap > limits.wideGap ||
    gap > limits.gap && ratio > limits.gapRatio ||
    small && gap > limits.gap / 2 && ratio > limits.gapRatioIfSmall;
  if (!wide || gapZ < 3 || train.end > 0.85 || validation.end > 0.97) {
    return null;
  }
  // Where no other trial did better, the gap costs nothing.
  if (
    siblings.reference !== null &&
    validation.end < 1.15 * siblings.reference / features.unit
  ) return null;
  return finding(
    "generalization gap",
    "hint",
    `The validation ends ${percent(gap)} of the baseline ${
      short(features)
    } the training (${own(features, validation.end)} beside ${
      own(features, train.end)
    }), without having turned: the model remembers what does not carry over, so far without harm.`,
    { features, first: n - features.width },
    evidence(
      "gap at the end",
      gap,
      "of the baseline",
      limits.gap,
      correctedP(gapZ),
    ),
  );
}

/** Underfitting: converged, no gap, and well above what siblings reach. */
export function findUnderfitting(
  features: Features,
  siblings: Siblings,
): Finding | null {
  const { train, validation, unit, n, context } = features;
  if (train === null || n < 8 || context.running) return null;
  const rate = learningRateOf(context.params, context.space);
  const lag = rate !== null && siblings.goodRate !== null
    ? siblings.goodRate / rate
    : 1;
  const gap = validation === null ? 0 : features.gap;
  if (gap > 0.25 * train.end) return null;
  if (siblings.reference === null) {
    // One curve alone cannot tell a weak model from a hard task: so it is asked.
    if (validation === null || train.end < 0.28 || gap > 0.03) return null;
    return finding(
      "underfitting",
      "question",
      `Underfitting? Training and validation agree and both end at ${
        percent(train.end)
      } of what a constant answer gives (${own(features, train.end)}, ${
        own(features, validation.end)
      }): there is room for a larger or less regularized model, unless the task allows no better. Other trials would tell.`,
      { features, first: n - features.width },
      evidence("training at the end", train.end, "of the baseline", 0.28),
      evidence("gap at the end", gap, "of the baseline", 0.03),
    );
  }
  const reference = siblings.reference / unit;
  const factor = train.end / reference;
  if (factor < limits.underfit || train.end - reference < 0.04) return null;
  if (lag > 8) {
    return finding(
      "learning rate too small",
      "problem",
      `The learning rate seems too small: the training ends at ${
        own(features, train.end)
      }, ${times(factor)} what the better quarter of the trials reach (${
        own(features, reference)
      }), and their learning rate is ${times(lag)} as large.`,
      { features, first: n - features.width },
      evidence("the better trials' learning rate over this one's", lag, "×", 8),
      evidence(
        "training at the end over the better trials' level",
        factor,
        "×",
        limits.underfit,
      ),
    );
  }
  return finding(
    "underfitting",
    "problem",
    `Underfitting: the training ends at ${own(features, train.end)}, ${
      times(factor)
    } what the better quarter of the trials reach (${
      own(features, reference)
    }), and the validation agrees with it: the model is too small or too strongly regularized.`,
    { features, first: n - features.width },
    evidence(
      "training at the end over the better trials' level",
      factor,
      "×",
      limits.underfit,
    ),
    evidence("gap at the end", gap, "of the baseline"),
  );
}

/** Noise: of the validation alone, or of the steps themselves. */
export function findNoise(
  features: Features,
  siblings: Siblings,
): Finding | null {
  const { train, validation, n, context } = features;
  if (validation === null || n < 8) return null;
  const noise = validation.noise / Math.max(validation.end, 1e-9);
  const ofTrain = train === null ? 0 : train.noise / Math.max(train.end, 1e-9);
  if (!(noise > limits.noisy) || validation.noise < 0.004) return null;
  const rate = learningRateOf(context.params, context.space);
  const factor = rate !== null && siblings.goodRate !== null
    ? rate / siblings.goodRate
    : NaN;
  // Noise of one's own examples alone does not move the training as well.
  if (
    train !== null && validation.noise < 1.8 * train.noise &&
    ofTrain < limits.trainNoisy
  ) return null;
  const late = train !== null &&
    (Number.isNaN(factor)
      ? ofTrain > limits.trainNoisy
      : factor > 2.5 && ofTrain > limits.trainNoisy / 2 ||
        ofTrain > 2 * limits.trainNoisy);
  const pieces = [
    evidence("noise of the validation", noise, "of its level", limits.noisy),
    evidence(
      "noise of the training",
      ofTrain,
      "of its level",
      limits.trainNoisy,
    ),
  ];
  const where = { features, first: n >> 1 };
  if (late) {
    return finding(
      "late step noise",
      "problem",
      `The steps are still large at the end: the training ${features.reading.word} jumps by ${
        percent(ofTrain)
      }, the validation by ${
        percent(noise)
      } from epoch to epoch, and neither settles.${
        factor > 2.5
          ? ` The learning rate is ${times(factor)} that of the better trials.`
          : ""
      }`,
      where,
      ...pieces,
    );
  }
  const size = context.nValidation;
  return finding(
    "noisy validation",
    "hint",
    `Noisy validation: it jumps by ${percent(noise)} from epoch to epoch${
      train === null
        ? ""
        : `, ${times(noise / Math.max(ofTrain, 1e-4))} the training`
    }${
      size === undefined ? "" : ` (${show(size)} examples)`
    }: trials closer than ${
      show(2 * validation.noise * features.unit)
    } cannot be told apart.`,
    where,
    ...pieces,
  );
}

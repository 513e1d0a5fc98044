/**
 * Findings about what the model remembers: overfitting, a gap, underfitting.
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
import { validationLimits as limits } from "./_limits.ts";
import { learningRateOf, type Siblings } from "./_siblings.ts";
import { percent, show, times } from "./_words.ts";

/** The validation has turned and risen while the training went on falling. */
export function findOverfitting(features: Features): Finding | null {
  const { train, validation, rise, n, context, steps } = features;
  if (validation === null || rise === null || n < 6) return null;
  const share = rise.rise / Math.max(rise.low, 1e-9);
  if (!rise.significant || share < limits.rise) return null;
  if (rise.rise < limits.riseOfBaseline) return null;
  if (rise.rise < 1.5 * features.samplingError) return null;
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
  if (gap < 3 * features.samplingError) return null;
  // Where no other trial did better, the gap costs nothing.
  if (
    siblings.reference !== null &&
    validation.end < 1.15 * siblings.reference / features.unit
  ) return null;
  return finding(
    "generalization gap",
    "hint",
    `The validation ends ${percent(gap)} of a constant answer's loss ${
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
  // Where others reach a third of this level, a gap is no excuse.
  const reached = (siblings.referenceTrain ?? NaN) / unit;
  if (gap > (train.end > 3 * reached ? 0.5 : 0.25) * train.end) return null;
  if (siblings.referenceTrain === null) {
    // One curve alone cannot tell a weak model from a hard task: so it is asked.
    if (validation === null || train.end < 0.28 || gap > 0.03) return null;
    return finding(
      "underfitting",
      "question",
      `Underfitting? Training and validation agree and both end at ${
        percent(train.end)
      } of a constant answer's loss (${own(features, train.end)}, ${
        own(features, validation.end)
      }): there is room for a larger or less regularized model, unless the task allows no better. Other trials would tell.`,
      { features, first: n - features.width },
      evidence("training at the end", train.end, "of the baseline", 0.28),
      evidence("gap at the end", gap, "of the baseline", 0.03),
    );
  }
  const reference = siblings.referenceTrain / unit;
  const factor = train.end / reference;
  // As good on the validation as any: then it only remembers less.
  if (
    validation !== null && siblings.reference !== null &&
    validation.end < siblings.reference / unit
  ) return null;
  // Others have a gap and this one has none: it remembers less than it could.
  const usualGap = (siblings.referenceGap ?? 0) / unit;
  const gapless = validation !== null && usualGap > 0.04 &&
    gap < usualGap / 3;
  const enough = gapless ? limits.underfitIfGapless : limits.underfit;
  if (factor < enough || train.end - reference < 0.04) return null;
  if (lag > 8) {
    return finding(
      "learning rate too small",
      "problem",
      `The learning rate seems too small: the training ends at ${
        own(features, train.end)
      }, ${times(factor)} what the better trials reach (${
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
    } what the better trials reach (${
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

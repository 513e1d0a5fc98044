/**
 * Findings about the training itself: it diverged, it does not learn, it learns
 * too slowly, it was stopped too soon.
 *
 * @module
 */

import type { Finding } from "./diagnosis.ts";
import type { Features } from "./_features.ts";
import {
  at,
  better,
  beyond,
  correctedP,
  curveName,
  evidence,
  finding,
  own,
  short,
  worse,
} from "./_finding.ts";
import { capacityOf, learningRateOf, type Siblings } from "./_siblings.ts";
import { percent, show, times } from "./_words.ts";

/** The thresholds, in one place; levels are shares of the baseline. */
const limits = {
  /** A training that ends this far above its lowest point has lost what it had. */
  lost: 0.2,
  /** Above this it is worse than a constant answer. */
  worseThanConstant: 1.03,
  /** Above this nothing much was learned. */
  stuck: 0.88,
  /** The same for a training that is thrown about widely. */
  stuckAndWild: 0.6,
  /** Noise, as a share of the level, beyond which a stuck training is thrown about. */
  thrown: 0.008,
  /** A movement below this is none. */
  still: 0.05,
  /** Above this a steady fall has only begun. */
  begun: 0.85,
  /** The share of the descent that came in the last third, above which it goes on. */
  goesOn: 0.07,
  /** Learning rates that differ by this factor from the better trials' are suspicious. */
  rateFactor: 8,
};

/** Divergence: values that are no numbers, or a training loss that went back up. */
export function findDivergence(features: Features): Finding | null {
  const { reading, train, validation, n, steps } = features;
  if (reading.brokenFrom !== null) {
    return {
      ...finding(
        "divergence",
        "critical",
        `Diverged: from epoch ${
          show(reading.brokenFrom)
        } on the ${reading.word} is no finite number.`,
        { features, first: n },
        evidence(
          "first step without a finite value",
          reading.brokenFrom,
          "epoch",
        ),
      ),
      steps: { from: reading.brokenFrom, to: reading.lastStep },
    };
  }
  const curve = train ?? validation;
  if (curve === null || n < 4) return null;
  const which = train === null ? "validation" : "training";
  const rise = curve.end - curve.low;
  const z = rise / Math.max(curve.noise, 1e-6);
  if (
    train !== null && rise > limits.lost && z > 4 &&
    curve.end > 1.25 * curve.low &&
    curve.low < 0.95 && curve.lowAt < n - 2
  ) {
    return finding(
      "divergence",
      "critical",
      `Diverged: ${curveName(features, which)} had ${better(features)} to ${
        own(features, curve.low)
      } by ${at(features, curve.lowAt)} and has ${worse(features)} back to ${
        own(features, curve.end)
      }, ${percent(rise)} of the baseline.`,
      { features, first: curve.lowAt },
      evidence(
        "rise of the training after its best point",
        rise,
        "of the baseline",
        limits.lost,
        correctedP(z),
      ),
    );
  }
  if (train === null || !features.baselineKnown && curve.moved > 0) return null;
  if (curve.end > 2 && curve.lateTau > -0.6) {
    return finding(
      "divergence",
      "critical",
      `Diverged: ${curveName(features, which)} ends at ${
        own(features, curve.end)
      }, ${times(curve.end)} what a constant answer would give.`,
      { features, first: 0 },
      evidence("training at the end", curve.end, "baselines", 2),
      evidence(
        "last step seen",
        steps.at(-1)!,
        "epoch",
      ),
    );
  }
  return null;
}

/** A learning rate too large: stuck near or above the baseline and thrown about. */
export function findRateTooLarge(
  features: Features,
  siblings: Siblings,
): Finding | null {
  const { train, n } = features;
  if (train === null || n < 6) return null;
  if (train.lateTau < -0.6 && train.lateShare > 0.02) return null;
  const noise = train.noise / train.end;
  const thrown = noise > limits.thrown && train.end > limits.stuck ||
    noise > 0.06 && train.end > limits.stuckAndWild;
  const above = train.end > limits.worseThanConstant && train.tau > -0.9 &&
    (features.baselineKnown || siblings.unit !== null || noise > limits.thrown);
  if (!thrown && !above) return null;
  const rate = learningRateOf(features.context.params, features.context.space);
  const good = siblings.goodRate;
  const factor = rate !== null && good !== null ? rate / good : NaN;
  if (factor < 1 / 3) return null;
  const comparison = factor > 2
    ? ` Its learning rate is ${times(factor)} that of the better trials.`
    : "";
  return finding(
    "learning rate too large",
    "problem",
    `The learning rate seems too large: ${curveName(features, "training")} ${
      thrown ? "jumps about" : "stays"
    } near ${own(features, train.end)}, ${
      percent(train.end)
    } of what a constant answer gives${
      thrown ? `, by ${percent(noise)} from epoch to epoch` : ""
    }, and falls no further.${comparison}`,
    { features, first: Math.floor(n / 2) },
    evidence(
      "training at the end",
      train.end,
      "of the baseline",
      limits.stuck,
    ),
    evidence(
      "noise of the training in its later half",
      noise,
      "of the level",
      limits.thrown,
    ),
    ...(factor > 2
      ? [evidence("learning rate over the better trials'", factor, "×")]
      : []),
  );
}

/** No learning: the loss stays where it began. */
export function findNoLearning(
  features: Features,
  siblings: Siblings,
): Finding | null {
  const { train, validation, n, context } = features;
  const curve = train ?? validation;
  if (curve === null || n < 6) return null;
  const all = Math.max(...curve.smooth) - Math.min(...curve.smooth);
  const noise = curve.noise / Math.max(curve.end, 1e-9);
  // Without a baseline a flat curve may as well be a model that was ready.
  const high = curve.end > 0.96;
  const steady = curve.tau < -0.94 && curve.moved > 8 * curve.noise;
  if (!high || all > limits.still || noise > 0.01 || steady) return null;
  const capacity = capacityOf(context.params, context.space);
  const small = capacity === null || siblings.goodCapacity === null
    ? NaN
    : siblings.goodCapacity / capacity;
  if (small >= 4) {
    return finding(
      "underfitting",
      "problem",
      `Underfitting: in ${n} epochs nothing was learned (${
        curveName(features, train === null ? "validation" : "training")
      } stays at ${
        own(features, curve.end)
      }), and the better trials' models are ${
        times(small)
      } as large: this one is probably too small.`,
      { features, first: 0 },
      evidence("movement", all, "of the baseline", limits.still),
      evidence("the better trials' capacity over this one's", small, "×", 4),
    );
  }
  return finding(
    "no learning",
    "critical",
    `No learning: in ${n} epochs ${
      curveName(features, train === null ? "validation" : "training")
    } has moved by ${percent(all)}, from ${
      own(features, curve.values[0]!)
    } to ${own(features, curve.end)}${
      features.baselineKnown
        ? ", no better than a constant answer"
        : " (unless the model was ready before)"
    }.`,
    { features, first: 0 },
    evidence("movement", all, "of the baseline", limits.still),
    evidence("level at the end", curve.end, "of the baseline", 0.96),
  );
}

/** Too slow or too short: still falling at the end. */
export function findStillFalling(
  features: Features,
  siblings: Siblings,
): Finding | null {
  const { train, validation, n, context } = features;
  const curve = train ?? validation;
  if (curve === null || n < 6 || context.running) return null;
  const { lateTau, lateZ, lateShare, end } = curve;
  const steady = Math.min(curve.tau, validation?.tau ?? 0) < -0.85;
  const slow = steady && end > limits.begun && curve.moved > 5 * curve.noise;
  const falling = lateTau < -0.7 && lateZ < -2 && lateShare > limits.goesOn;
  const validationFalls = validation === null ||
    validation.lateTau < -0.3 && validation.end < 1.02 * validation.low + 0.01;
  if (!slow && !falling || !validationFalls) return null;
  const rate = learningRateOf(context.params, context.space);
  const good = siblings.goodRate;
  const factor = rate !== null && good !== null ? good / rate : NaN;
  const tooSmall = Number.isNaN(factor)
    ? end > limits.begun
    : factor > limits.rateFactor || end > limits.begun && factor > 2;
  const p = correctedP(-lateZ);
  const pieces = [
    evidence(
      "share of the whole descent that came in the last third",
      lateShare,
      "of the descent",
      limits.goesOn,
      p,
    ),
    evidence("training at the end", end, "of the baseline", limits.begun),
  ];
  const where = { features, first: n - Math.floor(n / 3) };
  if (!tooSmall) {
    return finding(
      "not converged",
      "problem",
      `Not finished: ${
        curveName(features, "training")
      } still fell in the last third, by ${
        percent(lateShare)
      } of its whole descent, and the validation with it.`,
      where,
      ...pieces,
    );
  }
  return finding(
    "learning rate too small",
    "problem",
    `The learning rate seems too small: after ${n} epochs of steady descent ${
      curveName(features, "training")
    } is at ${own(features, end)}, still ${
      percent(end)
    } of what a constant answer gives${
      factor > 2
        ? `; the better trials' learning rate is ${times(factor)} as large`
        : ""
    }.`,
    where,
    ...pieces,
    ...(factor > 2
      ? [
        evidence(
          "the better trials' learning rate over this one's",
          factor,
          "×",
          limits.rateFactor,
        ),
      ]
      : []),
  );
}

/** A plateau reached early: the rest of the epochs changed nothing. */
export function findEarlyPlateau(features: Features): Finding | null {
  const { validation, train, n, context, steps } = features;
  const curve = validation ?? train;
  if (curve === null || n < 16 || context.running || curve.end > 0.9) {
    return null;
  }
  const reached = curve.smooth.findIndex((value) =>
    value <= curve.low + 0.01 + 2 * curve.noise / Math.sqrt(features.width)
  );
  if (reached < 0 || reached > 0.35 * n) return null;
  if (curve.end > curve.low + 0.02 + 2 * curve.noise) return null;
  return finding(
    "early plateau",
    "hint",
    `As good as it gets by ${at(features, reached)} of ${
      show(steps.at(-1)!)
    }: the rest brought ${
      curveName(features, validation === null ? "training" : "validation")
    } less than ${percent(0.01)} of the baseline further ${beyond(features)} ${
      own(features, curve.smooth[reached]!)
    }.`,
    { features, first: reached },
    evidence(
      "part of the epochs after which nothing was gained",
      reached / n,
      "of the epochs",
      0.35,
    ),
  );
}

/** Early instability: a training that was thrown up in its first tenth, and recovered. */
export function findEarlyInstability(features: Features): Finding | null {
  const { train, n, reading } = features;
  if (reading.infinite.length > 0) {
    const step = reading.infinite[0]!;
    return {
      ...finding(
        "early instability",
        "hint",
        `Unstable: the ${reading.word} was infinite at epoch ${
          show(step)
        }, and came back.`,
        { features, first: 0 },
        evidence("first step with an infinite value", step, "epoch"),
      ),
      steps: { from: step, to: reading.infinite.at(-1)! },
    };
  }
  if (train === null || n < 12) return null;
  const until = Math.max(4, Math.round(0.15 * n));
  let lowest = train.values[0]!;
  let jump = 0;
  let place = 0;
  for (let i = 1; i < until; i++) {
    const rise = train.values[i]! - lowest;
    if (rise > jump) {
      jump = rise;
      place = i;
    }
    lowest = Math.min(lowest, train.values[i]!);
  }
  const thrown = jump > 0.15 && jump > 5 * train.noise;
  const recovered = train.end < lowest;
  if (!thrown || !recovered) return null;
  return finding(
    "early instability",
    "hint",
    `Unstable at the start: at ${at(features, place)} ${
      curveName(features, "training")
    } stood ${percent(jump)} of the baseline ${
      short(features)
    } what it had reached, then it recovered.`,
    { features, first: place },
    evidence("jump of the training", jump, "of the baseline", 0.15),
  );
}

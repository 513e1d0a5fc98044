/**
 * Findings about a training that went wrong: it diverged, its steps are too large, it
 * learns nothing, it was thrown up at its start.
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
import { trainingLimits as limits } from "./_limits.ts";
import {
  capacityOf,
  learningRateOf,
  penaltyOf,
  type Siblings,
} from "./_siblings.ts";
import { percent, show, times } from "./_words.ts";

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
      }, ${percent(rise)} of a constant answer's loss.`,
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
  const measured = features.baselineKnown || siblings.unit !== null;
  const exploded = measured && Math.max(...train.values) > limits.exploded &&
    train.end > limits.begun;
  if (!exploded && train.lateTau < -0.6 && train.lateShare > 0.02) return null;
  const noise = train.noise / train.end;
  const thrown = noise > limits.thrown && train.end > limits.stuck ||
    noise > 0.06 && train.end > limits.stuckAndWild;
  const above = train.end > limits.worseThanConstant && train.tau > -0.9 &&
    (measured || noise > limits.thrown);
  if (!thrown && !above && !exploded) return null;
  const rate = learningRateOf(features.context.params, features.context.space);
  const good = siblings.goodRate;
  const factor = rate !== null && good !== null ? rate / good : NaN;
  if (factor < 1 / 3) return null;
  // A penalty that holds the weights down does not let the loss fall either.
  if (!exploded && !(factor > 3) && heldBack(features, siblings) > 1) {
    return null;
  }
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
    } of a constant answer's loss${
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

/** So many times the others' penalty holds a model back. */
const leastHold = 30;

/** How many times the better trials' penalty on the weights this one's is, if that is very many; else 1. */
function heldBack({ context }: Features, { goodPenalty }: Siblings): number {
  const own = penaltyOf(context.params, context.space);
  const times = own === null || goodPenalty === null ? 1 : own / goodPenalty;
  return own !== null && own > 1e-3 && times >= leastHold ? times : 1;
}

/** No learning: the loss stays where it began. */
export function findNoLearning(
  features: Features,
  siblings: Siblings,
): Finding | null {
  const { train, validation, n, context } = features;
  const curve = train ?? validation;
  if (curve === null || n < 6) return null;
  const late = curve.smooth.slice(-Math.max(5, n >> 2));
  const all = Math.max(...late) - Math.min(...late);
  const noise = curve.noise / Math.max(curve.end, 1e-9);
  // Without a baseline a flat curve may as well be a model that was ready.
  const high = Math.min(curve.low, curve.end) > 0.96;
  const steady = curve.tau < -0.94 && curve.moved > 8 * curve.noise &&
    curve.lateShare > 0.03;
  if (!high || all > limits.still || noise > 0.01 || steady) return null;
  const capacity = capacityOf(context.params, context.space);
  const small = capacity === null || siblings.goodCapacity === null
    ? NaN
    : siblings.goodCapacity / capacity;
  const rate = learningRateOf(context.params, context.space);
  const fast = rate === null || siblings.goodRate === null
    ? NaN
    : rate / siblings.goodRate;
  if (fast > limits.rateFactor) {
    return finding(
      "learning rate too large",
      "problem",
      `The learning rate seems too large: after ${n} epochs nothing was learned (${
        curveName(features, train === null ? "validation" : "training")
      } stands at ${own(features, curve.end)}), and it is ${
        times(fast)
      } that of the better trials.`,
      { features, first: 0 },
      evidence(
        "movement in the last quarter",
        all,
        "of the baseline",
        limits.still,
      ),
      evidence(
        "learning rate over the better trials'",
        fast,
        "×",
        limits.rateFactor,
      ),
    );
  }
  const penalty = heldBack(features, siblings);
  if (penalty > 1 && !(small >= 4)) {
    return finding(
      "underfitting",
      "problem",
      `Underfitting: in ${n} epochs nothing was learned (${
        curveName(features, train === null ? "validation" : "training")
      } stays at ${
        own(features, curve.end)
      }), and the penalty on the weights is ${
        times(penalty)
      } that of the better trials: it probably holds the model back.`,
      { features, first: 0 },
      evidence(
        "the penalty on the weights over the better trials'",
        penalty,
        "×",
        leastHold,
      ),
    );
  }
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
      evidence(
        "movement in the last quarter",
        all,
        "of the baseline",
        limits.still,
      ),
      evidence("the better trials' capacity over this one's", small, "×", 4),
    );
  }
  return finding(
    "no learning",
    "critical",
    `No learning: after ${n} epochs ${
      curveName(features, train === null ? "validation" : "training")
    } stands at ${own(features, curve.end)} (it began at ${
      own(features, curve.values[0]!)
    }, and has moved by ${percent(all)} in the last quarter)${
      features.baselineKnown
        ? ", no better than a constant answer"
        : " (unless the model was ready before)"
    }.`,
    { features, first: 0 },
    evidence(
      "movement in the last quarter",
      all,
      "of the baseline",
      limits.still,
    ),
    evidence("level at the end", curve.end, "of the baseline", 0.96),
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
    } stood ${percent(jump)} of a constant answer's loss ${
      short(features)
    } what it had reached, then it recovered.`,
    { features, first: place },
    evidence("jump of the training", jump, "of the baseline", 0.15),
  );
}

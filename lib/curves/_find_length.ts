/**
 * Findings about the length of a training: too slow or too short, or longer than it
 * needs.
 *
 * @module
 */

import type { Finding } from "./diagnosis.ts";
import type { Features } from "./_features.ts";
import {
  at,
  beyond,
  correctedP,
  curveName,
  evidence,
  finding,
  own,
} from "./_finding.ts";
import { trainingLimits as limits } from "./_limits.ts";
import { learningRateOf, type Siblings } from "./_siblings.ts";
import { percent, show, times } from "./_words.ts";

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
  const slow = steady && end > limits.begun && lateShare > 0.01 &&
    lateTau < -0.5 && curve.moved > 5 * curve.noise;
  const falling = lateTau < -0.7 && lateZ < -2 && lateShare > limits.goesOn &&
    curve.stillFalling > limits.stillFalling;
  const validationFalls = validation === null ||
    validation.lateTau < -0.3 && validation.end < 1.02 * validation.low + 0.01;
  if (!slow && !falling || !validationFalls) return null;
  const rate = learningRateOf(context.params, context.space);
  const good = siblings.goodRate;
  const factor = rate !== null && good !== null ? good / rate : NaN;
  // Much shorter than the good ones: then it is the length first.
  const brief = siblings.goodLength !== null && n < siblings.goodLength / 2;
  const tooSmall = Number.isNaN(factor)
    ? end > limits.begun
    : factor > limits.rateFactor ||
      end > limits.begun && factor > 2 && !brief;
  // Slow alone, with a rate as good as the others', is no want of steps.
  if (!tooSmall && !falling) return null;
  const p = correctedP(-lateZ);
  const pieces = [
    evidence(
      "fall in the last third",
      lateShare,
      "of the whole descent",
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
    } of a constant answer's loss${
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
    } less than ${percent(0.01)} of a constant answer's loss further ${
      beyond(features)
    } ${own(features, curve.smooth[reached]!)}.`,
    { features, first: reached },
    evidence(
      "part of the epochs after which nothing was gained",
      reached / n,
      "of the epochs",
      0.35,
    ),
  );
}

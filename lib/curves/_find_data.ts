/**
 * Findings about the data: two distributions, a leak, noise.
 *
 * @module
 */

import type { Finding } from "./diagnosis.ts";
import type { Features } from "./_features.ts";
import {
  at,
  better,
  correctedP,
  evidence,
  finding,
  own,
  short,
} from "./_finding.ts";
import { validationLimits as limits } from "./_limits.ts";
import { learningRateOf, type Siblings } from "./_siblings.ts";
import { percent, show, times } from "./_words.ts";

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
  const turned = features.rise?.significant === true &&
    features.rise.rise > 0.1 * features.rise.low && train.end > 0.25 &&
    Math.abs(train.lateShare) < 0.03 && features.gap > 0.25;
  if (!measured && neverImproved(features)) return askForShift(features);
  if (!never && !early && !unlike && !turned) return null;
  // Where the baseline is a guess, a rise is taken for what it mostly is.
  if (!measured && features.rise?.significant === true) return null;
  // Few examples may lie so by chance.
  if (features.gap < 3 * features.samplingError) return null;
  const z = features.gapZ;
  return finding(
    "shift",
    "problem",
    never
      ? `The validation never gets better than ${
        own(features, validation.low)
      }, ${
        percent(validation.low)
      } of a constant answer's loss, while the training reaches ${
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
      } of a constant answer's loss ${short(features)} the training (${
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

/** A validation that was never better than at its beginning, nor than the training's first value. */
function neverImproved({ train, validation }: Features): boolean {
  const first = validation!.values[0]!;
  const improved = first - validation!.low;
  return improved < Math.max(0.03 * first, 2 * validation!.noise) &&
    validation!.low > 1.1 * train!.values[0]! &&
    validation!.end > 1.1 * first && train!.end < 0.5 * first;
}

/** What that may mean, where nobody told how much a constant answer loses. */
function askForShift(features: Features): Finding {
  const train = features.train!;
  const validation = features.validation!;
  return finding(
    "shift",
    "question",
    `The validation was never better than at the start (${
      own(features, validation.values[0]!)
    }) and ends at ${own(features, validation.end)}, while the training has ${
      better(features)
    } to ${
      own(features, train.end)
    }: do the two come from different data, or are they prepared differently? (If not, it memorizes from the first epoch on.)`,
    { features, first: 0 },
    evidence(
      "best validation value",
      validation.low / validation.values[0]!,
      "of its first value",
      1,
    ),
    evidence(
      "training at the end",
      train.end / validation.values[0]!,
      "of the validation's first value",
      0.5,
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
  // Dropout makes the training look worse: there being alike says nothing.
  const memorized = alike && ratio < 1.1 && !context.trainHandicapped &&
    (train.end < limits.memorized / 2 ||
      train.end < limits.memorized && train.noise > 0.05 * train.end);
  const under = !context.trainHandicapped && !context.penaltyInTrainLoss &&
    below > 0.9 && ratio < 0.6 && features.gapZ < -4 &&
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
        } of a constant answer's loss, and as good as the training (${
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

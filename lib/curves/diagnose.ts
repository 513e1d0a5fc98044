import type { CurvesToDiagnose, DiagnosisContext } from "./context.ts";
import { Diagnosis, type DiagnosisMark, type Finding } from "./diagnosis.ts";
import { type Features, featuresOf, metricFeatures } from "./_features.ts";
import {
  findDivergence,
  findEarlyInstability,
  findNoLearning,
  findRateTooLarge,
} from "./_find_broken.ts";
import { findLeak, findNoise, findShift } from "./_find_data.ts";
import { findEarlyPlateau, findStillFalling } from "./_find_length.ts";
import { findGap, findOverfitting, findUnderfitting } from "./_find_memory.ts";
import { trainingHabits } from "./_habits.ts";
import { readCurves } from "./_reading.ts";
import { asSeenFrom, type Siblings, summarizeSiblings } from "./_siblings.ts";
import { show } from "./_words.ts";

/**
 * Says what the curves of a training show: whether it diverged, overfits,
 * learns too slowly, and so on; with the evidence. Where nothing is wrong to be
 * seen, it says so.
 *
 * Every finding needs both a test that noise does not pass and an effect that
 * matters. Fewer than 4 values say next to nothing, fewer than 8 little. NaN in
 * the middle is left out; NaN or infinite values up to the end are a divergence.
 * Draws no random numbers.
 *
 * @param curves The training's curves: arrays, or a trial's `Curve`s.
 * @param context What else is known; more context, more is seen.
 * @throws {TypeError} If a curve is no list of numbers.
 *
 * @example
 * ```ts
 * import { diagnose } from "@etude/etude";
 * const train = [0.9, 0.7, 0.5, 0.4, 0.3, 0.24, 0.19, 0.15, 0.12, 0.1, 0.08, 0.06];
 * const validation = [0.92, 0.75, 0.6, 0.55, 0.53, 0.54, 0.57, 0.61, 0.66, 0.7, 0.76, 0.8];
 * const diagnosis = diagnose({ train, validation });
 * diagnosis.main?.kind; // "overfitting"
 * console.log(String(diagnosis)); // "… Overfitting since epoch 5: the validation loss has risen from 0.53 to …"
 * ```
 *
 * Source: the questions are those of Google's Deep Learning Tuning Playbook and
 * of Smith (2018); the tests are ours, see `bench/curves`.
 */
export function diagnose(
  curves: CurvesToDiagnose,
  context: DiagnosisContext = {},
): Diagnosis {
  return diagnoseAs("This training", curves, context);
}

/**
 * {@linkcode diagnose} under a name of its own, e.g. `"Trial 7"`; with its
 * siblings' summary where it is at hand.
 */
export function diagnoseAs(
  subject: string,
  curves: CurvesToDiagnose,
  told: DiagnosisContext,
  known?: Siblings,
): Diagnosis {
  const context = {
    ...trainingHabits(told.params ?? {}, told.space),
    ...told,
  };
  const reading = readCurves(curves, context.direction);
  const siblings = known === undefined
    ? summarizeSiblings({ ...context, direction: reading.direction })
    : asSeenFrom(known, context.params, context.space);
  const features = featuresOf(
    reading,
    context,
    siblings.unit,
    metricFeatures(curves.metric),
  );
  const findings = findAll(features, siblings);
  return new Diagnosis({
    subject,
    findings,
    notes: [...reading.notes, ...guessNotes(features, findings)],
    marks: marksOf(features, findings),
    nothing: nothingFound(features),
  });
}

/** Said where a finding speaks of a constant answer whose loss nobody told. */
function guessNotes(
  { baselineKnown, unit, reading }: Features,
  findings: readonly Finding[],
): string[] {
  return baselineKnown ||
      !findings.some(({ sentence }) => sentence.includes("constant answer"))
    ? []
    : [
      `the ${reading.word} of a constant answer was guessed from first epochs: ${
        show(reading.toOwn(unit))
      }; say baseline if you know it`,
    ];
}

/** All findings, the most important first; what explains others stands alone. */
function findAll(features: Features, siblings: Siblings): Finding[] {
  const broken = findDivergence(features) ??
    findRateTooLarge(features, siblings) ?? findNoLearning(features, siblings);
  const unstable = findEarlyInstability(features);
  if (broken !== null) return present([broken, unstable]);
  const shift = findShift(features, siblings);
  const leak = shift === null ? findLeak(features) : null;
  // Other data or a leak makes the validation say nothing of these.
  const overfitting = shift ?? leak ?? findOverfitting(features);
  const falling = findStillFalling(features, siblings);
  const noise = findNoise(features, siblings);
  const gap = overfitting === null ? findGap(features, siblings) : null;
  const underfitting = overfitting === null && gap === null &&
      falling === null && noise?.kind !== "late step noise"
    ? findUnderfitting(features, siblings)
    : null;
  // Where something is wrong, that there is time to spare is no news.
  const wrong = [overfitting, falling, noise, underfitting].some((finding) =>
    finding !== null && finding.severity !== "hint"
  );
  const plateau = wrong ? null : findEarlyPlateau(features);
  const noisy = noise?.kind === "noisy validation" &&
    noise.evidence[0]!.value > 0.06;
  return present([
    overfitting,
    falling,
    ...(noisy ? [noise, gap] : [gap, noise]),
    underfitting,
    plateau,
    unstable,
  ]);
}

function present(findings: readonly (Finding | null)[]): Finding[] {
  return findings.filter((finding) => finding !== null);
}

/** What is said where nothing was found. */
function nothingFound({ n, context, train, validation }: Features): string {
  if (train === null && validation === null) {
    return "there are no values to read.";
  }
  if (n < 4) {
    return `${
      n === 1 ? "one value says" : `${n} values say`
    } nothing yet; from 8 on there is something to see.`;
  }
  if (n < 8) return `nothing wrong to be seen, but ${n} values say little.`;
  return context.running
    ? "nothing wrong to be seen so far."
    : "nothing wrong to be seen.";
}

/** The places that a picture shows. */
function marksOf(
  { train, validation, rise, steps, unit, reading }: Features,
  findings: readonly Finding[],
): DiagnosisMark[] {
  const marks: DiagnosisMark[] = [];
  const add = (
    label: string,
    curve: "train" | "validation",
    index: number,
    value: number,
  ) =>
    marks.push({
      label,
      step: steps[index]!,
      curve,
      value: reading.toOwn(value * unit),
    });
  for (const { kind } of findings) {
    const curve = validation ?? train;
    if (curve === null || steps.length === 0) break;
    if (kind === "overfitting" || kind === "overconfidence") {
      const lowest = lowestNear(curve.values, rise!.valley);
      add("lowest", "validation", lowest, curve.values[lowest]!);
      add("end", "validation", steps.length - 1, curve.end);
    }
    if (kind === "generalization gap" || kind === "shift") {
      add("validation", "validation", steps.length - 1, curve.end);
      if (train !== null) add("training", "train", steps.length - 1, train.end);
    }
  }
  return marks;
}

/** The place of the lowest value within two of a place: a mark stands on the curve. */
function lowestNear(values: readonly number[], place: number): number {
  let lowest = place;
  for (let i = Math.max(0, place - 2); i <= place + 2; i++) {
    if (values[i]! < values[lowest]!) lowest = i;
  }
  return lowest;
}

/**
 * How findings are put together.
 *
 * @module
 */

import { normalCdf } from "../math/mod.ts";
import type { Evidence, Finding, FindingKind, Severity } from "./diagnosis.ts";
import type { Features } from "./_features.ts";
import { show } from "./_words.ts";

/** How many tests are made on one curve: what p values are corrected by. */
export const testsMade = 13;

/** The probability of a normal number as far out as z (one side), corrected for the tests made. */
export function correctedP(z: number): number {
  return Math.min(1, testsMade * normalCdf(-z));
}

/** One piece of evidence. */
export function evidence(
  statistic: string,
  value: number,
  unit: string,
  threshold: number | null = null,
  p: number | null = null,
): Evidence {
  return Object.freeze({ statistic, value, unit, threshold, p });
}

/** A finding of the training itself. */
export function finding(
  kind: FindingKind,
  severity: Severity,
  sentence: string,
  from: { readonly features: Features; readonly first: number },
  ...pieces: Evidence[]
): Finding {
  const { steps } = from.features;
  return Object.freeze({
    kind,
    severity,
    sentence,
    evidence: Object.freeze(pieces),
    steps: steps.length === 0 ? null : Object.freeze({
      from: steps[Math.min(from.first, steps.length - 1)]!,
      to: steps.at(-1)!,
    }),
    trials: Object.freeze([]),
  });
}

/** A level in units of B, in the user's own unit and words. */
export function own(features: Features, level: number): string {
  return show(features.reading.toOwn(level * features.unit));
}

/** "the validation loss", "the training score". */
export function curveName(
  features: Features,
  which: "training" | "validation",
): string {
  return `the ${which} ${features.reading.word}`;
}

/** The step of an index: "epoch 11". */
export function at(features: Features, index: number): string {
  return `epoch ${show(features.steps[index] ?? features.reading.lastStep)}`;
}

/** What getting worse is called: a loss has "risen", a score "fallen". */
export function worse(features: Features): string {
  return features.reading.direction === "minimize" ? "risen" : "fallen";
}

/** What getting better is called. */
export function better(features: Features): string {
  return features.reading.direction === "minimize" ? "fallen" : "risen";
}

/** "below", or "above" for scores: on the better side of. */
export function beyond(features: Features): string {
  return features.reading.direction === "minimize" ? "below" : "above";
}

/** "above", or "below" for scores: on the worse side of. */
export function short(features: Features): string {
  return features.reading.direction === "minimize" ? "above" : "below";
}

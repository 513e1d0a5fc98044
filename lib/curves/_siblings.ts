/**
 * What the study's other trainings reached: the measure for one training.
 *
 * @module
 */

import {
  type Configuration,
  guessRole,
  type Role,
  type Space,
} from "../space/mod.ts";
import type { Direction } from "../records/mod.ts";
import type { DiagnosisContext, SiblingCurves } from "./context.ts";
import { estimateUnit } from "./_features.ts";
import { readCurves } from "./_reading.ts";
import { median, noiseLevel, quantile } from "./smooth.ts";

/** Which quantile of the first values is taken for B. */
const unitQuantile = 0.75;

/** One other training, in the plain form's unit. */
export interface SiblingLevel {
  readonly number: number | null;
  readonly params: Configuration;
  readonly train: readonly number[];
  readonly steps: readonly number[];
  readonly unit: number;
  /** The larger of the ends of training and validation. */
  readonly level: number;
  readonly trainEnd: number;
  readonly validationEnd: number;
  /** The noise of the training in its later half. */
  readonly noise: number;
}

/** The other trainings together. */
export interface Siblings {
  readonly all: readonly SiblingLevel[];
  /** B as they tell it, or null if there are fewer than three. */
  readonly unit: number | null;
  /** What a good quarter of those that learned anything reached (training and validation); null if fewer than four did. */
  readonly reference: number | null;
  /** What a quarter of the better trials reach on the training; null if unknown. */
  readonly referenceTrain: number | null;
  /** Their gap between validation and training, the middle one; null if unknown. */
  readonly referenceGap: number | null;
  /** How many values the better third's curves have, the middle one; null if unknown. */
  readonly goodLength: number | null;
  /** The middle learning rate of the better third, of those alike in every choice (the optimizer, say); null where unknown. */
  readonly goodRate: number | null;
  /** The middle capacity (width, say) of the better third; null where unknown. */
  readonly goodCapacity: number | null;
  /** The better ones' middle penalty on the weights; null where unknown. */
  readonly goodPenalty: number | null;
  /** Those that the middle values are of. */
  readonly good: readonly SiblingLevel[];
}

const cache = new WeakMap<
  SiblingCurves,
  Map<Direction | undefined, SiblingLevel | null>
>();

/** Summarizes them; each sibling's curves are read once, as long as its object lives. */
export function summarizeSiblings(context: DiagnosisContext): Siblings {
  const { siblings = [], direction, space } = context;
  const all = siblings.map((one) => levelOf(one, direction))
    .filter((one) => one !== null);
  // A quick training's first value lies below B, a thrown one's far above.
  const unit = all.length < 3
    ? null
    : quantile(all.map((one) => one.unit), unitQuantile);
  const base = unit ?? NaN;
  const learned = all.filter((one) =>
    one.level < 0.9 * base &&
    one.validationEnd < 1.7 * one.trainEnd + 0.02 * base &&
    !isTooGood(one, base)
  );
  const reference = learned.length < 4
    ? null
    : quantile(learned.map(({ level }) => level), 0.25);
  const good = learned.filter(({ level }) =>
    reference !== null && level <= 1.25 * reference
  );
  // Where all remember too much, the better third tells of rates and sizes still.
  const best = good.length >= 2 || all.length < 4 ? good : [...all]
    .sort((a, b) => a.validationEnd - b.validationEnd)
    .slice(0, Math.ceil(all.length / 3));
  return {
    all,
    unit,
    reference,
    referenceTrain: good.length < 2
      ? null
      : quantile(good.map(({ trainEnd }) => trainEnd), 0.25),
    referenceGap: good.length < 2 ? null : median(
      good.map(({ validationEnd, trainEnd }) => validationEnd - trainEnd),
    ),
    goodLength: good.length < 2
      ? null
      : median(good.map(({ steps }) => steps.length)),
    goodRate: goodRateFor(context.params, best, space),
    goodCapacity: middleOf(best.map(({ params }) => capacityOf(params, space))),
    goodPenalty: middleOf(best.map(({ params }) => penaltyOf(params, space))),
    good: best,
  };
}

/** The same summary, seen from a training of this configuration. */
export function asSeenFrom(
  siblings: Siblings,
  params: Configuration | undefined,
  space: Space | undefined,
): Siblings {
  return { ...siblings, goodRate: goodRateFor(params, siblings.good, space) };
}

/** A learning rate is large or small for an optimizer: only trainings alike in every choice tell. */
function goodRateFor(
  params: Configuration | undefined,
  good: readonly SiblingLevel[],
  space: Space | undefined,
): number | null {
  return middleOf(
    good.filter((one) => alikeInChoices(params, one.params, space))
      .map((one) => learningRateOf(one.params, space)),
  );
}

function middleOf(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length < 2 ? null : median(known);
}

/** Whether two configurations agree in every value that is no number and that both have. */
export function alikeInChoices(
  a: Configuration | undefined,
  b: Configuration,
  space: Space | undefined,
): boolean {
  return Object.entries(a ?? {}).every(([name, value]) => {
    const other = Object.hasOwn(b, name) ? b[name] : undefined;
    if (value === undefined || other === undefined || value === other) {
      return true;
    }
    return typeof value === "number" ||
      space?.has(name) === true && space.parameter(name).kind !== "choice";
  });
}

/** What may well be a leak is no measure for others. */
function isTooGood(
  { level, trainEnd, validationEnd, noise }: SiblingLevel,
  base: number,
): boolean {
  const alike = validationEnd > 0.6 * trainEnd &&
    validationEnd < 1.1 * trainEnd;
  return level < 0.02 * base ||
    alike && level < 0.045 * base ||
    alike && level < 0.09 * base && noise > 0.05 * trainEnd;
}

function levelOf(
  sibling: SiblingCurves,
  direction: Direction | undefined,
): SiblingLevel | null {
  let known = cache.get(sibling);
  if (known === undefined) cache.set(sibling, known = new Map());
  if (!known.has(direction)) known.set(direction, measure(sibling, direction));
  return known.get(direction)!;
}

function measure(
  sibling: SiblingCurves,
  direction: Direction | undefined,
): SiblingLevel | null {
  const { train, validation, steps, brokenFrom } = readCurves(
    sibling,
    direction,
  );
  if (train === null || steps.length < 4 || brokenFrom !== null) return null;
  const end = (values: readonly number[]) =>
    median(values.slice(-Math.max(3, Math.round(values.length / 10))));
  const trainEnd = end(train);
  const validationEnd = validation === null ? trainEnd : end(validation);
  return {
    number: sibling.number ?? null,
    params: sibling.params ?? {},
    train,
    steps,
    unit: estimateUnit(train, validation),
    level: Math.max(trainEnd, validationEnd),
    trainEnd,
    validationEnd,
    noise: noiseLevel(train.slice(train.length >> 1)) || 0,
  };
}

/** The role of a parameter, by its space or else its name. */
export function roleOf(name: string, space: Space | undefined): Role {
  return space?.has(name) ? space.parameter(name).role : guessRole(name);
}

/** The learning rate of a configuration; null if it has none. */
export function learningRateOf(
  params: Configuration | undefined,
  space: Space | undefined,
): number | null {
  return numbersOf("learning rate", params, space)[0] ?? null;
}

/** The product of all that makes a model larger; null if nothing does. */
export function capacityOf(
  params: Configuration | undefined,
  space: Space | undefined,
): number | null {
  const sizes = numbersOf("capacity", params, space);
  return sizes.length === 0 ? null : sizes.reduce((a, b) => a * b, 1);
}

/** The strongest penalty on the weights; null if there is none. */
export function penaltyOf(
  params: Configuration | undefined,
  space: Space | undefined,
): number | null {
  const penalties = numbersOf(
    "regularization",
    Object.fromEntries(
      Object.entries(params ?? {}).filter(([name]) => !/drop/i.test(name)),
    ),
    space,
  );
  return penalties.length === 0 ? null : Math.max(...penalties);
}

/** The positive numbers of a role. */
function numbersOf(
  role: Role,
  params: Configuration | undefined,
  space: Space | undefined,
): number[] {
  return Object.entries(params ?? {}).flatMap(([name, value]) =>
    typeof value === "number" && value > 0 && roleOf(name, space) === role
      ? [value]
      : []
  );
}

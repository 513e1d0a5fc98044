/**
 * Two curves as they come, made into one plain form: equal steps, finite, smaller
 * is better, at most 400 points.
 *
 * @module
 */

import type { Direction } from "../records/mod.ts";
import type { CurvesToDiagnose } from "./context.ts";
import { nameOf, orderCurve, type OrderedCurve, thin } from "./_read_curve.ts";
import { blockMeans, median } from "./smooth.ts";
import { mannKendall } from "./trend.ts";
import { count, list, show } from "./_words.ts";

/** What a reading keeps at most. */
const mostPoints = 400;
/** Of longer curves, means of blocks are read. */
const mostRead = 20_000;
const scoreNames =
  /acc|auc|\bf1|precision|recall|score|\br2\b|r²|iou|bleu|rouge|reward|kappa|\bmap\b/;

/** Curves in plain form. */
export interface Reading {
  /** The steps, `[n]`, rising. */
  readonly steps: readonly number[];
  /** The training curve, `[n]`, smaller is better, finite; null if there is none. */
  readonly train: readonly number[] | null;
  /** The validation curve, `[n]`, likewise. */
  readonly validation: readonly number[] | null;
  /** Brings a value (say a baseline) from the user's unit to the plain form. */
  readonly toPlain: (value: number) => number;
  /** Brings it back. */
  readonly toOwn: (value: number) => number;
  /** What to call it: "loss", or "score" where larger is better. */
  readonly word: string;
  /** Which values were read as better. */
  readonly direction: Direction;
  /** Whether the plain zero is a zero of the value itself: ratios make sense. */
  readonly hasZero: boolean;
  /** From this step on nothing finite came; null if the curves end well. */
  readonly brokenFrom: number | null;
  /** Steps in the middle at which a value was infinite. */
  readonly infinite: readonly number[];
  /** The last step that was seen, finite or not. */
  readonly lastStep: number;
  /** How many values one point stands for. */
  readonly block: number;
  /** What was mended or guessed. */
  readonly notes: readonly string[];
}

/** Reads curves. */
export function readCurves(
  curves: CurvesToDiagnose,
  direction: Direction | undefined,
): Reading {
  const notes: string[] = [];
  const train = orderCurve(curves.train, "training", notes);
  const validation = orderCurve(curves.validation, "validation", notes);
  const joined = join(
    thin(train, mostRead),
    thin(validation, mostRead),
    notes,
  );
  const kept = withoutGaps(joined, notes);
  const whole = shorten({
    ...kept,
    brokenFrom: kept.brokenFrom ?? brokenEnd(train),
  });
  const names = nameOf(curves.train) + " " + nameOf(curves.validation);
  const way = direction ?? guessDirection(names, whole, notes);
  if (direction === "minimize" && looksLikeScore(whole)) {
    notes.push(
      `both curves rise toward ${
        show(Math.max(...whole.train!))
      }, as an accuracy does: if it is one, say direction: "maximize"`,
    );
  }
  return {
    ...whole,
    ...toPlainForm(whole, way, notes),
    direction: way,
    notes,
  };
}

interface Joined {
  readonly steps: readonly number[];
  readonly train: readonly number[] | null;
  readonly validation: readonly number[] | null;
}

/** Both at the steps of the validation curve. */
function join(
  train: OrderedCurve | null,
  validation: OrderedCurve | null,
  notes: string[],
): Joined {
  if (train === null || train.values.length === 0) {
    return {
      steps: Array.from(validation?.steps ?? []),
      train: null,
      validation: validation === null || validation.values.length === 0
        ? null
        : Array.from(validation.values),
    };
  }
  if (validation === null || validation.values.length === 0) {
    return {
      steps: Array.from(train.steps),
      train: Array.from(train.values),
      validation: null,
    };
  }
  if (train.steps.length !== validation.steps.length) {
    notes.push(
      `${count(train.values.length, "training value")} and ${
        count(validation.values.length, "validation value")
      }: compared at the validation's steps`,
    );
  }
  const steps: number[] = [];
  const t: number[] = [];
  const v: number[] = [];
  let place = 0;
  for (let k = 0; k < validation.steps.length; k++) {
    const step = validation.steps[k]!;
    const start = place;
    while (place < train.steps.length && train.steps[place]! <= step) place++;
    if (place === start) {
      // Nothing new in training: after its end there is nothing to compare.
      if (start === 0 || start === train.steps.length) continue;
      t.push(train.values[start - 1]!);
    } else if (place - start > 20) {
      const between = train.values.subarray(start, place);
      t.push(between.reduce((a, b) => a + b, 0) / between.length);
    } else t.push(train.values[place - 1]!);
    steps.push(step);
    v.push(validation.values[k]!);
  }
  if (steps.length > 0) return { steps, train: t, validation: v };
  notes.push("training and validation have no steps in common");
  return {
    steps: Array.from(validation.steps),
    train: null,
    validation: Array.from(validation.values),
  };
}

interface Kept extends Joined {
  readonly brokenFrom: number | null;
  readonly infinite: readonly number[];
  readonly lastStep: number;
}

/** Without values that are not finite; a curve that ends in such is broken. */
function withoutGaps(
  { steps, train, validation }: Joined,
  notes: string[],
): Kept {
  const isWhole = (i: number) =>
    (train === null || Number.isFinite(train[i]!)) &&
    (validation === null || Number.isFinite(validation[i]!));
  const places = steps.map((_, i) => i);
  const whole = places.filter(isWhole);
  const last = whole.at(-1) ?? -1;
  const end = steps.length - 1;
  const inside = places.filter((i) => i < last && !isWhole(i));
  const infinite = inside.filter((i) =>
    Math.abs(train?.[i] ?? 0) === Infinity ||
    Math.abs(validation?.[i] ?? 0) === Infinity
  ).map((i) => steps[i]!);
  const missing = inside.map((i) => steps[i]!).filter((step) =>
    !infinite.includes(step)
  );
  if (infinite.length > 0) {
    notes.push(`an infinite value at step ${list(infinite)}: left out`);
  }
  if (missing.length > 0) {
    notes.push(
      `no value at step ${list(missing)} (NaN): left out`,
    );
  }
  return {
    steps: whole.map((i) => steps[i]!),
    train: train && whole.map((i) => train[i]!),
    validation: validation && whole.map((i) => validation[i]!),
    brokenFrom: last < end ? steps[last + 1]! : null,
    infinite,
    lastStep: end < 0 ? 0 : steps[end]!,
  };
}

/** The step from which on a curve has nothing finite; null if it ends well. */
function brokenEnd(curve: OrderedCurve | null): number | null {
  if (curve === null) return null;
  let first = curve.values.length;
  while (first > 0 && !Number.isFinite(curve.values[first - 1]!)) first--;
  return curve.steps[first] ?? null;
}

interface Short extends Kept {
  readonly block: number;
}

/** At most {@linkcode mostPoints}, wild values drawn in so that squares stay finite. */
function shorten(kept: Kept): Short {
  const short = (values: readonly number[] | null) => {
    if (values === null) return null;
    const size = median(values.map(Math.abs)) || 1;
    const most = Math.min(1e150, 1e6 * Math.max(size, 1e-150));
    const drawn = values.map((v) => Math.max(-most, Math.min(most, v)));
    return blockMeans(kept.steps, drawn, mostPoints);
  };
  const [t, v] = [short(kept.train), short(kept.validation)];
  return {
    ...kept,
    steps: v?.steps ?? t?.steps ?? [],
    train: t?.values ?? null,
    validation: v?.values ?? null,
    block: v?.block ?? t?.block ?? 1,
  };
}

/** Whether both curves rise, within what accuracies can be. */
function looksLikeScore({ train, validation }: Joined): boolean {
  const rises = (values: readonly number[]) => {
    const [low, high] = [Math.min(...values), Math.max(...values)];
    return low >= 0 && (high <= 1 || (high > 10 && high <= 100)) &&
      values.length >= 4 && values.at(-1)! > values[0]! + 0.15 * high &&
      mannKendall(values).tau > 0.5;
  };
  return train !== null && rises(train) &&
    (validation === null ||
      validation.at(-1)! > validation[0]! && rises(validation));
}

function guessDirection(
  names: string,
  curves: Joined,
  notes: string[],
): Direction {
  if (/loss|error|entropy|\bmse\b|\bmae\b|rmse/.test(names)) return "minimize";
  if (scoreNames.test(names)) return "maximize";
  if (!looksLikeScore(curves)) return "minimize";
  notes.push(
    `both curves rise, so larger values were taken for better, as of an accuracy; if it is a loss, say direction: "minimize"`,
  );
  return "maximize";
}

type PlainForm = Pick<
  Reading,
  "train" | "validation" | "toPlain" | "toOwn" | "word" | "hasZero"
>;

/** Smaller is better, and 0 is the best, or stands a tenth of the range below what was reached. */
function toPlainForm(
  { train, validation }: Joined,
  direction: Direction,
  notes: string[],
): PlainForm {
  let [t, v] = [train, validation];
  const all = () => [...t ?? [], ...v ?? []];
  const form = (
    word: string,
    hasZero: boolean,
    toPlain: (value: number) => number,
    toOwn: (value: number) => number,
  ): PlainForm => ({
    train: t && t.map(toPlain),
    validation: v && v.map(toPlain),
    word,
    hasZero,
    toPlain,
    toOwn,
  });
  if (direction === "maximize") {
    const top = (values: readonly number[] | null) =>
      values === null ? null : Math.max(...values);
    if (Math.min(0, ...all()) >= 0) {
      const [a, b] = [top(t), top(v)];
      if (a !== null && b !== null && a <= 1 && b > 1.5 && b <= 100) {
        v = v!.map((value) => value / 100);
        notes.push(
          "the validation is in percent, the training a fraction: both read as fractions",
        );
      } else if (a !== null && b !== null && b <= 1 && a > 1.5 && a <= 100) {
        t = t!.map((value) => value / 100);
        notes.push(
          "the training is in percent, the validation a fraction: both read as fractions",
        );
      }
      const highest = Math.max(0, ...all());
      if (highest <= 1) return form("score", true, (x) => 1 - x, (x) => 1 - x);
      if (highest <= 100) {
        return form(
          "score",
          true,
          (x) => (100 - x) / 100,
          (x) => 100 - 100 * x,
        );
      }
    }
    const [low, high] = [Math.min(...all()), Math.max(...all())];
    const zero = high + 0.1 * (high - low);
    return form("score", false, (x) => zero - x, (x) => zero - x);
  }
  const low = Math.min(...all());
  if (!(low < 0)) return form("loss", true, (x) => x, (x) => x);
  const zero = low - 0.1 * (Math.max(...all()) - low);
  return form("loss", false, (x) => x - zero, (x) => x + zero);
}

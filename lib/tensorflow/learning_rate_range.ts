/**
 * What a range test of the learning rate says.
 *
 * Notation: ηᵢ the learning rate of batch i, rising; Lᵢ its loss; Sᵢ the mean
 * of the losses around it (four on either side); L₀ the mean of the first ten;
 * m the batch where S is least; F = L₀ − S_m how far the loss fell.
 *
 * @module
 */

import { moments } from "../math/mod.ts";

/** What {@linkcode learningRateRange} gives. */
export interface LearningRateRange {
  /** The losses without most of their noise, `[n]`. */
  readonly smoothed: readonly number[];
  /** The suggested range, `[low, high]`, for `float(...range, { log: true })`. */
  readonly range: readonly [number, number];
  /** The rate at which the loss falls fastest; null if it falls nowhere. */
  readonly steepest: number | null;
  /** What was found, in a sentence. */
  readonly reason: string;
}

/** On either side of a loss, how many are averaged with it. */
const neighbors = 4;
/** How many batches tell where the loss stands before anything is learned. */
const firstBatches = 10;
/** The share of its fall at which the loss is said to fall. */
const onset = 0.1;
/** How far above the rate of the least loss a rate may still be good for. */
const headroom = 3;

/**
 * Reads a range test: from the rate at which the loss begins to fall (by a tenth
 * of all that it falls, for good) to three times the rate at which it is least.
 *
 * In a range test each rate has one batch only, so that it favors rates that
 * are rather large: hence the low end is far below the rate where the loss
 * falls fastest. Both ends were set by eight sweeps of the digits, all of
 * which have the best of 13 rates within (docs/tensorflow-training.md).
 *
 * Source: Smith, "Cyclical learning rates for training neural networks", 2017,
 * section 3.3.
 *
 * @param rates The rates, rising and above 0, `[n]`.
 * @param losses The losses, finite, `[n]`.
 * @throws {RangeError} If there is no rate, or not as many losses as rates.
 *
 * @example
 * ```ts
 * import { learningRateRange } from "@etude/etude/tensorflow";
 * const rates = Array.from({ length: 60 }, (_, i) => 10 ** (-5 + i / 12));
 * const losses = rates.map((rate) => rate < 1e-3 ? 2 : rate < 0.1 ? 2 + Math.log10(1e-3 / rate) / 2 : 20);
 * const [low, high] = learningRateRange(rates, losses).range; // about 0.001 to 0.1
 * ```
 */
export function learningRateRange(
  rates: readonly number[],
  losses: readonly number[],
): LearningRateRange {
  if (rates.length === 0 || rates.length !== losses.length) {
    throw new RangeError(
      `Cannot read the range test: found ${rates.length} rates and ${losses.length} losses, expected as many of both, at least 1`,
    );
  }
  const smoothed = losses.map((_, i) =>
    moments(losses.slice(Math.max(0, i - neighbors), i + neighbors + 1)).mean
  );
  const { mean: start, sd } = moments(losses.slice(0, firstBatches));
  const least = smoothed.indexOf(Math.min(...smoothed));
  const fall = start - smoothed[least]!;
  // The mean of nine losses is off by a third of what one is: three times that.
  if (!(fall > sd && fall > 0)) {
    return Object.freeze({
      smoothed: Object.freeze(smoothed),
      range: freezePair(rates[0]!, rates.at(-1)!),
      steepest: null,
      reason:
        "The loss falls nowhere by more than its noise: the whole range is left to search. Try more steps, or larger batches.",
    });
  }
  let begin = least;
  while (begin > 0 && smoothed[begin - 1]! <= start - onset * fall) begin--;
  const slopes = smoothed.map((_, i) =>
    smoothed[Math.min(i + 2, smoothed.length - 1)]! -
    smoothed[Math.max(i - 2, 0)]!
  ).slice(0, least + 1);
  const steepest = slopes.indexOf(Math.min(...slopes));
  const [low, high] = [rates[begin]!, headroom * rates[least]!];
  const rises = smoothed.at(-1)! > smoothed[least]! + fall / 2;
  return Object.freeze({
    smoothed: Object.freeze(smoothed),
    range: freezePair(low, high),
    steepest: round(rates[steepest]!),
    reason: `The loss begins to fall at a learning rate of ${show(low)}, ${
      rises
        ? `is least at ${show(rates[least]!)}, and rises beyond`
        : `and still falls at ${
          show(rates[least]!)
        }: a wider test may go higher`
    }.`,
  });
}

function freezePair(low: number, high: number): readonly [number, number] {
  return Object.freeze([round(low), round(high)] as [number, number]);
}

/** Two digits are more than a range test knows. */
function round(value: number): number {
  return Number(value.toPrecision(2));
}

function show(value: number): string {
  return String(round(value));
}

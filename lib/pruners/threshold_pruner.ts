import { checkNames, checkNumbers } from "./_check.ts";
import { keep, nothingYet, show, stop } from "./_judgement.ts";
import { isDue } from "./_points.ts";
import type { Pruner } from "./pruner.ts";

/** Options of {@linkcode thresholdPruner}; one of the two bounds is needed. */
export interface ThresholdPrunerOptions {
  /** Values below stop a trial. Defaults to `-Infinity`. */
  readonly lower?: number;
  /** Values above stop a trial. Defaults to `Infinity`. */
  readonly upper?: number;
  /** No trial is stopped before this step, at least 0. Defaults to `0`. */
  readonly warmupSteps?: number;
  /** Trials are judged once in so many steps, at least 1. Defaults to `1`. */
  readonly intervalSteps?: number;
}

/**
 * Stops a trial whose latest value is NaN or outside some bounds, whatever the
 * direction: for values that can only mean that a training has gone wrong.
 *
 * It decides as Optuna 5's `ThresholdPruner` does.
 *
 * @param options The bounds, and when it acts.
 * @throws {TypeError} If an option is unknown, or neither bound is given.
 * @throws {RangeError} If a number is out of its range, or the lower bound above the upper.
 *
 * @example
 * ```ts
 * import { thresholdPruner } from "@etude/etude";
 * const pruner = thresholdPruner({ upper: 10, warmupSteps: 3 }); // a loss above 10 after 3 epochs
 * pruner.name; // "threshold"
 * ```
 */
export function thresholdPruner(options: ThresholdPrunerOptions): Pruner {
  checkNames("threshold", options, [
    "lower",
    "upper",
    "warmupSteps",
    "intervalSteps",
  ]);
  const { warmupSteps = 0, intervalSteps = 1 } = options;
  const { lower = -Infinity, upper = Infinity } = options;
  if (options.lower === undefined && options.upper === undefined) {
    throw new TypeError(
      "Cannot make the threshold pruner: neither lower nor upper is given, expected one of them",
    );
  }
  if (!(lower <= upper)) {
    throw new RangeError(
      `Cannot make the threshold pruner: lower is ${String(lower)} and upper ${
        String(upper)
      }, expected numbers in this order`,
    );
  }
  checkNumbers("threshold", { warmupSteps, intervalSteps }, {
    warmupSteps: { least: 0, whole: true },
    intervalSteps: { least: 1, whole: true },
  });
  return Object.freeze<Pruner>({
    name: "threshold",
    judge: (request) => {
      const { steps, values } = request.curve;
      const step = steps.at(-1);
      if (step === undefined) return nothingYet;
      if (!isDue(request, { warmupSteps, intervalSteps })) {
        return keep(
          step < warmupSteps
            ? `No trial is stopped before step ${warmupSteps}.`
            : `Trials are judged once in ${intervalSteps} steps.`,
        );
      }
      const value = values.at(-1)!;
      if (Number.isNaN(value)) return stop(`Its value at step ${step} is NaN.`);
      const at = `Its value at step ${step}, ${show(value)},`;
      if (value < lower) return stop(`${at} is below ${show(lower)}.`);
      if (value > upper) return stop(`${at} is above ${show(upper)}.`);
      return keep(`${at} is within the bounds.`);
    },
  });
}

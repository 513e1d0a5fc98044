import { checkNames, checkNumbers } from "./_check.ts";
import { judgeByHalving } from "./_halving.ts";
import { historyOf } from "./_history.ts";
import { keep, nothingYet } from "./_judgement.ts";
import type { Pruner } from "./pruner.ts";

/** Options of {@linkcode successiveHalvingPruner}. */
export interface SuccessiveHalvingPrunerOptions {
  /**
   * The step of the first rung, at least 1, or `"auto"`: a hundredth of the
   * longest complete trial, at least 1. Defaults to `"auto"`.
   */
  readonly minResource?: number | "auto";
  /** Of so many trials on a rung one goes on, at least 2. Defaults to `4`. */
  readonly reductionFactor?: number;
  /** How many rungs are left out at the beginning, at least 0. Defaults to `0`. */
  readonly minEarlyStoppingRate?: number;
  /** How many trials end at each rung before any goes on, at least 0. Defaults to `0`. */
  readonly bootstrapTrials?: number;
}

/**
 * Asynchronous successive halving (ASHA): at steps r, r·η, r·η², … (the rungs)
 * a trial goes on if its value is among the best 1/η of all that have been
 * there, and is stopped otherwise.
 *
 * A rung's value of a trial is the first that is not NaN at the rung's step or
 * later; NaN on a rung stops a trial. The first η trials go on if they are the
 * best so far. With `"auto"`, nothing is stopped before a trial is complete.
 *
 * It decides as Optuna 5's `SuccessiveHalvingPruner` does, where the first rung
 * is given and reports do not leap over two rungs at once. Optuna notes with a
 * trial at which rungs it was judged; here that is read from the curves, so that
 * trials of before a rung was known count too.
 *
 * Source: Li et al., "A System for Massively Parallel Hyperparameter Tuning" (2020).
 *
 * @param options The rungs.
 * @throws {TypeError} If an option is unknown.
 * @throws {RangeError} If a number is out of its range.
 *
 * @example
 * ```ts
 * import { successiveHalvingPruner } from "@etude/etude";
 * const pruner = successiveHalvingPruner({ minResource: 1, reductionFactor: 3 });
 * pruner.name; // "successive halving"
 * ```
 */
export function successiveHalvingPruner(
  options: SuccessiveHalvingPrunerOptions = {},
): Pruner {
  const {
    minResource = "auto",
    reductionFactor = 4,
    minEarlyStoppingRate = 0,
    bootstrapTrials = 0,
  } = options;
  checkNames("successive halving", options, [
    "minResource",
    "reductionFactor",
    "minEarlyStoppingRate",
    "bootstrapTrials",
  ]);
  checkNumbers("successive halving", {
    minResource: minResource === "auto" ? 1 : minResource,
    reductionFactor,
    minEarlyStoppingRate,
    bootstrapTrials,
  }, {
    minResource: { least: 1, whole: true },
    reductionFactor: { least: 2, whole: true },
    minEarlyStoppingRate: { least: 0, whole: true },
    bootstrapTrials: { least: 0, whole: true },
  });
  if (bootstrapTrials > 0 && minResource === "auto") {
    throw new RangeError(
      'Cannot make the successive halving pruner: bootstrapTrials needs a minResource that is a number, found "auto"',
    );
  }
  return Object.freeze<Pruner>({
    name: "successive halving",
    judge: (request) => {
      if (request.curve.steps.length === 0) return nothingYet;
      const history = historyOf(request.study);
      const first = minResource === "auto"
        ? history.longest === null
          ? null
          : Math.max(1, Math.floor(history.longest / 100))
        : minResource;
      if (first === null) {
        return keep(
          "The rungs are not known before a trial is complete; say minResource to know them at once.",
        );
      }
      return judgeByHalving(request, history, {
        minResource: first,
        reductionFactor,
        minEarlyStoppingRate,
        bootstrapTrials,
        bracket: null,
      });
    },
  });
}

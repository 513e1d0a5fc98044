import { checkNames, checkNumbers } from "./_check.ts";
import { crc32 } from "./_crc32.ts";
import { judgeByHalving } from "./_halving.ts";
import { historyOf } from "./_history.ts";
import { keep, nothingYet } from "./_judgement.ts";
import type { Pruner } from "./pruner.ts";

/** Options of {@linkcode hyperbandPruner}. */
export interface HyperbandPrunerOptions {
  /** The step of the first rung of the hardest bracket, at least 1. Defaults to `1`. */
  readonly minResource?: number;
  /**
   * The steps of a whole trial, at least `minResource`, or `"auto"`: one more
   * than the last step of the longest complete trial. Defaults to `"auto"`.
   */
  readonly maxResource?: number | "auto";
  /** Of so many trials on a rung one goes on, at least 2. Defaults to `3`. */
  readonly reductionFactor?: number;
  /** How many trials end at each rung before any goes on, at least 0. Defaults to `0`. */
  readonly bootstrapTrials?: number;
}

/** The brackets of a Hyperband: how many trials of how many each gets. */
export interface HyperbandBrackets {
  /** The weight of each bracket, the one that stops first before the others. */
  readonly weights: readonly number[];
  /** Their sum. */
  readonly total: number;
}

/**
 * The brackets for a range of resources: ⌊log_η(max / min)⌋ + 1 of them, bracket
 * b with weight ⌈n·η^s / (s + 1)⌉ where s = n − 1 − b. Bracket b leaves the
 * first b rungs out.
 *
 * Source: Li et al., "Hyperband" (2018), algorithm 1, with weights for the
 * numbers of trials, as in Optuna 5.
 */
export function hyperbandBrackets(
  minResource: number,
  maxResource: number,
  reductionFactor: number,
): HyperbandBrackets {
  // The logarithm to a base as Python has it: a quotient of logarithms.
  const ratio = Math.log(maxResource / minResource) / Math.log(reductionFactor);
  const count = Math.max(1, Math.floor(ratio) + 1);
  const weights = Array.from({ length: count }, (_, bracket) => {
    const s = count - 1 - bracket;
    return Math.ceil(count * reductionFactor ** s / (s + 1));
  });
  return { weights, total: weights.reduce((sum, weight) => sum + weight, 0) };
}

/** The bracket of a trial: hangs on the study's name and the trial's number alone. */
export function bracketOf(
  { weights, total }: HyperbandBrackets,
  studyName: string,
  number: number,
): number {
  let place = crc32(`${studyName}_${number}`) % total;
  for (const [bracket, weight] of weights.entries()) {
    place -= weight;
    if (place < 0) return bracket;
  }
  return weights.length - 1;
}

/**
 * Hyperband: trials are dealt out to brackets of successive halving that stop
 * early to differing degrees, so that slow starters have their chance in some.
 *
 * A trial's bracket hangs on the study's name and its number. With `"auto"`,
 * nothing is stopped before a trial is complete.
 *
 * It decides as Optuna 5's `HyperbandPruner` does where `maxResource` is given,
 * within the bounds that {@linkcode successiveHalvingPruner} names.
 *
 * Source: Li et al., "Hyperband: A Novel Bandit-Based Approach to
 * Hyperparameter Optimization" (2018).
 *
 * @param options The resources.
 * @throws {TypeError} If an option is unknown.
 * @throws {RangeError} If a number is out of its range.
 *
 * @example
 * ```ts
 * import { hyperbandPruner } from "@etude/etude";
 * const pruner = hyperbandPruner({ maxResource: 81 }); // 5 brackets
 * pruner.name; // "hyperband"
 * ```
 */
export function hyperbandPruner(options: HyperbandPrunerOptions = {}): Pruner {
  const {
    minResource = 1,
    maxResource = "auto",
    reductionFactor = 3,
    bootstrapTrials = 0,
  } = options;
  checkNames("hyperband", options, [
    "minResource",
    "maxResource",
    "reductionFactor",
    "bootstrapTrials",
  ]);
  checkNumbers("hyperband", {
    minResource,
    reductionFactor,
    bootstrapTrials,
  }, {
    minResource: { least: 1, whole: true },
    reductionFactor: { least: 2, whole: true },
    bootstrapTrials: { least: 0, whole: true },
  });
  if (maxResource !== "auto") {
    checkNumbers("hyperband", { maxResource }, {
      maxResource: { least: minResource, whole: true },
    });
  }
  if (bootstrapTrials > 0 && maxResource === "auto") {
    throw new RangeError(
      'Cannot make the hyperband pruner: bootstrapTrials needs a maxResource that is a number, found "auto"',
    );
  }
  return Object.freeze<Pruner>({
    name: "hyperband",
    judge: (request) => {
      const { study, number, curve } = request;
      if (curve.steps.length === 0) return nothingYet;
      const history = historyOf(study);
      const longest = maxResource === "auto"
        ? history.longest === null ? null : history.longest + 1
        : maxResource;
      if (longest === null) {
        return keep(
          "The brackets are not known before a trial is complete; say maxResource to know them at once.",
        );
      }
      const brackets = hyperbandBrackets(minResource, longest, reductionFactor);
      const { weights } = brackets;
      const own = bracketOf(brackets, study.name, number);
      return judgeByHalving(request, history, {
        minResource,
        reductionFactor,
        minEarlyStoppingRate: own,
        bootstrapTrials,
        bracket: weights.length === 1 ? null : {
          key: `bracket ${own} of ${weights.length}`,
          includes: (trial) =>
            bracketOf(brackets, study.name, trial.number) === own,
        },
      });
    },
  });
}

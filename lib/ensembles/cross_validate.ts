import {
  foldCurveName,
  foldsAttribute,
  type FoldScores,
  type StudyView,
} from "../records/mod.ts";
import type { Configuration } from "../space/mod.ts";
import type { ObjectiveFunction, Study, Trial } from "../study/mod.ts";
import { shown } from "./_data.ts";
import { raceReason, type RaceRule } from "./_race.ts";
import { meanOf, varianceOf } from "./_means.ts";
import type { Fold } from "./folds.ts";
import {
  FoldPredictions,
  type Predictions,
  predictionsAttribute,
} from "./predictions.ts";

/** What one fold brings: its score, or that with what was predicted of its test samples, in their order. */
export type FoldResult = number | {
  readonly score: number;
  readonly predictions?: Predictions;
};

/** Trains on `fold.train`, measures on `fold.test`. */
export type FoldFunction<C = Configuration> = (
  trial: Trial<C>,
  fold: Fold,
) => FoldResult | Promise<FoldResult>;

/** When racing stops a configuration. */
export interface RaceOptions {
  /**
   * What stops it: `"wilcoxon"`: it is worse than the best trial on the same
   * folds by Wilcoxon's signed-rank test; `"expected improvement"`: what its
   * remaining folds can be expected to make up is too little; `"both"`: either.
   * Defaults to `"both"`.
   */
  readonly by?: "wilcoxon" | "expected improvement" | "both";
  /** Wilcoxon's probability below which it stops, from 0 to 1. Defaults to `0.1`. */
  readonly pThreshold?: number;
  /**
   * The expected gain below which it stops, in standard errors of the difference
   * of two configurations over all folds, at least 0. Defaults to `0.1`.
   */
  readonly leastGain?: number;
  /** After how many folds it may stop, at least 1. Defaults to `1`. */
  readonly fewestFolds?: number;
}

/** Options of {@linkcode crossValidate}. */
export interface CrossValidateOptions {
  /** The folds: see {@linkcode folds}. The same for all trials, so that these can be compared fold by fold. */
  readonly folds: readonly Fold[];
  /** When a configuration that is shown worse is stopped; false for never. Defaults to `{}`. */
  readonly race?: RaceOptions | false;
}

const about = "Cannot cross-validate";

/**
 * An objective that is the mean over folds. The folds are the steps of the trial,
 * from 1: the mean so far is the curve that bears the objective's name (what
 * pruners see), the score of each fold the curve `"<objective> by fold"`. A
 * configuration that is shown worse than the best trial on the same folds is
 * stopped after a few of them, and counts as pruned. Scores, mean and standard
 * error are kept with the trial ({@linkcode foldScoresOf}), and so are
 * out-of-fold predictions if the function gives them ({@linkcode predictionsOf}).
 *
 * Racing looks at complete trials of the study that were measured on the same
 * folds; it draws no random numbers.
 *
 * @param study The study that it is for; it must have one objective.
 * @param run Trains and measures on one fold. A score of NaN fails the trial;
 * an infinite one is kept.
 * @param options The folds, and the rule of the race.
 * @returns What `study.optimize` takes.
 * @throws {TypeError} If an option is unknown or of another kind.
 * @throws {RangeError} If there are no folds, one of them is empty, the study has
 * several objectives, or a number is out of its range.
 *
 * @example
 * ```ts
 * import { createStudy, float, minimize, space } from "@etude/etude";
 * import { crossValidate, folds } from "@etude/etude/ensembles";
 * const y = [1, 2, 3, 4, 5, 6, 7, 8];
 * const study = await createStudy({ name: "constant", space: space({ guess: float(0, 9) }), objective: minimize("error"), storage: "memory" });
 * await study.optimize(
 *   crossValidate(
 *     study,
 *     ({ params }, { test }) => test.reduce((sum, i) => sum + Math.abs(y[i]! - params.guess), 0) / test.length,
 *     { folds: folds(y, { count: 4, kind: "k-fold" }) },
 *   ),
 *   { trials: 10, progress: false },
 * );
 * ```
 */
export function crossValidate<C>(
  study: Study<C>,
  run: FoldFunction<C>,
  options: CrossValidateOptions,
): ObjectiveFunction<C> {
  const { list, rule } = check(study, run, options);
  const objective = study.objectives[0]!.name;
  const folds = idOf(list);
  const rows = 1 + list.reduce(
    (most, { train, test }) =>
      [train, test].reduce((top, part) => Math.max(top, part.at(-1)!), most),
    0,
  );
  const testRatio = meanOf(
    list.map(({ train, test }) => test.length / train.length),
  );
  return async (trial) => {
    const resumed = trial.resumeFrom as Kept | undefined;
    const scores = [...resumed?.scores ?? []];
    const predictions = resumed?.predictions ?? new FoldPredictions(rows);
    const keep = () =>
      trial.setAttribute(
        foldsAttribute,
        {
          scores: [...scores],
          mean: meanOf(scores),
          se: scores.length < 2
            ? null
            : Math.sqrt(varianceOf(scores) / scores.length),
          count: list.length,
          testRatio,
          folds,
        } satisfies FoldScores,
      );
    for (const fold of list.slice(scores.length)) {
      const result = await run(trial, fold);
      const what = `${about} trial ${trial.number}, fold ${fold.index}`;
      scores.push(scoreOf(what, result));
      if (typeof result === "object" && result.predictions !== undefined) {
        predictions.add(what, fold.test, result.predictions);
      }
      const step = scores.length;
      const mean = meanOf(scores);
      await trial.report(step, {
        [objective]: mean,
        [foldCurveName(objective)]: scores.at(-1)!,
      });
      await trial.checkpoint({ scores: [...scores], predictions } as Kept);
      if (step === list.length) break;
      if (trial.shouldStop()) {
        await keep();
        return mean;
      }
      const reason = rule === null ? null : raceReason(
        study.view() as unknown as StudyView,
        { number: trial.number, scores, count: list.length, folds },
        rule,
      );
      if (reason !== null) {
        await keep();
        trial.prune(reason);
      }
    }
    await keep();
    const packed = predictions.packed();
    if (packed !== null) {
      await trial.setAttribute(predictionsAttribute, packed);
    }
    return meanOf(scores);
  };
}

/** What a paused trial goes on from. */
interface Kept {
  readonly scores: readonly number[];
  readonly predictions: FoldPredictions;
}

function scoreOf(what: string, result: FoldResult): number {
  const score: unknown = typeof result === "object" && result !== null
    ? result.score
    : result;
  if (typeof score !== "number") {
    throw new TypeError(
      `${what}: it brought ${
        shown(result)
      }, expected its score, or { score, predictions }`,
    );
  }
  if (Number.isNaN(score)) throw new RangeError(`${what}: its score is NaN`);
  return score;
}

function check<C>(
  study: Study<C>,
  run: unknown,
  options: CrossValidateOptions,
): { readonly list: readonly Fold[]; readonly rule: RaceRule | null } {
  if (typeof run !== "function") {
    throw new TypeError(
      `${about}: found ${
        shown(run)
      }, expected a function that takes a trial and a fold`,
    );
  }
  checkNames("the options", options, ["folds", "race"]);
  if (study.objectives.length !== 1) {
    throw new RangeError(
      `${about}: the study has ${study.objectives.length} objectives, expected one`,
    );
  }
  const { folds: list, race = {} } = options;
  if (!Array.isArray(list) || list.length === 0) {
    throw new RangeError(
      `${about}: the folds are ${shown(list)}, expected those of folds(…)`,
    );
  }
  for (const [index, fold] of (list as readonly Fold[]).entries()) {
    for (const part of ["train", "test"] as const) {
      if (Array.isArray(fold?.[part]) && fold[part].length > 0) continue;
      throw new RangeError(
        `${about}: fold ${index} has no samples to ${
          part === "train" ? "train" : "measure"
        } on`,
      );
    }
  }
  if (race === false) return { list, rule: null };
  checkNames("race", race, ["by", "pThreshold", "leastGain", "fewestFolds"]);
  const { by = "both", pThreshold = 0.1, leastGain = 0.1, fewestFolds = 1 } =
    race;
  const ways = ["wilcoxon", "expected improvement", "both"];
  if (!ways.includes(by)) {
    throw new TypeError(
      `${about}: race.by is ${shown(by)}, expected ${
        ways.map(shown).join(", ")
      }`,
    );
  }
  checkRange("race.pThreshold", pThreshold, 0, 1);
  checkRange("race.leastGain", leastGain, 0);
  checkRange("race.fewestFolds", fewestFolds, 1);
  return { list, rule: { by, pThreshold, leastGain, fewestFolds } };
}

function checkNames(
  what: string,
  found: unknown,
  known: readonly string[],
): void {
  const names = typeof found === "object" && found !== null
    ? Object.keys(found)
    : null;
  if (names?.every((name) => known.includes(name))) return;
  throw new TypeError(
    `${about}: ${what} are ${shown(found)}, expected an object with ${
      known.join(", ")
    }`,
  );
}

function checkRange(
  name: string,
  value: unknown,
  least: number,
  most = Infinity,
): void {
  if (typeof value === "number" && value >= least && value <= most) return;
  throw new RangeError(
    `${about}: ${name} is ${shown(value)}, expected a number ${
      most === Infinity ? `of at least ${least}` : `from ${least} to ${most}`
    }`,
  );
}

/** A text that hangs on which samples are measured on: FNV-1a, 32 bits, beside the sizes. */
function idOf(list: readonly Fold[]): string {
  let hash = 0x811c9dc5;
  const mix = (word: number) => {
    for (let shift = 0; shift < 32; shift += 8) {
      hash = Math.imul(hash ^ (word >>> shift & 255), 0x01000193);
    }
  };
  for (const { train, test } of list) {
    mix(train.length);
    for (const i of test) mix(i);
    mix(-1);
  }
  return `${list.length}:${(hash >>> 0).toString(16).padStart(8, "0")}`;
}

import {
  lossesOf,
  type Preference,
  preferencesOf,
  type StudyView,
  type TrialRecord,
} from "../records/mod.ts";
import type { Configuration } from "../space/mod.ts";
import { expectedImprovement } from "./acquisition.ts";
import type { Features } from "./features.ts";
import { priorCenter } from "./fit_gaussian_process.ts";
import { knownFeatures } from "./_known_features.ts";
import {
  type PreferenceData,
  PreferenceProcess,
} from "./preference_process.ts";

/** Options of {@linkcode fitUtility}. */
export interface UtilityOptions {
  /**
   * What the utility is a function of: the configuration, or the values of the
   * objectives, as shares of their ranges. Defaults to the values where there are
   * several objectives, else to the configuration.
   */
  readonly of?: "parameters" | "objectives";
}

/** What a person likes, learnt from what they said of pairs of trials. More is better. */
export interface Utility<C = Configuration> {
  /** The process behind it. */
  readonly process: PreferenceProcess;
  /** How configurations become its points, where it is a function of them. */
  readonly features: Features | null;
  /** The complete trials that it can judge, by number. */
  readonly trials: readonly TrialRecord<C>[];
  /** The points of trials that it can judge, `[m, d]`. */
  pointsOf(trials: readonly TrialRecord<C>[]): Float64Array;
}

/** Lengthscales and variance are each moved by these factors, as long as that makes what was said more probable. */
const moves = [1.6, 1 / 1.6];
/** So often all of them are gone through. */
const rounds = 3;
/** The variance of the utility that is expected, in units of a person's error. */
const usualScale = 4;
/** More columns than these move together only. */
const mostColumns = 8;

/**
 * Learns what a person likes from all that they have said with `study.prefer`.
 * It draws no random numbers, and hangs on the trials alone.
 *
 * @param view The study; with nothing said the utility is 0 everywhere, and nothing is sure.
 *
 * @example
 * ```ts
 * import { createStudy, fitUtility, float, space } from "@etude/etude";
 * const study = await createStudy({ name: "s", space: space({ x: float(0, 1) }), storage: "memory" });
 * await study.optimize(() => 0, { trials: 3, progress: false });
 * await study.prefer(2, 0);
 * const utility = fitUtility(study.view());
 * utility.process.predict(utility.pointsOf(utility.trials)).mean; // the largest is trial 2's
 * ```
 */
export function fitUtility<C>(
  view: StudyView<C>,
  options: UtilityOptions = {},
): Utility<C> {
  const { of = view.objectives.length > 1 ? "objectives" : "parameters" } =
    options;
  const columns = of === "objectives" ? byValues(view) : byParameters(view);
  const points = new Map<number, Float64Array>();
  const trials = view.trials.filter((trial) => {
    if (trial.state !== "complete") return false;
    const point = columns.encode(trial);
    if (point !== null) points.set(trial.number, point);
    return point !== null;
  });
  const { dimension, numeric, features } = columns;
  const pointsOf = (some: readonly TrialRecord<C>[]) => {
    const all = new Float64Array(some.length * dimension);
    some.forEach(({ number }, i) =>
      all.set(points.get(number)!, i * dimension)
    );
    return all;
  };
  const said = preferencesOf(view).filter(({ better, worse }) =>
    points.has(better) && points.has(worse) && better !== worse
  );
  const compared = comparedOf(trials, said);
  const row = new Map(compared.map(({ number }, i) => [number, i]));
  const data: PreferenceData = {
    inputs: pointsOf(compared),
    dimension,
    numeric,
    ...features?.branches === undefined ? {} : { branches: features.branches },
    pairs: said.map(({ better, worse }) =>
      [row.get(better)!, row.get(worse)!] as const
    ),
  };
  return Object.freeze<Utility<C>>({
    process: fittedProcess(data),
    features,
    trials: Object.freeze(trials),
    pointsOf,
  });
}

/**
 * The expected utility of the better of two points, beyond that of the second:
 * E[max(0, u(x) − u(y))]. What to compare next is where the better one will be
 * best: EUBO(x, y) = E[u(y)] + this.
 *
 * Source: Lin et al., Preference Exploration for Efficient Bayesian Optimization
 * with Multiple Outcomes (2022), and Astudillo et al., qEUBO (2023).
 *
 * @param mean The mean of u(x) − u(y).
 * @param sd Its standard deviation.
 *
 * @example
 * ```ts
 * import { expectedPreferenceGain } from "@etude/etude";
 * expectedPreferenceGain(0, 1); // 0.3989422804014327
 * ```
 */
export function expectedPreferenceGain(mean: number, sd: number): number {
  return expectedImprovement({ mean: 0, sd }, mean);
}

/** The trials that were compared, by number. */
function comparedOf<C>(
  trials: readonly TrialRecord<C>[],
  said: readonly Preference[],
): TrialRecord<C>[] {
  const numbers = new Set(said.flatMap(({ better, worse }) => [better, worse]));
  return trials.filter(({ number }) => numbers.has(number));
}

interface Columns<C> {
  readonly dimension: number;
  readonly numeric: number;
  readonly features: Features | null;
  /** `[d]`, or null where the trial cannot be judged. */
  encode(trial: TrialRecord<C>): Float64Array | null;
}

function byParameters<C>({ space }: StudyView<C>): Columns<C> {
  const features = knownFeatures(space);
  return {
    dimension: features.dimension,
    numeric: features.numeric,
    features,
    encode({ params }) {
      try {
        return features.encode(space.encode(space.validate(params)));
      } catch {
        // The space has changed: what was allowed once no longer is.
        return null;
      }
    },
  };
}

/** The losses as shares of their ranges over all complete trials. */
function byValues<C>({ objectives, trials }: StudyView<C>): Columns<C> {
  const known = trials.filter(({ state, values }) =>
    state === "complete" && values?.length === objectives.length
  ).map((trial) => lossesOf(trial, objectives))
    .filter((losses) => losses.every(Number.isFinite));
  const low = objectives.map((_, k) =>
    known.reduce((least, losses) => Math.min(least, losses[k]!), Infinity)
  );
  const high = objectives.map((_, k) =>
    known.reduce((most, losses) => Math.max(most, losses[k]!), -Infinity)
  );
  return {
    dimension: objectives.length,
    numeric: objectives.length,
    features: null,
    encode(trial) {
      const losses = lossesOf(trial, objectives);
      if (!losses.every(Number.isFinite)) return null;
      return Float64Array.from(
        losses,
        (loss, k) =>
          high[k]! > low[k]!
            ? (loss / 2 - low[k]! / 2) / (high[k]! / 2 - low[k]! / 2)
            : 0,
      );
    },
  };
}

/** The process with the most probable hyperparameters near the priors' center. */
function fittedProcess(data: PreferenceData): PreferenceProcess {
  const center = priorCenter(data);
  const centers = [
    ...Array.from(center.lengthscales, Math.log),
    Math.log(usualScale),
  ];
  const hyperparametersOf = (logs: readonly number[]) => ({
    lengthscales: Float64Array.from(logs.slice(0, -1), Math.exp),
    outputScale: Math.exp(logs.at(-1)!),
  });
  const make = (logs: readonly number[]) => {
    const process = new PreferenceProcess(data, hyperparametersOf(logs));
    // log ℓ and log s² ~ N(center, 1).
    const far = logs.reduce((sum, x, i) => sum + (x - centers[i]!) ** 2, 0);
    return { process, worth: process.logLikelihood - far / 2 };
  };
  let best = { logs: centers as readonly number[], ...make(centers) };
  if (data.pairs.length === 0) return best.process;
  const d = data.dimension;
  const all = Array.from({ length: d }, (_, j) => j);
  const groups = d <= mostColumns
    ? [all, [d], ...all.map((j) => [j])]
    : [all, [d]];
  for (let round = 0; round < rounds; round++) {
    const before = best.worth;
    for (const group of groups) {
      for (const factor of moves) {
        const logs = best.logs.map((x, i) =>
          group.includes(i) ? x + Math.log(factor) : x
        );
        const found = make(logs);
        if (found.worth > best.worth) best = { logs, ...found };
      }
    }
    if (best.worth === before) break;
  }
  return best.process;
}

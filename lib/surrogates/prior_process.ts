import { quickStream, type RandomStream } from "../math/mod.ts";
import { copulaProcess } from "./copula_process.ts";
import { GaussianProcess } from "./gaussian_process.ts";
import type { PriorFunctions, PriorProcess } from "./prior.ts";
import { weighPrior } from "./prior_trust.ts";
import { RankEnsemble, rankWeights } from "./rank_ensemble.ts";

/** What a study tells of a prior. */
export interface PriorTrials {
  /** The points of the trials, `[n, d]`, in the features of the prior, n at least 1. */
  readonly inputs: Float64Array;
  /** The study's own process of them; its first lengthscales are the prior's columns'. */
  readonly own: GaussianProcess;
  /** The values in the objective's units, smaller better; NaN for failed. */
  readonly raw: ArrayLike<number>;
  /** What speaks for the prior besides, in log-odds. */
  readonly success: number;
  /** The trial's random stream; `"rgpe"` alone draws from it. */
  readonly random: RandomStream;
}

/** A prior as it is taken, and how far. */
export interface TakenPrior {
  /** What it and the trials together lead to expect. */
  readonly process: PriorProcess;
  /** How far it is trusted, in `[0, 1]`: that it is right rather than that it says nothing; with `"rgpe"`, the share of its sources in the ensemble. */
  readonly trust: number;
}

/** From so many trials on their own lengthscales say something. */
const fewest = 8;

/**
 * Takes a prior in the way that its strategy names; see {@linkcode Prior.strategy}.
 *
 * @example
 * ```ts
 * import { featuresOf, float, GaussianProcess, PriorFunctions, randomStream, space, takePrior } from "@etude/etude";
 * const prior = {
 *   sources: [{ name: "last month", weight: 1 }], lengthscales: Float64Array.of(0.5), likeness: 1, coherence: null, level: null,
 *   units: [Float64Array.of(0.3)], coefficients: Float64Array.of(-1), loadings: new Float64Array(0),
 * };
 * const functions = new PriorFunctions(prior, featuresOf(space({ x: float(0, 1) })));
 * const inputs = Float64Array.of(0.2, 0.6);
 * const own = new GaussianProcess(
 *   { inputs, values: Float64Array.of(-1, 1), dimension: 1, numeric: 1 },
 *   { lengthscales: Float64Array.of(0.5), outputScale: 1, noise: 0.01 },
 * );
 * takePrior(functions, { inputs, own, raw: [1, 2], success: 0, random: randomStream("seed") }).trust; // from 0 to 1
 * ```
 */
export function takePrior(
  functions: PriorFunctions,
  { inputs, own, raw, success, random }: PriorTrials,
): TakenPrior {
  const { dimension, numeric, prior: { strategy } } = functions;
  const { outputScale, noise } = own.hyperparameters;
  // The switches of branches stand last.
  const lengthscales = Float64Array.from(own.hyperparameters.lengthscales)
    .subarray(0, dimension);
  const values = Float64Array.from(own.values);
  if (strategy === "rgpe") {
    const plain = new GaussianProcess(
      { inputs, values, dimension, numeric },
      { lengthscales, outputScale, noise },
    );
    const weights = rankWeights(functions, plain, {
      inputs,
      random: quickStream(random),
    });
    const process = new RankEnsemble(functions, plain, { inputs, weights });
    return { process, trust: process.trust };
  }
  const { process, trust } = weighPrior(functions, { inputs, values }, {
    raw,
    success,
    own: own.size < fewest ? [] : [lengthscales],
  });
  return strategy === "copula"
    ? { process: copulaProcess(functions, { inputs, values }), trust }
    : { process, trust };
}

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

/** Takes a prior in the way that its strategy names; see {@linkcode Prior.strategy}. */
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

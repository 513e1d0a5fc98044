import { quickStream, type RandomStream } from "../math/mod.ts";
import { copulaProcess } from "./copula_process.ts";
import { GaussianProcess } from "./gaussian_process.ts";
import type { PriorFunctions, PriorProcess } from "./prior.ts";
import { RankEnsemble, rankWeights } from "./rank_ensemble.ts";
import type { TransferProcess } from "./transfer_process.ts";

/** What a prior's own process is made of. */
export interface PriorProcessParts {
  /** The process in closed form, which the prior is weighed with. */
  readonly transfer: TransferProcess;
  /** The points of the trials, `[n, d]`, in the features of the prior. */
  readonly inputs: Float64Array;
  /** The study's own process; its first columns are the prior's. */
  readonly own: GaussianProcess;
  /** The trial's random stream; `"rgpe"` alone draws from it. */
  readonly random: RandomStream;
}

/** The process that a prior is to be taken with; see {@linkcode Prior.strategy}. */
export function priorProcess(
  functions: PriorFunctions,
  { transfer, inputs, own, random }: PriorProcessParts,
): PriorProcess {
  const values = Float64Array.from(own.values);
  switch (functions.prior.strategy) {
    case "copula":
      return copulaProcess(functions, { inputs, values });
    case "rgpe": {
      const { dimension, numeric } = functions;
      const { lengthscales, outputScale, noise } = own.hyperparameters;
      // The switches of branches stand last.
      const plain = new GaussianProcess(
        { inputs, values, dimension, numeric },
        {
          lengthscales: Float64Array.from(lengthscales).subarray(0, dimension),
          outputScale,
          noise,
        },
      );
      const weights = rankWeights(functions, plain, {
        inputs,
        random: quickStream(random),
      });
      return new RankEnsemble(functions, plain, { inputs, weights });
    }
    default:
      return transfer;
  }
}

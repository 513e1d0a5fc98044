/**
 * How far a prior is trusted: by how much likelier it makes the values that have
 * been seen than the same kernel without it does.
 *
 * @module
 */

import type { PriorFunctions } from "./prior.ts";
import {
  nullEvidence,
  stretched,
  type TransferData,
  TransferProcess,
} from "./transfer_process.ts";
import { priorCenter } from "./fit_gaussian_process.ts";

/** A prior that has seen values. */
export interface TrustedPrior {
  /** The process with the prior. */
  readonly process: TransferProcess;
  /** The probability that the prior is right rather than that it says nothing, in `[0, 1]`. */
  readonly trust: number;
  /** log-odds */
  readonly odds: number;
}

/** 9 : 1. */
const defaultOdds = Math.log(9);

/** Asks values whether a prior is right. */
export function weighPrior(
  functions: PriorFunctions,
  data: TransferData,
  { startOdds = defaultOdds, lean = 1 }: {
    startOdds?: number;
    lean?: number;
  } = {},
): TrustedPrior {
  const { prior } = functions;
  const lengths = stretched(prior.lengthscales);
  const process = new TransferProcess(functions, data, lengths);
  const without = nullEvidence(data, functions, [
    ...lengths,
    priorCenter(functions.dimension).lengthscales,
  ]);
  const odds = startOdds + lean * (process.evidence - without);
  return { process, odds, trust: 1 / (1 + Math.exp(-odds)) };
}

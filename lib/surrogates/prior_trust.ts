/**
 * How far a prior is trusted.
 *
 * | symbol | name in code | meaning |
 * |---|---|---|
 * | p | `trust` | the probability that the prior is right, rather than that it says nothing |
 * | κ | `coherence` | how well its sources foretell one another |
 * | l | `likeness` | how alike the most similar source is |
 * | E | `evidence` | how much likelier the prior makes the values than the same kernel without it, logarithm |
 * | S | `success` | who brought the better values, see samplers/_gp_prior.ts |
 *
 * log(p / (1 − p)) = clip(κ − ½, −2, 2.5) + min(0, log(l / 0.35))
 *     + clip(E / 2, −3, 3) + S
 *
 * κ, l are known before any trial. E is tempered, since what a search looks at is
 * no sample, and since a prior that errs here and there may still lead to good
 * values; where level and spread of the values were foreseen, E asks for them too,
 * so that values worse than foreseen speak against it at once. A single source
 * has no κ, and 1 in its place.
 *
 * Source: ours. The thresholds were chosen on FCNet's tables and made-up
 * functions, bench/library.
 *
 * @module
 */

import { priorCenter } from "./fit_gaussian_process.ts";
import type { Prior, PriorFunctions } from "./prior.ts";
import {
  type LeveledValues,
  nullEvidence,
  stretched,
  type TransferData,
  TransferProcess,
} from "./transfer_process.ts";

/** A prior that has seen values. */
export interface TrustedPrior {
  /** The process with the prior. */
  readonly process: TransferProcess;
  /** The probability that the prior is right rather than that it says nothing, in `[0, 1]`. */
  readonly trust: number;
}

/** How far the likelihood is believed, and the most that it says: models are wrong, and what is looked at is no sample. */
const tempering = 0.5;
const mostEvidence = 3;
/** So many values tell their lengthscales themselves. */
const enough = 25;
/** A value so many standard deviations from what was foreseen is in other units. */
const farthest = 8;
/** How bad a value may be, in standard deviations over the space: how bad the bad is matters little. */
const worst = 2;

/**
 * Asks values whether a prior is right.
 *
 * @example
 * ```ts
 * import { featuresOf, float, PriorFunctions, space, weighPrior } from "@etude/etude";
 * const prior = {
 *   sources: [{ name: "last month", weight: 1 }], lengthscales: Float64Array.of(0.5), likeness: 1, coherence: null, level: null,
 *   units: [Float64Array.of(0.3)], coefficients: Float64Array.of(-1), loadings: new Float64Array(0),
 * };
 * const functions = new PriorFunctions(prior, featuresOf(space({ x: float(0, 1) })));
 * const { trust } = weighPrior(
 *   functions,
 *   { inputs: Float64Array.of(0.3, 0.9), values: Float64Array.of(-1, 1) },
 *   { raw: [1, 2], success: 0, own: [] },
 * );
 * trust > 0 && trust < 1; // true
 * ```
 */
export function weighPrior(
  functions: PriorFunctions,
  data: Omit<TransferData, "leveled">,
  { raw, success, own }: {
    /** The values in the objective's units, smaller better; NaN for failed. */
    raw: ArrayLike<number>;
    /** What speaks for the prior besides, in log-odds. */
    success: number;
    /** Lengthscales that were fitted to the values themselves. */
    own: readonly ArrayLike<number>[];
  },
): TrustedPrior {
  const { prior, dimension, numeric } = functions;
  const lengths = own.length > 0 && data.values.length >= enough
    ? [prior.lengthscales, ...own]
    : [...stretched(prior.lengthscales), ...own];
  const told = { ...data, leveled: leveledOf(functions, raw) };
  const process = new TransferProcess(functions, told, lengths);
  const without = nullEvidence({
    ...told,
    dimension,
    numeric,
    lengthscales: [...lengths, priorCenter(dimension).lengthscales],
  });
  const key = told.leveled === null ? "free" : "leveled";
  const evidence = process.evidence[key] - without[key];
  const odds = startOdds(prior) + success +
    Math.max(-mostEvidence, Math.min(mostEvidence, tempering * evidence));
  return { process, trust: 1 / (1 + Math.exp(-odds)) };
}

/**
 * The probability that a prior is right, before any value.
 *
 * @example
 * ```ts
 * import { trustAtFirst } from "@etude/etude";
 * const prior = {
 *   sources: [{ name: "last month", weight: 1 }], lengthscales: Float64Array.of(0.5), likeness: 1, coherence: null, level: null,
 *   units: [Float64Array.of(0.3)], coefficients: Float64Array.of(-1), loadings: new Float64Array(0),
 * };
 * trustAtFirst(prior); // from 0 to 1
 * ```
 */
export function trustAtFirst(prior: Prior): number {
  return 1 / (1 + Math.exp(-startOdds(prior)));
}

/** Less likeness than this takes from the trust. */
const alike = 0.35;

/** The log-odds that a prior is right, before any value: by how well its sources foretell one another, and how alike they are. */
function startOdds({ coherence, likeness }: Prior): number {
  const coherent = coherence === null
    ? 1
    : Math.max(-2, Math.min(2.5, coherence - 0.5));
  return coherent + Math.min(0, Math.log(Math.max(0.02, likeness) / alike));
}

/** Values in the units that were foreseen; null if none were, or if the values are in others. */
function leveledOf(
  { prior: { level } }: PriorFunctions,
  raw: ArrayLike<number>,
): LeveledValues | null {
  if (level === null) return null;
  const { mean, spread, meanSd, logSpreadSd } = level;
  const offsetSd = meanSd / spread;
  const values = Array.from(raw, (v) => (v - mean) / spread);
  const far = farthest * Math.sqrt(1 + offsetSd * offsetSd);
  // Good values tell the units; bad ones may be as bad as they like.
  const best = Math.min(...values.filter(Number.isFinite));
  if (!(Math.abs(best) < far)) return null;
  return {
    values: values.map((v) => Number.isFinite(v) ? Math.min(worst, v) : worst),
    offsetSd,
    scaleSd: logSpreadSd,
  };
}

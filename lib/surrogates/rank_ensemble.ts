/**
 * A rank-weighted ensemble: sources and the study's own Gaussian process vote on
 * what is expected, each with the probability that it orders the study's trials
 * best.
 *
 * | symbol | name in code | shape | meaning |
 * |---|---|---|---|
 * | y | `values` | `[n]` | the values; smaller is better |
 * | zₛ | | `[n]` | what source s says of the points |
 * | m₋ⱼ | `held` | `[n]` | what the own process says of point j without its value |
 * | Lₛ | `miss` | `[n, n]` | 1 where s orders points j and k otherwise than y does |
 * | c | `counts` | `[n]` | how often each point is in a bootstrap sample |
 * | lₛ | `losses` | `[S]` | cᵀ Lₛ c, a sample's misrankings |
 * | w | `weights` | `[T + 1]` | shares of the sources, and last of the own process |
 *
 * (1) lₛ counts pairs (j, k) with (zₛⱼ < zₛₖ) ≠ (yⱼ < yₖ); for the own process
 *     (m₋ⱼ < yₖ) ≠ (yⱼ < yₖ)
 *
 * (2) wₛ is the share of the samples in which s misranks fewest; where several
 *     do, the own process has it, else they share it
 *
 * (3) a source whose median loss is above the 95th percentile of the own
 *     process's has no weight: else many bad sources dilute it
 *
 * (4) mean = Σ wₛ (a + b zₛ) + w m, variance = w² s² + b² Σ wₛ (zₛ − z̄)² + ε
 *
 * As published but for two things: sources and values are brought to one scale by
 * least squares, a and b, since values at places that a search has chosen do not
 * spread as over the whole space; and how sources differ stands for what each is
 * unsure of, which a prior does not keep.
 *
 * Source: Feurer, Letham, Hutter and Bakshy, Practical transfer learning for
 * Bayesian optimization (2018, revised 2022), section 4.
 *
 * @module
 */

import { moments, type RandomStream } from "../math/mod.ts";
import type { PriorShare } from "../records/mod.ts";
import type { GaussianProcess, Predictions } from "./gaussian_process.ts";
import type { PriorFunctions, PriorProcess } from "./prior.ts";

/** How many bootstrap samples. */
const samples = 100;
/** Fewer points say nothing of who orders them better. */
const fewest = 3;
/** ε: no source is surer of itself than this, in standard deviations of the values. */
const unsure = 0.05;
/** How strongly b is drawn to 1, in points. */
const usual = 2;

/** Sources and a study's own process, weighed by how well they order its trials. */
export class RankEnsemble implements PriorProcess {
  /** The shares: of each source, in the order of the prior's, and last of the own process; they sum to 1. */
  readonly weights: Float64Array;
  readonly #functions: PriorFunctions;
  readonly #own: GaussianProcess;
  readonly #inputs: Float64Array;
  readonly #level: { readonly a: number; readonly b: number };

  /**
   * An ensemble of those weights.
   *
   * @param functions The sources.
   * @param own The study's own process, over the same points as they are.
   * @param options Its points, `[n, d]`, and the shares, from {@linkcode rankWeights}.
   */
  constructor(
    functions: PriorFunctions,
    own: GaussianProcess,
    { inputs, weights }: {
      readonly inputs: Float64Array;
      readonly weights: Float64Array;
    },
  ) {
    this.#functions = functions;
    this.#own = own;
    this.#inputs = inputs;
    this.weights = weights;
    this.#level = levelOf(own.values, functions.sourcesAt(inputs), weights);
  }

  /** The share of all sources together. */
  get trust(): number {
    return Math.min(1, Math.max(0, 1 - this.weights.at(-1)!));
  }

  /** The variance of a value's noise. */
  get noise(): number {
    return this.#own.hyperparameters.noise;
  }

  /** Means and standard deviations at points, `[m, d]`: equation (4). */
  predict(points: Float64Array): Predictions {
    const { mean, sd } = this.#own.predict(points);
    const T = this.weights.length - 1;
    const share = this.weights[T]!;
    const said = this.#functions.sourcesAt(points);
    const { a, b } = this.#level;
    for (let i = 0; i < mean.length; i++) {
      const row = said.subarray(i * T, (i + 1) * T);
      const { middle, spread } = this.#voteOf(row);
      mean[i] = (1 - share) * (a + b * middle) + share * mean[i]!;
      sd[i] = Math.sqrt(
        (share * sd[i]!) ** 2 +
          (1 - share) * (b * b * spread + unsure * unsure),
      );
    }
    return { mean, sd };
  }

  /** The weighed mean and variance of what the sources say. */
  #voteOf(row: Float64Array) {
    const T = row.length;
    const all = 1 - this.weights[T]!;
    if (!(all > 0)) return { middle: 0, spread: 0 };
    let middle = 0;
    for (let s = 0; s < T; s++) middle += this.weights[s]! / all * row[s]!;
    let spread = 0;
    for (let s = 0; s < T; s++) {
      spread += this.weights[s]! / all * (row[s]! - middle) ** 2;
    }
    return { middle, spread };
  }

  /** The means at the points that it has seen, `[n]`. */
  fittedMeans(): Float64Array {
    return this.predict(this.#inputs).mean;
  }

  /** The ensemble as if points, `[q, d]`, had brought what is expected of them; the weights stay. */
  believing(points: Float64Array): RankEnsemble {
    if (points.length === 0) return this;
    const inputs = new Float64Array(this.#inputs.length + points.length);
    inputs.set(this.#inputs);
    inputs.set(points, this.#inputs.length);
    return new RankEnsemble(
      this.#functions,
      this.#own.condition(points, this.predict(points).mean),
      { inputs, weights: this.weights },
    );
  }

  /** The shares of the sources among themselves. */
  shares(): readonly PriorShare[] {
    const { sources } = this.#functions.prior;
    const all = 1 - this.weights[sources.length]!;
    return sources.map(({ name, weight }, s) => ({
      name,
      share: all > 0 ? this.weights[s]! / all : weight,
    })).sort((x, y) => y.share - x.share);
  }
}

/**
 * The probability that each source orders the values best, and last that the own
 * process does: equations (1) to (3); the sources' own weights while there are
 * fewer than three values.
 *
 * @param functions The sources.
 * @param own The study's own process.
 * @param options Its points, `[n, d]`, and where bootstrap samples are drawn from: 100 n whole numbers.
 * @returns `[T + 1]`, summing to 1.
 *
 * @example
 * ```ts
 * import { featuresOf, float, GaussianProcess, PriorFunctions, randomStream, rankWeights, space } from "@etude/etude";
 * const prior = {
 *   sources: [{ name: "last month", weight: 1 }], lengthscales: Float64Array.of(0.5), likeness: 1, coherence: null, level: null,
 *   units: [Float64Array.of(0.3)], coefficients: Float64Array.of(-1), loadings: new Float64Array(0),
 * };
 * const functions = new PriorFunctions(prior, featuresOf(space({ x: float(0, 1) })));
 * const inputs = Float64Array.of(0.3, 0.6, 0.9);
 * const own = new GaussianProcess(
 *   { inputs, values: Float64Array.of(-1, 0, 1), dimension: 1, numeric: 1 },
 *   { lengthscales: Float64Array.of(0.5), outputScale: 1, noise: 0.01 },
 * );
 * rankWeights(functions, own, { inputs, random: randomStream("seed") }).length; // 2: the source, and its own
 * ```
 */
export function rankWeights(
  functions: PriorFunctions,
  own: GaussianProcess,
  { inputs, random }: {
    readonly inputs: Float64Array;
    readonly random: RandomStream;
  },
): Float64Array {
  const { sources } = functions.prior;
  const { values } = own;
  const n = values.length;
  const T = sources.length;
  const weights = new Float64Array(T + 1);
  if (n < fewest) {
    sources.forEach(({ weight }, s) => weights[s] = weight);
    return weights;
  }
  const said = functions.sourcesAt(inputs);
  const held = own.leaveOneOut().mean;
  const misses = sources.map((_, s) =>
    missesOf(values, (j, k) => said[j * T + s]! < said[k * T + s]!)
  );
  misses.push(missesOf(values, (j, k) => held[j]! < values[k]!));
  const losses = misses.map(() => new Float64Array(samples));
  const counts = new Float64Array(n);
  for (let sample = 0; sample < samples; sample++) {
    counts.fill(0);
    for (let i = 0; i < n; i++) counts[random.int(n)]!++;
    misses.forEach((miss, s) => losses[s]![sample] = lossOf(miss, counts));
  }
  const sortedOwn = losses[T]!.toSorted();
  const most = sortedOwn[Math.ceil(0.95 * samples) - 1]!;
  const isHeard = losses.map((loss, s) =>
    s === T || loss.toSorted()[samples >> 1]! <= most
  );
  for (let sample = 0; sample < samples; sample++) {
    let least = losses[T]![sample]!;
    let best = [T];
    for (let s = 0; s < T; s++) {
      const loss = losses[s]![sample]!;
      if (!isHeard[s] || loss > least) continue;
      if (loss < least) [least, best] = [loss, [s]];
      else if (best[0] !== T) best.push(s);
    }
    for (const s of best) weights[s]! += 1 / best.length;
  }
  return weights.map((votes) => votes / samples);
}

/** Lₛ, row after row. */
function missesOf(
  values: ArrayLike<number>,
  isBelow: (j: number, k: number) => boolean,
): Uint8Array {
  const n = values.length;
  const out = new Uint8Array(n * n);
  for (let j = 0; j < n; j++) {
    for (let k = 0; k < n; k++) {
      out[j * n + k] = isBelow(j, k) === values[j]! < values[k]! ? 0 : 1;
    }
  }
  return out;
}

function lossOf(miss: Uint8Array, counts: Float64Array): number {
  const n = counts.length;
  let sum = 0;
  for (let j = 0; j < n; j++) {
    const c = counts[j]!;
    if (c === 0) continue;
    let row = 0;
    for (let k = 0; k < n; k++) row += miss[j * n + k]! * counts[k]!;
    sum += c * row;
  }
  return sum;
}

/** a and b of the least squares of values by the sources' vote, b above 0. */
function levelOf(
  values: ArrayLike<number>,
  said: Float64Array,
  weights: Float64Array,
): { readonly a: number; readonly b: number } {
  const T = weights.length - 1;
  const n = values.length;
  const all = 1 - weights[T]!;
  if (n === 0 || !(all > 0)) return { a: 0, b: 1 };
  const votes = Float64Array.from({ length: n }, (_, i) => {
    let vote = 0;
    for (let s = 0; s < T; s++) vote += weights[s]! / all * said[i * T + s]!;
    return vote;
  });
  const [y, z] = [moments(values).mean, moments(votes).mean];
  let [yz, zz] = [0, 0];
  for (let i = 0; i < n; i++) {
    yz += (values[i]! - y) * (votes[i]! - z);
    zz += (votes[i]! - z) ** 2;
  }
  const b = Math.max(0.1, (yz + usual) / (zz + usual));
  return { a: y - b * z, b };
}

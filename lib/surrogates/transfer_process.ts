/**
 * A Gaussian process whose prior comes from other functions, in closed form.
 *
 * | symbol | name in code | shape | meaning |
 * |---|---|---|---|
 * | y | `values` | `[n]` | the values; smaller is better |
 * | m, Φ | `trend`, `factors` | `[n]`, `[n, R]` | the prior at the points; see prior.ts |
 * | k | | `[n, n]` | Matérn-5/2 of variance 1 |
 * | α, ρ, τ, σ | `setting` | | how much sources may differ, what is new, how far m may be off in size, noise |
 * | C | | `[n, n]` | α Φ Φᵀ + τ m mᵀ + ρ k + σ I = L Lᵀ |
 * | a, s | `offset`, `scale` | | |
 *
 * (1) y ~ N(a 1 + s m, s² C)
 *
 * a has a flat prior and is integrated out; log s has the prior N(0, 1.5²) and is
 * summed over a grid, as are α, ρ, τ, σ and the lengthscales:
 *
 * (2) log p(y | s, θ) = −(n − 1) log s − ½ (yᵀPy / s² − 2 yᵀPm / s + mᵀPm)
 *     − ½ log |C| − ½ log 1ᵀC⁻¹1, with P = C⁻¹ − C⁻¹1 1ᵀC⁻¹ / 1ᵀC⁻¹1
 *
 * Without sources (m = 0, α = τ = 0) it is the null model, whose evidence the
 * sources are judged by: both have the same flat a, which so cancels.
 *
 * Source: ours; the closed form is our prototypes', research/metalearning.md and
 * research/sample_efficiency.md.
 *
 * @module
 */

import {
  cholesky,
  logDeterminant,
  solveLower,
  solveLowerTransposed,
} from "../math/mod.ts";
import type { Predictions } from "./gaussian_process.ts";
import { columnsOf, crossCovariance, selfCovariance } from "./matern.ts";
import type { PriorFunctions } from "./prior.ts";

/** Points and values that a prior is asked of. */
export interface TransferData {
  /** `[n, d]`. */
  readonly inputs: Float64Array;
  /** `[n]`, mean 0 and sd 1 or nearly so. */
  readonly values: ArrayLike<number>;
}

/** θ of equation (2). */
export interface TransferSetting {
  readonly alpha: number;
  readonly rho: number;
  readonly tau: number;
  readonly noise: number;
  readonly lengthscales: ArrayLike<number>;
}

interface Solved {
  readonly setting: TransferSetting;
  readonly lower: Float64Array;
  /** C⁻¹ y, C⁻¹ m, C⁻¹ 1. */
  readonly byValues: Float64Array;
  readonly byTrend: Float64Array;
  readonly byOnes: Float64Array;
  /** 1ᵀC⁻¹1, 1ᵀC⁻¹y, 1ᵀC⁻¹m. */
  readonly ones: number;
  readonly onesValues: number;
  readonly onesTrend: number;
  readonly scale: number;
  /** log ∫ p(y | s, θ) p(s) ds. */
  readonly evidence: number;
}

/** The grid of log s, and the deviation of its prior. */
const scales = Float64Array.from({ length: 33 }, (_, i) => -4 + i / 4);
const scaleWidth = 1.5;

const alphas = [0.5, 1, 2];
const rhos = [0.1, 0.3, 1];
const noises = [1e-4, 1e-2];
const nullNoises = [1e-4, 1e-2, 1e-1];
const stretches = [0.6, 1, 1.6];
const trendWidth = 0.25;

/** How likely values are with a prior, and what is then expected elsewhere. */
export class TransferProcess {
  /** How many values. */
  readonly size: number;
  /** The log evidence of the values, up to a constant that it shares with {@linkcode nullEvidence}. */
  readonly evidence: number;
  /** s. */
  readonly scale: number;
  /** a. */
  readonly offset: number;
  readonly #data: TransferData;
  readonly #functions: PriorFunctions;
  readonly #prior: Float64Array;
  readonly #solved: Solved;
  readonly #columns: Float64Array;
  readonly #alpha: Float64Array;
  readonly #trendScale: number;

  /** Takes the likeliest θ of a grid. */
  constructor(
    functions: PriorFunctions,
    data: TransferData,
    lengthscales: readonly ArrayLike<number>[],
  ) {
    this.#functions = functions;
    this.#data = data;
    this.size = data.values.length;
    this.#prior = functions.at(data.inputs);
    const { best, evidence } = solveGrid(
      functions,
      data,
      this.#prior,
      lengthscales,
    );
    this.evidence = evidence;
    this.#solved = best;
    const { scale, ones, onesValues, onesTrend } = best;
    this.scale = scale;
    this.offset = ones > 0 ? (onesValues - scale * onesTrend) / ones : 0;
    this.#columns = columnsOf(data.inputs, functions.dimension);
    this.#alpha = best.byValues.map((v, i) =>
      v - scale * best.byTrend[i]! - this.offset * best.byOnes[i]!
    );
    let pull = 0;
    for (let i = 0; i < this.size; i++) {
      pull += this.#prior[i * functions.width]! * this.#alpha[i]!;
    }
    this.#trendScale = scale + best.setting.tau * pull;
  }

  /** θ. */
  get setting(): TransferSetting {
    return this.#solved.setting;
  }

  /** δ: what the function is thought to be made of, beside m. */
  factors(): Float64Array {
    const R = this.#functions.width - 1;
    const { alpha } = this.setting;
    const out = new Float64Array(R);
    for (let i = 0; i < this.size; i++) {
      for (let r = 0; r < R; r++) {
        out[r]! += alpha * this.#prior[i * (R + 1) + 1 + r]! * this.#alpha[i]! /
          this.scale;
      }
    }
    return out;
  }

  /** By how much m is taken: 1 as the sources say, 0 not at all. */
  get trendShare(): number {
    return this.#trendScale / this.scale;
  }

  /** Means and standard deviations of the function at points, `[m, d]`. */
  predict(points: Float64Array): Predictions {
    const { dimension, numeric, width } = this.#functions;
    const { setting, lower, ones, byOnes } = this.#solved;
    const { alpha, rho, tau, lengthscales } = setting;
    const n = this.size;
    const m = points.length / dimension;
    const prior = this.#functions.at(points);
    const cross = crossCovariance(
      { inputs: this.#data.inputs, dimension, numeric },
      points,
      { lengthscales, outputScale: rho, noise: 0 },
      { columns: this.#columns },
    );
    const own = new Float64Array(m);
    const mean = new Float64Array(m);
    const gap = new Float64Array(m);
    for (let c = 0; c < m; c++) {
      const row = prior.subarray(c * width, (c + 1) * width);
      let self = tau * row[0]! * row[0]!;
      for (let r = 1; r < width; r++) self += alpha * row[r]! * row[r]!;
      own[c] = self + rho;
      let sum = this.offset + this.scale * row[0]!;
      let off = 1;
      for (let i = 0; i < n; i++) {
        const at = i * width;
        let k = tau * row[0]! * this.#prior[at]!;
        for (let r = 1; r < width; r++) {
          k += alpha * row[r]! * this.#prior[at + r]!;
        }
        const covariance = cross[c * n + i]! + k;
        cross[c * n + i] = covariance;
        sum += covariance * this.#alpha[i]!;
        off -= covariance * byOnes[i]!;
      }
      mean[c] = sum;
      gap[c] = off;
    }
    solveLower(lower, cross);
    const sd = own.map((self, c) => {
      let known = 0;
      for (let i = c * n; i < (c + 1) * n; i++) known += cross[i]! * cross[i]!;
      const free = ones > 0 ? gap[c]! * gap[c]! / ones : 0;
      return this.scale *
        Math.sqrt(Math.max(1e-12 * self, self - known + free));
    });
    return { mean, sd };
  }

  /** The means at the points that it has seen, `[n]`. */
  fittedMeans(): Float64Array {
    const extra = this.setting.noise;
    return Float64Array.from(
      this.#data.values,
      (y, i) => y - extra * this.#alpha[i]!,
    );
  }
}

/** The log evidence of values without sources: mean 0 and the kernel alone. */
export function nullEvidence(
  { inputs, values }: TransferData,
  { dimension, numeric }: { dimension: number; numeric: number },
  lengthscales: readonly ArrayLike<number>[],
): number {
  const n = values.length;
  const evidences: number[] = [];
  for (const lengths of lengthscales) {
    const kernel = selfCovariance({ inputs, dimension, numeric }, {
      lengthscales: lengths,
      outputScale: 1,
      noise: 0,
    });
    for (const noise of nullNoises) {
      const solved = solve(kernel.slice(), n, {
        setting: { alpha: 0, rho: 1, tau: 0, noise, lengthscales: lengths },
        values,
        trend: new Float64Array(n),
      });
      if (solved !== null) evidences.push(solved.evidence);
    }
  }
  return logMean(evidences);
}

function solveGrid(
  functions: PriorFunctions,
  { inputs, values }: TransferData,
  prior: Float64Array,
  lengthscales: readonly ArrayLike<number>[],
): { best: Solved; evidence: number } {
  const { prior: { sources }, dimension, numeric, width } = functions;
  const n = values.length;
  const trend = Float64Array.from({ length: n }, (_, i) => prior[i * width]!);
  const outer = new Float64Array(n * n);
  for (let a = 0; a < n; a++) {
    for (let b = 0; b <= a; b++) {
      let sum = 0;
      for (let r = 1; r < width; r++) {
        sum += prior[a * width + r]! * prior[b * width + r]!;
      }
      outer[a * n + b] = sum;
    }
  }
  let best: Solved | null = null;
  const evidences: number[] = [];
  const own = sources.length > 1 ? alphas : [0];
  for (const lengths of lengthscales) {
    const kernel = selfCovariance({ inputs, dimension, numeric }, {
      lengthscales: lengths,
      outputScale: 1,
      noise: 0,
    });
    for (const alpha of own) {
      for (const rho of rhos) {
        for (const noise of noises) {
          const matrix = new Float64Array(n * n);
          for (let a = 0; a < n; a++) {
            for (let b = 0; b <= a; b++) {
              const i = a * n + b;
              matrix[i] = alpha * outer[i]! +
                trendWidth * trend[a]! * trend[b]! + rho * kernel[i]!;
            }
          }
          const solved = solve(matrix, n, {
            setting: {
              alpha,
              rho,
              tau: trendWidth,
              noise,
              lengthscales: lengths,
            },
            values,
            trend,
          });
          if (solved === null) continue;
          evidences.push(solved.evidence);
          if (best === null || solved.evidence > best.evidence) best = solved;
        }
      }
    }
  }
  if (best === null) {
    throw new RangeError(
      `Cannot factor the covariances of ${n} points with their prior: they are not finite`,
    );
  }
  return { best, evidence: logMean(evidences) };
}

function solve(
  matrix: Float64Array,
  n: number,
  { setting, values, trend }: {
    setting: TransferSetting;
    values: ArrayLike<number>;
    trend: Float64Array;
  },
): Solved | null {
  for (let i = 0; i < n; i++) matrix[i * n + i]! += setting.noise + 1e-8;
  if (!cholesky(matrix, n)) return null;
  const rows = new Float64Array(3 * n).fill(1);
  for (let i = 0; i < n; i++) rows[i] = values[i]!;
  rows.set(trend, n);
  solveLower(matrix, rows);
  let yy = 0, ym = 0, mm = 0, y1 = 0, m1 = 0, ones = 0;
  for (let i = 0; i < n; i++) {
    const y = rows[i]!, m = rows[n + i]!, one = rows[2 * n + i]!;
    yy += y * y, ym += y * m, mm += m * m;
    y1 += y * one, m1 += m * one, ones += one * one;
  }
  const over = ones > 0 ? 1 / ones : 0;
  const pyy = yy - y1 * y1 * over;
  const pym = ym - y1 * m1 * over;
  const pmm = mm - m1 * m1 * over;
  const base = -0.5 * logDeterminant(matrix) -
    (ones > 0 ? 0.5 * Math.log(ones) : 0);
  let most = -Infinity;
  let scale = 1;
  const terms = scales.map((log) => {
    const s = Math.exp(log);
    const z = log / scaleWidth;
    const value = base - (n - 1) * log -
      0.5 * (pyy / (s * s) - 2 * pym / s + pmm) - 0.5 * z * z;
    if (value > most) [most, scale] = [value, s];
    return value;
  });
  solveLowerTransposed(matrix, rows);
  return {
    setting,
    lower: matrix,
    byValues: rows.slice(0, n),
    byTrend: rows.slice(n, 2 * n),
    byOnes: rows.slice(2 * n),
    ones,
    onesValues: y1,
    onesTrend: m1,
    scale,
    evidence: logMean(terms),
  };
}

/** log of the mean of exponentials. */
function logMean(logs: ArrayLike<number>): number {
  let most = -Infinity;
  for (let i = 0; i < logs.length; i++) most = Math.max(most, logs[i]!);
  if (most === -Infinity) return -Infinity;
  let sum = 0;
  for (let i = 0; i < logs.length; i++) sum += Math.exp(logs[i]! - most);
  return most + Math.log(sum / logs.length);
}

/** The lengthscales that a prior's process is tried with. */
export function stretched(lengthscales: ArrayLike<number>): Float64Array[] {
  return stretches.map((stretch) =>
    Float64Array.from(lengthscales, (length) => stretch * length)
  );
}

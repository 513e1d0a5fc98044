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
import type { PriorShare } from "../records/mod.ts";
import type { PriorFunctions, PriorProcess } from "./prior.ts";

/** Points and values that a prior is asked of. */
export interface TransferData {
  /** `[n, d]`. */
  readonly inputs: Float64Array;
  /** `[n]`, mean 0 and sd 1 or nearly so. */
  readonly values: ArrayLike<number>;
  /** The same values in units in which their level and spread are foreseen; null or absent where they are not. */
  readonly leveled?: LeveledValues | null;
}

/** Values in units of what was foreseen: a ~ N(0, offsetSd²), log s ~ N(0, scaleSd²). */
export interface LeveledValues {
  /** `[n]`. */
  readonly values: ArrayLike<number>;
  /** How far the level may be from what was foreseen. */
  readonly offsetSd: number;
  /** How far the logarithm of the spread may be. */
  readonly scaleSd: number;
}

/** θ of equation (2). */
export interface TransferSetting {
  /** α: how much the function may differ from the sources' mean in the way that they differ. */
  readonly alpha: number;
  /** ρ: the variance of what is like no source. */
  readonly rho: number;
  /** τ: the variance of the factor that m is taken with. */
  readonly tau: number;
  /** σ: the variance of the noise. */
  readonly noise: number;
  /** The lengthscales of what is like no source. */
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
  /** The same where level and spread are foreseen; 0 where they are not. */
  readonly leveled: number;
}

/** Log evidences: of values whose level is not foreseen, and of ones whose level is. */
export interface ValueEvidence {
  /** Where neither level nor spread is foreseen. */
  readonly free: number;
  /** Where both are; 0 if they are not. */
  readonly leveled: number;
}

/** The grid of log s, and the deviation of its prior. */
const scales = Float64Array.from({ length: 33 }, (_, i) => -4 + i / 4);
const scaleWidth = 1.5;

const alphas = [0.5, 1, 2];
const rhos = [0.1, 0.3, 1];
const noises = [1e-4, 1e-2];
const nullNoises = [1e-4, 1e-2, 1e-1];
const stretches = [0.6, 1, 1.6];
const trendWidth = 0.05;

/** How likely values are with a prior, and what is then expected elsewhere. */
export class TransferProcess implements PriorProcess {
  /** How many values. */
  readonly size: number;
  /** The log evidence of the values, up to a constant that it shares with {@linkcode nullEvidence}. */
  readonly evidence: ValueEvidence;
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
    const { best, evidence } = solveGrid({
      ...data,
      dimension: functions.dimension,
      numeric: functions.numeric,
      prior: this.#prior,
      width: functions.width,
      lengthscales,
    });
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

  /** The variance of a value's noise. */
  get noise(): number {
    return this.setting.noise * this.scale ** 2;
  }

  /** The shares of the sources, by what the function is thought to be made of. */
  shares(): readonly PriorShare[] {
    return this.#functions.shares(this.factors());
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

  /** The process as if points, `[q, d]`, had brought what is expected of them. */
  believing(points: Float64Array): TransferProcess {
    const q = points.length / this.#functions.dimension;
    if (q === 0) return this;
    const { inputs, values } = this.#data;
    const all = new Float64Array(inputs.length + points.length);
    all.set(inputs);
    all.set(points, inputs.length);
    return new TransferProcess(
      this.#functions,
      {
        inputs: all,
        values: [...Array.from(values), ...this.predict(points).mean],
      },
      [this.setting.lengthscales],
    );
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

/** Points with what a prior says of them. */
export interface EvidenceData extends TransferData {
  /** The number of columns of points. */
  readonly dimension: number;
  /** How many of them are numbers. */
  readonly numeric: number;
  /** m and Φ, `[n, width]`. */
  readonly prior: Float64Array;
  /** 1 + R. */
  readonly width: number;
  /** The lengthscales that are tried. */
  readonly lengthscales: readonly ArrayLike<number>[];
}

/**
 * The log evidence of values with a prior.
 *
 * @example
 * ```ts
 * import { nullEvidence, priorEvidence } from "@etude/etude";
 * // What the prior says, m, is what came.
 * const data = { inputs: Float64Array.of(0, 1), dimension: 1, numeric: 1, values: Float64Array.of(-1, 1), lengthscales: [Float64Array.of(0.5)] };
 * const withPrior = priorEvidence({ ...data, prior: Float64Array.of(-1, 1), width: 1 });
 * withPrior.free > nullEvidence(data).free; // true
 * ```
 */
export function priorEvidence(data: EvidenceData): ValueEvidence {
  return solveGrid(data).evidence;
}

/**
 * The log evidence of values without sources: mean 0 and the kernel alone.
 *
 * @example
 * ```ts
 * import { nullEvidence } from "@etude/etude";
 * const data = { inputs: Float64Array.of(0, 1), dimension: 1, numeric: 1, values: Float64Array.of(-1, 1) };
 * nullEvidence({ ...data, lengthscales: [Float64Array.of(0.5)] }).free < 0; // true
 * ```
 */
export function nullEvidence(
  data: Omit<EvidenceData, "prior" | "width">,
): ValueEvidence {
  const { inputs, values, dimension, numeric, lengthscales } = data;
  const n = values.length;
  const solved: Solved[] = [];
  for (const lengths of lengthscales) {
    const kernel = selfCovariance({ inputs, dimension, numeric }, {
      lengthscales: lengths,
      outputScale: 1,
      noise: 0,
    });
    for (const noise of nullNoises) {
      const one = solve(kernel.slice(), n, {
        setting: { alpha: 0, rho: 1, tau: 0, noise, lengthscales: lengths },
        data,
        trend: new Float64Array(n),
      });
      if (one !== null) solved.push(one);
    }
  }
  return evidenceOf(solved);
}

function evidenceOf(solved: readonly Solved[]): ValueEvidence {
  return {
    free: logMean(solved.map(({ evidence }) => evidence)),
    leveled: logMean(solved.map(({ leveled }) => leveled)),
  };
}

function solveGrid(
  data: EvidenceData,
): { best: Solved; evidence: ValueEvidence } {
  const { inputs, values, dimension, numeric, prior, width, lengthscales } =
    data;
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
  const solved: Solved[] = [];
  for (const lengths of lengthscales) {
    const kernel = selfCovariance({ inputs, dimension, numeric }, {
      lengthscales: lengths,
      outputScale: 1,
      noise: 0,
    });
    for (const alpha of width > 1 ? alphas : [0]) {
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
          const setting = {
            alpha,
            rho,
            tau: trendWidth,
            noise,
            lengthscales: lengths,
          };
          const one = solve(matrix, n, { setting, data, trend });
          if (one !== null) solved.push(one);
        }
      }
    }
  }
  if (solved.length === 0) {
    throw new RangeError(
      `Cannot factor the covariances of ${n} points with their prior: they are not finite`,
    );
  }
  const best = solved.reduce((a, b) => b.evidence > a.evidence ? b : a);
  return { best, evidence: evidenceOf(solved) };
}

function solve(
  matrix: Float64Array,
  n: number,
  { setting, data, trend }: {
    setting: TransferSetting;
    data: TransferData;
    trend: Float64Array;
  },
): Solved | null {
  for (let i = 0; i < n; i++) matrix[i * n + i]! += setting.noise + 1e-8;
  if (!cholesky(matrix, n)) return null;
  const { leveled = null } = data;
  const rows = new Float64Array((leveled === null ? 3 : 4) * n).fill(1);
  for (let i = 0; i < n; i++) rows[i] = data.values[i]!;
  rows.set(trend, n);
  if (leveled !== null) {
    for (let i = 0; i < n; i++) rows[3 * n + i] = leveled.values[i]!;
  }
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
  const determinant = logDeterminant(matrix);
  const foreseen = leveled === null
    ? 0
    : leveledEvidence(rows, n, determinant, leveled);
  const base = -0.5 * determinant -
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
    byOnes: rows.slice(2 * n, 3 * n),
    ones,
    onesValues: y1,
    onesTrend: m1,
    scale,
    evidence: logMean(terms),
    leveled: foreseen,
  };
}

/** log p(y | θ) where a ~ N(0, offsetSd²) and log s ~ N(0, scaleSd²), up to the same constant with and without sources. */
function leveledEvidence(
  rows: Float64Array,
  n: number,
  logDeterminant: number,
  { offsetSd, scaleSd }: LeveledValues,
): number {
  let yy = 0, ym = 0, mm = 0, y1 = 0, m1 = 0, ones = 0;
  for (let i = 0; i < n; i++) {
    const y = rows[3 * n + i]!, m = rows[n + i]!, one = rows[2 * n + i]!;
    yy += y * y, ym += y * m, mm += m * m;
    y1 += y * one, m1 += m * one, ones += one * one;
  }
  const steps = [-2, -1.5, -1, -0.5, 0, 0.5, 1, 1.5, 2];
  return logMean(steps.map((step) => {
    const log = step * scaleSd;
    const s = Math.exp(log);
    const free = offsetSd * offsetSd / (s * s);
    const fit = (yy - 2 * s * ym + s * s * mm) / (s * s);
    const off = (y1 - s * m1) / s;
    return -n * log - 0.5 * logDeterminant -
      0.5 * Math.log1p(free * ones) -
      0.5 * (fit - free * off * off / (1 + free * ones)) - 0.5 * step * step;
  }));
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

/**
 * The lengthscales that a prior's process is tried with.
 *
 * @example
 * ```ts
 * import { stretched } from "@etude/etude";
 * stretched([0.5]).length; // 3
 * ```
 */
export function stretched(lengthscales: ArrayLike<number>): Float64Array[] {
  return stretches.map((stretch) =>
    Float64Array.from(lengthscales, (length) => stretch * length)
  );
}

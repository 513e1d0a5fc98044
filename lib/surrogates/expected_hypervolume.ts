/**
 * Expected hypervolume improvement: how much more of the space in front of a
 * reference point will be dominated, on average, once a point has been tried.
 * Exact for two and three objectives, which are independent; as a logarithm, so
 * that it leads somewhere even where it is too small to be written.
 *
 * | symbol | name in code | shape | meaning |
 * |---|---|---|---|
 * | m | | | the number of objectives |
 * | P, r | `front`, `reference` | `[n, m]`, `[m]` | what is known, and the corner of what counts |
 * | l, u | `boxes` | `[K, m]` | what P leaves undominated, see undominated_boxes.ts |
 * | μ, s | `mean`, `sd` | `[m]` | the normal distributions expected of the objectives |
 * | ψⱼ(a) | | | E[max(0, a − Yⱼ)] = s (φ(z) + z Φ(z)), z = (a − μⱼ) / sⱼ |
 *
 * (1) EHVI = ∫ P(Y ≤ t) dt over what is undominated
 *          = Σₖ Πⱼ (ψⱼ(uₖⱼ) − ψⱼ(lₖⱼ))
 *
 * (2) log EHVI = log Σₖ exp Σⱼ log Dₖⱼ, with
 *     log D = log ψ(u) + log(1 − e^(log ψ(l) − log ψ(u)))
 *
 * (3) ∂ log EHVI / ∂μⱼ = −Σₖ wₖ (Φ(z_u) − Φ(z_l)) / Dₖⱼ and
 *     ∂ log EHVI / ∂sⱼ = Σₖ wₖ (φ(z_u) − φ(z_l)) / Dₖⱼ, where wₖ is box k's share
 *
 * Source: Emmerich (2005) for EHVI; the sum over boxes from Yang, Emmerich, Deutz
 * and Bäck (2019), the logarithm after Ament et al., Unexpected Improvements to
 * Expected Improvement (2023), with exact terms in the place of smoothed ones.
 *
 * @module
 */

import {
  normalLogCdf,
  normalLogExcess,
  normalLogPdf,
  undominatedBoxes,
} from "../math/mod.ts";

/** The logarithm of expected hypervolume improvement and its slopes. */
export interface HypervolumeSlopes {
  /** log EHVI. */
  readonly value: number;
  /** How it changes with each mean, `[m]`. */
  readonly byMean: readonly number[];
  /** How it changes with each standard deviation, `[m]`. */
  readonly bySd: readonly number[];
}

/** From this part on the sum of products has lost no more than half of its digits. */
const fewDigits = 1e-7;

/**
 * Expected hypervolume improvement on a front. Immutable.
 *
 * @example
 * ```ts
 * import { ExpectedHypervolume } from "@etude/etude";
 * const improvement = new ExpectedHypervolume([[1, 2], [2, 1]], [3, 3]);
 * Math.exp(improvement.log([1.5, 1.5], [0.01, 0.01])); // 0.25: the gap between the two
 * ```
 */
export class ExpectedHypervolume {
  /** How many objectives m. */
  readonly objectives: number;
  /** How many boxes there are. */
  readonly boxes: number;
  /** The places where boxes begin or end, rising, for each objective. */
  readonly #edges: readonly Float64Array[];
  /** The number of each box's edges, `[K]` for each objective; −1 for −Infinity. */
  readonly #lower: readonly Int32Array[];
  readonly #upper: readonly Int32Array[];
  readonly #logs: readonly Float64Array[];
  readonly #parts: Float64Array;

  /**
   * Cuts the space in front of the reference into boxes.
   *
   * @param front Points; smaller is better. Those not better than the reference do not count.
   * @param reference The reference point, of two or three objectives.
   * @throws {RangeError} If the numbers of objectives differ or are others, or
   * the reference is not finite.
   */
  constructor(
    front: readonly (readonly number[])[],
    reference: readonly number[],
  ) {
    const { objectives, count, lower, upper } = undominatedBoxes(
      front,
      reference,
    );
    this.objectives = objectives;
    this.boxes = count;
    const axes = Array.from({ length: objectives }, (_, j) => j);
    const column = (of: Float64Array, j: number) =>
      Float64Array.from({ length: count }, (_, k) => of[k * objectives + j]!);
    this.#edges = axes.map((j) => {
      const all = new Set([...column(lower, j), ...column(upper, j)]);
      all.delete(-Infinity);
      return Float64Array.from(all).sort();
    });
    const numbered = (of: Float64Array) =>
      axes.map((j) => {
        const number = new Map(
          Array.from(this.#edges[j]!, (edge, i) => [edge, i]),
        );
        return Int32Array.from(column(of, j), (x) => number.get(x) ?? -1);
      });
    this.#lower = numbered(lower);
    this.#upper = numbered(upper);
    this.#logs = this.#edges.map((edges) => new Float64Array(edges.length));
    this.#parts = new Float64Array(count);
  }

  /**
   * log EHVI; −Infinity where nothing can be gained. Equation (2).
   *
   * @param mean The means, `[m]`.
   * @param sd The standard deviations, `[m]`, above 0.
   */
  log(mean: ArrayLike<number>, sd: ArrayLike<number>): number {
    return this.#quick(mean, sd) ?? this.#weigh(mean, sd);
  }

  /**
   * log EHVI and its slopes: equation (3).
   *
   * @param mean The means, `[m]`.
   * @param sd The standard deviations, `[m]`, above 0.
   */
  slopes(mean: ArrayLike<number>, sd: ArrayLike<number>): HypervolumeSlopes {
    const value = this.#weigh(mean, sd);
    const { objectives: m, boxes } = this;
    const byMean = new Array<number>(m).fill(0);
    const bySd = new Array<number>(m).fill(0);
    if (value === -Infinity) return { value, byMean, bySd };
    for (let j = 0; j < m; j++) {
      const z = this.#edges[j]!.map((edge) => (edge - mean[j]!) / sd[j]!);
      const cdf = z.map(normalLogCdf);
      const pdf = z.map(normalLogPdf);
      const [lower, upper, logs] = [
        this.#lower[j]!,
        this.#upper[j]!,
        this.#logs[j]!,
      ];
      for (let k = 0; k < boxes; k++) {
        const weight = Math.exp(this.#parts[k]! - value);
        if (!(weight > 0)) continue;
        const [low, high] = [lower[k]!, upper[k]!];
        const width = difference(logs[high]!, low < 0 ? -Infinity : logs[low]!);
        const over = (of: Float64Array) =>
          Math.exp(of[high]! - width) -
          (low < 0 ? 0 : Math.exp(of[low]! - width));
        byMean[j]! -= weight * over(cdf);
        bySd[j]! += weight * over(pdf);
      }
    }
    return { value, byMean, bySd };
  }

  /**
   * log EHVI by equation (1) itself, in units of what there would be to gain with
   * no front at all; null where it is so small a part of that that digits are lost.
   */
  #quick(mean: ArrayLike<number>, sd: ArrayLike<number>): number | null {
    const parts = this.#parts.fill(1);
    let all = 0;
    for (let j = 0; j < this.objectives; j++) {
      const logs = this.#excesses(j, mean[j]!, sd[j]!);
      const most = logs[logs.length - 1]!;
      if (most === -Infinity) return null;
      all += most;
      for (let i = 0; i < logs.length; i++) logs[i] = Math.exp(logs[i]! - most);
      const [lower, upper] = [this.#lower[j]!, this.#upper[j]!];
      for (let k = 0; k < parts.length; k++) {
        const low = lower[k]!;
        parts[k]! *= logs[upper[k]!]! - (low < 0 ? 0 : logs[low]!);
      }
    }
    let sum = 0;
    for (let k = 0; k < parts.length; k++) sum += parts[k]!;
    return sum > fewDigits ? all + Math.log(sum) : null;
  }

  /** log ψⱼ at each edge. */
  #excesses(j: number, mean: number, sd: number): Float64Array {
    const [edges, logs] = [this.#edges[j]!, this.#logs[j]!];
    const scale = Math.log(sd);
    for (let i = 0; i < edges.length; i++) {
      logs[i] = scale + normalLogExcess((edges[i]! - mean) / sd);
    }
    return logs;
  }

  /** The logarithm of each box's term, in the parts, and of their sum. */
  #weigh(mean: ArrayLike<number>, sd: ArrayLike<number>): number {
    const parts = this.#parts.fill(0);
    for (let j = 0; j < this.objectives; j++) {
      const logs = this.#excesses(j, mean[j]!, sd[j]!);
      const [lower, upper] = [this.#lower[j]!, this.#upper[j]!];
      for (let k = 0; k < parts.length; k++) {
        const low = lower[k]!;
        parts[k]! += low < 0
          ? logs[upper[k]!]!
          : difference(logs[upper[k]!]!, logs[low]!);
      }
    }
    let largest = -Infinity;
    for (let k = 0; k < parts.length; k++) {
      if (parts[k]! > largest) largest = parts[k]!;
    }
    if (largest === -Infinity) return -Infinity;
    let sum = 0;
    for (let k = 0; k < parts.length; k++) {
      const below = parts[k]! - largest;
      // Less than 10⁻¹⁷ of the largest does not count.
      if (below > -40) sum += Math.exp(below);
    }
    return largest + Math.log(sum);
  }
}

/** log(eᵃ − eᵇ) for a ≥ b. */
function difference(a: number, b: number): number {
  return b === -Infinity ? a : a + Math.log(-Math.expm1(b - a));
}

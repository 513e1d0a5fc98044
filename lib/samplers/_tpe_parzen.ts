/**
 * Parzen estimators: mixtures of product kernels, one component a point, and a
 * uniform one as prior.
 *
 * | symbol | name in code | shape | meaning |
 * |---|---|---|---|
 * | D | `axes` | | how many axes there are |
 * | μ | `points` | `[K − 1, D]` | where the components stand; NaN on an axis where a point has no value |
 * | w | `weights` | `[K − 1]` | the components' weights, not normalized |
 * | w₀ | `priorWeight` | | the weight of the uniform component, the last |
 * | x | `x` | `[D]` | a place; NaN on an axis that is inactive there |
 *
 * p(x) = Σₖ wₖ Π_d k_d(x_d; μₖ_d) / Σₖ wₖ, the product over the axes that are
 * active at x. A component without a value on such an axis is uniform on it. So
 * p is a density on a space with conditions too: a child's axis is modelled on
 * the points that have it, together with all others.
 *
 * Source: Bergstra, Bardenet, Bengio and Kégl (2011), section 4; the product
 * kernels from Falkner, Klein and Hutter (2018); Watanabe (2023), equation 8.
 *
 * @module
 */

import {
  bandwidthFloor,
  neighborBandwidths,
  steppedBandwidths,
} from "./_tpe_bandwidths.ts";
import { ContinuousKernels } from "./_tpe_continua.ts";
import {
  categoricalKernels,
  type KernelAxis,
  type Kernels,
  steppedKernels,
} from "./_tpe_kernels.ts";

/** What a Parzen estimator is made of. */
export interface ParzenOptions {
  /** The points, `[K − 1, D]`; may be none. */
  readonly points: readonly ArrayLike<number>[];
  /** Their weights, `[K − 1]`, at least 0. */
  readonly weights: ArrayLike<number>;
  /** The weight of the uniform component, above 0. */
  readonly priorWeight: number;
  /**
   * What a category gets beside the 1 of its own component, times K: the share
   * b of its kernels is this over K. Above 0. Defaults to `priorWeight`.
   */
  readonly smoothing?: number;
}

/** A mixture of product kernels. */
export class ParzenEstimator {
  /** How many components there are, the prior counted: K. */
  readonly components: number;
  /** The kernels on discrete axes, `[D]`; null on continua. */
  readonly #discrete: readonly (Kernels | null)[];
  readonly #continua: ContinuousKernels;
  /** The number of each axis among the continua, `[D]`. */
  readonly #numbers: readonly number[];
  /** The coordinates on the continua. */
  readonly #part: Float64Array;
  readonly #logWeights: Float64Array;
  readonly #logs: Float64Array;

  constructor(axes: readonly KernelAxis[], options: ParzenOptions) {
    const { points, weights, priorWeight, smoothing = priorWeight } = options;
    this.components = points.length + 1;
    let total = priorWeight;
    for (let k = 0; k < points.length; k++) total += weights[k]!;
    this.#logWeights = new Float64Array(this.components);
    for (let k = 0; k < points.length; k++) {
      this.#logWeights[k] = Math.log(weights[k]! / total);
    }
    this.#logWeights[points.length] = Math.log(priorWeight / total);
    this.#logs = new Float64Array(this.components);
    let continua = 0;
    this.#numbers = axes.map(({ kind }) =>
      kind === "continuous" ? continua++ : -1
    );
    this.#part = new Float64Array(continua);
    this.#continua = new ContinuousKernels(this.components, continua);
    const coordinates = new Float64Array(this.components);
    this.#discrete = axes.map((axis, d) => {
      for (let k = 0; k < points.length; k++) coordinates[k] = points[k]![d]!;
      coordinates[points.length] = NaN;
      if (axis.kind !== "continuous") {
        return kernelsOf(axis, coordinates.slice(), smoothing);
      }
      const floor = bandwidthFloor(this.components);
      const widths = neighborBandwidths(coordinates, floor);
      this.#continua.setAxis(this.#numbers[d]!, coordinates, widths);
      return null;
    });
  }

  /** log p(x): the density on continua, the mass on what is discrete. */
  logDensity(x: ArrayLike<number>): number {
    const logs = this.#addLogs(x);
    let largest = -Infinity;
    for (let k = 0; k < logs.length; k++) {
      if (logs[k]! > largest) largest = logs[k]!;
    }
    let sum = 0;
    for (let k = 0; k < logs.length; k++) {
      const below = logs[k]! - largest;
      // Less than 10⁻¹³ of the largest does not count.
      if (below > -30) sum += Math.exp(below);
    }
    return largest + Math.log(sum);
  }

  /**
   * How probable each component is, given parts of a place: running sums,
   * `[K]`, for {@linkcode ParzenEstimator.draw}.
   *
   * @param known The known parts, `[D]`; NaN where nothing is known.
   */
  sharesGiven(known: ArrayLike<number>): Float64Array {
    const logs = this.#addLogs(known);
    const largest = logs.reduce((a, b) => Math.max(a, b));
    let sum = 0;
    return logs.map((log) => sum += Math.exp(log - largest));
  }

  /**
   * Draws a place from the mixture, with D + 1 random numbers.
   *
   * @param uniform Draws from `[0, 1)`.
   * @param shares From {@linkcode ParzenEstimator.sharesGiven}.
   */
  draw(uniform: () => number, shares: Float64Array): Float64Array {
    const mark = uniform() * shares[shares.length - 1]!;
    let component = 0;
    while (component < shares.length - 1 && shares[component]! <= mark) {
      component++;
    }
    const x = new Float64Array(this.#discrete.length);
    for (let d = 0; d < x.length; d++) {
      const kernels = this.#discrete[d]!;
      const u = uniform();
      x[d] = kernels === null
        ? this.#continua.draw(component, this.#numbers[d]!, u)
        : kernels.draw(component, u);
    }
    return x;
  }

  #addLogs(x: ArrayLike<number>): Float64Array {
    const logs = this.#logs;
    logs.set(this.#logWeights);
    for (let d = 0; d < this.#discrete.length; d++) {
      const here = x[d]!;
      const kernels = this.#discrete[d]!;
      if (kernels === null) this.#part[this.#numbers[d]!] = here;
      else if (here === here) kernels.addLogs(here, logs);
    }
    this.#continua.addLogs(this.#part, logs);
    return logs;
  }
}

function kernelsOf(
  axis: Exclude<KernelAxis, { kind: "continuous" }>,
  coordinates: Float64Array,
  smoothing: number,
): Kernels {
  const components = coordinates.length;
  const floor = bandwidthFloor(components);
  switch (axis.kind) {
    case "stepped":
      return steppedKernels(
        coordinates,
        steppedBandwidths(coordinates, axis.centers, floor),
        axis,
      );
    case "categorical":
      return categoricalKernels(
        coordinates,
        axis.count,
        smoothing / components,
      );
  }
}

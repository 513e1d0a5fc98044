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
  readonly #axes: readonly KernelAxis[];
  /** The number of each axis among the continua, `[D]`. */
  readonly #numbers: readonly number[];
  readonly #continua: ContinuousKernels;
  /** The kernels on discrete axes, `[D]`; null on continua. */
  readonly #discrete: (Kernels | null)[];
  /** The coordinates on the continua. */
  readonly #part: Float64Array;
  #logWeights = new Float64Array(1);
  #logs = new Float64Array(1);
  #widths = new Float64Array(1);

  /** Makes an estimator on some axes, uniform at first. */
  constructor(axes: readonly KernelAxis[]) {
    this.#axes = axes;
    let continua = 0;
    this.#numbers = axes.map(({ kind }) =>
      kind === "continuous" ? continua++ : -1
    );
    this.#continua = new ContinuousKernels(continua);
    this.#part = new Float64Array(continua);
    this.#discrete = axes.map(() => null);
    this.fit({ points: [], weights: [], priorWeight: 1 });
  }

  /** How many components there are, the prior counted: K. */
  get components(): number {
    return this.#logs.length;
  }

  /** Takes other points. What is the estimator's own memory stays. */
  fit(options: ParzenOptions): void {
    const { points, weights, priorWeight, smoothing = priorWeight } = options;
    const prior = points.length;
    if (this.components !== prior + 1) {
      this.#logWeights = new Float64Array(prior + 1);
      this.#logs = new Float64Array(prior + 1);
      this.#widths = new Float64Array(prior + 1);
    }
    let total = priorWeight;
    for (let k = 0; k < prior; k++) total += weights[k]!;
    for (let k = 0; k < prior; k++) {
      this.#logWeights[k] = Math.log(weights[k]! / total);
    }
    this.#logWeights[prior] = Math.log(priorWeight / total);
    const floor = bandwidthFloor(this.components);
    this.#continua.reset(this.components, floor);
    // Free until the first place is asked for.
    const coordinates = this.#logs;
    this.#axes.forEach((axis, d) => {
      for (let k = 0; k < prior; k++) coordinates[k] = points[k]![d]!;
      coordinates[prior] = NaN;
      if (axis.kind !== "continuous") {
        const { components } = this;
        this.#discrete[d] = kernelsOf(axis, coordinates.slice(), {
          floor,
          share: smoothing / components,
        });
      } else {
        const widths = neighborBandwidths(coordinates, floor, this.#widths);
        this.#continua.setAxis(this.#numbers[d]!, coordinates, widths);
      }
    });
  }

  /**
   * log p(x): the density on continua, the mass on what is discrete.
   *
   * @param latest How many of the last components are asked, the prior among
   * them: of a part of all, p is too small. Defaults to all.
   */
  logDensity(x: ArrayLike<number>, latest = Infinity): number {
    const from = Math.max(0, this.components - latest);
    const logs = this.#addLogs(x, from);
    let largest = -Infinity;
    for (let k = from; k < logs.length; k++) {
      if (logs[k]! > largest) largest = logs[k]!;
    }
    let sum = 0;
    for (let k = from; k < logs.length; k++) {
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
    const logs = this.#addLogs(known, 0);
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

  #addLogs(x: ArrayLike<number>, from: number): Float64Array {
    const logs = this.#logs;
    logs.set(this.#logWeights);
    for (let d = 0; d < this.#discrete.length; d++) {
      const here = x[d]!;
      const kernels = this.#discrete[d]!;
      if (kernels === null) this.#part[this.#numbers[d]!] = here;
      else if (here === here) kernels.addLogs(here, logs);
    }
    this.#continua.addLogs(this.#part, logs, from);
    return logs;
  }
}

/** The kernels on a discrete axis: `share` is b of those among categories. */
function kernelsOf(
  axis: Exclude<KernelAxis, { kind: "continuous" }>,
  coordinates: Float64Array,
  { floor, share }: { readonly floor: number; readonly share: number },
): Kernels {
  switch (axis.kind) {
    case "stepped":
      return steppedKernels(
        coordinates,
        steppedBandwidths(coordinates, axis.centers, floor),
        axis,
      );
    case "categorical":
      return categoricalKernels(coordinates, axis.count, share);
  }
}

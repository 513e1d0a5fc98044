/**
 * The kernels of a Parzen estimator on all its continua together: normal
 * distributions cut to `[0, 1]`.
 *
 * | symbol | name in code | shape | meaning |
 * |---|---|---|---|
 * | K, D | `#components`, `#axes` | | how many components and continua there are |
 * | μ, σ | | | of a component on an axis, before it is cut |
 * | | `#kernels` | `[K, D, 2]` | μ and 1 / (√2 σ), side by side; 0 and 0 where a component has no place: it is uniform there |
 * | h | `#heights` | `[D, K]` | the log density at μ |
 * | x | `x` | `[D]` | a place; NaN on an axis that is inactive there |
 *
 * log k(x; μₖ) = Σ_d h − ((x − μ) / (√2 σ))², the sum over the axes that are
 * active at x. From the heights on it only falls: so a component is given up as
 * soon as it counts for nothing beside the largest, mostly after few axes.
 *
 * @module
 */

import { drawInside, logInside, massInside } from "./_tpe_normal.ts";

const logRootTwoPi = 0.5 * Math.log(2 * Math.PI);
/** Narrower than this, the mass beyond the farther end is below 10⁻¹⁰. */
const narrow = 0.5 / 6.5;
/** Less than 10⁻¹³ of the largest component does not count. */
const negligible = 30;

/** The kernels of all components on all continua. */
export class ContinuousKernels {
  readonly #components: number;
  readonly #axes: number;
  readonly #kernels: Float64Array;
  readonly #heights: Float64Array;
  /** Σ h over all axes, `[K]`. */
  readonly #totals: Float64Array;

  constructor(components: number, axes: number) {
    this.#components = components;
    this.#axes = axes;
    this.#kernels = new Float64Array(2 * components * axes);
    this.#heights = new Float64Array(components * axes);
    this.#totals = new Float64Array(components);
  }

  /**
   * Sets the components on an axis, once.
   *
   * @param axis Which, from 0.
   * @param coordinates μ, `[K]`; NaN where a component has no place.
   * @param widths σ, `[K]`, above 0.
   */
  setAxis(
    axis: number,
    coordinates: Float64Array,
    widths: Float64Array,
  ): void {
    const kernels = this.#kernels;
    const stride = 2 * this.#axes;
    const row = axis * this.#components;
    // Most components have the same width: one logarithm for all.
    let lastWidth = 0;
    let lastHeight = 0;
    for (let k = 0; k < this.#components; k++) {
      const mean = coordinates[k]!;
      if (mean !== mean) continue;
      const width = widths[k]!;
      const at = k * stride + 2 * axis;
      kernels[at] = mean;
      kernels[at + 1] = Math.SQRT1_2 / width;
      if (width !== lastWidth) {
        lastWidth = width;
        lastHeight = -logRootTwoPi - Math.log(width);
      }
      // Of a narrow kernel one end cuts off something, if at all.
      const height = width < narrow
        ? lastHeight - logInside((mean < 0.5 ? mean : 1 - mean) / width)
        : lastHeight - Math.log(massInside(mean, width));
      this.#heights[row + k] = height;
      this.#totals[k]! += height;
    }
  }

  /**
   * Adds log k(x; μₖ) to `logs[k]` for every component; what is negligible
   * beside the largest may become −Infinity.
   */
  addLogs(x: Float64Array, logs: Float64Array): void {
    const axes = this.#axes;
    const kernels = this.#kernels;
    const totals = this.#totals;
    let isWhole = true;
    for (let d = 0; d < axes; d++) if (x[d] !== x[d]) isWhole = false;
    if (!isWhole) this.#addHeights(x, logs);
    let limit = -Infinity;
    // The last first: the prior and the latest trials are most often the largest.
    for (let k = this.#components - 1; k >= 0; k--) {
      let log = isWhole ? logs[k]! + totals[k]! : logs[k]!;
      let at = 2 * k * axes;
      for (let d = 0; d < axes && log >= limit; d++, at += 2) {
        const z = (x[d]! - kernels[at]!) * kernels[at + 1]!;
        // NaN, on an inactive axis, changes nothing.
        if (z === z) log -= z * z;
      }
      if (log < limit) log = -Infinity;
      else if (log - negligible > limit) limit = log - negligible;
      logs[k] = log;
    }
  }

  #addHeights(x: Float64Array, logs: Float64Array): void {
    for (let d = 0; d < this.#axes; d++) {
      if (x[d] !== x[d]) continue;
      const row = d * this.#components;
      for (let k = 0; k < this.#components; k++) {
        logs[k]! += this.#heights[row + k]!;
      }
    }
  }

  /** Turns a number u in `[0, 1)` into a coordinate with a component's distribution on an axis. */
  draw(component: number, axis: number, u: number): number {
    const at = 2 * (component * this.#axes + axis);
    const inverse = this.#kernels[at + 1]!;
    return inverse === 0
      ? u
      : drawInside(this.#kernels[at]!, Math.SQRT1_2 / inverse, u);
  }
}

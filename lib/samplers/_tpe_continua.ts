/**
 * The kernels of a Parzen estimator on all its continua together: normal
 * distributions cut to `[0, 1]`.
 *
 * | symbol | name in code | shape | meaning |
 * |---|---|---|---|
 * | K, D | `#components`, `#axes` | | how many components and continua there are |
 * | μ | `#means` | `[D, K]` | of a component on an axis, before it is cut; NaN where it has no place: it is uniform there |
 * | σ | `#widths` | `[D, K]` | likewise |
 * | h | `#heights` | `[D, K]` | the log density at μ, 0 without a place; NaN until it is asked for |
 * | h₀ | `#ceiling` | | no height is above it: that of the narrowest kernel at an end |
 * | x | `x` | `[D]` | a place; NaN on an axis that is inactive there |
 *
 * log k(x; μₖ) = Σ_d h − ((x − μ) / σ)² / 2, the sum over the axes that are
 * active at x. From Σ h₀ on it only falls: so a component is given up as soon as
 * it counts for nothing beside the last ones, mostly after few axes and before
 * its heights are reckoned.
 *
 * @module
 */

import { drawInside, logInside, massInside } from "./_tpe_normal.ts";

const logRootTwoPi = 0.5 * Math.log(2 * Math.PI);
/** Narrower than this, the mass beyond the farther end is below 3 · 10⁻¹⁰. */
const narrow = 0.5 / 6.2;
/** Less than 10⁻¹⁰ of another component does not count. */
const negligible = 23;
/** So many of the last components are worked out to compare the others with. */
const mostSure = 16;

/** The kernels of all components on all continua. */
export class ContinuousKernels {
  readonly #axes: number;
  #components = 0;
  #ceiling = 0;
  // As large as they ever had to be.
  #means = new Float64Array(0);
  #widths = new Float64Array(0);
  #heights = new Float64Array(0);
  /** The numbers of the components that may still count. */
  #left = new Uint32Array(0);

  constructor(axes: number) {
    this.#axes = axes;
  }

  /**
   * Makes room for other components, to be set on each axis.
   *
   * @param components How many: K, at least 1.
   * @param least No width will be below this, above 0.
   */
  reset(components: number, least: number): void {
    this.#components = components;
    this.#ceiling = heightOf(0, least);
    const size = components * this.#axes;
    if (this.#means.length < size) {
      this.#means = new Float64Array(2 * size);
      this.#widths = new Float64Array(2 * size);
      this.#heights = new Float64Array(2 * size);
    }
    if (this.#left.length < components) {
      this.#left = new Uint32Array(2 * components);
    }
    this.#heights.fill(NaN, 0, size);
  }

  /**
   * Sets the components on an axis, once.
   *
   * @param axis Which, from 0.
   * @param coordinates μ, `[K]`; NaN where a component has no place.
   * @param widths σ, `[K]`.
   */
  setAxis(axis: number, coordinates: Float64Array, widths: Float64Array): void {
    this.#means.set(coordinates, axis * this.#components);
    this.#widths.set(widths, axis * this.#components);
  }

  /**
   * Adds log k(x; μₖ) to `logs[k]` for every component from a number on; what is
   * negligible beside one of the last, which are the prior and those of the
   * latest trials, may become −Infinity.
   */
  addLogs(x: Float64Array, logs: Float64Array, from = 0): void {
    const means = this.#means;
    const widths = this.#widths;
    const left = this.#left;
    const active: number[] = [];
    for (let d = 0; d < this.#axes; d++) if (x[d] === x[d]) active.push(d);
    const limit = this.#largestOfLast(x, logs, from) - negligible -
      active.length * this.#ceiling;
    let count = 0;
    for (let k = from; k < this.#components; k++) left[count++] = k;
    for (const d of active) {
      const here = x[d]!;
      const row = d * this.#components;
      let kept = 0;
      for (let i = 0; i < count; i++) {
        const k = left[i]!;
        const z = (here - means[row + k]!) / widths[row + k]!;
        // NaN without a place: nothing falls.
        const log = z === z ? logs[k]! - 0.5 * z * z : logs[k]!;
        logs[k] = log < limit ? -Infinity : log;
        if (log >= limit) left[kept++] = k;
      }
      count = kept;
    }
    for (let i = 0; i < count; i++) {
      for (const d of active) logs[left[i]!]! += this.#height(d, left[i]!);
    }
  }

  /** The largest of the last logarithms; −Infinity if there are so few that nothing is spared. */
  #largestOfLast(x: Float64Array, logs: Float64Array, from: number): number {
    let largest = -Infinity;
    const sure = this.#components - mostSure;
    if (sure - from < mostSure) return largest;
    for (let k = sure; k < this.#components; k++) {
      largest = Math.max(largest, logs[k]! + this.#logAt(k, x));
    }
    return largest;
  }

  /** log k(x; μₖ) of one component. */
  #logAt(k: number, x: Float64Array): number {
    let log = 0;
    for (let d = 0; d < this.#axes; d++) {
      const at = d * this.#components + k;
      const z = (x[d]! - this.#means[at]!) / this.#widths[at]!;
      // NaN on an inactive axis, or without a place.
      if (z === z) log += this.#height(d, k) - 0.5 * z * z;
    }
    return log;
  }

  #height(axis: number, component: number): number {
    const at = axis * this.#components + component;
    const known = this.#heights[at]!;
    if (known === known) return known;
    const mean = this.#means[at]!;
    return this.#heights[at] = mean === mean
      ? heightOf(mean, this.#widths[at]!)
      : 0;
  }

  /** Turns a number u in `[0, 1)` into a coordinate with a component's distribution on an axis. */
  draw(component: number, axis: number, u: number): number {
    const at = axis * this.#components + component;
    const mean = this.#means[at]!;
    return mean === mean ? drawInside(mean, this.#widths[at]!, u) : u;
  }
}

/** The log density of a normal distribution cut to `[0, 1]`, at its mean. */
function heightOf(mean: number, width: number): number {
  // Of a narrow kernel one end cuts off something, if at all.
  const logMass = width < narrow
    ? logInside((mean < 0.5 ? mean : 1 - mean) / width)
    : Math.log(massInside(mean, width));
  return -logRootTwoPi - Math.log(width) - logMass;
}

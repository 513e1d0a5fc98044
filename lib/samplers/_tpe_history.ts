import type { TrialRecord } from "../records/mod.ts";
import type { Configuration, Space } from "../space/mod.ts";
import { allowedAt } from "./_allowed_at.ts";
import { type TpeAxis, tpeAxis } from "./_tpe_axis.ts";

/**
 * The trials of a study as points on the axes of its space. It keeps the points
 * of the trials seen last, which hang on the trials alone.
 */
export class TpeHistory {
  /** The axes of the parameters that have more than one value: D. */
  readonly axes: readonly TpeAxis[];
  /** Whether some parameter is active in some configurations only. */
  readonly isConditional: boolean;
  /** Whether there are rules, so that not every point is allowed. */
  readonly hasRules: boolean;
  readonly #space: Space;
  readonly #names: readonly string[];
  /** The numbers of the axes whose coordinates are places. */
  readonly #continua: readonly number[];
  #trials: TrialRecord[] = [];
  #points: Float64Array[] = [];

  constructor(space: Space) {
    this.#space = space;
    this.axes = space.parameters.map(tpeAxis)
      .filter(({ kernels }) => kernels !== null);
    this.#names = this.axes.map(({ index }) => space.parameters[index]!.name);
    this.#continua = [...this.axes.keys()]
      .filter((d) => this.axes[d]!.kernels!.kind === "continuous");
    this.isConditional = space.isConditional;
    this.hasRules = space.rules.length > 0;
  }

  /** The trials' points, `[n, D]`, with work only for the trials that changed. */
  pointsOf(trials: readonly TrialRecord[]): readonly Float64Array[] {
    this.#trials.length = Math.min(this.#trials.length, trials.length);
    this.#points.length = this.#trials.length;
    for (let i = 0; i < trials.length; i++) {
      const trial = trials[i]!;
      if (this.#trials[i] === trial) continue;
      this.#trials[i] = trial;
      this.#points[i] = this.encode(trial.params);
    }
    return this.#points;
  }

  /** A configuration's point, `[D]`; NaN where it has no value, or one that is not allowed. */
  encode(params: Configuration): Float64Array {
    const point = new Float64Array(this.axes.length);
    for (let d = 0; d < point.length; d++) {
      const name = this.#names[d]!;
      point[d] = this.axes[d]!.toCoordinate(
        Object.hasOwn(params, name) ? params[name] : undefined,
      );
    }
    return point;
  }

  /** The configuration at a point, or the nearest that the rules allow; NaN counts as the middle. */
  decode(point: Float64Array, fixed: Configuration): Configuration {
    return allowedAt(this.#space, this.#unitAt(point), fixed);
  }

  /** Whether the rules allow the configuration at a point. */
  allows(point: Float64Array, fixed: Configuration): boolean {
    return !this.hasRules ||
      this.#space.allowed(fixed).has(this.#unitAt(point));
  }

  #unitAt(point: Float64Array): Float64Array {
    const unit = new Float64Array(this.#space.dimension).fill(0.5);
    for (let d = 0; d < point.length; d++) {
      const { index, toUnit } = this.axes[d]!;
      if (!Number.isNaN(point[d]!)) unit[index] = toUnit(point[d]!);
    }
    return unit;
  }

  /** The point moved to the nearest values allowed. */
  snap(point: Float64Array): Float64Array {
    const snapped = new Float64Array(point);
    for (const d of this.#continua) {
      snapped[d] = this.axes[d]!.fromUnit(point[d]!);
    }
    return snapped;
  }
}

/** Whether one of the points is the same, NaN for NaN. */
export function hasPoint(
  points: readonly Float64Array[],
  point: Float64Array,
): boolean {
  for (let i = 0; i < points.length; i++) {
    if (isSame(points[i]!, point)) return true;
  }
  return false;
}

function isSame(a: Float64Array, b: Float64Array): boolean {
  for (let d = 0; d < b.length; d++) {
    const here = a[d]!;
    const there = b[d]!;
    if (here !== there && (here === here || there === there)) return false;
  }
  return true;
}

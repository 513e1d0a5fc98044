import type { RandomStream } from "../math/mod.ts";
import { fromCube, isInside, toCube } from "./_bounded_axis.ts";
import { usualSize } from "./_search_constants.ts";
import {
  type Axis,
  compareIndividuals,
  type Evolution,
  type Individual,
} from "./evolution.ts";
import {
  drawPoint,
  type GaussianSearch,
  spreadAlong,
  startSearch,
  updateSearch,
} from "./gaussian_search.ts";
import { type AxisEdges, keepMargin } from "./margin.ts";
import { isOver, type RunLog, startLog, writeLog } from "./run_log.ts";

/** Options of {@linkcode cmaEs}. */
export interface CmaEsOptions {
  /** How many individuals a generation has, at least 2. Defaults to 4 + ⌊3 ln n⌋ for n axes. */
  readonly populationSize?: number;
  /** Whether each axis has a step size of its own and they are not turned together: for very many axes. Defaults to `false`. */
  readonly separable?: boolean;
  /** The first step size, as a share of an axis, above 0. Defaults to `0.2`. */
  readonly sigma?: number;
  /** The first center, `[n]` in the unit cube. Defaults to its middle. */
  readonly mean?: ArrayLike<number>;
  /** The first covariance, `[n, n]`; of a separable search its diagonal, `[n]`. Defaults to the identity. */
  readonly covariance?: Float64Array;
  /**
   * What follows where a run has come to its end: `"ipop"`, another with twice as
   * many individuals; `"bipop"`, in turn with small ones; `"none"`, it goes on.
   * Defaults to `"bipop"`.
   */
  readonly restarts?: "bipop" | "ipop" | "none";
}

/** What CMA-ES has learned. */
export interface CmaEsState {
  /** The distribution of the next generation. */
  readonly search: GaussianSearch;
  /** How ordered axes are stretched, `[n]`. */
  readonly stretch: Float64Array;
  /** How many individuals the next generation has. */
  readonly size: number;
  /** Which run this is, from 0. */
  readonly run: number;
  /** What its end will be told by. */
  readonly log: RunLog;
  /** How many individuals large and small runs have had. */
  readonly spent: { readonly large: number; readonly small: number };
  /** Whether this is a small run, and how many individuals it may have. */
  readonly small: { readonly until: number } | null;
  /** How often the size was doubled. */
  readonly doublings: number;
}

/** The most draws for a point within the bounds; then it is mirrored. */
const mostDraws = 4;

/**
 * The covariance matrix adaptation evolution strategy, with margin for ordered and
 * unordered axes, and restarts.
 *
 * Continuous axes: what falls out of the cube is drawn again, three times at most,
 * then mirrored at its ends; near them the axis is bent, so that an optimum in a
 * corner is reached as fast as one in the middle. Unordered axes count as ordered ones.
 *
 * Each individual draws a normal number an axis, more if drawn again; a restart
 * draws from the stream of the generation's last.
 *
 * Source: Hansen 2016 (arXiv 1604.00772); margin: Hamano et al. 2022
 * (arXiv 2205.13482); restarts: Auger and Hansen, A restart CMA evolution strategy
 * with increasing population size (2005); Hansen, Benchmarking a BI-population
 * CMA-ES on the BBOB-2009 function testbed (2009).
 *
 * @throws {RangeError} If an option is out of its range, or of the wrong length.
 *
 * @example
 * ```ts
 * import { cmaEs, randomStream } from "@etude/etude";
 * const es = cmaEs([{ kind: "continuous" }, { kind: "continuous" }]);
 * let state = es.start();
 * for (let generation = 0; generation < 40; generation++) {
 *   state = es.tell(state, Array.from({ length: es.size(state) }, (_, slot) => {
 *     const random = () => randomStream("seed", generation, slot);
 *     const point = es.ask(state, slot, random());
 *     const value = (point[0]! - 0.3) ** 2 + (point[1]! - 0.7) ** 2;
 *     return { slot, point, values: [value], violation: 0, isForeign: false, random };
 *   }));
 * }
 * Math.abs(state.search.mean[0]! - 0.3) < 1e-3; // true
 * ```
 */
export function cmaEs(
  axes: readonly Axis[],
  options: CmaEsOptions = {},
): Evolution<CmaEsState> {
  const n = axes.length;
  const {
    populationSize = usualSize(n),
    separable = false,
    sigma = 0.2,
    mean = new Float64Array(n).fill(0.5),
    restarts = "bipop",
  } = options;
  check({ axes, populationSize, sigma, mean, covariance: options.covariance });
  const covariance = options.covariance;
  const edges = edgesOf(axes);
  // What a point was before it was mirrored: a shortcut, drawn anew where it is missing.
  const drawn = new WeakMap<Float64Array, Float64Array>();

  const begin = (
    mean: Float64Array,
    sigma: number,
    rest: Omit<CmaEsState, "search" | "stretch" | "log">,
    isFirst: boolean,
  ): CmaEsState =>
    Object.freeze({
      search: startSearch({
        mean,
        sigma,
        separable,
        covariance: isFirst ? covariance : undefined,
      }),
      stretch: new Float64Array(n).fill(1),
      log: startLog(n, rest.size),
      ...rest,
    });

  return Object.freeze<Evolution<CmaEsState>>({
    name: separable ? "separable CMA-ES" : "CMA-ES",
    start: () =>
      begin(Float64Array.from(mean, innerOf), sigma, {
        size: populationSize,
        run: 0,
        spent: { large: 0, small: 0 },
        small: null,
        doublings: 0,
      }, true),
    size: ({ size }) => size,
    ask(state, _slot, random) {
      const inner = drawWithin(axes, state.search, random);
      const point = toOutside(state, inner);
      drawn.set(point, inner);
      return point;
    },
    tell(state, generation) {
      const ranked = [...generation].sort((a, b) =>
        compareIndividuals(a, b) || a.slot - b.slot
      );
      if (ranked.length < 2) return state;
      const search = updateSearch(
        state.search,
        ranked.map((one) => innerPoint(state, one)),
        ranksOf(ranked),
      );
      const kept = keepMargin(
        { search, stretch: state.stretch },
        edges,
        1 / (n * state.size),
      );
      const log = writeLog(state.log, ranked);
      const kind = state.small === null ? "large" : "small";
      const next: CmaEsState = Object.freeze({
        ...state,
        ...kept,
        log,
        spent: {
          ...state.spent,
          [kind]: state.spent[kind] + generation.length,
        },
      });
      if (restarts === "none" && isSound(search)) return next;
      const isLong = state.small !== null &&
        next.spent.small >= state.small.until;
      if (isSound(search) && !isLong && !isOver(log, kept.search)) return next;
      return restart(next, generation.at(-1)!.random());
    },
    describe: ({ search, run, size }, slot) =>
      `individual ${slot + 1} of ${size}, generation ${search.generation + 1}${
        run === 0 ? "" : ` of restart ${run}`
      }, mean step ${meanSpread(search).toPrecision(2)} of an axis`,
  });

  /** A place of the cube on the search's own axis. */
  function innerOf(place: number, axis: number): number {
    return axes[axis]!.kind === "continuous" ? fromCube(place) : place;
  }

  /** The point on the search's own axes: as it was drawn, before they were bent or stretched. */
  function innerPoint(
    state: CmaEsState,
    { point, isForeign, random }: Individual,
  ): { point: Float64Array; isForeign: boolean } {
    if (isForeign) return { point: fromOutside(state, point), isForeign };
    let inner = drawn.get(point);
    if (inner === undefined) {
      const again = drawWithin(axes, state.search, random());
      const isSame = toOutside(state, again).every((x, j) => x === point[j]);
      inner = isSame ? again : fromOutside(state, point);
    }
    return { point: inner, isForeign };
  }

  function toOutside(
    { search: { mean }, stretch }: CmaEsState,
    inner: Float64Array,
  ): Float64Array {
    return inner.map((place, j) =>
      axes[j]!.kind === "continuous"
        ? toCube(place)
        : mean[j]! + stretch[j]! * (place - mean[j]!)
    );
  }

  /** What lies within the bounds of the search's own axes and means the point. */
  function fromOutside(
    { search: { mean }, stretch }: CmaEsState,
    point: Float64Array,
  ): Float64Array {
    return point.map((place, j) =>
      axes[j]!.kind === "continuous"
        ? fromCube(place)
        : mean[j]! + (place - mean[j]!) / stretch[j]!
    );
  }

  /** Another run, its center anywhere. */
  function restart(state: CmaEsState, random: RandomStream): CmaEsState {
    const center = Float64Array.from(
      { length: n },
      (_, j) => innerOf(random.uniform(), j),
    );
    const { spent } = state;
    const rest = { run: state.run + 1, spent };
    const useSmall = restarts === "bipop" && state.doublings > 0 &&
      spent.small < spent.large;
    if (!useSmall) {
      const doublings = state.doublings + 1;
      const size = populationSize * 2 ** Math.min(doublings, 9);
      return begin(
        center,
        sigma,
        { ...rest, size, doublings, small: null },
        false,
      );
    }
    // Hansen 2009, section 2.
    const largest = populationSize * 2 ** Math.min(state.doublings, 9);
    const size = Math.max(
      2,
      Math.floor(
        populationSize *
          (largest / populationSize / 2) ** (random.uniform() ** 2),
      ),
    );
    return begin(center, sigma * 10 ** (-2 * random.uniform()), {
      ...rest,
      size,
      doublings: state.doublings,
      small: { until: spent.small + spent.large / 2 },
    }, false);
  }
}

/** The edges of axes that have a few values. */
function edgesOf(axes: readonly Axis[]): AxisEdges {
  return axes.map((axis) => {
    if (axis.kind === "continuous") return null;
    if (axis.kind === "ordered") {
      return axis.edges.length > 0 ? axis.edges : null;
    }
    return axis.count > 1
      ? Float64Array.from(
        { length: axis.count - 1 },
        (_, k) => (k + 1) / axis.count,
      )
      : null;
  });
}

/** Draws until continuous axes are within their bounds, or often enough. */
function drawWithin(
  axes: readonly Axis[],
  search: GaussianSearch,
  random: RandomStream,
): Float64Array {
  let inner = drawPoint(search, random);
  for (let i = 1; i < mostDraws && !isWithin(axes, inner); i++) {
    inner = drawPoint(search, random);
  }
  return inner;
}

function isWithin(axes: readonly Axis[], inner: Float64Array): boolean {
  return inner.every((place, j) =>
    axes[j]!.kind !== "continuous" || isInside(place)
  );
}

/** Where equals stand: the first of them. */
function ranksOf(ranked: readonly Individual[]): number[] {
  const ranks: number[] = [];
  ranked.forEach((one, i) => {
    const isEqual = i > 0 && compareIndividuals(ranked[i - 1]!, one) === 0;
    ranks.push(isEqual ? ranks[i - 1]! : i);
  });
  return ranks;
}

function isSound({ mean, sigma, covariance }: GaussianSearch): boolean {
  return sigma > 0 && Number.isFinite(sigma) && mean.every(Number.isFinite) &&
    covariance.every(Number.isFinite);
}

function meanSpread(search: GaussianSearch): number {
  const n = search.mean.length;
  let sum = 0;
  for (let j = 0; j < n; j++) sum += spreadAlong(search, j);
  return sum / n;
}

function check(
  { axes, populationSize, sigma, mean, covariance }: {
    axes: readonly Axis[];
    populationSize: number;
    sigma: number;
    mean: ArrayLike<number>;
    covariance: Float64Array | undefined;
  },
): void {
  const n = axes.length;
  const fail = (problem: string) => {
    throw new RangeError(`Cannot make CMA-ES: ${problem}`);
  };
  if (n === 0) fail("there are no axes, expected at least one");
  if (!(Number.isInteger(populationSize) && populationSize >= 2)) {
    fail(
      `populationSize is ${populationSize}, expected a whole number of at least 2`,
    );
  }
  if (!(sigma > 0 && Number.isFinite(sigma))) {
    fail(`sigma is ${sigma}, expected a number above 0, a share of an axis`);
  }
  if (mean.length !== n) {
    fail(`mean has ${mean.length} numbers, expected one for each of ${n} axes`);
  }
  if (covariance !== undefined && ![n, n * n].includes(covariance.length)) {
    fail(`covariance has ${covariance.length} numbers, expected ${n} × ${n}`);
  }
}

import { randomStream } from "../math/mod.ts";
import type { StudyView, TrialRecord } from "../records/mod.ts";
import {
  type Configuration,
  type GridPoints,
  snap,
  type Space,
} from "../space/mod.ts";
import type { Sampler, SuggestRequest } from "./sampler.ts";

/** Options of {@linkcode gridSampler}. */
export interface GridSamplerOptions {
  /**
   * How many values each number takes, for all or by name; or lists of values
   * by name. Defaults to every value, which a continuum does not have.
   */
  readonly points?: GridPoints;
  /**
   * Whether the grid is walked in an order drawn from the study's seed, so that
   * a study stopped early has seen all of it a little. Otherwise the last
   * parameter varies fastest. Defaults to `false`.
   */
  readonly shuffle?: boolean;
}

/**
 * Walks a grid: each trial gets the first configuration that no earlier trial
 * has, whether that one ran well, was pruned, failed, runs or waits. When none
 * is left, it has no suggestion and the study is done.
 *
 * What the space's rules do not allow is not on the grid.
 *
 * A fixed value takes the place of its parameter's axis, be it on the grid or
 * not. It draws no random numbers from the trial's stream.
 *
 * @throws {TypeError} If `shuffle` is not a boolean.
 * @throws {RangeError} When asked, if a continuum has no number of points, or
 * the grid has more than 1,000,000 configurations, or none that the rules allow.
 *
 * @example
 * ```ts
 * import { gridSampler } from "@etude/etude";
 * const sampler = gridSampler({ points: { learningRate: 5, dropout: [0, 0.25, 0.5] } });
 * ```
 */
export function gridSampler(options: GridSamplerOptions = {}): Sampler {
  const { points, shuffle = false } = options;
  if (typeof shuffle !== "boolean") {
    throw new TypeError(
      `Cannot make the grid sampler: shuffle is ${
        String(shuffle)
      }, expected true or false`,
    );
  }
  // The last walk of each space: what it holds follows from the request alone.
  const walks = new WeakMap<Space, { key: string; walk: Walk }>();
  const walkOf = (space: Space, seed: string, fixed: Configuration): Walk => {
    const key = JSON.stringify([shuffle ? seed : null, keyOf(space, fixed)]);
    const known = walks.get(space);
    if (known?.key === key) return known.walk;
    const grid = space.grid({ points, fixed });
    if (grid.length === 0 && space.rules.length > 0) {
      throw new RangeError(
        `Cannot walk the grid: the space's rules allow none of its points (${
          space.rules.map(({ name }) => JSON.stringify(name)).join(", ")
        }); take more points, or lists of values that keep to them`,
      );
    }
    const walk = new Walk(
      space,
      shuffle ? randomStream(seed, "grid").shuffle(grid) : grid,
    );
    walks.set(space, { key, walk });
    return walk;
  };
  return Object.freeze<Sampler>({
    name: "grid",
    suggest<C>({ study, seed, fixed }: SuggestRequest<C>) {
      const { space, trials } = study as unknown as StudyView;
      const walk = walkOf(space, seed, fixed);
      walk.count(trials);
      const index = walk.firstFree();
      return index === null ? null : {
        params: walk.grid[index] as C,
        reason: `Grid point ${index + 1} of ${walk.grid.length}.`,
      };
    },
    remaining({ study: { space, trials }, seed }) {
      const walk = walkOf(space, seed, {});
      walk.count(trials);
      return walk.free;
    },
  });
}

/** A grid in the order in which it is walked, and how many trials have each of its points. */
class Walk {
  readonly grid: readonly Configuration[];
  readonly #space: Space;
  readonly #indexOf: ReadonlyMap<string, number>;
  readonly #taken: Uint32Array;
  #free: number;
  /** The trials counted so far, by position: configuration and index in the grid. */
  #counted: { params: Configuration; index: number | undefined }[] = [];

  constructor(space: Space, grid: readonly Configuration[]) {
    this.#space = space;
    this.grid = grid;
    this.#indexOf = new Map(
      grid.map((params, index) => [keyOf(space, params), index]),
    );
    this.#taken = new Uint32Array(grid.length);
    this.#free = grid.length;
  }

  /** How many points no trial has. */
  get free(): number {
    return this.#free;
  }

  /** The index of the first point that no trial has; null if there is none. */
  firstFree(): number | null {
    const index = this.#taken.indexOf(0);
    return index < 0 ? null : index;
  }

  /** Brings the counts up to these trials, with work only for those that changed. */
  count(trials: readonly TrialRecord[]): void {
    for (const { index } of this.#counted.splice(trials.length)) {
      this.#add(index, -1);
    }
    for (let i = 0; i < trials.length; i++) {
      const { params } = trials[i]!;
      const before = this.#counted[i];
      if (before?.params === params) continue;
      this.#add(before?.index, -1);
      const index = this.#indexOf.get(keyOf(this.#space, params));
      this.#add(index, 1);
      this.#counted[i] = { params, index };
    }
  }

  #add(index: number | undefined, change: 1 | -1): void {
    if (index === undefined) return;
    this.#taken[index]! += change;
    if (this.#taken[index] === (change > 0 ? 1 : 0)) this.#free -= change;
  }
}

/** A text that equal configurations share; values left out are empty. */
function keyOf(space: Space, params: Configuration): string {
  return space.parameters.map((parameter) => {
    const { name, kind } = parameter;
    const value = Object.hasOwn(params, name) ? params[name] : undefined;
    if (value === undefined) return "";
    if (
      kind !== "float" || parameter.step === null || typeof value !== "number"
    ) return JSON.stringify(value);
    const near = snap(value, parameter.low, parameter.step);
    const isNear = Math.abs(near - value) <= 1e-8 * parameter.step;
    return String(isNear ? near : value);
  }).join("\n");
}

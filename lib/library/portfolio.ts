/**
 * Configurations to begin with: those that together did best on prior studies.
 *
 * | symbol | name in code | shape | meaning |
 * |---|---|---|---|
 * | wₛ | `weight` | `[S]` | how much source s has to say; they sum to 1 |
 * | zₛ(x) | | | what source s says of x: mean 0, sd 1 over the space, smaller is better |
 * | bₛ | `best` | `[S]` | min(0, zₛ over the configurations chosen so far) |
 *
 * Each choice is the x that brings Σ wₛ min(bₛ, zₛ(x)) lowest: first the best
 * on average, then what helps the studies that are not yet served. Greedy choice
 * of a submodular gain is within 1 − 1/e of the best.
 *
 * Source: Feurer et al., Auto-sklearn 2.0 (2022), section 3; candidates and
 * source models are our prototype's.
 *
 * @module
 */

import { randomStream } from "../math/mod.ts";
import type { Prediction } from "../records/mod.ts";
import type { Configuration, Space } from "../space/mod.ts";
import { fitSource, type SourceModel, spaceFilling } from "./_source_model.ts";
import type { PriorStudy } from "./prior_study.ts";

/** Options of {@linkcode portfolio}. */
export interface PortfolioOptions {
  /** How many configurations, at least 1. Defaults to `5`. */
  readonly size?: number;
  /** The most sources that are asked, those of the largest weight, at least 1. Defaults to `50`. */
  readonly maxSources?: number;
}

/** A source that spoke for a configuration. */
export interface Voice {
  /** The study's name. */
  readonly name: string;
  /** Its share of the weight of all, in `(0, 1]`. */
  readonly weight: number;
  /** What it says of the configuration, in standard deviations of its values over the space: below 0 is better than average. */
  readonly z: number;
}

/** A configuration of a portfolio. */
export interface PortfolioPick {
  /** The configuration, valid for the space. */
  readonly params: Configuration;
  /** What the sources say of it on average, in standard deviations over the space: below 0 is better than average. */
  readonly z: number;
  /** How much better it makes the portfolio, in the same units, at least 0. */
  readonly gain: number;
  /** The sources for which it is the best so far, those of the largest weight first. */
  readonly voices: readonly Voice[];
  /** What every source that was asked says of it, those of the largest weight first; in the same order for each configuration. */
  readonly asked: readonly Voice[];
  /**
   * What the sources whose values are of the same thing expect of it, in the
   * objective's units: the mean of what each expects, and a deviation from how
   * they differ and how their values spread; null if there are none.
   */
  readonly expected: Prediction | null;
  /** Why this one, in a sentence. */
  readonly reason: string;
}

/** How many of each source's best trials are candidates, and how many points that fill the space. */
const bestTrials = 12;
const fillingPoints = 256;
/** A choice is polished in so many rounds of so many steps, each round's steps smaller. */
const rounds = 4;
const stepsPerRound = 32;

/**
 * Chooses configurations to begin with, from studies of the same or other
 * tasks, spaces and metrics. Values are not compared from study to study, only
 * within each. It is deterministic.
 *
 * @param studies Prior studies, from {@linkcode readPriorStudies}.
 * @param space The space of the new study.
 * @returns At most `size` configurations, the most promising first, none twice;
 * none if no study says anything.
 * @throws {RangeError} If a number is out of range.
 *
 * @example
 * ```ts
 * import { createStudy, float, MemoryStorage, openLibrary, portfolio, readPriorStudies, space } from "@etude/etude";
 * const storage = new MemoryStorage();
 * const study = await createStudy({ name: "old", space: space({ x: float(0, 1) }), storage });
 * await study.optimize((trial) => (trial.params.x - 0.3) ** 2, { trials: 12, progress: false });
 * const target = space({ x: float(0, 1) });
 * const similar = await (await openLibrary([storage])).similar(null, target);
 * portfolio(await readPriorStudies(similar), target)[0]!.params; // { x: 0.3… }
 * ```
 */
export function portfolio<C>(
  studies: readonly PriorStudy[],
  space: Space<C>,
  options: PortfolioOptions = {},
): readonly PortfolioPick[] {
  const { size = 5, maxSources = 50 } = options;
  for (const [name, value] of Object.entries({ size, maxSources })) {
    if (!(Number.isInteger(value) && value >= 1)) {
      throw new RangeError(
        `Cannot choose a portfolio: ${name} is ${value}, expected a whole number of at least 1`,
      );
    }
  }
  const target = space as unknown as Space;
  const sources = studies.filter(({ weight }) => weight > 0)
    .toSorted((a, b) => b.weight - a.weight).slice(0, maxSources)
    .flatMap((study) => fitSource(study, target) ?? []);
  return sources.length === 0 ? [] : choose(sources, target, size);
}

function choose(
  sources: readonly SourceModel[],
  space: Space,
  size: number,
): readonly PortfolioPick[] {
  const total = sources.reduce((sum, { weight }) => sum + weight, 0);
  const weights = sources.map(({ weight }) => weight / total);
  const pool = candidatesOf(sources, space);
  const scores = sources.map((source) => source.predict(pool));
  const best = new Float64Array(sources.length);
  const picks: PortfolioPick[] = [];
  const taken = new Set<string>();
  const worth = (z: (source: number) => number) =>
    weights.reduce(
      (sum, weight, s) => sum + weight * Math.max(0, best[s]! - z(s)),
      0,
    );
  while (picks.length < size) {
    let [at, most] = [-1, -1];
    for (let c = 0; c < pool.length; c++) {
      const gain = worth((s) => scores[s]![c]!);
      if (gain > most && !taken.has(keyOf(space, pool[c]!))) {
        [at, most] = [c, gain];
      }
    }
    if (at < 0 || (most <= 1e-9 && picks.length > 0)) break;
    const unit = polish(pool[at]!, sources, space, worth, picks.length);
    const params = allowedAt(space, unit);
    const place = space.encode(params);
    const z = sources.map((source) => source.predict([place])[0]!);
    const key = JSON.stringify(params);
    taken.add(keyOf(space, pool[at]!));
    if (picks.some((pick) => JSON.stringify(pick.params) === key)) continue;
    taken.add(key);
    picks.push(pickOf(params, place, z, { sources, weights, best, worth }));
    z.forEach((value, s) => {
      best[s] = Math.min(best[s]!, value);
    });
  }
  return Object.freeze(picks);
}

/** The configuration at a place, or the nearest that the space's rules allow. */
function allowedAt(space: Space, unit: ArrayLike<number>): Configuration {
  return space.rules.length === 0
    ? space.decode(unit)
    : space.allowed().nearest(unit, { quick: true });
}

function keyOf(space: Space, unit: Float64Array): string {
  return JSON.stringify(space.decode(unit));
}

/** The sources' best trials, moved into the space, points that fill it, and the defaults. */
function candidatesOf(
  sources: readonly SourceModel[],
  space: Space,
): Float64Array[] {
  const defaults = Float64Array.from(space.parameters, () => NaN);
  space.parameters.forEach((parameter, axis) => {
    if (parameter.default === undefined) return;
    defaults[axis] = space.locate({
      [parameter.name]: parameter.default,
    })[axis]!;
  });
  const whole = (unit: Float64Array) =>
    space.encode(
      allowedAt(
        space,
        unit.map((u, axis) => Number.isNaN(u) ? defaults[axis]! : u),
      ),
    );
  return [
    ...sources.flatMap(({ units }) => units.slice(0, bestTrials)),
    ...spaceFilling(space.dimension, fillingPoints),
    defaults,
  ].map(whole);
}

/** Moves a place by ever smaller steps to where it is worth most. */
function polish(
  start: Float64Array,
  sources: readonly SourceModel[],
  space: Space,
  worth: (z: (source: number) => number) => number,
  index: number,
): Float64Array {
  const random = randomStream("étude portfolio", index);
  const numeric = space.parameters.map(({ kind }) =>
    kind === "float" || kind === "int" || kind === "ordinal"
  );
  let best = start;
  let most = worth((s) => sources[s]!.predict([start])[0]!);
  for (let round = 0; round < rounds; round++) {
    const width = 0.1 / 2 ** round;
    const tries = Array.from({ length: stepsPerRound }, () => {
      const moved = best.map((u, axis) =>
        numeric[axis] && !Number.isNaN(u)
          ? Math.min(1, Math.max(0, u + width * random.normal()))
          : u
      );
      // What a discrete parameter really takes.
      return space.encode(allowedAt(space, moved));
    });
    const scores = sources.map((source) => source.predict(tries));
    tries.forEach((unit, c) => {
      const value = worth((s) => scores[s]![c]!);
      if (value > most) [best, most] = [unit, value];
    });
  }
  return best;
}

interface Choosing {
  readonly sources: readonly SourceModel[];
  readonly weights: readonly number[];
  readonly best: Float64Array;
  readonly worth: (z: (source: number) => number) => number;
}

/** The mean of what comparable sources expect; its variance is theirs, and that of their values over their number. */
function expectedOf(
  sources: readonly SourceModel[],
  weights: readonly number[],
  place: Float64Array,
): Prediction | null {
  const said = sources.flatMap((source, s) => {
    const prediction = source.expect(place);
    return prediction === null ? [] : [{ ...prediction, weight: weights[s]! }];
  });
  const total = said.reduce((sum, { weight }) => sum + weight, 0);
  if (!(total > 0)) return null;
  const over = (f: (one: Prediction) => number) =>
    said.reduce((sum, one) => sum + one.weight * f(one), 0) / total;
  const mean = over((one) => one.mean);
  const between = over((one) => (one.mean - mean) ** 2);
  const within = over((one) => one.sd ** 2);
  return Object.freeze({
    mean,
    sd: Math.sqrt(between + within / said.length),
  });
}

function pickOf(
  params: Configuration,
  place: Float64Array,
  z: readonly number[],
  { sources, weights, best, worth }: Choosing,
): PortfolioPick {
  const all = sources.map(({ name }, s): Voice => ({
    name,
    weight: weights[s]!,
    z: z[s]!,
  }));
  const voices = all.filter((_, s) => z[s]! < best[s]!)
    .sort((a, b) => b.weight - a.weight || a.z - b.z);
  const named = voices.slice(0, 2).map(({ name }) => name).join(", ");
  const more = voices.length - 2;
  return Object.freeze({
    params,
    z: weights.reduce((sum, weight, s) => sum + weight * z[s]!, 0),
    gain: worth((s) => z[s]!),
    voices: Object.freeze(voices),
    asked: Object.freeze(all),
    expected: expectedOf(sources, weights, place),
    reason: voices.length === 0
      ? `No prior study has a better one (${sources.length} asked).`
      : `Among the best on prior studies: ${named}${
        more > 0 ? ` and ${more} more` : ""
      }.`,
  });
}

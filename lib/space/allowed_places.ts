/**
 * Where in the unit cube the rules of a space allow configurations, and how to get
 * there: by a draw, from a place nearby, or from anywhere.
 *
 * - A draw is one of as many uniform ones as it takes, up to a number; so it is
 *   uniform over what is allowed. Where that was too few, the parameters are drawn
 *   one after another, each among the values that linear rules and forbidden
 *   combinations leave, in an order drawn too, and a walk along the axes follows:
 *   nearly uniform.
 * - The nearest place is sought: a projection onto the linear rules, then values
 *   one after another; where a predicate still refuses, ever farther around; at
 *   last on the way to a configuration that is known to be allowed.
 *
 * Everything hangs on what is asked alone: nothing is remembered but what would be
 * found again.
 *
 * Source: the walk is slice sampling with shrinkage along one axis at a time, Neal,
 * "Slice sampling" (2003), of a uniform distribution: a hit-and-run sampler.
 *
 * @module
 */

import { quickStream, randomStream } from "../math/mod.ts";
import { Completion } from "./_completion.ts";
import { isActiveAmong, narrow } from "./_conditions.ts";
import { exactValue } from "./_normalize.ts";
import { ownValue } from "./_own_value.ts";
import { placeOf, relax, valueOfPlace } from "./_relaxation.ts";
import { brokenAmong, keeps } from "./_rule_tests.ts";
import { show } from "./_show.ts";
import { arrange, type ParameterTable } from "./_table.ts";
import { fromUnit, toUnit } from "./encoding.ts";
import {
  choicesOf,
  type Configuration,
  type Parameter,
  type ParameterValue,
  type Requirement,
} from "./parameter.ts";
import { type LinearRule, type Rule, summand } from "./rule.ts";

/** So many uniform draws are made before another way is gone. */
export const usualDraws = 1000;
/** So many draws find out whether anything is allowed at all. */
const mostDraws = 100_000;
/** How many configurations are kept to go on from where nothing else helps. */
const mostKnown = 4;
/** So many draws tell which rules refuse most. */
const mostNoted = 2000;
/** How far around a place another is looked for: standard deviations, of the unit cube. */
const reaches = [0.01, 0.02, 0.04, 0.08, 0.16, 0.32];
/** What is no farther than this, squared, is near enough. */
const nearby = 0.01;
/** How often for each. */
const triesEach = 16;
/** How many steps a walk has in haste. */
const fewSteps = 3;
/** How often a stretch of an axis is drawn in before the step is given up. */
const mostShrinks = 12;
/** How many ways nearer are tried, as a rule and in haste. */
const mostApproaches = 24;
const fewApproaches = 8;
/** How often the way between two is halved. */
const mostHalvings = 12;

/** Options of {@linkcode AllowedPlaces.draw}. */
export interface DrawOptions {
  /** How many uniform draws are made at most before another way is gone, at least 1. Defaults to `1000`. */
  readonly draws?: number;
}

/** Options of {@linkcode AllowedPlaces.nearest}. */
export interface NearestOptions {
  /** Allowed ones, by preference: one on the way to them may be taken. Defaults to none. */
  readonly towards?: readonly Configuration[];
  /** Whether the search is short, for candidates by the hundred. Defaults to `false`. */
  readonly quick?: boolean;
}

/** Random numbers, one an axis. */
interface Noise {
  readonly normals: Float64Array;
  readonly uniforms: Float64Array;
}

/** What {@linkcode AllowedPlaces} is made of. */
export interface AllowedSetting {
  readonly table: ParameterTable;
  readonly rules: readonly Rule[];
  readonly fixed: Configuration;
  readonly demands: ReadonlyMap<string, readonly Requirement[]>;
}

/** The places of a space with rules, some values fixed. Made by `space.allowed()`. */
export class AllowedPlaces {
  readonly #table: ParameterTable;
  readonly #rules: readonly Rule[];
  readonly #linear: readonly LinearRule[];
  readonly #fixed: Configuration;
  /** The parameters as the fixed values narrow them, by name. */
  readonly #narrowed: ReadonlyMap<string, Parameter>;
  readonly #axes: ReadonlyMap<string, number>;
  readonly #completion: Completion;
  readonly #hasPredicates: boolean;
  readonly #isConditional: boolean;
  #known: readonly Configuration[] | null = null;
  #noises: readonly Noise[] | null = null;

  /** Not meant to be called. */
  constructor({ table, rules, fixed, demands }: AllowedSetting) {
    this.#table = table;
    this.#rules = rules;
    this.#fixed = fixed;
    this.#linear = rules.filter((rule) => rule.kind === "linear");
    this.#hasPredicates = rules.some((rule) => rule.kind === "predicate");
    this.#isConditional = table.ordered.some((one) =>
      one.conditions.length > 0
    );
    this.#axes = new Map(
      table.parameters.map(({ name }, axis) => [name, axis]),
    );
    this.#narrowed = new Map(table.parameters.map((parameter) => {
      const asked = demands.get(parameter.name);
      return [
        parameter.name,
        (asked === undefined ? null : narrow(parameter, asked)) ?? parameter,
      ];
    }));
    const { ordered } = table;
    this.#completion = new Completion({ ordered, rules, fixed, demands });
  }

  /** Whether a configuration keeps to all rules. */
  allows(values: Configuration): boolean {
    for (const rule of this.#rules) if (!keeps(rule, values)) return false;
    return true;
  }

  /** Whether it keeps to all rules but predicates. */
  #keepsPlain(values: Configuration): boolean {
    return this.#rules.every((rule) =>
      rule.kind === "predicate" || keeps(rule, values)
    );
  }

  /** Whether the configuration at a place, `[dimension]`, keeps to all rules. */
  has(unit: ArrayLike<number>): boolean {
    return this.allows(this.#valuesAt(unit));
  }

  /**
   * The rule that makes it impossible to find anything allowed; null if there is
   * something, or nobody can tell.
   */
  get contradiction(): Rule | "several" | null {
    if (this.#completion.isEmpty) return null;
    const found = this.#completion.along(() => 0.5);
    if (found.values !== null || !found.proven) return null;
    return found.blame ?? "several";
  }

  /**
   * A configuration drawn at random.
   *
   * @param uniform Draws from `[0, 1)`: once a parameter for each uniform draw.
   * @throws {RangeError} If practically nothing is allowed.
   */
  draw(uniform: () => number, options: DrawOptions = {}): Configuration {
    const { draws = usualDraws } = options;
    const unit = new Float64Array(this.#table.parameters.length);
    for (let i = 0; i < draws; i++) {
      for (let axis = 0; axis < unit.length; axis++) unit[axis] = uniform();
      const values = this.#valuesAt(unit);
      if (this.allows(values)) return arrange(this.#table, values);
    }
    // Of candidates by the hundred, few steps each.
    const steps = draws < usualDraws ? fewSteps : Math.max(4, unit.length);
    const tries = this.#completion.isEmpty ? 0 : Math.ceil(draws / 10);
    for (let i = 0; i < tries; i++) {
      const found = this.#drawInOrder(uniform);
      if (found === null) break;
      if (this.allows(found)) return this.#walk(found, uniform, { steps });
    }
    const known = this.#knownOnes();
    const start = known[Math.floor(uniform() * known.length)]!;
    return this.#walk(start, uniform, { steps, known });
  }

  /**
   * The nearest allowed configuration that was found; the one at the place itself if
   * it is allowed.
   *
   * @param unit `[dimension]`; as for `space.decode`.
   * @throws {RangeError} If practically nothing is allowed.
   */
  nearest(
    unit: ArrayLike<number>,
    options: NearestOptions = {},
  ): Configuration {
    return this.nearestTo(this.#valuesAt(unit), options);
  }

  /** Likewise, of a configuration that breaks rules, but is whole and within all ranges. */
  nearestTo(
    values: Configuration,
    { towards = [], quick = false }: NearestOptions = {},
  ): Configuration {
    const near = this.nearestOrNull(values, { quick });
    const here = this.#placeOf(values);
    if (
      near !== null &&
      (quick || !this.#hasPredicates ||
        distance(this.#placeOf(near), here) < nearby)
    ) return near;
    // What others chose may lie outside of the ranges, and of the fixed values.
    const guides = towards.map((one) => this.#valuesAt(this.#placeOf(one)));
    const begin = near === null
      ? this.#onTheWay(values, guides) ??
        this.#onTheWay(values, this.#knownOnes())!
      : this.#onTheWay(values, [near, ...guides, ...this.#knownOnes()])!;
    const steps = quick ? fewApproaches : mostApproaches;
    return arrange(this.#table, this.#approach(begin, here, steps));
  }

  /** Likewise, but only where it is found without a long search; else null. */
  nearestOrNull(
    values: Configuration,
    { quick = false }: NearestOptions = {},
  ): Configuration | null {
    if (this.allows(values)) return arrange(this.#table, values);
    const mended = this.#mended(values);
    if (mended !== null && this.allows(mended)) {
      return arrange(this.#table, mended);
    }
    return this.#hasPredicates ? this.#around(values, quick) : null;
  }

  /** The nearest of those drawn ever farther around one, if any is allowed. */
  #around(values: Configuration, quick: boolean): Configuration | null {
    const here = this.#placeOf(values).map((u) => Number.isNaN(u) ? 0.5 : u);
    const tries = quick ? triesEach / 4 : triesEach;
    for (const [round, reach] of reaches.entries()) {
      let best: Configuration | null = null;
      let least = Infinity;
      for (let i = 0; i < tries; i++) {
        const { normals, uniforms } = this.#noise(round * triesEach + i);
        const moved = here.map((u, axis) =>
          this.#isCategory(axis)
            ? (Math.abs(normals[axis]!) < reach ? uniforms[axis]! : u)
            : u + reach * normals[axis]!
        );
        let found: Configuration | null = this.#valuesAt(moved);
        if (!this.allows(found)) {
          if (quick) continue;
          found = this.#mended(found);
          if (found === null || !this.allows(found)) continue;
        }
        const far = distance(this.#placeOf(found), here);
        if (far < least) [best, least] = [found, far];
      }
      if (best !== null) return arrange(this.#table, best);
    }
    return null;
  }

  /** Random numbers an axis, always the same ones. */
  #noise(row: number): Noise {
    if (this.#noises === null) {
      const random = quickStream(randomStream("noise of rules"));
      const dimension = this.#table.parameters.length;
      this.#noises = Array.from({ length: reaches.length * triesEach }, () => ({
        normals: Float64Array.from({ length: dimension }, random.normal),
        uniforms: Float64Array.from({ length: dimension }, random.uniform),
      }));
    }
    return this.#noises[row % this.#noises.length]!;
  }

  /**
   * An allowed configuration for each place of the cube; together they fill what is
   * allowed as the places fill the cube, roughly: for points of a sequence.
   *
   * @param unit `[dimension]`; as for `space.decode`.
   * @param uniform Draws from `[0, 1)`, where predicates refuse the first.
   * @throws {RangeError} If practically nothing is allowed.
   */
  spread(unit: ArrayLike<number>, uniform: () => number): Configuration {
    const here = this.#valuesAt(unit);
    if (this.allows(here)) return arrange(this.#table, here);
    if (!this.#completion.isEmpty) {
      const { values } = this.#completion.along(({ name }) =>
        unit[this.#axes.get(name)!]!
      );
      const exact = values === null ? null : this.#exact(values);
      if (exact !== null && this.allows(exact)) {
        return arrange(this.#table, exact);
      }
    }
    return this.draw(uniform);
  }

  /**
   * From an allowed one nearer to a wanted place, along axes and along what known
   * ones differ in: that leads on where they lie on a line or a plane.
   */
  #approach(
    begin: Configuration,
    wanted: Float64Array,
    steps: number,
  ): Configuration {
    const known = this.#knownOnes().map((one) => this.#placeOf(one));
    let values = begin;
    let here = this.#placeOf(begin);
    let drawn = 0;
    const uniform = () => {
      const { uniforms } = this.#noise(Math.floor(drawn / wanted.length));
      return uniforms[drawn++ % wanted.length]!;
    };
    for (let step = 0; step < steps; step++) {
      const way = this.#wayOf(known, uniform);
      let [along, square] = [0, 0];
      way.forEach((part, axis) => {
        const gap = part * (wanted[axis]! - here[axis]!);
        if (gap === gap) [along, square] = [along + gap, square + part * part];
      });
      let length = square > 0 ? along / square : 0;
      for (let halving = 0; halving < 5 && length !== 0; halving++) {
        const moved = here.map((u, axis) => u + length * way[axis]!);
        const found = this.#valuesAt(moved);
        if (this.allows(found)) {
          const place = this.#placeOf(found);
          if (distance(place, wanted) < distance(here, wanted)) {
            [here, values] = [place, found];
            break;
          }
        }
        length /= 2;
      }
    }
    return values;
  }

  /** A way along an axis, or from one known place to another. */
  #wayOf(
    known: readonly Float64Array[],
    uniform: () => number,
  ): Float64Array {
    const way = new Float64Array(this.#table.parameters.length);
    const pick = () => Math.floor(uniform() * known.length);
    const [from, to] = [pick(), pick()];
    if (from === to) way[Math.floor(uniform() * way.length)] = 1;
    else {
      for (let axis = 0; axis < way.length; axis++) {
        const gap = known[to]![axis]! - known[from]![axis]!;
        way[axis] = gap === gap ? gap : 0;
      }
    }
    return way;
  }

  #valuesAt(unit: ArrayLike<number>): Configuration {
    const values: Record<string, ParameterValue> = {};
    for (const parameter of this.#table.ordered) {
      if (!isActiveAmong(parameter, values)) continue;
      const { name } = parameter;
      const pinned = ownValue(this.#fixed, name);
      if (pinned !== undefined) {
        values[name] = pinned;
        continue;
      }
      const narrowed = this.#narrowed.get(name)!;
      const value = fromUnit(narrowed, unit[this.#axes.get(name)!]!);
      values[name] = narrowed === parameter
        ? value
        : exactValue(parameter, value);
    }
    return values;
  }

  /** Without the names of what is inactive; values exactly on their steps. */
  #exact(values: Configuration): Configuration {
    const exact: Record<string, ParameterValue> = {};
    for (const parameter of this.#table.ordered) {
      const value = ownValue(values, parameter.name);
      if (value !== undefined && isActiveAmong(parameter, exact)) {
        exact[parameter.name] = exactValue(parameter, value);
      }
    }
    return exact;
  }

  /** The place that {@linkcode AllowedPlaces.nearest} would read so. */
  #placeOf(values: Configuration): Float64Array {
    return Float64Array.from(this.#table.parameters, ({ name }) => {
      const value = ownValue(values, name);
      return value === undefined
        ? NaN
        : toUnit(this.#narrowed.get(name)!, value);
    });
  }

  #isCategory(axis: number): boolean {
    const { kind } = this.#table.parameters[axis]!;
    return kind === "choice" || kind === "boolean";
  }

  #drawInOrder(uniform: () => number): Configuration | null {
    const { values } = this.#completion.along(
      uniform,
      (parameters) => shuffled(parameters, uniform),
    );
    return values === null ? null : this.#exact(values);
  }

  /** The configuration moved to where linear rules and forbidden combinations let it be. */
  #mended(values: Configuration): Configuration | null {
    if (this.#completion.isEmpty) return null;
    const wanted = this.#relaxed(values);
    // Without steps and forbidden combinations that is it.
    const relaxed = Object.fromEntries(wanted);
    if (!this.#isConditional && this.#keepsPlain(relaxed)) return relaxed;
    const found = this.#completion.near((parameter) => {
      const value = wanted.get(parameter.name);
      if (value !== undefined) return value;
      return fromUnit(parameter, 0.5);
    });
    return found.values === null ? null : this.#exact(found.values);
  }

  #relaxed(values: Configuration): ReadonlyMap<string, ParameterValue> {
    const wanted = new Map<string, ParameterValue>();
    const free = new Map<string, number>();
    const held = new Map<string, number>();
    for (const [name, value] of Object.entries(values)) {
      wanted.set(name, value!);
      const parameter = this.#narrowed.get(name)!;
      const number = summand(value);
      if (
        ownValue(this.#fixed, name) !== undefined ||
        choicesOf(parameter) !== null
      ) {
        if (!Number.isNaN(number)) held.set(name, number);
      } else free.set(name, placeOf(parameter, number));
    }
    if (this.#linear.length > 0 && free.size > 0) {
      const before = new Map(free);
      relax(this.#linear, { free, held, byName: this.#narrowed });
      for (const [name, place] of free) {
        if (place === before.get(name)) continue;
        const parameter = this.#narrowed.get(name)! as Parameter & {
          low: number;
          high: number;
          step: number | null;
        };
        const value = valueOfPlace(parameter, place);
        const { low, high, step } = parameter;
        const onGrid = step === null ? value : exactValue(
          parameter,
          low + step * Math.round((value - low) / step),
        );
        wanted.set(name, Math.min(high, Math.max(low, onGrid as number)));
      }
    }
    return wanted;
  }

  /**
   * From an allowed one along the axes, each as far as a draw on it goes; and along
   * what known ones differ in, if there are any.
   */
  #walk(
    start: Configuration,
    uniform: () => number,
    { steps, known = [] }: {
      readonly steps: number;
      readonly known?: readonly Configuration[];
    },
  ): Configuration {
    const places = known.map((one) => this.#placeOf(one));
    let values = start;
    let here = this.#placeOf(start)
      .map((u) => Number.isNaN(u) ? uniform() : u);
    for (let step = 0; step < steps; step++) {
      const way = this.#wayOf(places, uniform);
      let [low, high] = span(here, way);
      for (let shrink = 0; shrink < mostShrinks; shrink++) {
        const length = low + (high - low) * uniform();
        const moved = here.map((u, axis) => u + length * way[axis]!);
        const found = this.#valuesAt(moved);
        if (this.allows(found)) {
          [here, values] = [moved, found];
          break;
        }
        if (length < 0) low = length;
        else high = length;
      }
    }
    return arrange(this.#table, values);
  }

  /** The nearest to a wanted one on the ways from allowed ones to it; null without any. */
  #onTheWay(
    values: Configuration,
    from: readonly Configuration[],
  ): Configuration | null {
    const wanted = this.#placeOf(values);
    let best: Configuration | null = null;
    let least = Infinity;
    for (const start of from) {
      if (!this.allows(start)) continue;
      const begin = this.#placeOf(start)
        .map((u, axis) => Number.isNaN(u) ? wanted[axis]! : u);
      let found = start;
      let [low, high] = [0, 1];
      for (let halving = 0; halving < mostHalvings; halving++) {
        const t = (low + high) / 2;
        const between = this.#valuesAt(begin.map((u, axis) => {
          const goal = wanted[axis]!;
          return Number.isNaN(goal) ? u : u + t * (goal - u);
        }));
        if (this.allows(between)) [low, found] = [t, between];
        else high = t;
      }
      const far = distance(this.#placeOf(found), wanted);
      if (far < least) [best, least] = [found, far];
    }
    return best;
  }

  /** Some that are allowed, always the same ones. */
  #knownOnes(): readonly Configuration[] {
    if (this.#known !== null) return this.#known;
    const { uniform } = quickStream(randomStream("known ones"));
    const found: Configuration[] = [];
    const refusals = new Map<Rule, number>();
    const unit = new Float64Array(this.#table.parameters.length);
    let draws = 0;
    while (draws < mostDraws && found.length < mostKnown) {
      draws++;
      // In order where that helps, and anywhere.
      const inOrder = this.#completion.isEmpty || draws % 2 === 0
        ? null
        : this.#drawInOrder(uniform);
      const values = inOrder ?? this.#valuesAt(unit.map(uniform));
      if (this.allows(values)) found.push(values);
      else if (draws <= mostNoted) {
        for (const { rule } of brokenAmong(this.#rules, values)) {
          refusals.set(rule, (refusals.get(rule) ?? 0) + 1);
        }
      }
      // What linear rules alone refuse so often will not be found.
      if (draws >= mostNoted && found.length === 0 && !this.#hasPredicates) {
        break;
      }
    }
    if (found.length === 0) throw this.#nothing(draws, refusals);
    return this.#known = found;
  }

  #nothing(draws: number, refusals: ReadonlyMap<Rule, number>): RangeError {
    const drawn = Math.min(draws, mostNoted);
    const blamed = [...refusals].sort(([, a], [, b]) => b - a)
      .map(([{ name }, count]) =>
        `${show(name)} refused ${Math.round(100 * count / drawn)} %`
      );
    const beside = Object.keys(this.#fixed).length > 0
      ? ` beside the fixed values ${JSON.stringify(this.#fixed)}`
      : "";
    return new RangeError(
      `Cannot find a configuration that the rules allow${beside}: of ${
        draws.toLocaleString("en-US")
      } tried none keeps to all of them (${
        blamed.join(", ")
      }). Loosen a rule, or narrow the ranges to where they hold`,
    );
  }
}

/** How far a way leads within the cube, backwards and forwards, in its own lengths. */
function span(here: Float64Array, way: Float64Array): [number, number] {
  let [low, high] = [-Infinity, Infinity];
  way.forEach((part, axis) => {
    if (part === 0) return;
    const ends = [-here[axis]! / part, (1 - here[axis]!) / part];
    low = Math.max(low, Math.min(...ends));
    high = Math.min(high, Math.max(...ends));
  });
  return Number.isFinite(low) ? [Math.min(0, low), Math.max(0, high)] : [0, 0];
}

function shuffled<T>(items: readonly T[], uniform: () => number): T[] {
  const copy = [...items];
  for (let i = copy.length - 1; i > 0; i--) {
    const j = Math.floor(uniform() * (i + 1));
    [copy[i], copy[j]] = [copy[j]!, copy[i]!];
  }
  return copy;
}

function distance(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) {
    const gap = a[i]! - b[i]!;
    if (gap === gap) sum += gap * gap;
  }
  return sum;
}

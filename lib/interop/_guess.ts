/**
 * Spaces from the values of trials, where a file does not say them.
 *
 * @module
 */

import {
  boolean,
  choice,
  type Configuration,
  float,
  int,
  ParameterBuilder,
  type ParameterDraft,
  type ParameterValue,
} from "../space/mod.ts";

/** A builder of any kind. */
export type AnyBuilder = ParameterBuilder<ParameterValue, unknown>;

/** Positive values that span so much are taken to be searched on a logarithmic scale. */
const logSpan = 100;

/** So many numbers are kept of a parameter; of more, only between which they lie. */
const mostNumbers = 10_000;
/** A list of more is no parameter, but a note or a name. */
const mostTexts = 10_000;

/** The values that a parameter has taken. */
export class SeenValues {
  readonly #name: string;
  readonly #values = new Set<ParameterValue>();
  #numbers = 0;
  #low = Infinity;
  #high = -Infinity;
  #areWhole = true;

  /** @param name The parameter's, for messages. */
  constructor(name: string) {
    this.#name = name;
  }

  /** The different values in the order in which they came; of numbers the first ten thousand. */
  get values(): readonly ParameterValue[] {
    return [...this.#values];
  }

  /** Whether all are numbers. */
  get areNumbers(): boolean {
    return this.#numbers === this.#values.size;
  }

  /** Whether all numbers are whole. */
  get areWhole(): boolean {
    return this.#areWhole;
  }

  /** The least and the largest number. */
  get range(): readonly [number, number] {
    return [this.#low, this.#high];
  }

  /** Notes a value. */
  add(value: ParameterValue): void {
    if (typeof value === "number") {
      if (value < this.#low) this.#low = value;
      if (value > this.#high) this.#high = value;
      this.#areWhole &&= Number.isSafeInteger(value);
      if (this.#numbers === mostNumbers || this.#values.has(value)) return;
      this.#numbers++;
    } else if (this.#values.size - this.#numbers > mostTexts) {
      throw new RangeError(
        `Cannot import the study: ${
          JSON.stringify(this.#name)
        } has more than ${mostTexts} different texts, which makes no parameter; name those that are: importStudies(path, { params: ["…"] })`,
      );
    }
    this.#values.add(value);
  }
}

/** A parameter that can have taken these values: the narrowest range that holds them. */
export function guessBuilder(seen: SeenValues): AnyBuilder {
  const { values, areNumbers, areWhole, range: [low, high] } = seen;
  if (values.every((value) => typeof value === "boolean")) return boolean();
  if (!areNumbers) return choice(sorted(values));
  // The scale is the one on which the middle value lies nearer to the middle.
  const middle = Float64Array.from(values as number[]).sort()[
    values.length >> 1
  ]!;
  const log = low > 0 && high / low >= logSpan &&
    Math.abs(Math.log(middle / low) / Math.log(high / low) - 0.5) <
      Math.abs((middle - low) / (high - low) - 0.5);
  return areWhole ? int(low, high, { log }) : float(low, high, { log });
}

/** The parameter, widened so that it holds these values. */
export function coveringBuilder(
  builder: AnyBuilder,
  seen: SeenValues,
): AnyBuilder {
  const { values } = seen;
  const { draft } = builder;
  const { kind, choices, conditions } = draft;
  const changed = (change: Partial<ParameterDraft>) =>
    new ParameterBuilder<ParameterValue, unknown>({ ...draft, ...change });
  if (kind === "boolean" || choices !== undefined) {
    const known = choices ?? [false, true];
    const more = values.filter((value) => !known.includes(value));
    if (more.length === 0) return builder;
    const isOrdinal = kind === "ordinal" &&
      more.every((value) => ["number", "string"].includes(typeof value));
    return changed({
      kind: isOrdinal ? "ordinal" : "choice",
      choices: [...known, ...more],
    });
  }
  if (values.length === 0) return builder;
  if (!values.every(isNumber)) {
    return new ParameterBuilder({
      kind: "choice",
      choices: sorted(values),
      conditions,
    });
  }
  const [first, last] = seen.range;
  const low = Math.min(draft.low!, first);
  const high = Math.max(draft.high!, last);
  const isFloat = kind === "float" || !seen.areWhole;
  const step = typeof draft.step === "number" &&
      values.every((value) => isOnGrid(value, low, draft.step!)) &&
      isOnGrid(draft.low!, low, draft.step)
    ? draft.step
    : isFloat
    ? null
    : 1;
  return changed({
    kind: isFloat ? "float" : "int",
    low,
    high,
    log: draft.log === true && low > 0,
    step: isFloat && kind === "int" ? null : step,
  });
}

/** Which parameters a trial has, and what values they took in the trials that have just these; null: too many. */
interface Shape {
  count: number;
  readonly values: Map<string, Set<ParameterValue> | null>;
}

/** A parameter with more values decides on no other. */
const mostDeciding = 1000;

/** What trials have, gathered trial by trial, and the space that it makes. */
export class SpaceGuess {
  readonly #seen = new Map<string, SeenValues>();
  readonly #shapes = new Map<string, Shape>();

  /**
   * Notes a trial's configuration.
   *
   * @param isWhole Whether the trial has all that it should have.
   */
  add(params: Configuration, isWhole: boolean): void {
    const names = Object.keys(params);
    for (const name of names) {
      let seen = this.#seen.get(name);
      if (seen === undefined) {
        this.#seen.set(name, seen = new SeenValues(name));
      }
      seen.add(params[name]!);
    }
    if (!isWhole) return;
    const key = JSON.stringify(names);
    let shape = this.#shapes.get(key);
    if (shape === undefined) {
      shape = {
        count: 0,
        values: new Map(names.map((name) => [name, new Set()])),
      };
      this.#shapes.set(key, shape);
    }
    shape.count++;
    for (const [name, values] of shape.values) {
      if (values === null) continue;
      values.add(params[name]!);
      if (values.size > mostDeciding) shape.values.set(name, null);
    }
  }

  /** The parameters: those declared, wide enough for what was seen, and those seen alone. */
  builders(
    declared: ReadonlyMap<string, AnyBuilder>,
  ): ReadonlyMap<string, AnyBuilder> {
    const names = [...new Set([...declared.keys(), ...this.#seen.keys()])];
    const builders = names.map((name): [string, AnyBuilder] => {
      const seen = this.#seen.get(name) ?? new SeenValues(name);
      const builder = declared.get(name);
      return [
        name,
        builder === undefined
          ? guessBuilder(seen)
          : coveringBuilder(builder, seen),
      ];
    });
    return withConditions(new Map(builders), [...this.#shapes.values()]);
  }
}

/**
 * The parameters, those that some trials lack under the condition that tells
 * them apart: a list of whose values some are always with it, the others never.
 *
 * @param shapes Of trials that have all that they should have.
 */
function withConditions(
  builders: ReadonlyMap<string, AnyBuilder>,
  shapes: readonly Shape[],
): Map<string, AnyBuilder> {
  const result = new Map(builders);
  if (
    [...builders.values()].some(({ draft }) => draft.conditions.length > 0)
  ) return result;
  const total = shapes.reduce((sum, { count }) => sum + count, 0);
  const counts = new Map(
    [...builders.keys()].map((name) => [
      name,
      shapes.reduce(
        (sum, { count, values }) => sum + (values.has(name) ? count : 0),
        0,
      ),
    ]),
  );
  for (const [name, builder] of builders) {
    const count = counts.get(name)!;
    if (count < 2 || total - count < 2) continue;
    for (const [parent, { draft }] of builders) {
      const isList = draft.kind === "boolean" || draft.choices !== undefined;
      // A parent is there more often than its children: no circle can close.
      if (!isList || counts.get(parent)! <= count) continue;
      const values = decidingValues(shapes, name, parent);
      if (values === null) continue;
      result.set(name, builder.when({ [parent]: values }) as AnyBuilder);
      break;
    }
  }
  return result;
}

function decidingValues(
  shapes: readonly Shape[],
  name: string,
  parent: string,
): ParameterValue[] | null {
  const present = new Set<ParameterValue>();
  const absent = new Set<ParameterValue>();
  for (const { values } of shapes) {
    const ofParent = values.get(parent);
    // What decides is there wherever it has decided for it.
    if (ofParent === null || (ofParent === undefined && values.has(name))) {
      return null;
    }
    for (const value of ofParent ?? []) {
      (values.has(name) ? present : absent).add(value);
    }
  }
  return absent.size > 0 && [...present].every((value) => !absent.has(value))
    ? [...present]
    : null;
}

function isNumber(value: unknown): value is number {
  return typeof value === "number";
}

function isOnGrid(value: number, low: number, step: number): boolean {
  const steps = (value - low) / step;
  return Math.abs(steps - Math.round(steps)) < 1e-6;
}

/** By kind, then by value, so that the order of trials does not matter. */
function sorted(values: readonly ParameterValue[]): ParameterValue[] {
  return [...values].sort((a, b) =>
    (typeof a).localeCompare(typeof b) ||
    (isNumber(a) && isNumber(b)
      ? a - b
      : String(a) < String(b)
      ? -1
      : String(a) > String(b)
      ? 1
      : 0)
  );
}

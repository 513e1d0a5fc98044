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

/** A parameter that can have taken these values: the narrowest range that holds them. */
export function guessBuilder(values: readonly ParameterValue[]): AnyBuilder {
  if (values.every((value) => typeof value === "boolean")) return boolean();
  if (!values.every(isNumber)) return choice(sorted(values));
  const [low, high] = range(values);
  // The scale is the one on which the middle value lies nearer to the middle.
  const middle = [...values].sort((a, b) => a - b)[values.length >> 1]!;
  const log = low > 0 && high / low >= logSpan &&
    Math.abs(Math.log(middle / low) / Math.log(high / low) - 0.5) <
      Math.abs((middle - low) / (high - low) - 0.5);
  return values.every(Number.isSafeInteger)
    ? int(low, high, { log })
    : float(low, high, { log });
}

/** The parameter, widened so that it holds these values. */
export function coveringBuilder(
  builder: AnyBuilder,
  values: readonly ParameterValue[],
): AnyBuilder {
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
  const [first, last] = range(values);
  const low = Math.min(draft.low!, first);
  const high = Math.max(draft.high!, last);
  const isFloat = kind === "float" || !values.every(Number.isSafeInteger);
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

/**
 * The parameters, those that some trials lack under the condition that tells
 * them apart: a list of whose values some are always with it, the others never.
 *
 * @param configurations Of trials that have all that they should have.
 */
export function withConditions(
  builders: ReadonlyMap<string, AnyBuilder>,
  configurations: readonly Configuration[],
): Map<string, AnyBuilder> {
  const result = new Map(builders);
  if (
    [...builders.values()].some(({ draft }) => draft.conditions.length > 0)
  ) return result;
  const has = (name: string) => (one: Configuration) =>
    valueIn(one, name) !== undefined;
  const counts = new Map(
    [...builders.keys()].map((
      name,
    ) => [name, configurations.filter(has(name)).length]),
  );
  for (const [name, builder] of builders) {
    const count = counts.get(name)!;
    if (count < 2 || configurations.length - count < 2) continue;
    for (const [parent, { draft }] of builders) {
      const isList = draft.kind === "boolean" || draft.choices !== undefined;
      // A parent is there more often than its children: no circle can close.
      if (!isList || counts.get(parent)! <= count) continue;
      const values = decidingValues(configurations, name, parent);
      if (values === null) continue;
      result.set(name, builder.when({ [parent]: values }) as AnyBuilder);
      break;
    }
  }
  return result;
}

function decidingValues(
  configurations: readonly Configuration[],
  name: string,
  parent: string,
): ParameterValue[] | null {
  const present = new Set<ParameterValue>();
  const absent = new Set<ParameterValue>();
  for (const one of configurations) {
    const value = valueIn(one, parent);
    if (valueIn(one, name) === undefined) {
      if (value !== undefined) absent.add(value);
    } else if (value === undefined) return null;
    else present.add(value);
  }
  return absent.size > 0 && [...present].every((value) => !absent.has(value))
    ? [...present]
    : null;
}

function valueIn(one: Configuration, name: string) {
  return Object.hasOwn(one, name) ? one[name] : undefined;
}

function isNumber(value: unknown): value is number {
  return typeof value === "number";
}

function isOnGrid(value: number, low: number, step: number): boolean {
  const steps = (value - low) / step;
  return Math.abs(steps - Math.round(steps)) < 1e-6;
}

function range(values: readonly number[]): [number, number] {
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  return [low, high];
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

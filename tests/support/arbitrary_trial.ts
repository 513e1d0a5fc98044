/**
 * Random trials for property tests with fast-check: every state, values and
 * curves that are NaN or infinite, attributes of every kind.
 *
 * @module
 */

import fc from "fast-check";
import type { Curve, TrialRecord } from "../../lib/records/mod.ts";
import type { Configuration, Space } from "../../lib/space/mod.ts";
import { arbitraryUnit } from "./arbitrary_space.ts";

/** Options of {@linkcode arbitraryNumber}. */
export interface ArbitraryNumberOptions {
  /** Whether NaN is left out. Defaults to `false`. */
  readonly noNaN?: boolean;
}

/** A number, often an odd one; never -0, which SQLite does not keep. */
export function arbitraryNumber(
  { noNaN = false }: ArbitraryNumberOptions = {},
): fc.Arbitrary<number> {
  const odd = [0, 1, -3, 1e20, 5e-324, Number.MAX_VALUE, Infinity, -Infinity];
  return fc.oneof(
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.constantFrom(...odd, ...noNaN ? [] : [NaN]),
  ).map((value) => value + 0);
}

/** What can be attached to a trial or a study: JSON, and numbers that it lacks. */
export function arbitraryAttribute(): fc.Arbitrary<unknown> {
  return fc.oneof(
    fc.jsonValue({ maxDepth: 2 }),
    fc.constantFrom(NaN, Infinity, -Infinity, -0),
    fc.constantFrom("NaN", 'a "NaN"', "\uE000NaN", "-Infinity", ""),
    fc.array(arbitraryNumber(), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom("NaN", "a", "é\n"), arbitraryNumber()),
  );
}

function arbitraryCurve(name: string): fc.Arbitrary<Curve> {
  return fc.uniqueArray(fc.nat(50), { minLength: 1, maxLength: 4 }).chain(
    (steps) =>
      fc.array(arbitraryNumber(), {
        minLength: steps.length,
        maxLength: steps.length,
      }).map((values) => ({
        name,
        steps: steps.toSorted((a, b) => a - b),
        values,
      })),
  );
}

/**
 * A trial of a space that ran elsewhere, or waits. The first objective is called
 * `loss`.
 *
 * @param objectives How many there are.
 */
export function arbitraryTrial(
  space: Space,
  objectives: number,
): fc.Arbitrary<TrialRecord> {
  return fc.record({
    state: fc.constantFrom("complete", "pruned", "failed", "waiting"),
    unit: arbitraryUnit(space),
    values: fc.array(arbitraryNumber({ noNaN: true }), {
      minLength: objectives,
      maxLength: objectives,
    }),
    main: fc.option(arbitraryCurve("loss")),
    other: fc.option(arbitraryCurve('train: é "quoted"')),
    startedAtMs: fc.integer({ min: 1e11, max: 2e12 }),
    attributes: fc.dictionary(
      fc.constantFrom("note", "__proto__", "größe"),
      arbitraryAttribute(),
    ),
  }).map((drawn): TrialRecord => {
    const { state, unit, values, main, other, startedAtMs } = drawn;
    const isWaiting = state === "waiting";
    const hasValues = state === "complete" || state === "pruned";
    return {
      number: 0,
      state,
      params: space.decode(unit) as Configuration,
      value: hasValues ? values[0]! : null,
      values: hasValues ? values : null,
      curves: new Map(
        [main, other].flatMap((one) =>
          one === null || isWaiting ? [] : [[one.name, one] as const]
        ),
      ),
      startedAt: isWaiting ? null : new Date(startedAtMs),
      finishedAt: isWaiting ? null : new Date(startedAtMs + 1500),
      durationMs: isWaiting ? null : 1500,
      error: state === "failed" ? "no luck" : null,
      origin: "manual",
      reason: state === "pruned" ? "hopeless" : null,
      forecast: null,
      attributes: drawn.attributes,
    };
  });
}

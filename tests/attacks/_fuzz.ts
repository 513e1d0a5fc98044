/**
 * What is fuzzed, and how often: the same targets for the tests, which try few
 * cases of each, and for `deno task fuzz`, which tries all.
 *
 * @module
 */

import fc from "fast-check";

/** How a target is tried. */
export interface FuzzRun {
  /** How many cases. */
  readonly cases: number;
  /** Where fast-check begins. Defaults to {@linkcode usualSeed}. */
  readonly seed?: number;
  /** The one case to try again, as fast-check names it. */
  readonly path?: string;
  /** Ends the run early, as a success, after so many milliseconds. Defaults to never. */
  readonly limitMs?: number;
}

/** Something that is given whatever can be made up. */
export interface FuzzTarget {
  /** What it is called in lists and in `docs/security.md`. */
  readonly name: string;
  /** How many cases the tests try. */
  readonly casesInTests: number;
  /** Tries cases; the number of those tried. @throws with fast-check's words where one fails. */
  readonly run: (options: FuzzRun) => Promise<number>;
}

/** Where fast-check begins, so that a run can be repeated. */
export const usualSeed = 20_261_124;

/** A target: what it is given, and what must hold. */
export function fuzzTarget<T>(
  name: string,
  casesInTests: number,
  arbitrary: fc.Arbitrary<T>,
  check: (value: T) => void | Promise<void>,
): FuzzTarget {
  return {
    name,
    casesInTests,
    run: async ({ cases, seed = usualSeed, path, limitMs }) => {
      let tried = 0;
      await fc.assert(
        fc.asyncProperty(arbitrary, async (value) => {
          tried++;
          await check(value);
        }),
        {
          numRuns: path === undefined ? cases : 1,
          seed,
          ...path === undefined ? {} : { path },
          ...limitMs === undefined ? {} : { interruptAfterTimeLimit: limitMs },
        },
      );
      return tried;
    },
  };
}

/** Numbers as they should not be, beside those that should. */
export const anyNumber: fc.Arbitrary<number> = fc.oneof(
  fc.double(),
  fc.double({ min: -10, max: 10, noNaN: true }),
  fc.integer(),
  fc.constantFrom(
    0,
    -0,
    1,
    NaN,
    Infinity,
    -Infinity,
    1e308,
    -1e308,
    5e-324,
    Number.MAX_SAFE_INTEGER,
    2 ** 53,
  ),
);

/** Names and texts that trip code that takes objects for maps, texts for code, or one kind for another. */
export const anyText: fc.Arbitrary<string> = fc.oneof(
  fc.string({ maxLength: 12 }),
  fc.string({ unit: "binary", maxLength: 6 }),
  fc.constantFrom(
    "__proto__",
    "constructor",
    "prototype",
    "toString",
    "hasOwnProperty",
    "valueOf",
    "length",
    "",
    " ",
    "NaN",
    "-Infinity",
    "null",
    "1e999",
    "0x10",
    "../../etc/passwd",
    "<b>",
    "=1+1",
    "\u0000",
    "\ud800",
    "a.b[0]",
    "%s",
    "${1}",
  ),
);

/** Whatever JSON can hold, also what Python adds to it. */
export const anyJSON: fc.Arbitrary<unknown> = fc.letrec<{
  value: unknown;
}>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, depthSize: "small", withCrossShrink: true },
    anyNumber,
    anyText,
    fc.constantFrom(null, true, false),
    fc.array(tie("value"), { maxLength: 4 }),
    fc.array(fc.tuple(anyText, tie("value")), { maxLength: 4 }).map((entries) =>
      Object.fromEntries(entries)
    ),
  ),
})).value;

/** What was changed of `Object.prototype` and the like since this was called: nothing may be. */
export function prototypeWatch(): () => string[] {
  const watched = [
    Object.prototype,
    Array.prototype,
    Function.prototype,
    Map.prototype,
    String.prototype,
  ];
  const before = watched.map((one) => Reflect.ownKeys(one).length);
  return () =>
    watched.flatMap((one, i) =>
      Reflect.ownKeys(one).length === before[i]
        ? []
        : Reflect.ownKeys(one).slice(before[i]).map(String)
    );
}

/**
 * What objectives throw, give back and report that no objective should.
 *
 * @module
 */

import type { Trial } from "../../lib/study/mod.ts";

/** An objective that misbehaves. */
export interface Hostile {
  /** What it does. */
  readonly name: string;
  /** Does it. */
  run(trial: Trial): unknown;
  /** What the trial's error text says. */
  readonly error: RegExp;
}

/** A proxy whose every use throws. */
function revoked(): object {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}

/** An object that throws whatever is asked of it. */
function trap(): object {
  const refuse = () => {
    throw new Error("do not look at me");
  };
  return new Proxy({}, {
    get: refuse,
    has: refuse,
    ownKeys: refuse,
    getPrototypeOf: refuse,
    getOwnPropertyDescriptor: refuse,
  });
}

function cyclic(): object {
  const ring: Record<string, unknown> = {};
  ring.self = ring;
  return ring;
}

function disguised(): Error {
  const refuse = () => {
    throw new Error("nothing for you");
  };
  return Object.defineProperties(new Error("hidden"), {
    message: { get: refuse },
    stack: { get: refuse },
    toString: { get: refuse },
  });
}

function withStack(stack: unknown): Error {
  return Object.defineProperty(new Error("odd"), "stack", { value: stack });
}

const throws = (
  name: string,
  make: () => unknown,
  error: RegExp,
): Hostile => ({
  name: `throws ${name}`,
  run: () => {
    throw make();
  },
  error,
});

/** Throws what is no error, or one that hides. */
export const hostileThrows: readonly Hostile[] = [
  throws("a text", () => "plain words", /plain words/),
  throws("an empty text", () => "", /threw/),
  throws("null", () => null, /null/),
  throws("undefined", () => undefined, /undefined/),
  throws("a number", () => 42, /42/),
  throws("NaN", () => NaN, /NaN|null/),
  throws("a BigInt", () => 10n ** 40n, /threw 1000000/),
  throws("a symbol", () => Symbol("mark"), /Symbol\(mark\)/),
  throws("a function", () => () => "inside", /inside/),
  throws("a frozen object", () => Object.freeze({ code: 7 }), /"code":7/),
  throws("an object without a prototype", () => Object.create(null), /threw/),
  throws("a ring", cyclic, /cannot be shown|threw/),
  throws("a revoked proxy", revoked, /cannot be shown/),
  throws("a proxy that throws at every use", trap, /cannot be shown/),
  throws("a frozen error", () => Object.freeze(new Error("cold")), /cold/),
  throws(
    "an error whose message and stack throw",
    disguised,
    /threw/,
  ),
  throws("an error whose stack is a number", () => withStack(7), /odd/),
  throws("an error whose stack is null", () => withStack(null), /odd/),
  throws("an error without a message", () => new Error(), /Error/),
  throws(
    "an error with NUL, half a pair and all kinds of letters",
    () => new Error("a\0b\uD800c \u202e 常数 🎻 \x1b[31m"),
    /常数/,
  ),
  throws(
    "an error of ten million letters",
    () => new Error("long ".repeat(2_000_000)),
    /long long/,
  ),
  throws(
    "an error whose cause is itself",
    () => {
      const error = new Error("round");
      error.cause = error;
      return error;
    },
    /round/,
  ),
  throws(
    "many errors as one",
    () => new AggregateError([1, null, new Error("x")], "many"),
    /many/,
  ),
  throws("a promise that fails", () => {
    const failed = Promise.reject(new Error("later"));
    failed.catch(() => {});
    return failed;
  }, /threw/),
  {
    name: "runs out of stack",
    run: function dig(trial): number {
      return 1 + (dig(trial) as number);
    },
    error: /Maximum call stack/,
  },
  {
    name: "makes an array that is too long",
    run: () => new Array(-1),
    error: /Invalid array length/,
  },
  {
    name: "makes a text that is too long",
    run: () => "x".repeat(2 ** 30),
    error: /Invalid string length/,
  },
  {
    name: "asks for more memory than there is",
    run: () => new ArrayBuffer(Number.MAX_SAFE_INTEGER),
    error: /allocation failed/i,
  },
];

const returns = (name: string, make: () => unknown, error: RegExp): Hostile => {
  return { name: `gives back ${name}`, run: make, error };
};

/** Gives back what is no number. */
export const hostileReturns: readonly Hostile[] = [
  returns("NaN", () => NaN, /NaN/),
  returns("nothing", () => undefined, /returned nothing, expected a number/),
  returns("null", () => null, /expected a number/),
  returns("a text", () => "0.5", /returned "0\.5", expected a number/),
  returns("a BigInt", () => 5n, /returned 5n, expected a number/),
  returns("a symbol", () => Symbol("x"), /returned Symbol\(x\), expected/),
  returns("a function", () => () => 1, /expected a number/),
  returns("a list", () => [0.5], /expected a number/),
  returns("a ring", cyclic, /expected a number/),
  returns("a date", () => new Date(0), /expected a number/),
  returns("a number in a box", () => Object(0.5), /expected a number/),
  returns(
    "an object of one number",
    () => ({ loss: 0.5 }),
    /expected a number/,
  ),
  returns("a typed array", () => new Float32Array(1), /expected a number/),
  returns("a revoked proxy", revoked, /./),
  returns("a proxy that throws at every use", trap, /do not look at me/),
  returns("a promise of nothing", () => Promise.resolve(), /returned nothing/),
  returns("a promise that fails with null", () => Promise.reject(null), /null/),
  returns("what throws when it is awaited", () => ({
    then: () => {
      throw "not so";
    },
  }), /not so/),
  returns("what is settled twice", () => ({
    then: (done: (value: unknown) => void, fail: (e: unknown) => void) => {
      done("first");
      fail("second");
    },
  }), /returned "first"/),
];

const reports = (
  name: string,
  report: (trial: Trial) => unknown,
  error: RegExp,
): Hostile => ({
  name: `reports ${name}`,
  run: async (trial) => {
    await report(trial);
    return 1;
  },
  error,
});

/** Says of a value what the types forbid. */
// deno-lint-ignore no-explicit-any -- the types are what is got around here
const wrong = (value: unknown) => value as any;

/** Reports, measures and attaches what cannot be. */
export const hostileReports: readonly Hostile[] = [
  reports("a text", (t) => t.report(1, wrong("0.5")), /Cannot report/),
  reports("null", (t) => t.report(1, wrong(null)), /Cannot report/),
  reports("nothing", (t) => t.report(1, wrong(undefined)), /Cannot report/),
  reports("a BigInt", (t) => t.report(1, wrong(5n)), /found 5n, expected/),
  reports("a symbol", (t) => t.report(1, wrong(Symbol("x"))), /Symbol\(x\)/),
  reports("no values", (t) => t.report(1, {}), /there are no values/),
  reports("a list", (t) => t.report(1, wrong([])), /Cannot report/),
  reports(
    "a BigInt by name",
    (t) => t.report(1, wrong({ loss: 5n })),
    /"loss": found 5n, expected/,
  ),
  reports(
    "three levels",
    (t) => t.report(1, wrong({ a: { b: { c: 1 } } })),
    /"a b"/,
  ),
  reports("a revoked proxy", (t) => t.report(1, wrong(revoked())), /./),
  reports("a ring", (t) => t.report(1, wrong(cyclic())), /Cannot report/),
  reports(
    "what has no prototype",
    (t) => t.report(1, wrong({ a: { b: Object.create(null) } })),
    /Cannot report/,
  ),
  reports("at step −1", (t) => t.report(-1, 1), /step is -1, expected/),
  reports("at step 0.5", (t) => t.report(0.5, 1), /step is 0\.5, expected/),
  reports("at step NaN", (t) => t.report(NaN, 1), /step is NaN, expected/),
  reports("at step ∞", (t) => t.report(Infinity, 1), /step is Infinity/),
  reports("at a step in words", (t) => t.report(wrong("1"), 1), /step is 1/),
  reports("at a symbol", (t) => t.report(wrong(Symbol("s")), 1), /Symbol\(s\)/),
  {
    name: "measures a BigInt",
    run: (trial) => trial.measure("memory", wrong(5n)),
    error: /value is 5n, expected a number/,
  },
  {
    name: "measures by a BigInt",
    run: (trial) => trial.measure(wrong(5n), 1),
    error: /Cannot measure 5n/,
  },
  {
    name: "attaches a ring",
    run: (trial) => trial.setAttribute("ring", cyclic()),
    error: /cyclic|circular|contains itself/i,
  },
  {
    name: "attaches a BigInt",
    run: (trial) => trial.setAttribute("big", 5n),
    error: /BigInt/,
  },
];

import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import {
  boolean,
  choice,
  choicesOf,
  float,
  int,
  ordinal,
  type Parameter,
  type ParameterBuilder,
  type ParameterValue,
  type Role,
  space,
} from "../../lib/space/mod.ts";

type Builder = ParameterBuilder<ParameterValue, unknown>;

const make = (builder: Builder, name = "x"): Parameter =>
  space({ [name]: builder }).parameter(name);
/** For what TypeScript would not let pass. */
const loosely = <T>(value: unknown): T => value as T;

describe("a parameter's canonical form", () => {
  const base = { name: "x", role: "other", conditions: [] };

  it("has every option filled in", () => {
    const range = { low: 0, high: 1, log: false };
    expect(make(float(0, 1))).toEqual({
      ...base,
      kind: "float",
      ...range,
      step: null,
    });
    expect(make(int(0, 1))).toEqual({
      ...base,
      kind: "int",
      ...range,
      step: 1,
    });
    expect(make(choice(["a"]))).toEqual({
      ...base,
      kind: "choice",
      choices: ["a"],
    });
    expect(make(ordinal([2, 1]))).toEqual({
      ...base,
      kind: "ordinal",
      choices: [2, 1],
    });
    expect(make(boolean())).toEqual({ ...base, kind: "boolean" });
  });

  it("is frozen through and through", () => {
    const s = space({ a: choice([1, 2]), b: float(0, 1).when({ a: [1] }) });
    const b = s.parameter("b");
    const frozen = [
      s,
      s.parameters,
      s.ordered,
      b,
      b.conditions,
      b.conditions[0],
      b.conditions[0]!.values,
      choicesOf(s.parameter("a")),
    ];
    expect(frozen.every(Object.isFrozen)).toBe(true);
  });

  it("does not change with the caller's list", () => {
    const list = ["a", "b"];
    const s = space({ x: choice(list) });
    list.push("c");
    expect(choicesOf(s.parameter("x"))).toEqual(["a", "b"]);
  });

  it("has high moved down onto the steps", () => {
    expect(make(int(0, 10, { step: 4 }))).toMatchObject({ high: 8 });
    expect(make(float(0, 1, { step: 0.3 }))).toMatchObject({ high: 0.9 });
    expect(make(float(0, 0.3, { step: 0.1 }))).toMatchObject({ high: 0.3 });
    expect(make(float(0, 0.1, { step: 1 }))).toMatchObject({ low: 0, high: 0 });
  });

  it("has steps without the noise of binary fractions, low too", () => {
    const { low, high } = make(float(0.1 + 0.2, 0.7 + 0.1, { step: 0.1 })) as {
      low: number;
      high: number;
    };
    expect([low, high]).toEqual([0.3, 0.8]);
  });

  it("has the default exactly on a step", () => {
    const start = make(float(0, 1, { step: 0.1, default: 0.1 + 0.2 })).default;
    expect(start).toBe(0.3);
  });

  it("has 0 for -0", () => {
    const { low } = make(float(-0, 1)) as { low: number };
    const [first] = choicesOf(make(ordinal([-0, 1])))!;
    expect(Object.is(low, 0)).toBe(true);
    expect(Object.is(first, 0)).toBe(true);
  });

  it("takes ranges of one point and of the widest extent", () => {
    expect(make(float(2, 2))).toMatchObject({ low: 2, high: 2 });
    make(float(-Number.MAX_VALUE, Number.MAX_VALUE));
    make(float(Number.MIN_VALUE, 1, { log: true }));
    make(int(Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER));
  });

  it("takes names that objects have by birth", () => {
    const s = space({ constructor: float(0, 1), toString: int(1, 2) });
    expect(s.names).toEqual(["constructor", "toString"]);
    expect(s.validate({ constructor: 0.5, toString: 1 })).toEqual({
      constructor: 0.5,
      toString: 1,
    });
  });
});

describe("a parameter that makes no sense is refused", () => {
  const cases: readonly [
    rule: string,
    builder: () => Builder,
    Class: ErrorConstructor,
    message: RegExp,
  ][] = [
    [
      "low above high",
      () => float(2, 1),
      RangeError,
      /low \(2\) is above high \(1\); swap them/,
    ],
    [
      "a bound that is no number",
      () => float(loosely("0"), 1),
      TypeError,
      /low is "0", expected a finite number/,
    ],
    ["a bound of NaN", () => float(NaN, 1), TypeError, /low is NaN/],
    [
      "an infinite bound",
      () => float(0, Infinity),
      TypeError,
      /high is Infinity/,
    ],
    [
      "no bound",
      () => int(1, loosely(undefined)),
      TypeError,
      /high is undefined/,
    ],
    [
      "a whole number's bound with a fraction",
      () => int(0.5, 2),
      RangeError,
      /low is 0\.5, expected a whole number.*use float/,
    ],
    [
      "a whole number's bound beyond 2^53",
      () => int(0, 2 ** 53),
      RangeError,
      /2\^53/,
    ],
    [
      "log with low 0",
      () => float(0, 1, { log: true }),
      RangeError,
      /low is 0, but a logarithmic scale needs low above 0/,
    ],
    [
      "log with low below 0",
      () => float(-1, 1, { log: true }),
      RangeError,
      /low is -1/,
    ],
    [
      "log of whole numbers from 0",
      () => int(0, 9, { log: true }),
      RangeError,
      /needs low of at least 1/,
    ],
    [
      "log that is no boolean",
      () => float(1, 2, { log: loosely("yes") }),
      TypeError,
      /log is "yes", expected true or false/,
    ],
    [
      "a step of 0",
      () => float(0, 1, { step: 0 }),
      RangeError,
      /step is 0, expected a number above 0/,
    ],
    ["a step below 0", () => int(0, 9, { step: -1 }), RangeError, /step is -1/],
    [
      "a step of NaN",
      () => float(0, 1, { step: NaN }),
      RangeError,
      /step is NaN/,
    ],
    [
      "an infinite step",
      () => float(0, 1, { step: Infinity }),
      RangeError,
      /step is Infinity/,
    ],
    [
      "a step that is no number",
      () => float(0, 1, { step: loosely("1") }),
      RangeError,
      /step is "1"/,
    ],
    [
      "a whole number's step with a fraction",
      () => int(0, 9, { step: 1.5 }),
      RangeError,
      /step is 1\.5, expected a whole number/,
    ],
    [
      "log and step together",
      () => float(1, 9, { log: true, step: 1 }),
      RangeError,
      /both log and step \(1\).*drop one/,
    ],
    [
      "log and step together of whole numbers",
      () => int(1, 9, { log: true, step: 2 }),
      RangeError,
      /both log and step \(2\)/,
    ],
    [
      "no choices",
      () => choice([]),
      RangeError,
      /the list of choices is empty/,
    ],
    [
      "choices that are no list",
      () => choice(loosely("ab")),
      TypeError,
      /the choices are "ab", expected an array/,
    ],
    [
      "a choice twice",
      () => choice(["a", "b", "a"]),
      RangeError,
      /the choice "a" stands twice/,
    ],
    [
      "true beside 1",
      () => choice([1, true]),
      RangeError,
      /both 1 and true, which Optuna cannot tell apart; use strings/,
    ],
    [
      "false beside 0",
      () => choice([false, 0]),
      RangeError,
      /both false and 0/,
    ],
    [
      "an object for a choice",
      () => choice(loosely([{ a: 1 }])),
      TypeError,
      /the choice \{"a":1\}.*list names and look them up in the objective/,
    ],
    [
      "a function for a choice",
      () => choice(loosely([() => 1])),
      TypeError,
      /a function/,
    ],
    [
      "undefined for a choice",
      () => choice(loosely([undefined])),
      TypeError,
      /undefined/,
    ],
    ["NaN for a choice", () => choice([NaN]), TypeError, /the choice NaN/],
    [
      "null in an order",
      () => ordinal(loosely([null])),
      TypeError,
      /expected only strings and finite numbers/,
    ],
    [
      "a default out of range",
      () => float(0, 1, { default: 2 }),
      RangeError,
      /the default is 2, expected a number between 0 and 1/,
    ],
    [
      "a default off the steps",
      () => float(0, 1, { step: 0.5, default: 0.3 }),
      RangeError,
      /the default is 0\.3/,
    ],
    [
      "a default that is no choice",
      () => choice(["a"], { default: loosely("b") }),
      RangeError,
      /the default is "b"/,
    ],
    [
      "a default of another type",
      () => boolean({ default: loosely(1) }),
      RangeError,
      /the default is 1, expected one of false, true/,
    ],
    [
      "a role that there is not",
      () => float(0, 1, { role: loosely<Role>("speed") }),
      RangeError,
      /the role is "speed", expected one of "learning rate"/,
    ],
  ];
  for (const [rule, builder, Class, message] of cases) {
    it(rule, () => {
      expect(() => make(builder())).toThrow(Class);
      expect(() => make(builder())).toThrow(message);
      expect(() => make(builder())).toThrow(/^Cannot make the parameter "x": /);
    });
  }

  it("an empty, an overlong, and a reserved name", () => {
    expect(() => make(float(0, 1), "")).toThrow(/its name is empty/);
    expect(() => make(float(0, 1), "x".repeat(513))).toThrow(
      /513 characters, expected at most 512/,
    );
    const reserved = Object.fromEntries([["__proto__", float(0, 1)]]);
    expect(() => space(reserved)).toThrow(/reserved by JavaScript/);
  });
});

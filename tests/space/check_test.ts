import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import fc from "fast-check";
import {
  boolean,
  choice,
  float,
  int,
  type Space,
  space,
  when,
} from "../../lib/space/mod.ts";
import {
  arbitraryConfigured,
  arbitraryFixed,
} from "../support/arbitrary_space.ts";

const s: Space = space({
  rate: float(0, 1),
  dropout: float(0, 0.5, { step: 0.1, default: 0.2 }),
  layers: int(1, 4),
  optimizer: choice(["adam", "sgd"]),
  ...when({ optimizer: "sgd" }, { momentum: float(0, 1) }),
  beta: float(0, 1).when({ optimizer: "adam" }),
  skip: boolean().when({ layers: { min: 2, max: 3 } }),
  alpha: float(0, 1, { default: 0.5 }).when({ layers: 4 }),
});
const good = {
  rate: 0.5,
  dropout: 0.1,
  layers: 1,
  optimizer: "sgd",
  momentum: 0.9,
};

/** The problems named, one each. */
function problems(action: () => unknown): string[] {
  try {
    action();
    return [];
  } catch (error) {
    expect(error).toBeInstanceOf(RangeError);
    const { message } = error as RangeError;
    expect(message).toMatch(/^Cannot take the configuration: /);
    return message.slice("Cannot take the configuration: ".length).split(
      /; (?=")/,
    );
  }
}

describe("Space.validate()", () => {
  it("gives a configuration back frozen, in the space's order", () => {
    const { momentum, ...rest } = good;
    const checked = s.validate({ momentum, ...rest });
    expect(checked).toEqual(good);
    expect(Object.keys(checked)).toEqual(Object.keys(good));
    expect(Object.isFrozen(checked)).toBe(true);
  });

  it("fills in the defaults of active parameters, and of no others", () => {
    const { dropout: _, ...rest } = good;
    expect(s.validate(rest)).toEqual({ ...good, dropout: 0.2 });
    expect(s.validate({ ...rest, layers: 4 })).toHaveProperty("alpha", 0.5);
    expect(s.validate(rest)).not.toHaveProperty("alpha");
  });

  it("takes undefined for left out", () => {
    expect(s.validate({ ...good, beta: undefined, dropout: undefined }))
      .toEqual({ ...good, dropout: 0.2 });
  });

  it("takes null for a value, where it is one", () => {
    expect(space({ k: choice(["a", null]) }).validate({ k: null })).toEqual({
      k: null,
    });
    expect(problems(() => s.validate({ ...good, rate: null }))).toEqual([
      '"rate" is null, expected a number between 0 and 1',
    ]);
  });

  it("moves values that miss a step by noise exactly onto it, at the ends too", () => {
    expect(s.validate({ ...good, dropout: 0.1 + 0.2 }).dropout).toBe(0.3);
    const thirds = space({ x: float(1 / 3, 4 / 3, { step: 1 / 3 }) });
    for (const k of [1, 2, 3, 4]) {
      const { x } = thirds.validate({ x: k / 3 });
      expect(x).toBeCloseTo(k / 3, 12);
      expect(thirds.validate({ x })).toEqual({ x });
    }
  });

  it("takes both ends of a range, and nothing beyond", () => {
    for (const rate of [0, 1]) s.validate({ ...good, rate });
    for (const rate of [-1e-9, 1 + 1e-9, Infinity, -Infinity, NaN]) {
      expect(() => s.validate({ ...good, rate })).toThrow(
        /"rate" is .*, expected a number between 0 and 1/,
      );
    }
  });

  const cases: readonly [rule: string, change: object, problem: RegExp][] = [
    ["a missing value", { rate: undefined }, /^"rate" is missing$/],
    [
      "a value of another type",
      { rate: "0.5" },
      /^"rate" is "0\.5", expected a number/,
    ],
    [
      "a fraction for a whole number",
      { layers: 1.5 },
      /"layers" is 1\.5, expected a whole number between 1 and 4/,
    ],
    [
      "a value between two steps",
      { dropout: 0.15 },
      /"dropout" is 0\.15, expected a value on the grid 0, 0\.1, … 0\.5; the nearest below is 0\.1/,
    ],
    [
      "a value beyond the last step",
      { dropout: 0.6 },
      /"dropout" is 0\.6, expected a number between 0 and 0\.5/,
    ],
    [
      "an unknown name, and the one meant",
      { momentun: 1 },
      /"momentun" is not a parameter: the space has .*; did you mean "momentum"\?/,
    ],
    [
      "an inactive parameter",
      { beta: 0.5 },
      /^"beta" is not used here: it needs optimizer to be "adam"; leave it out$/,
    ],
    [
      "an inactive parameter under a range",
      { skip: true },
      /it needs layers to be between 2 and 3/,
    ],
    ["a list in place of a value", { rate: [0.5] }, /"rate" is \[0\.5\]/],
  ];
  for (const [rule, change, problem] of cases) {
    it(`names ${rule}`, () => {
      const found = problems(() => s.validate({ ...good, ...change }));
      expect(found).toHaveLength(1);
      expect(found[0]).toMatch(problem);
    });
  }

  it("names a choice that there is not, the one meant, and no trouble that follows from it", () => {
    expect(problems(() => s.validate({ ...good, optimizer: "sdg" }))).toEqual([
      '"optimizer" is "sdg", expected one of "adam", "sgd"; did you mean "sgd"?',
    ]);
  });

  it("names a missing parent, and not its children", () => {
    expect(problems(() => s.validate({ ...good, optimizer: undefined })))
      .toEqual(['"optimizer" is missing']);
  });

  it("names every problem at once", () => {
    const found = problems(() =>
      s.validate({ rate: 2, layers: 2, optimizer: "sgd", beta: 1, lr: 1 })
    );
    expect(found.map((text) => text.split(" ")[0])).toEqual([
      '"lr"',
      '"rate"',
      '"momentum"',
      '"beta"',
      '"skip"',
    ]);
  });

  it("takes nothing but an object", () => {
    for (const wrong of [null, undefined, 1, "a", [1]]) {
      expect(() => s.validate(wrong)).toThrow(TypeError);
      expect(() => s.validate(wrong)).toThrow(
        /Cannot read the configuration: found .*, expected an object such as \{ rate: value \}/,
      );
    }
  });

  it("does not take what an object has by birth for values", () => {
    const odd = space({ constructor: float(0, 1), toString: float(0, 1) });
    expect(problems(() => odd.validate({}))).toHaveLength(2);
  });

  it("takes every configuration that the space samples, unchanged", () => {
    fc.assert(fc.property(arbitraryConfigured(), ({ space, configuration }) => {
      expect(space.validate(configuration)).toEqual(configuration);
    }));
  });

  it("refuses every configuration that lacks a parameter without a default", () => {
    fc.assert(fc.property(
      arbitraryConfigured(),
      fc.nat(),
      ({ space, configuration }, pick) => {
        const names = Object.keys(configuration);
        const name = names[pick % names.length]!;
        const { [name]: _, ...rest } = configuration;
        if (space.parameter(name).default === undefined) {
          expect(problems(() => space.validate(rest))).toEqual([
            `${JSON.stringify(name)} is missing`,
          ]);
        }
      },
    ));
  });
});

describe("Space.validatePartial()", () => {
  it("takes a part, and fills in nothing", () => {
    expect(s.validatePartial({})).toEqual({});
    expect(s.validatePartial({ rate: 0.1 })).toEqual({ rate: 0.1 });
    expect(Object.isFrozen(s.validatePartial({}))).toBe(true);
  });

  it("takes a child without its parent", () => {
    expect(s.validatePartial({ momentum: 0.9, skip: true })).toEqual({
      momentum: 0.9,
      skip: true,
    });
  });

  it("moves values that miss a step by noise exactly onto it", () => {
    expect(s.validatePartial({ dropout: 0.1 + 0.2 })).toEqual({ dropout: 0.3 });
  });

  it("refuses a child that a given parent makes inactive", () => {
    expect(
      problems(() => s.validatePartial({ optimizer: "adam", momentum: 0.9 })),
    ).toEqual([
      '"momentum" is not used here: it needs optimizer to be "sgd"; leave it out',
    ]);
  });

  it("refuses children that no value of a parent left open makes active together", () => {
    expect(problems(() => s.validatePartial({ momentum: 0.9, beta: 0.9 })))
      .toEqual([
        '"momentum" and "beta" cannot stand together: no value of "optimizer" makes all of them active',
      ]);
    expect(() => s.validatePartial({ skip: true, alpha: 0.1 })).toThrow(
      /"skip" and "alpha".*"layers"/,
    );
  });

  it("names every problem at once", () => {
    expect(problems(() => s.validatePartial({ rate: 2, layers: 0, x: 1 })))
      .toHaveLength(3);
  });

  it("takes any part of a valid configuration", () => {
    fc.assert(fc.property(arbitraryFixed(), ({ space, fixed }) => {
      expect(space.validatePartial(fixed)).toEqual(fixed);
    }));
  });
});

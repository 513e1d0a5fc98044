import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import fc from "fast-check";
import {
  boolean,
  choice,
  float,
  int,
  ordinal,
  type Parameter,
  Space,
  space,
  type SpaceDefinition,
} from "../../lib/space/mod.ts";
import { arbitraryConfigured } from "../support/arbitrary_space.ts";

const s = space({
  rate: float(1e-4, 1, { log: true, default: 0.1 }),
  units: int(8, 64, { step: 8 }),
  size: ordinal([16, 32]),
  optimizer: choice(["adam", "sgd"]),
  nesterov: boolean().when({ optimizer: "sgd", units: { min: 16 } }),
  dropout: float(0, 0.5, { step: 0.1 }),
});

describe("space()", () => {
  it("knows its parameters by name", () => {
    expect(s.dimension).toBe(6);
    expect(s.has("rate")).toBe(true);
    expect(s.has("toString")).toBe(false);
    expect(s.parameter("units").kind).toBe("int");
    expect(() => s.parameter("unit")).toThrow(
      /Cannot find the parameter "unit": the space has "rate", "units".*; did you mean "units"\?/,
    );
    expect(() => s.parameter("momentum")).toThrow(/"dropout"$/);
  });

  it("refuses what is no definition", () => {
    for (const wrong of [null, undefined, 1, [float(0, 1)]]) {
      expect(() => space(wrong as unknown as SpaceDefinition)).toThrow(
        TypeError,
      );
    }
    expect(() => space({ x: [0, 1] } as unknown as SpaceDefinition)).toThrow(
      /Cannot make the parameter "x": found \[0, 1\], expected float\(…\), int/,
    );
    expect(() => space({})).toThrow(/no parameters, expected at least one/);
  });

  it("may be open: without a parameter, until it is given some", () => {
    const open = Space.open();
    expect(open.sample(() => 0.5)).toEqual({});
    expect(Space.fromJSON(JSON.parse(JSON.stringify(open))).names).toEqual([]);
    const { parameters: [rate, units] } = space({
      rate: float(0, 1),
      units: int(1, 8),
    });
    const grown = open.with(rate!).with(units!).with(
      { ...rate!, high: 2 } as Parameter,
    );
    expect(String(grown)).toBe("rate: float in [0, 2]\nunits: int in [1, 8]");
  });

  it("refuses a name twice", () => {
    const parameter = s.parameter("rate") as Parameter;
    expect(() => new Space([parameter, parameter])).toThrow(
      /the name "rate" stands twice/,
    );
  });

  it("says in words what a parameter needs, and what there is", () => {
    expect(s.describeConditions("rate")).toBe("nothing");
    expect(s.describeConditions("nesterov")).toBe(
      'optimizer to be "sgd" and units to be at least 16',
    );
    expect(String(s)).toBe([
      "rate: float in [0.0001, 1], log",
      "units: int in [8, 64], step 8",
      "size: ordinal of 16, 32",
      'optimizer: choice of "adam", "sgd"',
      'nesterov: boolean, needs optimizer to be "sgd" and units to be at least 16',
      "dropout: float in [0, 0.5], step 0.1",
    ].join("\n"));
  });

  it("says whether a value is allowed", () => {
    s.checkValue("rate", 0.5);
    expect(() => s.checkValue("rate", 2)).toThrow(
      /Cannot take the value of "rate": it is 2, expected a number between/,
    );
  });

  it("arranges values in its order, without names it does not have", () => {
    const found = s.arrange({ units: 8, other: 1, rate: 1, size: undefined });
    expect(Object.entries(found)).toEqual([["rate", 1], ["units", 8]]);
    expect(Object.isFrozen(found)).toBe(true);
  });
});

describe("Space.isConditional", () => {
  it("says whether something is active in some configurations only", () => {
    expect(space({ x: float(0, 1), on: boolean() }).isConditional).toBe(false);
    const child = space({ on: boolean(), x: float(0, 1).when({ on: true }) });
    expect(child.isConditional).toBe(true);
  });
});

describe("Space.toJSON() and Space.fromJSON()", () => {
  const again = (space: Space) =>
    Space.fromJSON(JSON.parse(JSON.stringify(space)));

  it("give the same space back", () => {
    expect(again(s).toJSON()).toEqual(s.toJSON());
    expect(String(again(s))).toBe(String(s));
  });

  it("give back any space, with the same configurations and the same text", () => {
    fc.assert(fc.property(arbitraryConfigured(), ({ space, configuration }) => {
      const copy = again(space);
      expect(JSON.stringify(copy)).toBe(JSON.stringify(space));
      expect(copy.validate(configuration)).toEqual(configuration);
      expect(copy.encode(configuration)).toEqual(space.encode(configuration));
    }));
  });

  it("freeze what was read", () => {
    const [condition] = again(s).parameter("nesterov").conditions;
    expect(Object.isFrozen(condition)).toBe(true);
    expect(Object.isFrozen(condition!.values)).toBe(true);
  });

  const one = { name: "x", kind: "float", low: 0, high: 1, conditions: [] };
  const withCondition = (condition: unknown) => ({
    version: 1,
    parameters: [one, { ...one, name: "y", conditions: [condition] }],
  });
  const unreadable: readonly [rule: string, json: unknown][] = [
    ["nothing", null],
    ["undefined", undefined],
    ["another version", { version: 2, parameters: [one] }],
    ["no version", { parameters: [one] }],
    ["no list of parameters", { version: 1, parameters: {} }],
    ["a parameter of null", { version: 1, parameters: [null] }],
    ["a parameter without a name", {
      version: 1,
      parameters: [{ ...one, name: 1 }],
    }],
    ["a parameter without conditions", {
      version: 1,
      parameters: [{ name: "x", kind: "boolean" }],
    }],
    ["a condition of null", withCondition(null)],
    ["a condition without a parent", withCondition({ values: [1] })],
    ["a condition without values", withCondition({ parent: "x" })],
    ["a condition with no values", withCondition({ parent: "x", values: [] })],
    [
      "a condition with a bound of null",
      withCondition({ parent: "x", min: null }),
    ],
    [
      "a condition with values and bounds that are none",
      withCondition({ parent: "x", values: 3 }),
    ],
  ];
  for (const [rule, json] of unreadable) {
    it(`refuse ${rule}`, () => {
      expect(() => Space.fromJSON(json)).toThrow(SyntaxError);
      expect(() => Space.fromJSON(json)).toThrow(/^Cannot read the space: /);
    });
  }

  it("check parameters and conditions as space() does", () => {
    const wrong = { ...one, low: 2 };
    expect(() => Space.fromJSON({ version: 1, parameters: [wrong] })).toThrow(
      /low \(2\) is above high \(1\)/,
    );
    expect(() => Space.fromJSON(withCondition({ parent: "z", min: 0 })))
      .toThrow(/"z", which is not in the space/);
    expect(() => Space.fromJSON({ version: 1, parameters: [] })).toThrow(
      /no parameters/,
    );
    const kind = { ...one, kind: "complex" };
    expect(() => Space.fromJSON({ version: 1, parameters: [kind] })).toThrow(
      /the kind is "complex", expected float, int/,
    );
  });
});

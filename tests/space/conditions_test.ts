import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import fc from "fast-check";
import {
  boolean,
  choice,
  type Configuration,
  float,
  int,
  ordinal,
  type Space,
  space,
  type SpaceDefinition,
  when,
} from "../../lib/space/mod.ts";
import {
  arbitraryConfigured,
  arbitraryFixed,
  arbitrarySpace,
  arbitraryUnit,
} from "../support/arbitrary_space.ts";

describe("conditions that make no sense are refused", () => {
  const cases: readonly [
    rule: string,
    definition: SpaceDefinition,
    message: RegExp,
  ][] = [
    [
      "an unknown parent",
      { optimiser: choice(["sgd"]), x: float(0, 1).when({ optimizer: "sgd" }) },
      /"x" is conditional on "optimizer", which is not in the space \(it has "optimiser", "x"\); did you mean "optimiser"\?/,
    ],
    [
      "itself for a parent",
      { x: float(0, 1).when({ x: { min: 0.5 } }) },
      /circle \(x → x\)/,
    ],
    [
      "a circle",
      {
        a: boolean().when({ c: true }),
        b: boolean().when({ a: true }),
        c: boolean().when({ b: true }),
      },
      /the conditions go round in a circle \(a → c → b → a\); at least one parameter must stand without/,
    ],
    [
      "a value that the parent does not have",
      { a: choice(["adam", "sgd"]), x: float(0, 1).when({ a: "sgdd" }) },
      /"x" is conditional on "a", and the value asked for is "sgdd", expected one of "adam", "sgd"; did you mean "sgd"\?/,
    ],
    [
      "a value out of the parent's range",
      { n: int(1, 4), x: float(0, 1).when({ n: [2, 5] }) },
      /is 5, expected a whole number between 1 and 4/,
    ],
    [
      "a range beside the parent's",
      { n: int(1, 4), x: float(0, 1).when({ n: { min: 5 } }) },
      /\[5, Infinity\], but its range is \[1, 4\] in steps of 1, so it would never hold/,
    ],
    [
      "a range turned round",
      { n: int(1, 4), x: float(0, 1).when({ n: { min: 3, max: 2 } }) },
      /it would never hold/,
    ],
    [
      "a range between two steps",
      {
        n: int(0, 9, { step: 3 }),
        x: float(0, 1).when({ n: { min: 4, max: 5 } }),
      },
      /in steps of 3, so it would never hold/,
    ],
    [
      "a range between two values",
      { n: ordinal([1, 8]), x: float(0, 1).when({ n: { min: 2, max: 7 } }) },
      /its values are 1, 8, so it would never hold/,
    ],
    [
      "a range of a parent that has other values than numbers",
      { k: choice(["a", 1]), x: float(0, 1).when({ k: { min: 0 } }) },
      /by a range, but its values are not numbers; list values instead/,
    ],
    [
      "two that contradict each other",
      {
        k: choice(["a", "b"]),
        x: float(0, 1).when({ k: "a" }).when({ k: "b" }),
      },
      /"x" could never be active.*k to be "a" and k to be "b"/,
    ],
    [
      "one that contradicts the parent's own",
      {
        k: choice(["a", "b"]),
        x: boolean().when({ k: "a" }),
        y: boolean().when({ x: true, k: "b" }),
      },
      /"y" could never be active/,
    ],
  ];
  for (const [rule, definition, message] of cases) {
    it(rule, () => {
      expect(() => space(definition)).toThrow(RangeError);
      expect(() => space(definition)).toThrow(message);
      expect(() => space(definition)).toThrow(/^Cannot make the space: /);
    });
  }
});

describe("the order of a space", () => {
  it("is the one given, and in `ordered` parents stand first", () => {
    const s = space({
      c: float(0, 1).when({ b: true }),
      b: boolean().when({ a: "x" }),
      a: choice(["x", "y"]),
    });
    expect(s.names).toEqual(["c", "b", "a"]);
    expect(s.ordered.map(({ name }) => name)).toEqual(["a", "b", "c"]);
  });

  it("always has parents before children in `ordered`", () => {
    fc.assert(fc.property(arbitrarySpace({ maxParameters: 10 }), (s) => {
      const seen = new Set<string>();
      for (const { name, conditions } of s.ordered) {
        for (const { parent } of conditions) {
          expect(seen.has(parent)).toBe(true);
        }
        seen.add(name);
      }
      expect([...seen].sort()).toEqual([...s.names].sort());
    }));
  });
});

describe("Space.isActive()", () => {
  const s = space({
    model: choice(["net", "tree"]),
    ...when({ model: "net" }, {
      layers: int(1, 4),
      ...when({ layers: { min: 2, max: 3 } }, { skip: boolean() }),
    }),
  });

  it("is true without conditions", () => {
    expect(s.isActive("model", {})).toBe(true);
  });

  it("hangs on the parent's value, the ends of ranges included", () => {
    const active = (layers: number) =>
      s.isActive("skip", { model: "net", layers });
    expect([1, 2, 3, 4].map(active)).toEqual([false, true, true, false]);
  });

  it("is false if the parent is inactive or absent, whatever value stands there", () => {
    expect(s.isActive("skip", { model: "tree", layers: 2 })).toBe(false);
    expect(s.isActive("skip", { model: "net" })).toBe(false);
    expect(s.isActive("skip", {})).toBe(false);
  });

  it("takes a step with the noise of binary fractions for the step", () => {
    const steps = space({
      rate: float(0, 1, { step: 0.1 }),
      x: boolean().when({ rate: 0.1 + 0.2 }),
    });
    expect(steps.isActive("x", { rate: 0.3 })).toBe(true);
  });

  it("refuses an unknown name", () => {
    expect(() => s.isActive("skips", {})).toThrow(/did you mean "skip"\?/);
  });

  it("answers at once where many paths lead to the same parent", () => {
    const definition: Record<string, SpaceDefinition[string]> = {
      p0: boolean(),
      p1: boolean(),
    };
    for (let i = 2; i < 60; i++) {
      definition[`p${i}`] = boolean().when({
        [`p${i - 1}`]: true,
        [`p${i - 2}`]: true,
      });
    }
    const deep = space(definition);
    const all = Object.fromEntries(deep.names.map((name) => [name, true]));
    expect(deep.isActive("p59", all)).toBe(true);
    expect(Object.keys(deep.validate(all))).toHaveLength(60);
  });

  it("tells exactly which parameters a valid configuration has", () => {
    fc.assert(
      fc.property(arbitraryConfigured(), ({ space: s, configuration }) => {
        expect(s.names.filter((name) => s.isActive(name, configuration)))
          .toEqual(Object.keys(configuration));
      }),
    );
  });
});

describe("Space.decode() with fixed values", () => {
  const s: Space = space({
    rate: float(0, 1),
    size: float(0, 1, { step: 1 / 3 }),
    layers: int(0, 100, { step: 10 }),
    optimizer: choice(["adam", "sgd"]),
    momentum: float(0, 0.9).when({ optimizer: "sgd" }),
    x: boolean().when({ rate: { min: 0.25, max: 0.75 } }),
    y: boolean().when({ size: { min: 0.5 } }),
    z: boolean().when({ layers: { min: 15, max: 45 } }),
    listed: boolean().when({ layers: [10, 70] }),
  });
  const decode = (u: number, fixed: Configuration) =>
    s.decode(new Array(s.dimension).fill(u), fixed);

  it("keeps them", () => {
    expect(decode(0, { rate: 0.123, optimizer: "sgd" })).toMatchObject({
      rate: 0.123,
      optimizer: "sgd",
      momentum: 0,
    });
  });

  it("keeps a fixed null", () => {
    const k = space({ k: choice(["a", null]) });
    expect(k.decode([0], { k: null })).toEqual({ k: null });
  });

  it("lets a parent take the values alone that make a fixed child active", () => {
    const over = (name: string, parent: string, value = true as unknown) =>
      [0, 0.5, 1].map((u) =>
        decode(u, { [name]: value } as Configuration)[parent]
      );
    expect(over("momentum", "optimizer", 0.5)).toEqual(["sgd", "sgd", "sgd"]);
    expect(over("x", "rate")).toEqual([0.25, 0.5, 0.75]);
    expect(over("z", "layers")).toEqual([20, 30, 40]);
    expect(over("listed", "layers")).toEqual([10, 70, 70]);
    expect(over("y", "size")).toEqual([0.66666666666667, 1, 1]);
  });

  it("leaves out fixed values that other fixed ones make inactive", () => {
    const found = decode(0, { optimizer: "adam", momentum: 0.5 });
    expect(found).toMatchObject({ optimizer: "adam" });
    expect(found).not.toHaveProperty("momentum");
  });

  it("gives valid configurations that keep them, wherever they stand", () => {
    fc.assert(fc.property(
      arbitraryFixed().chain(({ space: s, fixed }) =>
        arbitraryUnit(s).map((unit) => ({ s, fixed, unit }))
      ),
      ({ s, fixed, unit }) => {
        const configuration = s.decode(unit, fixed);
        expect(configuration).toMatchObject(fixed);
        expect(s.validate(configuration)).toEqual(configuration);
      },
    ));
  });
});

import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import fc from "fast-check";
import {
  boolean,
  cardinality,
  choice,
  float,
  type GridPoints,
  int,
  ordinal,
  type Space,
  space,
} from "../../lib/space/mod.ts";
import { arbitrarySpace } from "../support/arbitrary_space.ts";

const axis = (s: Space, points?: GridPoints) =>
  s.grid({ points }).map((configuration) => configuration.x);

describe("Space.grid()", () => {
  it("has every value of discrete parameters, the last varying fastest", () => {
    const s = space({
      a: int(1, 2),
      b: choice(["p", "q"]),
      c: boolean(),
    });
    expect(s.grid().map(({ a, b, c }) => `${a}${b}${c ? 1 : 0}`)).toEqual([
      "1p0",
      "1p1",
      "1q0",
      "1q1",
      "2p0",
      "2p1",
      "2q0",
      "2q1",
    ]);
  });

  it("spreads points evenly over a range, both ends included", () => {
    expect(axis(space({ x: float(0, 1) }), 5)).toEqual([0, 0.25, 0.5, 0.75, 1]);
    expect(axis(space({ x: int(0, 100) }), 3)).toEqual([0, 50, 100]);
    expect(axis(space({ x: float(0, 1, { step: 0.1 }) }), 3)).toEqual([
      0,
      0.5,
      1,
    ]);
  });

  it("spreads points evenly over the logarithm of a logarithmic range", () => {
    const found = axis(space({ x: float(1e-4, 1, { log: true }) }), 3);
    expect(found[0]).toBe(1e-4);
    expect(found[1]).toBeCloseTo(1e-2, 14);
    expect(found[2]).toBe(1);
    expect(axis(space({ x: int(1, 100, { log: true }) }), 3)).toEqual([
      1,
      10,
      100,
    ]);
  });

  it("puts a single point in the middle", () => {
    expect(axis(space({ x: float(0, 1) }), 1)).toEqual([0.5]);
  });

  it("has all values where they are fewer than the points", () => {
    expect(axis(space({ x: int(1, 3) }), 10)).toEqual([1, 2, 3]);
    expect(axis(space({ x: ordinal([4, 2]) }), 1)).toEqual([4, 2]);
    expect(axis(space({ x: float(2, 2) }))).toEqual([2]);
    expect(axis(space({ x: float(2, 2) }), 5)).toEqual([2]);
  });

  it("takes lists of values by name, each once, steps exact", () => {
    const s = space({ x: float(0, 1, { step: 0.1 }), y: int(1, 9) });
    const found = s.grid({ points: { x: [0.3, 0.1 + 0.2, 0.1], y: [5] } });
    expect(found).toEqual([{ x: 0.3, y: 5 }, { x: 0.1, y: 5 }]);
  });

  it("has conditional parameters only where they are active, and nothing twice", () => {
    const s = space({
      optimizer: choice(["adam", "sgd"]),
      momentum: int(1, 3).when({ optimizer: "sgd" }),
      nesterov: boolean().when({ momentum: { min: 2 } }),
    });
    expect(s.grid()).toEqual([
      { optimizer: "adam" },
      { optimizer: "sgd", momentum: 1 },
      { optimizer: "sgd", momentum: 2, nesterov: false },
      { optimizer: "sgd", momentum: 2, nesterov: true },
      { optimizer: "sgd", momentum: 3, nesterov: false },
      { optimizer: "sgd", momentum: 3, nesterov: true },
    ]);
  });

  it("is the same whether children stand before their parents or after", () => {
    const before = space({
      child: int(1, 2).when({ parent: true }),
      parent: boolean(),
    });
    expect(before.grid()).toEqual([
      { parent: false },
      { child: 1, parent: true },
      { child: 2, parent: true },
    ]);
  });

  it("puts fixed values in place of their axes, on the grid or not", () => {
    const s = space({ x: float(0, 1), y: int(1, 2) });
    expect(s.grid({ points: 3, fixed: { x: 0.123 } })).toEqual([
      { x: 0.123, y: 1 },
      { x: 0.123, y: 2 },
    ]);
  });

  it("has of a parent the values that make a fixed child active", () => {
    const s = space({
      n: int(0, 9),
      x: boolean().when({ n: { min: 8 } }),
      rate: float(0, 1),
      y: boolean().when({ rate: { min: 0.6, max: 0.8 } }),
    });
    const fixed = { x: true, y: true };
    const rows = s.grid({ points: { rate: 3 }, fixed });
    expect(rows.map(({ n, rate }) => [n, rate])).toEqual([
      // None of 0, 0.5 and 1 will do, so three within the condition.
      ...[8, 9].flatMap((n) => [[n, 0.6], [n, 0.7], [n, 0.8]]),
    ]);
    expect(s.grid({ points: { rate: [0.1] }, fixed })).toEqual([]);
  });

  it("refuses a continuum without a number of points", () => {
    const s = space({ rate: float(0, 1) });
    expect(() => s.grid()).toThrow(RangeError);
    expect(() => s.grid()).toThrow(
      /"rate": it is a continuum.*\{ points: 5 \} or \{ points: \{ rate: 5 \} \}, or give the parameter a step/,
    );
    expect(() => s.grid({ points: { rate: undefined as unknown as number } }))
      .toThrow(/continuum/);
  });

  it("refuses an empty list, and values that the parameter does not have", () => {
    const s = space({ x: int(1, 3) });
    expect(() => s.grid({ points: { x: [] } })).toThrow(
      /its list of values is empty/,
    );
    expect(() => s.grid({ points: { x: [4] } })).toThrow(
      /over "x": a value in the list is 4, expected a whole number between 1 and 3/,
    );
  });

  it("refuses a number of points that is not a whole number of at least 1", () => {
    for (const points of [0, -1, 1.5, NaN, "3" as unknown as number]) {
      expect(() => space({ x: float(0, 1) }).grid({ points })).toThrow(
        /the number of points is .*, expected a whole number of at least 1/,
      );
    }
  });

  it("refuses a name that is not in the space", () => {
    expect(() => space({ rate: float(0, 1) }).grid({ points: { rat: 3 } }))
      .toThrow(/did you mean "rate"\?/);
  });

  it("refuses more than a million configurations, or values of one parameter", () => {
    const many = space({ a: int(1, 1000), b: int(1, 1000), c: boolean() });
    expect(() => many.grid()).toThrow(
      /more than 1,000,000 configurations; take fewer points/,
    );
    expect(() => space({ seed: int(0, 1e15) }).grid()).toThrow(
      /"seed": it has 1,000,000,000,000,001 values.*give it a number of points/,
    );
  });

  it("has nothing twice, and valid configurations alone", () => {
    fc.assert(fc.property(arbitrarySpace({ maxParameters: 5 }), (s) => {
      const found = s.grid({ points: 2 });
      expect(found.length).toBeGreaterThan(0);
      expect(new Set(found.map((one) => JSON.stringify(one))).size)
        .toBe(found.length);
      for (const one of found.slice(0, 50)) {
        expect(s.validate(one)).toEqual(one);
      }
    }));
  });

  it("has as many configurations as the product of the values, without conditions", () => {
    const spaces = arbitrarySpace({
      maxParameters: 2,
      finite: true,
      conditions: false,
    });
    fc.assert(fc.property(spaces, (s) => {
      const count = s.parameters.map(cardinality).reduce((a, b) => a * b, 1);
      if (count <= 20_000) expect(s.grid()).toHaveLength(count);
    }));
  });
});

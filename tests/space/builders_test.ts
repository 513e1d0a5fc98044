import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import {
  boolean,
  choice,
  type Condition,
  float,
  int,
  space,
  when,
} from "../../lib/space/mod.ts";

const conditionsOf = (condition: unknown) =>
  float(0, 1).when(condition as Condition).draft.conditions;

describe(".when()", () => {
  it("takes a value, a list of values, or a range", () => {
    expect(conditionsOf({ a: "x" })).toEqual([{ parent: "a", values: ["x"] }]);
    expect(conditionsOf({ a: [1, 2] })).toEqual([{
      parent: "a",
      values: [1, 2],
    }]);
    expect(conditionsOf({ a: null })).toEqual([{
      parent: "a",
      values: [null],
    }]);
    expect(conditionsOf({ a: { min: 2 } })).toEqual([{ parent: "a", min: 2 }]);
    expect(conditionsOf({ a: { min: 2, max: 5 } })).toEqual([
      { parent: "a", min: 2, max: 5 },
    ]);
  });

  it("takes several parents, and adds up when it is called twice", () => {
    const both = [{ parent: "a", values: [1] }, { parent: "b", values: [2] }];
    expect(conditionsOf({ a: 1, b: 2 })).toEqual(both);
    expect(float(0, 1).when({ a: 1 }).when({ b: 2 }).draft.conditions)
      .toEqual(both);
  });

  it("leaves the parameter that it is called on as it was", () => {
    const plain = float(0, 1);
    plain.when({ a: 1 });
    expect(plain.draft.conditions).toEqual([]);
  });

  it("does not change with the caller's list", () => {
    const values = [1, 2];
    const { conditions } = float(0, 1).when({ a: values }).draft;
    values.push(3);
    expect(conditions[0]!.values).toEqual([1, 2]);
  });

  it("refuses what is no condition", () => {
    for (const wrong of [null, undefined, "a", ["a"], 1]) {
      expect(() => conditionsOf(wrong)).toThrow(TypeError);
      expect(() => conditionsOf(wrong)).toThrow(
        /Cannot read the condition: found .*, expected an object such as \{ optimizer: "sgd" \}/,
      );
    }
    expect(() => conditionsOf({})).toThrow(/it names no parameter/);
  });

  it("refuses a value that no parameter can have", () => {
    const wrong = [
      undefined,
      () => 1,
      Symbol("s"),
      1n,
      {},
      { min: "1" },
      { min: NaN },
      { from: 1 },
      { min: 1, to: 2 },
    ];
    for (const value of wrong) {
      expect(() => conditionsOf({ a: value })).toThrow(TypeError);
      expect(() => conditionsOf({ a: value })).toThrow(
        /the condition on "a": found .*, expected a value, an array of values, or a range/,
      );
    }
  });

  it("refuses an infinite bound, which JSON cannot hold", () => {
    expect(() => conditionsOf({ a: { min: 1, max: Infinity } })).toThrow(
      /of finite numbers/,
    );
  });

  it("refuses an empty list", () => {
    expect(() => conditionsOf({ a: [] })).toThrow(RangeError);
    expect(() => conditionsOf({ a: [] })).toThrow(/it would never hold/);
  });
});

describe("when()", () => {
  it("puts each parameter of the group under the condition, before its own", () => {
    const { x, y } = when({ a: 1 }, {
      x: float(0, 1),
      y: boolean().when({ x: { min: 0.5 } }),
    });
    expect(x.draft.conditions).toEqual([{ parent: "a", values: [1] }]);
    expect(y.draft.conditions).toEqual([
      { parent: "a", values: [1] },
      { parent: "x", min: 0.5 },
    ]);
  });

  it("nests, and equals .when() on each", () => {
    const grouped = space({
      a: choice(["p", "q"]),
      ...when({ a: "p" }, {
        b: int(1, 3),
        ...when({ b: 2 }, { c: float(0, 1) }),
      }),
    });
    const single = space({
      a: choice(["p", "q"]),
      b: int(1, 3).when({ a: "p" }),
      c: float(0, 1).when({ a: "p" }).when({ b: 2 }),
    });
    expect(grouped.toJSON()).toEqual(single.toJSON());
  });
});

import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import { nearest, show } from "../../lib/space/_show.ts";

describe("nearest()", () => {
  const names = ["learningRate", "units", "lr", "c"];

  it("finds a name with a letter wrong, missing, too many, or swapped", () => {
    for (const typo of ["unitt", "unit", "unitss", "untis", "Units"]) {
      expect(nearest(typo, names)).toBe("units");
    }
    expect(nearest("leraningRate", names)).toBe("learningRate");
  });

  it("finds nothing where all letters would have to change", () => {
    expect(nearest("x", names)).toBeNull();
    expect(nearest("momentum", names)).toBeNull();
    expect(nearest("", names)).toBeNull();
  });

  it("takes the nearest, the first of equals", () => {
    expect(nearest("units", ["unit", "units2", "units"])).toBe("units");
    expect(nearest("unitz", ["unita", "unitb"])).toBe("unita");
  });
});

describe("show()", () => {
  it("writes values as they stand in code", () => {
    expect(["a", 1, NaN, null, undefined, true, 1n].map(show)).toEqual([
      '"a"',
      "1",
      "NaN",
      "null",
      "undefined",
      "true",
      "1n",
    ]);
    expect(show([1, ["a"]])).toBe('[1, ["a"]]');
    expect(show({ a: 1 })).toBe('{"a":1}');
    expect(show(() => 1)).toBe("a function");
    expect(show(Symbol("s"))).toBe("Symbol(s)");
  });

  it("cuts what is long, and survives what JSON cannot write", () => {
    expect(show(new Array(20).fill(0))).toBe("[0, 0, 0, 0, 0, 0, 0, 0, …]");
    expect(show({ text: "x".repeat(200) })).toHaveLength(80);
    const circle: Record<string, unknown> = {};
    circle.self = circle;
    expect(show(circle)).toBe("an object");
  });
});

import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import fc from "fast-check";
import { parsePythonJSON, pythonJSON } from "../../lib/storage/mod.ts";
import { arbitraryAttribute } from "../support/arbitrary_trial.ts";

describe("pythonJSON() and parsePythonJSON()", () => {
  it("write and read numbers that JSON lacks, bare as Python has them", () => {
    // json.dumps([float("nan"), float("inf"), -math.inf, -0.0, "NaN"]) of Python 3.11
    const text = '[NaN, Infinity, -Infinity, -0.0, "NaN"]';
    const value = [NaN, Infinity, -Infinity, -0, "NaN"];
    expect(parsePythonJSON(text)).toEqual(value);
    expect(pythonJSON(value)).toBe(text.replaceAll(", ", ","));
  });

  it("leave texts alone, however they are written", () => {
    expect(parsePythonJSON('{"n": NaN, "s\\ue000NaN": ["\\ue000NaN", "nNaN"]}'))
      .toEqual({ n: NaN, "s\uE000NaN": ["\uE000NaN", "nNaN"] });
  });

  it("do what JSON.stringify does with what is no JSON", () => {
    const odd = {
      left: undefined,
      fn: () => 1,
      list: [undefined, () => 1],
      date: new Date(0),
    };
    expect(pythonJSON(odd)).toBe(JSON.stringify(odd));
    expect(pythonJSON(undefined)).toBe("null");
    const circle: unknown[] = [];
    circle.push(circle);
    expect(() => pythonJSON(circle)).toThrow("contains itself");
    expect(() => parsePythonJSON('{"a": NaN')).toThrow(SyntaxError);
    expect(() => parsePythonJSON("[Nan]")).toThrow(SyntaxError);
  });

  it("give any value back", () => {
    fc.assert(
      fc.property(arbitraryAttribute(), arbitraryAttribute(), (a, b) => {
        const value = { a, list: [b, NaN] };
        expect(parsePythonJSON(pythonJSON(value))).toEqual(value);
      }),
    );
  });
});

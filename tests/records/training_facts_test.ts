import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import { trainingFactsKey, trainingFactsOf } from "../../lib/records/mod.ts";

describe("trainingFactsOf()", () => {
  it("finds none where nothing was told, or what was told is of another kind", () => {
    expect(trainingFactsOf({})).toEqual({});
    for (const told of [null, 3, "x", [], { baseline: "2" }]) {
      expect(trainingFactsOf({ [trainingFactsKey]: told })).toEqual({});
    }
    expect(trainingFactsOf({
      [trainingFactsKey]: { baseline: 0, nValidation: NaN, trainAveraged: 1 },
    })).toEqual({});
  });

  it("gives back what was told", () => {
    const facts = { baseline: 2.3, nValidation: 360, trainAveraged: true };
    expect(trainingFactsOf({ [trainingFactsKey]: facts })).toEqual(facts);
  });
});

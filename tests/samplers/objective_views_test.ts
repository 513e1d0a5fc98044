import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import { scaledLosses } from "../../lib/samplers/_objective_views.ts";

describe("scaledLosses()", () => {
  it("are shares of each objective's range", () => {
    expect(scaledLosses([[0, 5], [1, 10], [4, 15]])).toEqual([
      [0, 0],
      [0.25, 0.5],
      [1, 1],
    ]);
  });

  it("of ranges as large or as small as numbers can be are numbers", () => {
    const { MAX_VALUE, MIN_VALUE } = Number;
    expect(scaledLosses([[-MAX_VALUE, 0], [MAX_VALUE, MIN_VALUE]])).toEqual([
      [0, 0],
      [1, 1],
    ]);
  });
});

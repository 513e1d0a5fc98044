import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import { savingsRows } from "../../lib/charts/mod.ts";
import { minimize } from "../../lib/records/mod.ts";
import { float, type Space, space } from "../../lib/space/mod.ts";
import { makeView, studyOver } from "../support/chart_views.ts";

const line = space({ x: float(0, 1) }) as unknown as Space;
const values = [5, 3, 4, 2];
const view = {
  ...studyOver(line, 4, (i) => ({ value: values[i]! })),
  objectives: [minimize("loss")],
};

describe("savingsRows()", () => {
  it("of no trial or no cold run has nothing to compare", () => {
    const { warm, saved } = savingsRows(makeView({ trials: 0 }), [[1]]);
    expect([warm, saved]).toEqual([[], []]);
    expect(savingsRows(view, []).saved).toEqual([]);
  });

  it("draws the best so far", () => {
    const { warm, cold } = savingsRows(view, [[9, 7, 8, 5]]);
    expect(warm.map(({ v }) => v)).toEqual([5, 3, 3, 2]);
    expect(cold.map(({ v }) => v)).toEqual([9, 7, 7, 5]);
  });

  it("counts the trials that the median cold run needs, null where it never gets there", () => {
    const { saved } = savingsRows(view, [
      [9, 5, 4, 3],
      [9, 9, 5, 4],
      [9, 5, 3, 2],
    ]);
    expect(saved).toEqual([{ after: 1, cold: 2 }, { after: 3, cold: 4 }]);
    expect(savingsRows(view, [[9, 8]]).saved).toEqual([
      { after: 1, cold: null },
      { after: 3, cold: null },
    ]);
  });

  it("of a study that is its own cold run saves nothing", () => {
    for (const { after, cold } of savingsRows(view, [values]).saved) {
      expect(cold! <= after).toBe(true);
    }
  });
});

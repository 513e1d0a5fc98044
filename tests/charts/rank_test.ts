import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import { rankChart, rankRows } from "../../lib/charts/mod.ts";
import { maximize } from "../../lib/records/mod.ts";
import { float, type Space, space } from "../../lib/space/mod.ts";
import { makeView, studyOver } from "../support/chart_views.ts";

const plane = space({ x: float(0, 1), y: float(0, 1) }) as unknown as Space;

describe("rankRows()", () => {
  it("of no trial has no points", () => {
    expect(rankRows(makeView({ trials: 0 })).points).toEqual([]);
  });

  it("goes from 0, the worst, to 1, the best; equals share the middle", () => {
    const values = [4, 2, 2, 1, 9];
    const view = studyOver(plane, 5, (i) => ({ value: values[i]! }));
    const { points } = rankRows(view);
    expect(points.map(({ v, r }) => [v, r])).toEqual([
      [9, 0],
      [4, 0.25],
      [2, 0.625],
      [2, 0.625],
      [1, 1],
    ]);
    const up = studyOver(plane, 5, (i) => ({ value: values[i]! }), maximize());
    expect(rankRows(up).points.at(-1)!.v).toBe(9);
  });

  it("takes the three parameters that matter most, in the space's order", () => {
    const { fields } = rankRows(makeView({ trials: 60 }));
    expect(Object.keys(fields)).toEqual(["f0", "f1", "f2"]);
  });

  it("refuses one parameter, and five", () => {
    const view = makeView({ trials: 5 });
    expect(() => rankChart(view, { parameters: ["units"] })).toThrow(
      /1 parameter is named, expected 2 to 4/,
    );
    expect(() => rankChart(view, { parameters: view.space.names.slice(0, 5) }))
      .toThrow(RangeError);
  });
});

describe("rankChart()", () => {
  it("of a space with one parameter says that there is no pair", () => {
    const one = space({ x: float(0, 1) }) as unknown as Space;
    expect(JSON.stringify(rankChart(studyOver(one, 5, () => ({}))).spec))
      .toContain("no pair to show");
  });
});

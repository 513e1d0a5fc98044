import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import { footprintRows } from "../../lib/charts/mod.ts";
import { float, type Space, space } from "../../lib/space/mod.ts";
import { makeView, studyOver } from "../support/chart_views.ts";
import { trialOf, viewOf } from "../support/views.ts";

const plane = space({ x: float(0, 1), y: float(0, 1) }) as unknown as Space;

describe("footprintRows()", () => {
  it("of no trial has no points, and nothing beside them", () => {
    const { points, others } = footprintRows(makeView({ trials: 0 }));
    expect([points, others]).toEqual([[], []]);
  });

  it("of two numbers keeps all of the spread, and what is near stays near", () => {
    const view = viewOf(plane, [
      trialOf(0, { x: 0.1, y: 0.1 }, { value: 1 }),
      trialOf(1, { x: 0.12, y: 0.1 }, { value: 2 }),
      trialOf(2, { x: 0.9, y: 0.8 }, { value: 3 }),
    ]);
    const { points, kept } = footprintRows(view);
    const at = new Map(points.map((point) => [point.n, point]));
    const distance = (a: number, b: number) =>
      Math.hypot(
        Number(at.get(a)!.x) - Number(at.get(b)!.x),
        Number(at.get(a)!.y) - Number(at.get(b)!.y),
      );
    expect(kept).toBeCloseTo(1, 6);
    expect(distance(0, 1)).toBeLessThan(distance(0, 2) / 10);
  });

  it("ranks from the worst to the best, the best last; null without a value", () => {
    const view = studyOver(
      plane,
      4,
      (i) => i === 1 ? { state: "failed" } : { value: i },
    );
    const { points } = footprintRows(view);
    expect(points.map(({ n, r, v }) => [n, r, v])).toEqual([
      [1, null, "failed"],
      [3, 0, "3"],
      [2, 0.5, "2"],
      [0, 1, "0"],
    ]);
  });

  it("shows 180 of 10,000 trials, and counts the others", () => {
    const { points, omitted } = footprintRows(makeView({ trials: 10_000 }));
    expect(points.length).toBeLessThanOrEqual(180);
    expect(points.length + omitted).toBe(10_000);
  });
});

import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import { timelineRows } from "../../lib/charts/mod.ts";
import { float, type Space, space } from "../../lib/space/mod.ts";
import { makeView, studyOver } from "../support/chart_views.ts";

const line = space({ x: float(0, 1) }) as unknown as Space;
/** Trials two minutes long, one begun each minute: two at a time. */
const twoWorkers = (trials: number) =>
  studyOver(line, trials, (i) => ({
    startedAt: new Date(60_000 * i),
    finishedAt: new Date(60_000 * (i + 2)),
  }));

describe("timelineRows()", () => {
  it("of no trial has no rows", () => {
    const { rows, together, spanMs } = timelineRows(makeView({ trials: 0 }));
    expect([rows, together, spanMs]).toEqual([[], 0, 0]);
  });

  it("has a row a trial, its times in minutes after the first began", () => {
    const { rows, unit, together, spanMs, busyMs } = timelineRows(
      twoWorkers(3),
    );
    expect(rows.map(({ n, y, a, b, k }) => [n, y, a, b, k])).toEqual([
      [0, 0, 0, 2, "complete"],
      [1, 1, 1, 3, "complete"],
      [2, 2, 2, 4, "complete"],
    ]);
    expect([unit, together, spanMs, busyMs]).toEqual([
      "minutes",
      2,
      240_000,
      360_000,
    ]);
  });

  it("puts many trials into as many rows as ran at the same time", () => {
    const { rows, isShared, together } = timelineRows(twoWorkers(100));
    expect([isShared, together]).toEqual([true, 2]);
    expect(new Set(rows.map(({ y }) => y))).toEqual(new Set([0, 1]));
  });

  it("lets a running trial end when last something happened", () => {
    const view = studyOver(line, 2, (i) => ({
      state: i === 0 ? "running" : "complete",
      startedAt: new Date(0),
      finishedAt: i === 0 ? null : new Date(9000),
    }));
    expect(timelineRows(view).rows.map(({ b }) => b)).toEqual([9, 9]);
  });

  it("shows the latest of 10,000, so that gaps are pauses", () => {
    const { rows, omitted } = timelineRows(twoWorkers(10_000));
    expect(rows.length + omitted).toBe(10_000);
    expect(rows.at(-1)!.n).toBe(9999);
    expect(Number(rows.at(-1)!.n) - Number(rows[0]!.n)).toBe(rows.length - 1);
  });
});

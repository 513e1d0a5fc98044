import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import { maximize, minimize } from "../../lib/records/mod.ts";
import { splitTrials } from "../../lib/samplers/_tpe_split.ts";
import { type TrialDetails, trialOf } from "../support/views.ts";

const split = (
  details: readonly TrialDetails[],
  share = 0.5,
  objective = minimize("loss"),
) =>
  splitTrials(details.map((each, n) => trialOf(n, {}, each)), {
    objectives: [objective],
    share,
    least: 1,
    most: 25,
  });
const values = (...all: number[]) => all.map((value) => ({ value }));

describe("splitTrials()", () => {
  it("has nothing good or bad without trials", () => {
    expect(split([])).toEqual({ good: [], bad: [], ended: 0 });
  });

  it("takes the best share, the best first, rounded up", () => {
    expect(split(values(5, 1, 4, 2, 3))).toEqual({
      good: [1, 3, 4],
      bad: [0, 2],
      ended: 5,
    });
  });

  it("takes the largest values of an objective to maximize", () => {
    expect(split(values(5, 1, 4, 2), 0.5, maximize("accuracy")).good)
      .toEqual([0, 2]);
  });

  it("takes the earlier of equals, and never more than the most", () => {
    expect(split(values(...Array(100).fill(1))).good)
      .toEqual(Array.from({ length: 25 }, (_, n) => n));
  });

  it("never calls NaN or an infinitely bad value good", () => {
    expect(split(values(NaN, Infinity, -Infinity, 1), 0.99).good)
      .toEqual([2, 3]);
    expect(split(values(NaN, Infinity), 0.99)).toEqual({
      good: [],
      bad: [0, 1],
      ended: 2,
    });
    expect(split(values(-Infinity, 3), 0.99, maximize()).good).toEqual([1]);
  });

  it("ranks pruned trials behind complete ones, by steps and then by value", () => {
    const pruned = (...loss: number[]): TrialDetails => ({
      state: "pruned",
      curves: { loss },
    });
    const { good } = split([
      pruned(1),
      pruned(3, 2),
      { state: "pruned", value: 9 },
      pruned(3, 1),
      { value: 100 },
      pruned(1, NaN),
      { state: "pruned" },
    ], 0.99);
    expect(good).toEqual([4, 3, 1, 0, 2]);
  });

  it("counts running and waiting trials as bad, and failed ones not at all", () => {
    expect(split([
      { value: 1 },
      { state: "running" },
      { state: "failed" },
      { state: "waiting" },
      { value: 2 },
    ])).toEqual({ good: [0], bad: [1, 3, 4], ended: 2 });
  });

  it("takes no fewer than the least, unless fewer have ended", () => {
    const good = (count: number) =>
      splitTrials(
        values(3, 1, 2).slice(0, count).map((each, n) => trialOf(n, {}, each)),
        {
          objectives: [minimize("loss")],
          share: 0.1,
          least: 2,
          most: 25,
        },
      ).good;
    expect([0, 1, 3].map(good)).toEqual([[], [0], [1, 2]]);
  });
});

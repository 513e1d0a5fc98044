import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import { doubtAfter } from "../../lib/samplers/_gp_doubt.ts";
import { reasonOf } from "../../lib/samplers/_gp_reason.ts";
import { floats } from "../support/spaces.ts";
import { trialOf, viewOf } from "../support/views.ts";

describe("doubtAfter()", () => {
  const flat = (count: number) => new Array<number>(count).fill(2);

  it("is 0 while there are few trials, or none with a value", () => {
    expect(doubtAfter([])).toBe(0);
    expect(doubtAfter(flat(8))).toBe(0);
    expect(doubtAfter(new Array(40).fill(NaN))).toBe(0);
  });

  it("comes after eight trials without a gain, then each third", () => {
    const after = Array.from(
      { length: 18 },
      (_, n) => doubtAfter([4, 3, 1, ...flat(n)]),
    );
    expect(after).toEqual([
      ...[0, 0, 0, 0, 0, 0, 0, 0, 8, 0, 0, 11, 0, 0, 14, 0, 0, 17],
    ]);
  });

  it("ends with a gain, but not with next to none", () => {
    expect(doubtAfter([4, 3, 1, ...flat(8)])).toBe(8);
    expect(doubtAfter([4, 3, 1, ...flat(7), 0.5])).toBe(0);
    expect(doubtAfter([4, 3, 1, ...flat(7), 0.9999])).toBe(8);
  });

  it("takes huge values", () => {
    const huge = [1e308, -1e308, ...new Array(8).fill(1e308)];
    expect(doubtAfter(huge)).toBe(8);
  });
});

describe("reasonOf()", () => {
  const view = viewOf(floats(1), [trialOf(0, { x0: 0.5 }, { value: 2 })]);
  const parts = {
    prediction: { mean: 1.23456, sd: 0.111 },
    rule: "Expected improvement",
    isRepeat: false,
    doubt: 0,
    jitter: 0,
  };

  it("says what is expected and what the best is", () => {
    expect(reasonOf(view, parts)).toBe(
      "Expected improvement: 1.235 ± 0.11 expected, 2 is the best so far.",
    );
    expect(reasonOf(viewOf(floats(1)), parts)).toBe(
      "Expected improvement: 1.235 ± 0.11 expected.",
    );
  });

  it("says what was odd: doubt, jitter, a repeat", () => {
    expect(reasonOf(view, { ...parts, doubt: 8, jitter: 1e-9, isRepeat: true }))
      .toBe(
        "Expected improvement: 1.235 ± 0.11 expected, 2 is the best so far; after 8 trials without a gain the surrogate is trusted less; its covariances could be factored only with a jitter of 1e-9; every other configuration has been tried.",
      );
  });
});

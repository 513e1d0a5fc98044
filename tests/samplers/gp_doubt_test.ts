import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import { doubtOf } from "../../lib/samplers/_gp_doubt.ts";
import { reasonOf } from "../../lib/samplers/_gp_reason.ts";
import { floats } from "../support/spaces.ts";
import { trialOf, viewOf } from "../support/views.ts";

describe("doubtOf()", () => {
  const flat = (count: number) => new Array<number>(count).fill(1);

  it("is null while there are few trials, or none with a value", () => {
    expect(doubtOf([])).toBeNull();
    expect(doubtOf(flat(8))).toBeNull();
    expect(doubtOf(new Array(40).fill(NaN))).toBeNull();
  });

  it("comes after eight trials without a gain, then each fourth, in two ways in turn", () => {
    const found = Array.from(
      { length: 18 },
      (_, n) => doubtOf([2, 0.5, -1, ...flat(n)]),
    );
    const doubts = found.filter((doubt) => doubt !== null);
    expect(doubts).toEqual([
      { way: "rough", after: 8 },
      { way: "far", after: 12 },
      { way: "rough", after: 16 },
    ]);
    doubts.forEach((doubt) => expect(found[doubt.after]).toBe(doubt));
  });

  it("ends with a gain, but not with next to none", () => {
    const begun = [2, 0.5, -1, ...flat(7)];
    expect(doubtOf([...begun, 1])).not.toBeNull();
    expect(doubtOf([...begun, -2])).toBeNull();
    expect(doubtOf([...begun, -1.01])).not.toBeNull();
  });
});

describe("reasonOf()", () => {
  const view = viewOf(floats(1), [trialOf(0, { x0: 0.5 }, { value: 2 })]);
  const parts = {
    prediction: { mean: 1.23456, sd: 0.111 },
    rule: "Expected improvement",
    isRepeat: false,
    doubt: null,
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
    expect(
      reasonOf(view, {
        ...parts,
        doubt: { way: "far", after: 12 },
        jitter: 1e-9,
        isRepeat: true,
      }),
    )
      .toBe(
        "Expected improvement: 1.235 ± 0.11 expected, 2 is the best so far; after 12 trials without a gain it looks where least is known; its covariances could be factored only with a jitter of 1e-9; every other configuration has been tried.",
      );
  });
});

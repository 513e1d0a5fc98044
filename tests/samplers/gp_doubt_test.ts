import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import { hopefulArm } from "../../lib/samplers/_gp_arms.ts";
import { doubtOf as doubtIn } from "../../lib/samplers/_gp_doubt.ts";
import { reasonOf } from "../../lib/samplers/_gp_reason.ts";
import { boolean, choice, float, space } from "../../lib/space/mod.ts";
import { floats } from "../support/spaces.ts";
import { trialOf, viewOf } from "../support/views.ts";

describe("doubtOf()", () => {
  const flat = (count: number) => new Array<number>(count).fill(1);
  const plain = { dimension: 7, isConditional: false };
  const doubtOf = (values: readonly number[]) => doubtIn(values, plain);

  it("is null while there are few trials, or none with a value", () => {
    expect(doubtOf([])).toBeNull();
    expect(doubtOf(flat(6))).toBeNull();
    expect(doubtOf(new Array(40).fill(NaN))).toBeNull();
  });

  it("looks far at each fourth of the first trials, gain or not", () => {
    const falling = Array.from({ length: 60 }, (_, n) => -n);
    const found = falling.map((_, n) => doubtOf(falling.slice(0, n)));
    expect(found.flatMap((doubt, n) => doubt === null ? [] : [n]))
      .toEqual([7, 11, 15, 19, 23, 27, 31]);
    expect(found[7]).toEqual({ way: "far", after: null });
    const inTwo = falling.map((_, n) =>
      doubtIn(falling.slice(0, n), { ...plain, dimension: 2 })
    );
    expect(inTwo.flatMap((doubt, n) => doubt === null ? [] : [n])).toEqual([7]);
  });

  it("does not look far early on in a conditional space", () => {
    const falling = Array.from({ length: 40 }, (_, n) => -n);
    for (let n = 0; n < 40; n++) {
      const space = { ...plain, isConditional: true };
      expect(doubtIn(falling.slice(0, n), space)).toBeNull();
    }
  });

  /** So many trials, the last of them the first good one. */
  const begun = [...flat(39), -1];

  it("comes after eight trials without a gain, then each fourth, in two ways in turn", () => {
    const found = Array.from(
      { length: 18 },
      (_, n) => doubtOf([...begun, ...flat(n)]),
    );
    const doubts = found.filter((doubt) => doubt !== null);
    expect(doubts).toEqual([
      { way: "rough", after: 8 },
      { way: "far", after: 12 },
      { way: "rough", after: 16 },
    ]);
    doubts.forEach((doubt) => expect(found[doubt.after!]).toBe(doubt));
  });

  it("ends with a gain, but not with next to none", () => {
    const stuck = [...begun, ...flat(7)];
    expect(doubtOf([...stuck, 1])).not.toBeNull();
    expect(doubtOf([...stuck, -2])).toBeNull();
    expect(doubtOf([...stuck, -1.01])).not.toBeNull();
  });
});

describe("hopefulArm()", () => {
  const s = space({
    kind: choice(["a", "b", "c"]),
    on: boolean(),
    free: choice(["p", "q", "r", "s"]),
    x: float(0, 1).when({ kind: "a" }),
    y: float(0, 1).when({ on: true }),
  });
  const trialsOf = (...all: readonly ["a" | "b" | "c", number][]) => ({
    units: all.map(([kind]) =>
      s.encode(s.validate({
        kind,
        on: true,
        free: "p",
        ...kind === "a" ? { x: 0.5 } : {},
        y: 0.5,
      }))
    ),
    values: all.map(([, value]) => value),
  });
  const on = { on: true };

  it("is nothing where no parameter decides which others there are", () => {
    const none = { units: [], values: [] };
    expect(hopefulArm(floats(2), {}, none)).toBeNull();
    const mixed = space({ n: float(0, 1), kind: choice(["a", "b"]) });
    expect(hopefulArm(mixed, {}, none)).toBeNull();
    expect(hopefulArm(s, { kind: "a", on: true }, none)).toBeNull();
  });

  it("is the first branch without a trial", () => {
    const { fixed, best } = hopefulArm(s, on, trialsOf(["a", -1], ["c", 0]))!;
    expect(fixed).toEqual({ kind: "b" });
    expect(best).toBe(0);
  });

  it("is not that of the best trial", () => {
    const trials = trialsOf(["a", -2], ["b", 1], ["c", 1.5]);
    expect(hopefulArm(s, on, trials)!.fixed).toEqual({ kind: "b" });
  });

  it("is the one with the better best, where both were tried as often", () => {
    const trials = trialsOf(
      ["a", -2],
      ["b", 1],
      ["c", 0],
      ["b", 1.2],
      ["c", 1.9],
    );
    const { fixed, best, has } = hopefulArm(s, on, trials)!;
    expect(fixed).toEqual({ kind: "c" });
    expect(best).toBe(0);
    expect(trials.units.map(has)).toEqual([false, false, true, false, true]);
  });

  it("is the one that was tried less, where the best are much the same", () => {
    const often = Array.from({ length: 9 }, () => ["b", 0] as ["b", number]);
    const trials = trialsOf(["a", -2], ...often, ["c", 0.1]);
    expect(hopefulArm(s, on, trials)!.fixed).toEqual({ kind: "c" });
  });

  it("keeps what is fixed", () => {
    const trials = trialsOf(["a", 0], ["a", 1]);
    expect(hopefulArm(s, { kind: "a" }, trials)!.fixed).toEqual({ on: false });
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

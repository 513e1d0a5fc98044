import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import {
  compareFolds,
  crossValidate,
  type FoldFunction,
  folds,
  foldScoresOf,
  predictionsOf,
} from "../../lib/ensembles/mod.ts";
import { expectedGain } from "../../lib/ensembles/_race.ts";
import {
  studentExcess,
  studentQuantile,
  studentTail,
} from "../../lib/ensembles/_student.ts";
import { maximize, minimize } from "../../lib/records/mod.ts";
import { float, space } from "../../lib/space/mod.ts";
import { createStudy } from "../../lib/study/mod.ts";

const line = space({ x: float(0, 1) });
type Line = { readonly x: number };
const ten = folds(40, { count: 10 });

function study(objective = minimize("loss")) {
  return createStudy<Line>({
    name: "cv",
    space: line,
    objective,
    storage: "memory",
  });
}

/** A fold is harder than another for everyone, and a little by chance. */
const run: FoldFunction<Line> = (trial, { index }) =>
  trial.params.x + index / 5 + 0.02 * trial.random(`fold ${index}`).normal();

describe("crossValidate()", () => {
  it("keeps every fold's score, their mean and its standard error", async () => {
    const s = await study();
    const record = await s.try(
      { x: 0 },
      crossValidate(s, (_, { index }) => index, {
        folds: folds(9, { count: 3 }),
      }),
      { progress: false },
    );
    expect(record.value).toBe(1);
    const kept = foldScoresOf(record)!;
    expect(kept.scores).toEqual([0, 1, 2]);
    expect(kept.se).toBeCloseTo(Math.sqrt(1 / 3), 12);
    expect([kept.count, kept.testRatio]).toEqual([3, 0.5]);
    expect(record.curves.get("loss")!.values).toEqual([0, 0.5, 1]);
    expect(record.curves.get("loss by fold")!.values).toEqual([0, 1, 2]);
  });

  it("a configuration shown worse is stopped after a few folds, its mean so far kept", async () => {
    const s = await study();
    const objective = crossValidate(s, run, { folds: ten });
    for (const x of [0.1, 0.12, 0.9]) {
      await s.try({ x }, objective, { progress: false });
    }
    const bad = s.trial(2);
    expect(bad.state).toBe("pruned");
    expect(foldScoresOf(bad)!.scores.length).toBeLessThan(4);
    expect(bad.value).toBe(foldScoresOf(bad)!.mean);
    expect(bad.reason).toMatch(/worse than trial 0/);
  });

  it("each rule of the race works alone, and false runs all folds", async () => {
    const used: number[] = [];
    for (
      const race of [
        { by: "wilcoxon" },
        { by: "expected improvement" },
        false,
      ] as const
    ) {
      const s = await study(maximize("accuracy"));
      const objective = crossValidate(s, (t, f) => -(run(t, f) as number), {
        folds: ten,
        race,
      });
      for (const x of [0.1, 0.5]) {
        await s.try({ x }, objective, { progress: false });
      }
      used.push(foldScoresOf(s.trial(1))!.scores.length);
    }
    expect(used).toEqual([4, 3, 10]);
  });

  it("the better one is never stopped while it leads", async () => {
    const s = await study();
    const objective = crossValidate(s, run, { folds: ten });
    for (const x of [0.9, 0.5, 0.1]) {
      expect((await s.try({ x }, objective, { progress: false })).state)
        .toBe("complete");
    }
  });

  it("other folds are not raced against", async () => {
    const s = await study();
    for (const [seed, x] of [["a", 0], ["b", 1]] as const) {
      const objective = crossValidate(s, run, {
        folds: folds(40, { count: 10, seed }),
      });
      await s.try({ x }, objective, { progress: false });
    }
    expect(s.trial(1).state).toBe("complete");
  });

  it("predictions out of fold are kept, the mean of repetitions", async () => {
    const s = await study();
    const list = folds(8, { count: 2, repeats: 2 });
    const record = await s.try(
      { x: 0.5 },
      crossValidate(s, (_, { test, repeat }) => ({
        score: 1,
        predictions: test.map((i) => [i, repeat]),
      }), { folds: list }),
      { progress: false },
    );
    const { rows, columns, values } = predictionsOf(record)!;
    expect([rows, columns]).toEqual([8, 2]);
    expect([...values]).toEqual(
      Array.from({ length: 8 }, (_, i) => [i, 0.5]).flat(),
    );
  });

  it("NaN scores, NaN predictions and predictions of another length fail the trial in words", async () => {
    const s = await study();
    const list = folds(10, { count: 2 });
    const errors: string[] = [];
    for (
      const bad of [
        NaN,
        "good" as unknown as number,
        { score: 1, predictions: [1, 2, NaN, 4, 5] },
        { score: 1, predictions: [1, 2] },
      ]
    ) {
      await s.optimize(crossValidate(s, () => bad, { folds: list }), {
        trials: 1,
        progress: false,
      });
      errors.push(s.trials.at(-1)!.error!);
    }
    expect(errors[0]).toMatch(/trial 0, fold 0: its score is NaN/);
    expect(errors[1]).toMatch(/it brought "good", expected its score/);
    expect(errors[2]).toMatch(/prediction of sample 2 is NaN/);
    expect(errors[3]).toMatch(/2 predictions for the 5 samples/);
  });

  it("options that make no sense are refused", async () => {
    const s = await study();
    expect(() => crossValidate(s, run, { folds: [] })).toThrow(/folds\(…\)/);
    expect(() => crossValidate(s, run, { fold: ten } as never))
      .toThrow(/expected an object with folds, race/);
    expect(() => crossValidate(s, run, { folds: ten, race: { pThreshold: 2 } }))
      .toThrow(/pThreshold is 2/);
    expect(() => crossValidate(s, 3 as never, { folds: ten }))
      .toThrow(/a trial and a fold/);
  });
});

describe("expectedGain()", () => {
  it("says nothing of one fold without a prior, and little of one far behind", () => {
    const none = { variance: 0, freedom: 0 };
    expect(expectedGain([-1], 5, none)).toBeNull();
    expect(expectedGain([-1, -1, -1], 5, none)).toBe(0);
    expect(expectedGain([-1], 5, { variance: 0.01, freedom: 8 })!)
      .toBeLessThan(0.001);
    expect(expectedGain([0.1], 5, { variance: 0.01, freedom: 8 })!)
      .toBeGreaterThan(1);
  });
});

describe("compareFolds()", () => {
  const a = [0.81, 0.85, 0.83, 0.88, 0.84];
  const b = [0.79, 0.84, 0.80, 0.87, 0.80];

  it("one fold, other lengths and NaN are refused", () => {
    expect(() => compareFolds([[1], [2]])).toThrow(/share 1 fold/);
    expect(() => compareFolds([[1, 2], [2]])).toThrow(/2 and 1 scores/);
    expect(() => compareFolds([[1, NaN], [2, 3]])).toThrow(/a score is NaN/);
  });

  it("equal scores are equal", () => {
    const { difference, pValue, wilcoxon } = compareFolds([a, a]);
    expect([difference, pValue, wilcoxon]).toEqual([0, 1, 1]);
  });

  it("is the corrected resampled t-test (SciPy: 2 * t.sf(2.5153, 4))", () => {
    // d = .02 .01 .03 .01 .04: mean .022, variance .00017; √((1/5 + 1/4) s²) = .0087464
    const { t, pValue, difference, wilcoxon } = compareFolds([a, b]);
    expect(difference).toBeCloseTo(0.022, 12);
    expect(t).toBeCloseTo(0.022 / Math.sqrt(0.45 * 0.00017), 6);
    expect(pValue).toBeCloseTo(0.06568410650302806, 9);
    expect(wilcoxon).toBeCloseTo(0.0625, 12);
  });

  it("trials of other folds are refused", async () => {
    const s = await study();
    for (const seed of ["a", "b"]) {
      await s.try(
        { x: 0 },
        crossValidate(s, run, { folds: folds(40, { seed }), race: false }),
        { progress: false },
      );
    }
    expect(() => compareFolds([s.trial(0), s.trial(1)]))
      .toThrow(/not measured on the same folds/);
    expect(compareFolds([s.trial(0), s.trial(0)]).folds).toBe(5);
  });
});

describe("Student's t", () => {
  it("has the values of the tables", () => {
    // t of 5 % one-sided: 6.3138 (1), 2.1318 (4), 1.8125 (10); Abramowitz and Stegun, table 26.10
    expect(studentQuantile(0.05, 1)).toBeCloseTo(6.313752, 5);
    expect(studentQuantile(0.05, 4)).toBeCloseTo(2.131847, 5);
    expect(studentQuantile(0.05, 10)).toBeCloseTo(1.812461, 5);
    expect(studentTail(-2.131847, 4)).toBeCloseTo(0.95, 6);
    // With many degrees of freedom as the normal distribution: φ(0)
    expect(studentExcess(0, 1e6)).toBeCloseTo(0.398942, 5);
  });
});

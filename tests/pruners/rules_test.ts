import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import { randomStream } from "../../lib/math/mod.ts";
import {
  allOf,
  anyOf,
  audited,
  criticalDiagnosis,
  diagnosisPruner,
  forecastPruner,
  hyperbandPruner,
  medianPruner,
  not,
  patiencePruner,
  percentilePruner,
  protectTop,
  type Pruner,
  successiveHalvingPruner,
  thresholdPruner,
  wilcoxonPruner,
} from "../../lib/pruners/mod.ts";
import {
  curveAt,
  curved,
  fallingTrials,
  judge,
  studyOf,
} from "../conformance/pruner.ts";

const upTo = (length: number, value: (step: number) => number) => {
  const steps = Array.from({ length }, (_, i) => i + 1);
  return curveAt(steps, steps.map(value));
};
const always: Pruner = {
  name: "always",
  judge: () => ({ stop: true, reason: "It always does." }),
};
const never: Pruner = {
  name: "never",
  judge: () => ({ stop: false, reason: "It never does." }),
};

describe("medianPruner()", () => {
  const pruner = medianPruner({ startupTrials: 3 });

  it("waits for its startup trials, of which pruned and failed ones are none", () => {
    const [a, b, c] = fallingTrials(3);
    const pruned = { ...c!, state: "pruned" } as const;
    const bad = upTo(4, () => 9);
    expect(judge(pruner, [a!, b!, pruned], bad)).toEqual({
      stop: false,
      reason: "The rule waits for 3 complete trials, and there are 2.",
    });
    expect(judge(pruner, [a!, b!, c!], bad).stop).toBe(true);
  });

  it("compares the best so far with the median at the step, and says both", () => {
    const trials = [1, 2, 3, 4, 5].map((level, number) =>
      curved(number, upTo(5, () => level))
    );
    const at = (value: number) => judge(pruner, trials, upTo(3, () => value));
    expect(at(3).stop).toBe(false);
    expect(at(3.1)).toEqual({
      stop: true,
      reason:
        "Its best so far, 3.1, is worse than the median of 5 trials at step 3 (3).",
    });
    // What it was at its best counts, not what it is now.
    expect(judge(pruner, trials, curveAt([1, 2, 3], [2, 8, 9])).stop).toBe(
      false,
    );
  });

  it("looks at the same step only: trials without it do not count", () => {
    const trials = [1, 2, 3].map((level, number) =>
      curved(number, curveAt([10, 20, 30], [level, level, level]))
    );
    expect(judge(pruner, trials, curveAt([10, 15], [9, 9])).reason).toBe(
      "Too few trials have a value at step 15.",
    );
    expect(judge(pruner, trials, curveAt([10, 15, 20], [9, 9, 9])).stop).toBe(
      true,
    );
  });

  it("acts once in an interval, also where it was not asked at its first step", () => {
    const trials = fallingTrials(5);
    const slow = medianPruner({ startupTrials: 1, intervalSteps: 5 });
    const bad = upTo(7, () => 9);
    expect(judge(slow, trials, bad).stop).toBe(false);
    expect(judge(slow, trials, bad, { askedAtStep: 6 }).stop).toBe(false);
    expect(judge(slow, trials, bad, { askedAtStep: 3 }).stop).toBe(true);
    expect(judge(slow, trials, bad, { askedAtStep: null }).stop).toBe(true);
  });

  it("refuses what makes no sense", () => {
    expect(() => medianPruner({ startupTrials: -1 })).toThrow(
      "Cannot make the median pruner: startupTrials is -1, expected a whole number of at least 0",
    );
    expect(() => percentilePruner({ percentile: 101 })).toThrow(
      "percentile is 101, expected a number from 0 to 100",
    );
    expect(() => medianPruner({ warmup: 3 } as never)).toThrow(
      'there is no option "warmup"; there are startupTrials,',
    );
    expect(() => medianPruner(3 as never)).toThrow(TypeError);
  });
});

describe("successiveHalvingPruner()", () => {
  const pruner = successiveHalvingPruner({
    minResource: 1,
    reductionFactor: 3,
  });

  it("lets the best third of a rung go on, and says the place", () => {
    const trials = [1, 2, 3, 4, 5].map((level, number) =>
      curved(number, upTo(1, () => level), "pruned")
    );
    expect(judge(pruner, trials, upTo(1, () => 1.5)).stop).toBe(false);
    expect(judge(pruner, trials, upTo(1, () => 2.5))).toEqual({
      stop: true,
      reason:
        "2.5 is place 3 of 6 trials on rung 0 (step 1); the best 2 go on.",
    });
  });

  it("judges once at a rung, at step r, r η, r η²", () => {
    const trials = fallingTrials(9, 9);
    const bad = (length: number) =>
      judge(pruner, trials, upTo(length, () => 9)).stop;
    expect([1, 2, 3, 4, 5, 6, 7, 8, 9, 10].map(bad)).toEqual(
      [true, false, true, false, false, false, false, false, true, false],
    );
  });

  it("judges a rung that was passed since it was asked last", () => {
    const trials = fallingTrials(9, 9);
    const bad = upTo(5, () => 9);
    expect(judge(pruner, trials, bad, { askedAtStep: 3 }).stop).toBe(false);
    expect(judge(pruner, trials, bad, { askedAtStep: 2 }).stop).toBe(true);
  });

  it("counts running trials that have been at the rung", () => {
    const trials = [1, 2].map((level, number) =>
      curved(number, upTo(2, () => level), "running")
    );
    expect(judge(pruner, trials, upTo(1, () => 1.5)).reason).toContain(
      "place 2 of 3 trials",
    );
  });

  it("stops a trial that is NaN on a rung, and not between rungs", () => {
    expect(judge(pruner, [], upTo(2, () => NaN)).stop).toBe(true);
    expect(judge(pruner, [], curveAt([1, 2], [1, NaN])).stop).toBe(false);
    expect(judge(pruner, [], curveAt([1, 2, 3], [1, 1, NaN])).stop).toBe(true);
  });
});

describe("hyperbandPruner()", () => {
  it("with one bracket equals successive halving", () => {
    const hyperband = hyperbandPruner({
      minResource: 2,
      maxResource: 5,
      reductionFactor: 3,
    });
    const halving = successiveHalvingPruner({
      minResource: 2,
      reductionFactor: 3,
    });
    const random = randomStream("one bracket");
    const trials = fallingTrials(20, 12);
    for (let i = 0; i < 200; i++) {
      const curve = upTo(1 + random.int(12), () => random.uniform());
      const some = trials.slice(0, random.int(20));
      expect(judge(hyperband, some, curve)).toEqual(
        judge(halving, some, curve),
      );
    }
  });

  it("deals trials out to brackets that stop at differing steps", () => {
    const pruner = hyperbandPruner({ maxResource: 9 });
    const stops = new Set<number>();
    for (let number = 0; number < 60; number++) {
      const trials = Array.from(
        { length: number },
        (_, n) => curved(n, upTo(9, () => 1)),
      );
      for (let length = 1; length <= 9; length++) {
        if (judge(pruner, trials, upTo(length, () => 9)).stop) {
          stops.add(length);
          break;
        }
      }
    }
    expect([...stops].sort()).toEqual([1, 3, 9]);
  });
});

describe("thresholdPruner()", () => {
  it("needs a bound, in order", () => {
    expect(() => thresholdPruner({})).toThrow("neither lower nor upper");
    expect(() => thresholdPruner({ lower: 2, upper: 1 })).toThrow(RangeError);
    expect(() => thresholdPruner({ lower: NaN })).toThrow(RangeError);
  });

  it("stops outside of its bounds and at NaN", () => {
    const pruner = thresholdPruner({ upper: 2 });
    const values = [1, 2, 2.1, NaN, Infinity, -Infinity];
    expect(values.map((value) => judge(pruner, [], upTo(1, () => value)).stop))
      .toEqual([false, false, true, true, true, false]);
  });
});

describe("patiencePruner()", () => {
  const noisy = (seed: number, slope: number) => {
    const random = randomStream("noisy", seed);
    const values = Array.from(
      { length: 60 },
      (_, i) => Math.exp(-slope * i) + 0.02 * random.normal(),
    );
    return (length: number) => upTo(length, (step) => values[step - 1]!);
  };
  const stopOf = (
    pruner: Pruner,
    curve: (length: number) => ReturnType<typeof upTo>,
  ) => {
    for (let length = 1; length <= 60; length++) {
      if (judge(pruner, [], curve(length)).stop) return length;
    }
    return null;
  };

  it("stops a flat curve after its patience, a constant one too", () => {
    expect(stopOf(patiencePruner({ patience: 4 }), (n) => upTo(n, () => 1)))
      .toBe(6);
  });

  it("is not kept waiting by lucky values of a noisy plateau", () => {
    const plain = (seed: number) =>
      stopOf(patiencePruner({ patience: 10 }), noisy(seed, 0.5));
    const stops = Array.from({ length: 20 }, (_, seed) => plain(seed) ?? 61);
    // The curve has come down by step 12; then it is noise.
    expect(stops.filter((step) => step <= 40).length).toBeGreaterThanOrEqual(
      18,
    );
  });

  it("does not stop a slow descent within its noise", () => {
    const stops = Array.from(
      { length: 20 },
      (_, seed) => stopOf(patiencePruner({ patience: 10 }), noisy(seed, 0.03)),
    );
    const early = stops.filter((step) => step !== null && step < 40);
    expect(early.length).toBeLessThanOrEqual(2);
  });

  it("asks another pruner once the patience is over", () => {
    const flat = upTo(9, () => 1);
    const falling = upTo(9, (step) => 1 / step);
    const pruner = patiencePruner({ patience: 3, pruner: always });
    expect(judge(pruner, [], flat).reason).toBe("It always does.");
    expect(judge(pruner, [], falling).stop).toBe(false);
    expect(
      judge(patiencePruner({ patience: 3, pruner: never }), [], flat).stop,
    ).toBe(false);
  });
});

describe("wilcoxonPruner()", () => {
  it("stops what is worse on every shared fold, and says how sure it is", () => {
    const fold = (step: number) => (step % 3) / 10;
    const best = curved(0, upTo(9, fold));
    const worse = upTo(6, (step) => fold(step) + 0.1 + step / 1000);
    expect(judge(wilcoxonPruner(), [best], worse)).toEqual({
      stop: true,
      reason: "On 6 steps it is worse than the best trial 0 (p = 0.01563).",
    });
    expect(
      judge(wilcoxonPruner(), [best], upTo(6, (step) => fold(step) / 2)).stop,
    )
      .toBe(false);
  });
});

describe("diagnosisPruner()", () => {
  const pruner = diagnosisPruner();

  it("stops at NaN and at what is infinitely bad, at once", () => {
    expect(judge(pruner, [], curveAt([1], [NaN])).stop).toBe(true);
    expect(judge(pruner, [], curveAt([1, 2], [1, Infinity])).stop).toBe(true);
    expect(
      judge(pruner, [], curveAt([1, 2], [1, -Infinity])).stop,
    ).toBe(false);
  });

  it("stops what has gone up further than any trial has come down", () => {
    const trials = fallingTrials(6);
    expect(judge(pruner, trials, upTo(6, (step) => 3 ** step)).reason).toMatch(
      /^It has diverged: 729 at step 6, from 3 at its start\.$/,
    );
    expect(judge(pruner, trials, upTo(6, (step) => 1 + step / 100)).stop).toBe(
      false,
    );
  });

  it("by a whole diagnosis stops what has diverged, and no healthy curve", () => {
    const whole = diagnosisPruner({ finding: criticalDiagnosis() });
    const random = randomStream("whole");
    const diverged = upTo(
      20,
      (step) => step < 8 ? 2 / step : 2 + 3 ** (step - 7),
    );
    expect(judge(whole, [], diverged).stop).toBe(true);
    expect(judge(whole, [], curveAt([1, 2, 3], [1, NaN, NaN])).stop).toBe(
      true,
    );
    for (let i = 0; i < 40; i++) {
      const healthy = upTo(
        5 + i,
        (step) => 0.4 + Math.exp(-step / 8) + 0.03 * random.normal(),
      );
      expect(judge(whole, [], healthy).stop).toBe(false);
    }
  });

  it("stops what does not move while others do, and no healthy noisy curve", () => {
    const trials = fallingTrials(6);
    expect(judge(pruner, trials, upTo(8, () => 0.69)).reason).toMatch(
      /^It is dead/,
    );
    const random = randomStream("healthy");
    for (let i = 0; i < 100; i++) {
      const curve = upTo(
        30,
        (step) => 0.4 + Math.exp(-step / 15) + 0.1 * random.normal(),
      );
      expect(judge(pruner, trials, curve).stop).toBe(false);
    }
  });
});

describe("forecastPruner()", () => {
  const make = (probability: number | null, protectedShare = 0) =>
    forecastPruner({
      forecaster: () => probability,
      startupTrials: 3,
      protectedShare,
    });
  const half = upTo(10, () => 0.9);

  it("stops below its probability, beyond the warmup, with grounds only", () => {
    const trials = fallingTrials(6);
    expect(judge(make(0.04), trials, half).reason).toBe(
      "By the forecast it beats 0.2851 by step 20 with a probability of 4 %.",
    );
    expect(judge(make(0.04), trials, half).stop).toBe(true);
    expect(judge(make(0.06), trials, half).stop).toBe(false);
    expect(judge(make(null), trials, half).stop).toBe(false);
    expect(judge(make(0.04), trials, upTo(5, () => 0.9)).stop).toBe(false);
    expect(judge(make(0.04), trials.slice(0, 2), half).stop).toBe(false);
  });

  it("by the curves' own forecast stops the hopeless and keeps the promising", () => {
    const random = randomStream("forecast");
    const noisy = (number: number, level: number) =>
      curved(
        number,
        upTo(
          60,
          (step) =>
            level + Math.exp(-step / (6 + number)) + 0.005 * random.normal(),
        ),
      );
    for (const count of [6, 17]) {
      const trials = Array.from(
        { length: count },
        (_, n) => noisy(n, 0.2 + 0.02 * n),
      );
      const pruner = forecastPruner({ protectedShare: 0 });
      const at = (level: number, decay: number) =>
        judge(
          pruner,
          trials,
          upTo(
            30,
            (step) => level + Math.exp(-step / decay) + 0.005 * random.normal(),
          ),
        );
      expect(at(0.8, 8).stop).toBe(true);
      expect(at(0.8, 8).reason).toMatch(
        /^By the forecast it beats \S+ by step 60/,
      );
      expect(at(0.1, 8).stop).toBe(false);
      expect(at(0.05, 15).stop).toBe(false);
    }
  });

  it("protects the best at the step", () => {
    const trials = fallingTrials(12);
    const good = upTo(10, () => 0.1);
    expect(judge(make(0, 0.1), trials, good).reason).toBe(
      "It is place 1 of 13 trials at step 10, and so protected.",
    );
    expect(judge(make(0, 0.1), trials, half).stop).toBe(true);
  });
});

describe("anyOf(), allOf(), not(), protectTop()", () => {
  const curve = upTo(3, () => 1);
  const stops = (pruner: Pruner) => judge(pruner, [], curve).stop;

  it("combine as logic does", () => {
    for (const a of [always, never]) {
      for (const b of [always, never]) {
        const [x, y] = [a === always, b === always];
        expect(stops(anyOf(a, b))).toBe(x || y);
        expect(stops(allOf(a, b))).toBe(x && y);
        expect(stops(not(a))).toBe(!x);
        expect(stops(not(anyOf(a, b)))).toBe(stops(allOf(not(a), not(b))));
      }
    }
  });

  it("name who said why", () => {
    expect(judge(anyOf(never, always), [], curve).reason).toBe(
      "It always does (always).",
    );
    expect(judge(allOf(always, always), [], curve).reason).toBe(
      "It always does (always). It always does (always).",
    );
    expect(judge(allOf(always, never), [], curve).reason).toBe(
      "It never does.",
    );
  });

  it("take pruners, not functions that make them", () => {
    expect(() => anyOf()).toThrow("was given none");
    expect(() => allOf(medianPruner as never)).toThrow(
      "was given a function, expected pruners such as medianPruner() (mind the brackets)",
    );
  });

  it("protect by another curve than the objective's", () => {
    const withTrain = (number: number, level: number) => ({
      ...curved(number, upTo(5, () => 1)),
      curves: new Map([
        ["loss", upTo(5, () => 1)],
        ["train loss", { ...upTo(5, () => level), name: "train loss" }],
      ]),
    });
    const trials = Array.from({ length: 9 }, (_, n) => withTrain(n, n + 1));
    const judged = (level: number) => {
      const running = { ...withTrain(9, level), state: "running" as const };
      return protectTop(always, { curve: "train loss" }).judge({
        curve: running.curves.get("loss")!,
        number: 9,
        study: studyOf([...trials, running]),
      }).stop;
    };
    expect(judged(0.5)).toBe(false);
    expect(judged(5.5)).toBe(true);
  });
});

describe("audited()", () => {
  it("lets one in N of the trials that would stop run on, the same ones each time", () => {
    const pruner = audited(always, { oneIn: 5 });
    const curve = upTo(2, () => 1);
    const audits = Array.from(
      { length: 1000 },
      (_, number) => pruner.judge({ curve, number, study: studyOf([]) }),
    );
    const ran = audits.filter(({ stop }) => !stop);
    expect(ran.length).toBeGreaterThan(150);
    expect(ran.length).toBeLessThan(250);
    expect(ran.every(({ audit }) => audit !== undefined)).toBe(true);
    expect(ran[0]!.audit).toEqual({
      reason: "It always does.",
      pruner: "always",
      oneIn: 5,
    });
    expect(ran[0]!.reason).toMatch(
      /^It would be stopped, and runs on as one in 5 to see what the rule is worth: It always does\.$/,
    );
    const again = audited(always, { oneIn: 5 });
    for (let number = 0; number < 1000; number++) {
      expect(again.judge({ curve, number, study: studyOf([]) }).stop).toBe(
        audits[number]!.stop,
      );
    }
  });

  it("changes nothing for trials that go on", () => {
    expect(
      audited(never).judge({
        curve: upTo(1, () => 1),
        number: 3,
        study: studyOf([]),
      }),
    ).toEqual({ stop: false, reason: "It never does." });
  });

  it("is seen through combinations", () => {
    const pruner = anyOf(never, audited(always, { oneIn: 2, seed: 1 }));
    const found = Array.from(
      { length: 20 },
      (_, number) =>
        pruner.judge({ curve: upTo(1, () => 1), number, study: studyOf([]) }),
    );
    expect(found.some(({ audit }) => audit !== undefined)).toBe(true);
    expect(found.some(({ stop }) => stop)).toBe(true);
  });
});

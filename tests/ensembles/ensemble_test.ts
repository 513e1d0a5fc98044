import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import {
  blend,
  type BlendMember,
  crossValidate,
  ensemble,
  folds,
} from "../../lib/ensembles/mod.ts";
import { randomStream } from "../../lib/math/mod.ts";
import { minimize } from "../../lib/records/mod.ts";
import { float, space } from "../../lib/space/mod.ts";
import { createStudy } from "../../lib/study/mod.ts";

const n = 200;
const values = Array.from({ length: n }, (_, i) => Math.sin(i));
const classes = Array.from({ length: n }, (_, i) => i % 3);

/** Members that are each off by luck of their own. */
function regressors(count: number, sd = 1): BlendMember[] {
  return Array.from({ length: count }, (_, m) => {
    const random = randomStream("regressors", m);
    return {
      name: `m${m}`,
      predictions: values.map((y) => y + sd * random.normal()),
    };
  });
}

function classifiers(count: number): BlendMember[] {
  return Array.from({ length: count }, (_, m) => {
    const random = randomStream("classifiers", m);
    return {
      name: `m${m}`,
      predictions: classes.map((y) => {
        const raw = [0, 1, 2].map((c) =>
          Math.exp((c === y ? 1 : 0) + random.normal())
        );
        const total = raw[0]! + raw[1]! + raw[2]!;
        return raw.map((p) => p / total);
      }),
    };
  });
}

describe("blend()", () => {
  it("too few members, other lengths, NaN and unknown options are refused", () => {
    const [one, two] = regressors(2);
    const labels = values;
    expect(() => blend([one!], { labels })).toThrow(/1 members, expected two/);
    expect(() => blend([one!, two!], { labels: [1, 2] }))
      .toThrow(/2 labels for predictions of 200 samples/);
    expect(() =>
      blend([one!, { name: "short", predictions: [1, 2] }], { labels })
    ).toThrow(/short has predictions of 2 × 1/);
    expect(() => blend([one!, { name: "bad", predictions: [NaN] }], { labels }))
      .toThrow(/member "bad": the prediction of sample 0 is NaN/);
    expect(() => blend([one!, two!], { labels, sizes: 3 } as never))
      .toThrow(/option "sizes"/);
    expect(() => blend([one!, two!], { labels, method: "hard voting" }))
      .toThrow(/cannot be voted on/);
    expect(() => blend([one!, two!], {} as never)).toThrow(/without labels/);
  });

  it("of members that are all the same none is proposed", () => {
    const [one] = regressors(1);
    const made = blend(
      [one!, { ...one!, name: "again" }, { ...one!, name: "third" }],
      { labels: values, method: "average" },
    );
    expect(made.isProposed).toBe(false);
    expect(made.sentence).toMatch(/No ensemble is proposed/);
  });

  it("beside one that is right, others are not proposed", () => {
    const made = blend(
      [...regressors(3), { name: "right", predictions: values }],
      { labels: values },
    );
    expect(made.members).toEqual([{ name: "right", weight: 1 }]);
    expect(made.isProposed).toBe(false);
  });

  it("the mean of k members with errors of their own has 1/k of the squared error", () => {
    const made = blend(regressors(8), { labels: values, method: "average" });
    expect(made.isProposed).toBe(true);
    expect(made.parts.score.value).toBeGreaterThan(0.6 / 8);
    expect(made.parts.score.value).toBeLessThan(1.5 / 8);
  });

  it("stacking and weights find who is better: as 1/variance", () => {
    const members = [
      ...regressors(1, 0.5),
      ...regressors(2).slice(1).map((m) => ({ ...m, name: "b" })),
    ];
    for (const method of ["stacking", "weighted", "greedy"] as const) {
      const { weights } = blend(members, { labels: values, method, size: 20 })
        .parts;
      // Best: 4 : 1
      expect(weights[0]! / (weights[0]! + weights[1]!)).toBeGreaterThan(0.65);
      expect(weights[0]! / (weights[0]! + weights[1]!)).toBeLessThan(0.95);
    }
  });

  it("two classes are stacked by a logistic regression of the margins of their probabilities", () => {
    // Two classes: softmax(w p + b) is a logistic regression of 2p − 1.
    const random = randomStream("logit");
    const labels = Array.from({ length: 80 }, (_, i) => i % 2);
    const members = [0, 1].map((m) => ({
      name: `${m}`,
      predictions: labels.map((y) =>
        Math.min(
          0.99,
          Math.max(0.01, 0.5 + 0.2 * (y - 0.5) + 0.08 * random.normal()),
        )
      ),
    }));
    const made = blend(members, {
      labels,
      method: "stacking",
      metric: "accuracy",
    });
    const { weights, bias } = made.parts;
    const found = made.predict({ 0: [0.9], 1: [0.9] }) as number[][];
    const margin = 0.8 * (weights[0]! + weights[1]!) + bias![1]! - bias![0]!;
    expect(found[0]![1]).toBeCloseTo(1 / (1 + Math.exp(-margin)), 12);
    expect(found[0]![0]! + found[0]![1]!).toBeCloseTo(1, 12);
    expect(found[0]![1]).toBeGreaterThan(0.7);
  });

  it("each way of many classifiers is better than the best of them", () => {
    const made = blend(classifiers(9), { labels: classes });
    for (const [method, { gain }] of Object.entries(made.parts.compared)) {
      expect([method, gain > 0.02]).toEqual([method, true]);
    }
  });

  it("snapshots of one training are members as any other", () => {
    // At the ends of learning-rate cycles: each as good, and wrong elsewhere.
    const snapshots = classifiers(4).map((one, cycle) => ({
      ...one,
      name: `epoch ${10 * (cycle + 1)}`,
    }));
    const made = blend(snapshots, { labels: classes, method: "average" });
    expect(made.isProposed).toBe(true);
    expect(made.members.map(({ name }) => name).sort()).toEqual(
      snapshots.map(({ name }) => name).sort(),
    );
  });

  it("predicts from its members' predictions; votes are counted, ties go to the probability", () => {
    const made = blend(classifiers(3), {
      labels: classes,
      method: "hard voting",
    });
    const all = {
      m0: [[0.6, 0.4, 0]],
      m1: [[0.51, 0.49, 0]],
      m2: [[0, 1, 0]],
    };
    expect(made.classify(all)).toEqual([0]);
    const soft = blend(classifiers(3), { labels: classes, method: "average" });
    expect(soft.classify(all)).toEqual([1]);
    expect(() => soft.predict({ m0: [[1, 0, 0]] })).toThrow(/m\d are missing/);
    expect(() => soft.predict({ ...all, m1: [[1, 0, 0], [1, 0, 0]] }))
      .toThrow(/of 2 samples/);
  });

  it("one probability a sample is that of the second class", () => {
    const random = randomStream("two");
    const labels = values.map((y) => y > 0 ? "yes" : "no");
    const members = [0, 1, 2].map((m) => ({
      name: `${m}`,
      predictions: labels.map((label) =>
        Math.min(
          1,
          Math.max(
            0,
            (label === "yes" ? 0.6 : 0.4) +
              0.3 * random.normal(),
          ),
        )
      ),
    }));
    const made = blend(members, { labels, method: "average" });
    expect(made.parts.classes).toEqual(["no", "yes"]);
    expect(made.classify({ 0: [0.9], 1: [0.8], 2: [0.7] })).toEqual(["yes"]);
  });
});

describe("ensemble()", () => {
  it("is made of what crossValidate() kept", async () => {
    const study = await createStudy({
      name: "oof",
      space: space({ x: float(0, 1) }),
      objective: minimize("squared error"),
      storage: "memory",
    });
    expect(() => ensemble(study, { labels: values })).toThrow(
      /no complete trials keep predictions/,
    );
    const objective = crossValidate(study, (trial, { test, index }) => {
      const random = trial.random(`fold ${index}`);
      const predictions = test.map((i) => values[i]! + random.normal());
      return {
        score: predictions.reduce(
          (sum, p, k) => sum + (p - values[test[k]!]!) ** 2 / test.length,
          0,
        ),
        predictions,
      };
    }, { folds: folds(n), race: false });
    await study.optimize(objective, { trials: 6, progress: false });
    const made = ensemble(study, { labels: values, size: 12 });
    expect(made.isProposed).toBe(true);
    expect(made.members.length).toBeGreaterThan(3);
    expect(made.parts.score.value).toBeLessThan(made.parts.single.value / 2);
    expect(ensemble(study, { labels: values, size: 12 }).toString())
      .toBe(made.toString());
  });
});

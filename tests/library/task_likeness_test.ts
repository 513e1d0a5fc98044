import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import fc from "fast-check";
import { metricLikeness } from "../../lib/library/_metric.ts";
import {
  type DataFeatures,
  describeTask,
  type TaskDescription,
  taskLikeness,
} from "../../lib/library/mod.ts";
import { maximize, minimize } from "../../lib/records/mod.ts";

const taskOf = (
  data: Partial<DataFeatures>,
  more: Partial<TaskDescription> = {},
) => ({
  ...describeTask(null),
  kind: "classification",
  data: { ...describeTask({ x: [[0]], y: ["a"] }).data!, ...data },
  ...more,
} as TaskDescription);

const arbitraryTask = fc.record({
  rows: fc.integer({ min: 1, max: 1e7 }),
  columns: fc.integer({ min: 1, max: 1e4 }),
  classes: fc.option(fc.integer({ min: 2, max: 1000 })),
  missing: fc.double({ min: 0, max: 1, noNaN: true }),
  skewMean: fc.option(fc.double({ noNaN: true })),
}).map((data) => taskOf(data));

describe("taskLikeness()", () => {
  it("is 0.5 where nothing is known", () => {
    expect(taskLikeness(null, null)).toEqual({ value: 0.5, traits: [] });
    expect(taskLikeness(describeTask(null), describeTask(null)).value).toBe(
      0.5,
    );
  });

  it("is 1 of a task with itself, in [0, 1], and the same both ways", () => {
    fc.assert(fc.property(arbitraryTask, arbitraryTask, (a, b) => {
      expect(taskLikeness(a, a).value).toBe(1);
      const { value } = taskLikeness(a, b);
      expect(value).toBeGreaterThanOrEqual(0);
      expect(value).toBeLessThanOrEqual(1);
      expect(taskLikeness(b, a).value).toBeCloseTo(value, 12);
    }));
  });

  it("falls with size, and says what differs most", () => {
    const at = (rows: number) =>
      taskLikeness(taskOf({ rows: 1000 }), taskOf({ rows }));
    expect(at(2000).value).toBeGreaterThan(at(100_000).value);
    expect(at(100_000).traits[0]).toMatchObject({
      trait: "rows",
      a: 1000,
      b: 100_000,
    });
  });

  it("is far less for another kind of task", () => {
    const [a, b] = [taskOf({}), taskOf({}, { kind: "regression" })];
    expect(taskLikeness(a, b).value).toBeCloseTo(0.4, 12);
  });

  it("looks at words and models where both have them", () => {
    const words = (text: string, tags: string[] = []) =>
      describeTask(null, { text, tags });
    expect(taskLikeness(words("the handwritten digits"), words("digits")).value)
      .toBeCloseTo(0.5, 12);
    expect(taskLikeness(words("digits"), words("", ["digits"])).value).toBe(1);
    const model = (kind: string, parameters: number) =>
      describeTask(null, { model: { kind, parameters } });
    expect(taskLikeness(model("mlp", 1e4), model("MLP", 1e4)).value).toBe(1);
    expect(taskLikeness(model("mlp", 1e4), model("mlp", 1e6)).value)
      .toBeLessThan(0.5);
  });
});

describe("metricLikeness()", () => {
  it("knows the same thing by its names, and another by its direction", () => {
    expect(
      metricLikeness(maximize("validation accuracy"), maximize("val_accuracy")),
    ).toBe(1);
    expect(metricLikeness(maximize("accuracy"), minimize("accuracy"))).toBe(
      0.3,
    );
    expect(
      metricLikeness(
        maximize("validation accuracy"),
        minimize("balanced error rate"),
      ),
    ).toBe(0.8);
    expect(metricLikeness(maximize("accuracy"), minimize("validation loss")))
      .toBe(0.7);
    expect(metricLikeness(maximize("accuracy"), minimize("training seconds")))
      .toBe(0.3);
    expect(metricLikeness(maximize("accuracy"), maximize("fun"))).toBe(0.5);
  });
});

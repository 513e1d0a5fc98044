import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import fc from "fast-check";
import {
  type DataFeatures,
  describeTask,
  isTaskDescription,
  type TaskData,
} from "../../lib/library/mod.ts";

interface Golden {
  readonly sets: Record<
    string,
    {
      readonly features: Record<string, number>;
      readonly x?: number[][];
      readonly y?: number[];
    }
  >;
}

const golden: Golden = JSON.parse(
  await Deno.readTextFile(
    new URL("golden/task_features.json", import.meta.url),
  ),
);

async function digits(): Promise<TaskData> {
  const file = await Deno.open(
    new URL("../../notebooks/data/digits.csv.gz", import.meta.url),
  );
  const text = await new Response(
    file.readable.pipeThrough(new DecompressionStream("gzip")),
  ).text();
  const rows = text.trim().split("\n").map((line) =>
    line.split(",").map(Number)
  );
  return {
    x: rows.map((row) => row.slice(0, 64)),
    y: rows.map((row) => row[64]!),
  };
}

const everything = {
  maxRows: Infinity,
  landmarkRows: Infinity,
  maxColumns: Infinity,
};

function valuesOf(data: DataFeatures): Record<string, number | null> {
  const { landmarks, ...rest } = data;
  return { ...rest, ...landmarks };
}

const x = [[0, 1], [1, 0], [2, 1], [3, 1]];

describe("describeTask()", () => {
  it("without data describes the model and the words alone", () => {
    const task = describeTask(null, {
      model: { kind: "mlp", parameters: 1000, depth: 2 },
      tags: [" Images ", "digits", "images"],
      text: "told by hand",
    });
    expect(task).toEqual({
      version: 1,
      kind: "other",
      data: null,
      model: { kind: "mlp", parameters: 1000, depth: 2 },
      tags: ["digits", "images"],
      text: "told by hand",
    });
    expect(isTaskDescription(JSON.parse(JSON.stringify(task)))).toBe(true);
  });

  it("takes empty data, one row, one column, and columns that never change", () => {
    for (const rows of [[], [[1]], [[1], [1], [1]], [[1, 5], [1, 6]]]) {
      const { data } = describeTask({ x: rows, y: rows.map(() => "a") });
      expect(data!.rows).toBe(rows.length);
      for (const value of Object.values(valuesOf(data!))) {
        expect(value === null || Number.isFinite(value)).toBe(true);
      }
    }
  });

  it("counts missing values, infinities and empty texts", () => {
    const { data } = describeTask({
      x: [[1, null], [NaN, 2], [3, undefined], [4, ""]],
    });
    expect(data!.missing).toBe(0.5);
    expect(data!.landmarks).toBeNull();
  });

  it("guesses what is learned from the target", () => {
    const kind = (y: unknown) => describeTask({ x, y }).kind;
    expect(kind(["a", "b", "a", "b"])).toBe("classification");
    expect(kind([true, false, true, false])).toBe("classification");
    expect(kind([0, 1, 1, 0])).toBe("classification");
    expect(kind([0.5, 1.25, 3.5, 4])).toBe("regression");
    expect(kind([1, 2, 3, 4])).toBe("regression");
    expect(kind([[0, 1], [1, 0], [1, 0], [0, 1]])).toBe("classification");
    expect(
      describeTask({ x, y: [1, 2, 3, 4] }, { kind: "classification" }).data!
        .classes,
    ).toBe(4);
  });

  it("gives the same for rows, typed arrays, tensors, records, columns and Arrow tables", () => {
    const y = ["a", "b", "a", "b"];
    const flat = Float32Array.from(x.flat());
    const names = ["p", "q", "label"];
    const cells = x.map((row, i) => [...row, y[i]!]);
    const arrow = {
      numRows: 4,
      schema: { fields: names.map((name) => ({ name })) },
      getChildAt: (column: number) => ({
        get: (row: number) => cells[row]![column],
      }),
    };
    const expected = describeTask({ x, y });
    expect(describeTask({ x: flat, y })).toEqual(expected);
    expect(describeTask({ x: { shape: [4, 2], dataSync: () => flat }, y }))
      .toEqual(expected);
    expect(describeTask({ x: { shape: [4, 1, 2], data: flat }, y }))
      .toEqual(expected);
    expect(describeTask({ x: x.map((row) => [row]), y })).toEqual(expected);
    expect(describeTask({ x: x.map(([p, q]) => ({ p, q })), y }))
      .toEqual(expected);
    expect(describeTask({
      x: { p: x.map(([p]) => p), q: x.map(([, q]) => q) },
      y,
    })).toEqual(expected);
    expect(describeTask(arrow as unknown as TaskData, { target: "label" }))
      .toEqual(expected);
    expect(describeTask({ train: { x, y } })).toEqual(expected);
    const coded = Uint8Array.of(0, 1, 0, 1);
    expect(describeTask({ x: flat, y: coded })).toEqual(expected);
    expect(
      describeTask({ x, y: { shape: [4, 1], dataSync: () => coded } }),
    ).toEqual(expected);
  });

  it("spreads categories into columns, so that learners can use them", () => {
    const color = ["red", "green", "blue"];
    const { data } = describeTask({
      x: Array.from({ length: 60 }, (_, i) => [color[i % 3]]),
      y: Array.from({ length: 60 }, (_, i) => i % 3 === 1 ? "yes" : "no"),
    });
    expect(data!.categoricalColumns).toBe(1);
    expect(data!.landmarks!.linear).toBe(1);
    expect(data!.landmarks!.nearestNeighbor).toBe(1);
  });

  it("counts a tfjs model's numbers and layers", () => {
    const layer = (name: string, weights: number) => ({
      getClassName: () => name,
      weights: Array(weights),
    });
    const { model } = describeTask(null, {
      model: {
        countParams: () => 1234,
        layers: [layer("Conv2D", 2), layer("Flatten", 0), layer("Dense", 2)],
      },
    });
    expect(model).toEqual({ kind: "cnn", parameters: 1234, depth: 2 });
  });

  for (const [name, { features, ...set }] of Object.entries(golden.sets)) {
    it(`${name} has the values of pymfe and scikit-learn`, async () => {
      const data = set.x === undefined
        ? await digits()
        : { x: set.x, y: set.y! };
      const found = valuesOf(describeTask(data, everything).data!);
      for (const [feature, expected] of Object.entries(features)) {
        const value = found[feature]!;
        // scikit-learn's discriminants drop directions where ours have a ridge.
        const tolerance = feature === "linear" ? 0.01 : 1e-6;
        if (
          !(Math.abs(value - expected) <=
            tolerance * Math.max(1, Math.abs(expected)))
        ) {
          throw new Error(`${feature} is ${value}, expected ${expected}`);
        }
      }
    });
  }

  it("a part of the digits tells nearly what all of them do", async () => {
    const data = await digits();
    const some = describeTask(data, { maxRows: 500, landmarkRows: 500 }).data!;
    const all = golden.sets.digits!.features;
    expect(some.rows).toBe(1797);
    expect(Math.abs(some.pcaFirst! - all.pcaFirst!)).toBeLessThan(0.03);
    expect(Math.abs(some.landmarks!.linear! - all.linear!)).toBeLessThan(0.06);
    expect(Math.abs(some.landmarks!.nearestNeighbor! - all.nearestNeighbor!))
      .toBeLessThan(0.06);
  });

  it("is the same for a table and one with the rows' units changed", () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.tuple(
            fc.integer({ min: -99, max: 99 }),
            fc.integer({ min: -99, max: 99 }),
            fc.boolean(),
          ),
          { minLength: 12, maxLength: 40 },
        ),
        fc.constantFrom(0.5, 4, 1024),
        (rows, factor) => {
          const of = (unit: number) =>
            valuesOf(
              describeTask({
                x: rows.map(([a, b]) => [a * unit, b]),
                y: rows.map(([, , label]) => label),
              }).data!,
            );
          const [before, after] = [of(1), of(factor)];
          for (const key of Object.keys(before)) {
            const [a, b] = [before[key], after[key]];
            if (a === null) expect(b).toBeNull();
            else expect(b).toBeCloseTo(a!, 9);
          }
        },
      ),
      { numRuns: 40 },
    );
  });

  it("says what is wrong with data and options", () => {
    expect(() => describeTask({ x, y: [1] })).toThrow("4 inputs and 1 targets");
    expect(() => describeTask("data" as unknown as TaskData)).toThrow(
      TypeError,
    );
    expect(() => describeTask({ x: 5 as unknown as number[] })).toThrow(
      "expected an array of rows",
    );
    expect(() => describeTask({ x }, { folds: 1 })).toThrow(
      "expected a whole number of at least 2",
    );
    expect(() => describeTask({ x }, { tag: ["a"] } as never)).toThrow(
      'no option "tag"',
    );
    expect(() => describeTask({ x: [{ a: 1 }] }, { target: "b" })).toThrow(
      'expected one of "a"',
    );
    expect(() =>
      describeTask({ x, y: ["a", "b", "a", "b"] }, { kind: "regression" })
    ).toThrow("expected numbers");
  });
});

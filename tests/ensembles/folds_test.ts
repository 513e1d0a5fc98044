import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import fc from "fast-check";
import { folds, nestedFolds, rowsOf } from "../../lib/ensembles/mod.ts";

const all = (n: number) => Array.from({ length: n }, (_, i) => i);

describe("folds()", () => {
  it("fewer samples, groups or members of a class than folds are refused in words", () => {
    expect(() => folds(3)).toThrow(/3 samples for 5 folds/);
    expect(() => folds(6, { groups: [1, 1, 1, 2, 2, 2] })).toThrow(/2 groups/);
    expect(() => folds(["a", "a", "a", "b"], { count: 2 }))
      .toThrow(/1 samples of class "b"/);
    expect(() => folds(3, { kind: "time series", count: 3 }))
      .toThrow(/fewer folds/);
  });

  it("a class in one fold only is refused", () => {
    expect(() =>
      folds(["a", "a", "a", "b", "a", "a"], { count: 3, kind: "k-fold" })
    ).toThrow(/class "b" is in fold \d only/);
    expect(() =>
      folds(["a", "a", "b", "b"], { groups: [1, 2, 3, 3], count: 2 })
    ).toThrow(/class "b"/);
  });

  it("unknown options, and labels that are none, are refused", () => {
    expect(() => folds(9, { k: 3 } as object)).toThrow(/no option "k"/);
    expect(() => folds([1, NaN, 2, 3, 4])).toThrow(/labels\[1\] is NaN/);
    expect(() => folds(9, { groups: [1] })).toThrow(/1 groups for 9 samples/);
    expect(() => folds(9, { kind: "loo" as "k-fold" })).toThrow(/"stratified"/);
  });

  it("a time series trains on what came before, a gap apart (scikit-learn's TimeSeriesSplit)", () => {
    const found = folds(10, { kind: "time series", count: 3, gap: 1 });
    expect(found.map(({ train, test }) => [train.length, ...test])).toEqual([
      [3, 4, 5],
      [5, 6, 7],
      [7, 8, 9],
    ]);
  });

  it("each sample is measured once a repetition and never trained on beside", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 6, max: 40 }),
        fc.integer({ min: 2, max: 6 }),
        fc.constantFrom("k-fold", "stratified", "grouped"),
        (n, count, kind) => {
          const labels = all(n).map((i) => i % 2);
          const groups = kind === "grouped"
            ? all(n).map((i) => i % 6)
            : undefined;
          fc.pre(kind !== "stratified" || n >= 2 * count);
          const found = folds(labels, {
            kind: kind as "k-fold",
            count,
            groups,
            repeats: 2,
          });
          expect(found.length).toBe(2 * count);
          for (const repeat of [0, 1]) {
            const tests = found.filter((fold) => fold.repeat === repeat)
              .flatMap(({ test }) => test);
            expect(tests.toSorted((a, b) => a - b)).toEqual(all(n));
          }
          for (const { train, test } of found) {
            expect([...train, ...test].sort((a, b) => a - b)).toEqual(all(n));
            const of = (part: readonly number[]) =>
              new Set(part.map((i) => groups?.[i]));
            if (kind === "grouped") {
              expect([...of(test)].some((g) => of(train).has(g))).toBe(false);
            } else {
              expect(Math.abs(test.length - n / count)).toBeLessThan(1);
            }
            if (kind === "stratified") {
              const ones = test.filter((i) => labels[i] === 1).length;
              expect(Math.abs(ones - Math.floor(n / 2) / count))
                .toBeLessThan(1);
            }
          }
        },
      ),
      { numRuns: 40 },
    );
  });

  it("equal seeds divide equally, others do not, nor do repetitions", () => {
    const of = (seed: string) => JSON.stringify(folds(30, { seed }));
    expect(of("a")).toBe(of("a"));
    expect(of("a")).not.toBe(of("b"));
    const [first, second] = folds(30, { count: 2, repeats: 2 })
      .filter(({ index }) => index % 2 === 0);
    expect(first!.test).not.toEqual(second!.test);
  });

  it("tensors, Arrow vectors and tables are read", () => {
    const tensor = {
      shape: [6],
      dataSync: () => Int32Array.of(0, 0, 0, 1, 1, 1),
    };
    const vector = { length: 6, get: (i: number) => i < 3 ? "a" : "b" };
    for (const labels of [tensor, vector]) {
      for (const { test } of folds(labels, { count: 3 })) {
        expect(test.filter((i) => i < 3).length).toBe(1);
      }
    }
    expect(folds({ numRows: 10 }).length).toBe(5);
  });
});

describe("nestedFolds()", () => {
  it("inner folds never see what the outer one measures on", () => {
    const labels = all(40).map((i) => i % 2 === 0 ? "a" : "b");
    for (const { train, test, inner } of nestedFolds(labels, { count: 4 })) {
      expect(inner.length).toBe(4);
      for (const fold of inner) {
        const used = [...fold.train, ...fold.test].sort((a, b) => a - b);
        expect(used).toEqual(train);
        expect(used.some((i) => test.includes(i))).toBe(false);
      }
    }
  });
});

describe("rowsOf()", () => {
  it("gives the same kind of data", () => {
    expect(rowsOf(["a", "b", "c"], [2, 0])).toEqual(["c", "a"]);
    expect(rowsOf(Float32Array.of(1, 2, 3), [1])).toEqual(Float32Array.of(2));
    expect(rowsOf({ get: (i: number) => ({ i }) }, [4])).toEqual([{ i: 4 }]);
    expect(rowsOf({ gather: (of: number[]) => of.length }, [4, 5])).toBe(2);
    expect(() => rowsOf(7 as unknown as number[], [0])).toThrow(TypeError);
  });
});

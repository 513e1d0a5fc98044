import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { hypervolume, randomStream } from "../../lib/math/mod.ts";
import {
  manyObjectiveNames,
  manyObjectiveProblem,
} from "../../bench/quality/many_objectives.ts";
import golden from "./golden/many_objectives.json" with { type: "json" };

const values: Readonly<Record<string, readonly (readonly number[])[]>> =
  golden.values;

describe("manyObjectiveProblem()", () => {
  it("throws at an unknown name, and says which there are", () => {
    expect(() => manyObjectiveProblem("zdt5")).toThrow("zdt6");
  });

  it("has pymoo's 37 problems", () => {
    expect([...manyObjectiveNames].sort()).toEqual(Object.keys(values).sort());
  });

  for (const name of manyObjectiveNames) {
    it(`gives pymoo's values of ${name}`, () => {
      const { dimension, lower, upper, evaluate } = manyObjectiveProblem(name);
      values[name]!.forEach((expected, p) => {
        const x = lower.map((low, i) => {
          const golden = (0.5 + 0.6180339887498949 * (i + 1) * (p + 1)) % 1;
          // The last point is near the front.
          const share = p === 2 && i > 4 ? 0.35 : golden;
          return low + share * (upper[i]! - low);
        });
        expect(x.length).toBe(dimension);
        evaluate(x).forEach((value, m) => {
          const scale = Math.max(1, Math.abs(expected[m]!));
          expect(Math.abs(value - expected[m]!) / scale).toBeLessThan(1e-9);
        });
      });
    });
  }

  it("knows the volumes that can be reckoned by hand", () => {
    const volume = (name: string, ...reference: number[]) =>
      manyObjectiveProblem(name).bestVolume(reference);
    expect(volume("zdt1", 2, 2)).toBeCloseTo(4 - 1 / 3, 5);
    expect(volume("zdt2", 2, 2)).toBeCloseTo(4 - 2 / 3, 5);
    expect(volume("dtlz1-2", 400, 400)).toBeCloseTo(160_000 - 1 / 8, 5);
    expect(volume("dtlz1-3", 1, 1, 1)).toBeCloseTo(1 - 1 / 48, 5);
    expect(volume("dtlz2-2", 1.1, 1.1)).toBeCloseTo(1.21 - Math.PI / 4, 5);
    expect(volume("dtlz2-3", 1.1, 1.1, 1.1))
      .toBeCloseTo(1.331 - Math.PI / 6, 4);
    expect(volume("wfg4-3", 3, 5, 7)).toBeCloseTo(105 - 8 * Math.PI, 2);
  });

  it("has no point beyond the whole front, and points of the front all but fill it", () => {
    // So each problem's distance variables stand where the distance is 0.
    const optimal = (name: string, i: number, m: number) => {
      if (name.startsWith("wfg")) return i < 4 ? null : 0.35;
      if (i < m) return null;
      if (name.startsWith("zdt4") || /^dtlz[1-5]/.test(name)) return 0.5;
      return 0;
    };
    for (const name of manyObjectiveNames) {
      // There the best places hang on one another, or the ends of the front are hard to hit.
      if (/wfg[13689]|dtlz4/.test(name)) continue;
      const problem = manyObjectiveProblem(name);
      const m = problem.objectives - 1;
      const random = randomStream("fronts", name);
      const points = Array.from({ length: 600 }, () => {
        // In each group of WFG's place variables all are alike, so that the corners are reached.
        const shares = [0, 1, 2].map(() => random.uniform());
        const x = problem.lower.map((low, i) => {
          const group = name.startsWith("wfg") ? Math.floor(i * m / 4) : i;
          const share = optimal(name, i, m) ?? shares[group]!;
          return low + share * (problem.upper[i]! - low);
        });
        return problem.evaluate(x);
      });
      const { nadir } = problem;
      const reference = nadir.map((value) => value * 1.1);
      const share = hypervolume(points, reference) /
        problem.bestVolume(reference);
      expect({ name, isMost: share <= 1.0001 }).toEqual({ name, isMost: true });
      expect({ name, fills: share > (m === 1 ? 0.95 : 0.8) }).toEqual({
        name,
        fills: true,
      });
    }
  });
});

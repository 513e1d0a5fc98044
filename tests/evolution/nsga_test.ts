import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import {
  type Axis,
  type Evolution,
  type Individual,
  nsga2,
  nsga3,
  type NsgaState,
  referencePoints,
} from "../../lib/evolution/mod.ts";
import { hypervolume, quickStream, randomStream } from "../../lib/math/mod.ts";

const lines = (n: number): Axis[] =>
  Array.from({ length: n }, () => ({ kind: "continuous" }));

/** Runs an algorithm; gives all values and the last state. */
function run(
  evolution: Evolution<NsgaState>,
  evaluate: (point: Float64Array) => number[],
  { trials, violation = () => 0 }: {
    trials: number;
    violation?: (point: Float64Array) => number;
  },
): { values: number[][]; points: Float64Array[]; state: NsgaState } {
  let state = evolution.start();
  const points: Float64Array[] = [];
  const values: number[][] = [];
  for (let g = 0; values.length < trials; g++) {
    const generation = Array.from(
      { length: evolution.size(state) },
      (_, slot): Individual => {
        const random = () => quickStream(randomStream("nsga", g, slot));
        const point = evolution.ask(state, slot, random());
        points.push(point);
        values.push(evaluate(point));
        return {
          slot,
          point,
          values: values.at(-1)!,
          violation: violation(point),
          isForeign: false,
          random,
        };
      },
    );
    state = evolution.tell(state, generation);
  }
  return { values, points, state };
}

/** ZDT1 (Zitzler, Deb and Thiele 2000): the front is g = 1, f₂ = 1 − √f₁. */
function zdt1(point: Float64Array): number[] {
  const rest = point.slice(1);
  const g = 1 + 9 * rest.reduce((sum, x) => sum + x, 0) / rest.length;
  return [point[0]!, g * (1 - Math.sqrt(point[0]! / g))];
}

/** DTLZ2 (Deb, Thiele, Laumanns and Zitzler 2002): the front is the unit sphere. */
function dtlz2(point: Float64Array): number[] {
  const g = point.slice(2).reduce((sum, x) => sum + (x - 0.5) ** 2, 0);
  const [a, b] = [point[0]! * Math.PI / 2, point[1]! * Math.PI / 2];
  return [
    (1 + g) * Math.cos(a) * Math.cos(b),
    (1 + g) * Math.cos(a) * Math.sin(b),
    (1 + g) * Math.sin(a),
  ];
}

describe("nsga2()", () => {
  it("says what is wrong with an option", () => {
    expect(() => nsga2(lines(1), { populationSize: 3 })).toThrow(
      /populationSize is 3/,
    );
  });

  it("covers the front of ZDT1", () => {
    const { state } = run(nsga2(lines(10)), zdt1, { trials: 5000 });
    const front = state.population.map(({ values }) => Array.from(values));
    // Of the whole front, with the reference (1.1, 1.1): 0.1 × 1.1 + 2/3 + 0.1.
    expect(hypervolume(front, [1.1, 1.1])).toBeGreaterThan(0.82);
  });

  it("keeps to what is feasible once it has found it", () => {
    const { state } = run(nsga2(lines(2)), (p) => [p[0]!, p[1]!], {
      trials: 2000,
      violation: (p) => Math.max(0, 0.8 - p[0]! - p[1]!),
    });
    expect(state.population.every(({ violation }) => violation === 0))
      .toBe(true);
    // The front is the line where the sum is 0.8.
    const sums = state.population.map(({ point }) => point[0]! + point[1]!);
    expect(sums.reduce((a, b) => a + b, 0) / sums.length).toBeLessThan(0.85);
  });

  it("goes on where all fail, or one objective is always the same", () => {
    for (
      const values of [() => [Infinity, Infinity], (p: Float64Array) => [
        p[0]!,
        1,
      ], (p: Float64Array) => [1e-12 * p[0]!, -1e12 * p[0]!]]
    ) {
      const { state } = run(nsga2(lines(2)), values, { trials: 300 });
      expect(state.population).toHaveLength(50);
    }
  });
});

describe("nsga3()", () => {
  it("covers the front of DTLZ2 with three objectives", () => {
    const { state } = run(nsga3(lines(7), { populationSize: 92 }), dtlz2, {
      trials: 5000,
    });
    const front = state.population.map(({ values }) => Array.from(values));
    for (const point of front) {
      expect(Math.hypot(...point)).toBeLessThan(1.15);
    }
    // Of the whole sphere, with the reference (1.1, 1.1, 1.1): 1.331 − π/6 = 0.8074.
    expect(hypervolume(front, [1.1, 1.1, 1.1])).toBeGreaterThan(0.7);
  });

  it("goes on where all fail, or all are equal", () => {
    for (const value of [Infinity, 1]) {
      const { state } = run(
        nsga3(lines(2), { populationSize: 20 }),
        () => [value, value, value],
        { trials: 200 },
      );
      expect(state.population).toHaveLength(20);
    }
  });
});

describe("referencePoints()", () => {
  it("are 91 for three objectives and 12 divisions, as Deb and Jain count them", () => {
    const points = referencePoints(3, 12);
    expect(points).toHaveLength(91);
    for (const point of points) {
      expect(point.reduce((sum, x) => sum + x, 0)).toBeCloseTo(1, 12);
    }
  });

  it("is one direction for one objective", () => {
    expect(referencePoints(1, 4)).toEqual([[1]]);
  });
});

import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import fc from "fast-check";
import { lbfgs } from "../../lib/math/mod.ts";

const rosenbrock = (x: Float64Array, g: Float64Array) => {
  const [a, b] = [x[0]!, x[1]!];
  g[0] = -400 * a * (b - a * a) - 2 * (1 - a);
  g[1] = 200 * (b - a * a);
  return 100 * (b - a * a) ** 2 + (1 - a) ** 2;
};

describe("lbfgs()", () => {
  it("stays where the gradient is 0", () => {
    const { point, iterations, converged } = lbfgs(rosenbrock, [1, 1]);
    expect([...point]).toEqual([1, 1]);
    expect(iterations).toBe(0);
    expect(converged).toBe(true);
  });

  it("finds the bottom of Rosenbrock's valley", () => {
    const { point, evaluations } = lbfgs(rosenbrock, [-1.2, 1], {
      valueTolerance: 1e-16,
    });
    expect(point[0]).toBeCloseTo(1, 6);
    expect(point[1]).toBeCloseTo(1, 6);
    expect(evaluations).toBeLessThan(80);
  });

  it("finds the lowest place on a bound", () => {
    const { point } = lbfgs(rosenbrock, [-1.2, 1], {
      lower: [-2, -2],
      upper: [0.5, 2],
    });
    expect(point[0]).toBe(0.5);
    expect(point[1]).toBeCloseTo(0.25, 6);
  });

  it("moves a start that is outside into the bounds", () => {
    const visited: number[] = [];
    lbfgs(
      (x, g) => {
        visited.push(x[0]!);
        g[0] = -1;
        return -x[0]!;
      },
      [9],
      { lower: [0], upper: [1] },
    );
    expect(visited).toEqual([1]);
  });

  it("backs away from NaN and infinity", () => {
    const { point } = lbfgs(
      (x, g) => {
        g[0] = 1 - 1 / x[0]!;
        return x[0]! > 0 ? x[0]! - Math.log(x[0]!) : NaN;
      },
      [0.01],
      { firstStep: 100 },
    );
    expect(point[0]).toBeCloseTo(1, 5);
  });

  it("keeps to its limits", () => {
    expect(lbfgs(rosenbrock, [-1.2, 1], { maxEvaluations: 7 }).evaluations)
      .toBeLessThanOrEqual(7);
    expect(lbfgs(rosenbrock, [-1.2, 1], { maxIterations: 3 }).iterations)
      .toBe(3);
  });

  it("minimizes any bowl over any box", () => {
    const coordinate = fc.double({ min: -3, max: 3, noNaN: true });
    const axis = fc.record({
      center: coordinate,
      start: coordinate,
      ends: fc.tuple(coordinate, coordinate),
      weight: fc.double({ min: 0.05, max: 20, noNaN: true }),
    });
    fc.assert(
      fc.property(fc.array(axis, { minLength: 1, maxLength: 6 }), (axes) => {
        const lower = axes.map(({ ends }) => Math.min(...ends));
        const upper = axes.map(({ ends }) => Math.max(...ends));
        const { point } = lbfgs(
          (x, g) =>
            axes.reduce((sum, { center, weight }, i) => {
              g[i] = 2 * weight * (x[i]! - center);
              return sum + weight * (x[i]! - center) ** 2;
            }, 0),
          axes.map(({ start }) => start),
          { lower, upper, valueTolerance: 1e-16 },
        );
        axes.forEach(({ center }, i) => {
          const best = Math.min(upper[i]!, Math.max(lower[i]!, center));
          expect(Math.abs(point[i]! - best)).toBeLessThan(1e-3);
        });
      }),
    );
  });
});

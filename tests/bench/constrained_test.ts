import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import { constrainedProblems } from "../../bench/quality/constrained/problems.ts";

describe("problems with constraints", () => {
  for (const problem of constrainedProblems) {
    it(`${problem.name} has its published optimum, which keeps to the constraints`, () => {
      const { value, constraints } = problem.evaluate(problem.optimum);
      const scale = Math.max(1, Math.abs(problem.best));
      expect(Math.abs(value - problem.best) / scale).toBeLessThan(1e-5);
      expect(constraints).toHaveLength(problem.constraints);
      // The optima are printed to some six digits.
      expect(Math.max(...constraints)).toBeLessThan(2e-5);
      problem.axes.forEach(({ low, high }, i) => {
        expect(problem.optimum[i]).toBeGreaterThanOrEqual(low);
        expect(problem.optimum[i]).toBeLessThanOrEqual(high);
      });
    });
  }
});

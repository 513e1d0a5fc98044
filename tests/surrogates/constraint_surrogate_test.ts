import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import { minimize, outcomeConstraints } from "../../lib/records/mod.ts";
import { normalLogCdf } from "../../lib/math/mod.ts";
import {
  costOf,
  fitConstraints,
  fitCost,
  logFeasibility,
  spentOf,
} from "../../lib/surrogates/mod.ts";
import { floats } from "../support/spaces.ts";
import { trialOf, viewOf } from "../support/views.ts";

const line = floats(1);
const [name] = line.names as [string];
const bounds = outcomeConstraints({ size: { max: 0 } });

/** Trials at 0, 0.1, …, 1 with a constraint's values there. */
function constrained(value: (x: number) => number | null) {
  return viewOf(
    line,
    Array.from({ length: 11 }, (_, n) =>
      trialOf(n, { [name]: n / 10 }, {
        value: n / 10,
        constraints: [value(n / 10)],
      })),
    [minimize()],
    bounds,
  );
}

function chances(view: ReturnType<typeof constrained>, ...xs: number[]) {
  const logs = logFeasibility(fitConstraints(view), Float64Array.from(xs));
  return Array.from(logs, Math.exp);
}

describe("fitConstraints()", () => {
  it("is empty without constraints, and for those never measured", () => {
    expect(fitConstraints(viewOf(line))).toEqual([]);
    expect(fitConstraints(constrained(() => null))).toEqual([]);
  });

  it("finds where a constraint is kept, and doubts only near the bound", () => {
    const [kept, bound, violated] = chances(
      constrained((x) => x - 0.55),
      0.25,
      0.55,
      0.85,
    );
    expect(kept).toBeGreaterThan(0.99);
    expect(bound).toBeGreaterThan(0.1);
    expect(bound).toBeLessThan(0.9);
    expect(violated).toBeLessThan(0.01);
  });

  it("tells flags apart: 0 is kept, 1 is not", () => {
    const [kept, violated] = chances(
      constrained((x) => x > 0.55 ? 1 : 0),
      0.2,
      0.8,
    );
    expect(kept).toBeGreaterThan(0.95);
    expect(violated).toBeLessThan(0.05);
  });

  it("does not hang on the unit of measure", () => {
    const value = (x: number) => Math.sin(5 * x) - 0.2;
    const here = chances(constrained(value), 0.05, 0.33, 0.8);
    const there = chances(constrained((x) => 1e9 * value(x)), 0.05, 0.33, 0.8);
    here.forEach((chance, i) => expect(there[i]).toBeCloseTo(chance, 8));
  });

  it("learns of failed trials whose measure is known, and bears infinite ones", () => {
    const view = constrained((x) => x > 0.55 ? Infinity : x - 0.6);
    const failed = {
      ...view,
      trials: view.trials.map((trial) =>
        trial.number < 9 ? trial : { ...trial, state: "failed" as const }
      ),
    };
    const [kept, violated] = chances(failed, 0.2, 0.95);
    expect(kept).toBeGreaterThan(0.9);
    expect(violated).toBeLessThan(0.2);
  });

  it("is the product of the constraints' probabilities: equation (1)", () => {
    const view = constrained((x) => x - 0.5);
    const both = {
      ...view,
      constraints: outcomeConstraints({ size: { max: 0 }, other: { max: 0 } }),
      trials: view.trials.map((trial) => ({
        ...trial,
        constraints: [trial.constraints![0]!, 0.3 - trial.value!],
      })),
    };
    const models = fitConstraints(both);
    const point = Float64Array.of(0.4);
    const sum = models.reduce((all, { process, threshold }) => {
      const { mean, sd } = process.predict(point);
      return all + normalLogCdf((threshold - mean[0]!) / sd[0]!);
    }, 0);
    expect(models).toHaveLength(2);
    expect(logFeasibility(models, point)[0]).toBeCloseTo(sum, 12);
  });
});

describe("fitCost()", () => {
  const priced = (cost: (x: number) => number) =>
    viewOf(
      line,
      Array.from({ length: 9 }, (_, n) =>
        trialOf(n, { [name]: n / 8 }, {
          attributes: { price: cost(n / 8) },
          state: n === 8 ? "failed" : "complete",
        })),
    );

  it("is null without costs, for costs that are much the same, and for too few", () => {
    expect(fitCost(priced((x) => 2 + 0.01 * x), "price")).toBeNull();
    expect(fitCost(priced(() => -1), "price")).toBeNull();
    expect(fitCost(priced((x) => x), "seconds")).toBeNull();
    expect(fitCost(viewOf(line), "price")).toBeNull();
  });

  it("foretells costs of complete trials on their logarithm", () => {
    const { process, center, scale } = fitCost(
      priced((x) => Math.exp(3 * x)),
      "price",
    )!;
    const mean = process.predictMean(Float64Array.of(0.3))[0]!;
    expect(center + scale * mean).toBeCloseTo(0.9, 2);
  });

  it("counts what is spent, on failed trials too; seconds are how long a trial ran", () => {
    expect(spentOf(priced(() => 2), "price")).toBe(18);
    expect(costOf(trialOf(0, {}), "seconds", [minimize()])).toBe(30);
    expect(costOf(trialOf(0, {}, { attributes: { seconds: 4 } }), "seconds", [
      minimize(),
    ])).toBe(4);
  });
});

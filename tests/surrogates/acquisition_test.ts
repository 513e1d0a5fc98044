import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import fc from "fast-check";
import {
  expectedImprovement,
  logExpectedImprovement,
  logExpectedImprovementSlopes,
  logProbabilityOfImprovementSlopes,
  lowerConfidenceBound,
  probabilityOfImprovement,
} from "../../lib/surrogates/mod.ts";

describe("expectedImprovement()", () => {
  it("is 0 where the sd is 0 and the mean is no better", () => {
    expect(expectedImprovement({ mean: 1, sd: 0 }, 1)).toBe(0);
    expect(expectedImprovement({ mean: 1, sd: 0 }, 3)).toBe(2);
  });

  it("has the value of a known integral", () => {
    // φ(0) and, for z = 1, Φ(1) + φ(1) (SciPy 1.17.1).
    expect(expectedImprovement({ mean: 0, sd: 1 }, 0))
      .toBeCloseTo(0.3989422804014327, 14);
    expect(expectedImprovement({ mean: 0, sd: 1 }, 1))
      .toBeCloseTo(1.0833154705876862, 14);
  });

  it("is at least 0, and grows with the sd and with a better mean", () => {
    const number = fc.double({ min: -5, max: 5, noNaN: true });
    const sd = fc.double({ min: 0, max: 5, noNaN: true });
    fc.assert(
      fc.property(number, sd, number, sd, (mean, sd, best, more) => {
        const value = expectedImprovement({ mean, sd }, best);
        expect(value).toBeGreaterThanOrEqual(0);
        expect(expectedImprovement({ mean, sd: sd + more }, best))
          .toBeGreaterThanOrEqual(value * (1 - 1e-9));
        expect(expectedImprovement({ mean: mean - more, sd }, best))
          .toBeGreaterThanOrEqual(value * (1 - 1e-9));
      }),
    );
  });
});

describe("logExpectedImprovement()", () => {
  it("is the logarithm, and goes on where the improvement is too small to be written", () => {
    const expected = { mean: 1, sd: 0.7 };
    expect(logExpectedImprovement(expected, 0))
      .toBeCloseTo(Math.log(expectedImprovement(expected, 0)), 12);
    expect(expectedImprovement({ mean: 100, sd: 1 }, 0)).toBe(0);
    // −100²/2 − ½ log 2π − 2 log 100, less 3/100² (asymptotic expansion).
    expect(logExpectedImprovement({ mean: 100, sd: 1 }, 0))
      .toBeCloseTo(-5000 - 0.9189385332 - 2 * Math.log(100) - 3e-4, 5);
    expect(logExpectedImprovement({ mean: 1, sd: 0 }, 0)).toBe(-Infinity);
  });
});

describe("slopes of acquisition functions", () => {
  for (
    const [name, slopes] of [
      ["logExpectedImprovementSlopes()", logExpectedImprovementSlopes],
      [
        "logProbabilityOfImprovementSlopes()",
        logProbabilityOfImprovementSlopes,
      ],
    ] as const
  ) {
    it(`${name} are those of finite differences`, () => {
      for (const z of [-50, -6, -4, -1.2, -0.8, 0, 1, 4]) {
        for (const sd of [0.3, 2]) {
          const mean = -z * sd;
          const value = (mean: number, sd: number) =>
            slopes({ mean, sd }, 0).value;
          const { byMean, bySd } = slopes({ mean, sd }, 0);
          const h = 1e-6 * sd;
          const numeric = [
            (value(mean + h, sd) - value(mean - h, sd)) / (2 * h),
            (value(mean, sd + h) - value(mean, sd - h)) / (2 * h),
          ];
          expect(Math.abs(byMean - numeric[0]!)).toBeLessThan(
            1e-6 * Math.max(1, Math.abs(byMean)),
          );
          expect(Math.abs(bySd - numeric[1]!)).toBeLessThan(
            1e-6 * Math.max(1, Math.abs(bySd)),
          );
        }
      }
    });
  }
});

describe("probabilityOfImprovement()", () => {
  it("is a half at the best, and 0 or 1 where the sd is 0", () => {
    expect(probabilityOfImprovement({ mean: 2, sd: 1 }, 2)).toBe(0.5);
    expect(probabilityOfImprovement({ mean: 2, sd: 0 }, 2)).toBe(0);
    expect(probabilityOfImprovement({ mean: 1, sd: 0 }, 2)).toBe(1);
  });
});

describe("lowerConfidenceBound()", () => {
  it("is the negative of mean − β sd", () => {
    expect(lowerConfidenceBound({ mean: 3, sd: 2 }, 2)).toBe(1);
  });
});

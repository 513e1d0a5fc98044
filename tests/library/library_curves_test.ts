import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import { forecastCurve } from "../../lib/curves/mod.ts";
import {
  builtInCurvePrior,
  libraryCurvePrior,
  libraryCurves,
  openLibrary,
  packLibrary,
} from "../../lib/library/mod.ts";
import { maximize, minimize } from "../../lib/records/mod.ts";
import { float, type Space, space } from "../../lib/space/mod.ts";
import { trialOf } from "../support/views.ts";

const line = space({ learningRate: float(0, 1) }) as unknown as Space;
const steps = Array.from({ length: 20 }, (_, i) => i + 1);
/** Rises to 0.9, the faster the larger the rate, and falls again by half of it after step 12. */
const curve = (rate: number, falls: boolean) =>
  steps.map((t) =>
    0.9 - 0.8 * Math.exp(-t * (0.2 + rate)) -
    (falls && t > 12 ? 0.05 * (t - 12) : 0)
  );

async function similarOf(names: readonly string[], points = 20) {
  const studies = names.map((name, k) => ({
    name,
    task: null,
    space: line,
    objective: maximize("validation accuracy"),
    origin: "test",
    trials: Array.from({ length: 8 }, (_, i) => {
      const rate = (i + 1 + k / 10) / 10;
      const values = curve(rate, true).slice(0, points);
      return {
        ...trialOf(i, { learningRate: rate }, { value: values.at(-1)! }),
        curves: new Map([["validation accuracy", {
          name: "validation accuracy",
          steps: steps.slice(0, points),
          values,
        }]]),
      };
    }),
  }));
  const library = await openLibrary([packLibrary(studies)]);
  return await library.similar(null, line);
}

describe("libraryCurves()", () => {
  it("of no study are none", async () => {
    expect(await libraryCurves([], { series: maximize("accuracy") })).toEqual(
      [],
    );
  });

  it("takes curves of the same thing in the same direction alone", async () => {
    const similar = await similarOf(["a"]);
    const count = async (series: ReturnType<typeof maximize>) =>
      (await libraryCurves(similar, { series })).length;
    expect(await count(maximize("test accuracy"))).toBe(8);
    expect(await count(maximize("validation f1"))).toBe(8);
    expect(await count(minimize("validation loss"))).toBe(0);
    expect(await count(minimize("validation accuracy"))).toBe(0);
  });

  it("takes no more than are wanted, of all studies, in groups by data set", async () => {
    const similar = await similarOf(["a", "b", "c"]);
    const curves = await libraryCurves(similar, {
      series: maximize("accuracy"),
      most: 9,
    });
    expect(curves.length).toBe(9);
    expect(new Set(curves.map(({ group }) => group)).size).toBe(3);
  });

  it("leaves out curves with few points, and studies that cannot be read", async () => {
    const series = maximize("accuracy");
    expect(await libraryCurves(await similarOf(["a"], 5), { series })).toEqual(
      [],
    );
    const [similar] = await similarOf(["a"]);
    const study = {
      ...similar!.study,
      read: () => Promise.reject(new Error("locked")),
    };
    expect(await libraryCurves([{ ...similar!, study }], { series })).toEqual(
      [],
    );
  });

  it("refuses to take less than one", async () => {
    await expect(libraryCurves([], { series: maximize("accuracy"), most: 0 }))
      .rejects.toThrow("most is 0, expected a whole number from 1");
  });
});

describe("libraryCurvePrior()", () => {
  const series = maximize("validation accuracy");

  it("is null where there are too few curves", async () => {
    expect(await libraryCurvePrior(await similarOf(["a"]), { series })).toBe(
      null,
    );
  });

  it("foresees a fall that no shape foresees, if prior trainings all fell", async () => {
    const prior = await libraryCurvePrior(
      await similarOf(["a", "b", "c", "d", "e"]),
      { series },
    );
    const values = curve(0.35, true);
    const seen = {
      name: series.name,
      steps: steps.slice(0, 12),
      values: values.slice(0, 12),
    };
    const options = { direction: "maximize", at: 20 } as const;
    const error = (forecast: number | null) =>
      Math.abs(forecast! - values.at(-1)!);
    const without = error(forecastCurve(seen, options).value);
    const withPrior = error(forecastCurve(seen, { ...options, prior }).value);
    expect(withPrior).toBeLessThan(without / 3);
  });
});

describe("builtInCurvePrior()", () => {
  it("is of scores, was better on data sets left out, and narrows the band", async () => {
    const prior = await builtInCurvePrior();
    expect(prior.direction).toBe("maximize");
    expect(prior.curves).toBeGreaterThan(1000);
    expect(prior.error.prior).toBeLessThan(0.8 * prior.error.shapes);
    const seen = {
      name: "validation accuracy",
      steps: steps.slice(0, 10),
      values: curve(0.1, false).slice(0, 10),
    };
    const [without, with_] = [null, prior].map((prior) =>
      forecastCurve(seen, { direction: "maximize", at: 20, prior })
    );
    const width = (one: typeof with_) => one!.band!.high - one!.band!.low;
    expect(width(with_)).toBeLessThan(width(without));
    expect(Math.abs(with_!.value! - curve(0.1, false).at(-1)!))
      .toBeLessThan(0.08);
  });
});

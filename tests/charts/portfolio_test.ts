import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import { portfolioChart, portfolioRows } from "../../lib/charts/mod.ts";
import { mapSpace, portfolio } from "../../lib/library/mod.ts";
import { minimize } from "../../lib/records/mod.ts";
import { float, type Space, space } from "../../lib/space/mod.ts";
import { drawCleanly } from "../support/chart_conformance.ts";
import { sampleSpace } from "../support/chart_views.ts";
import { trialOf } from "../support/views.ts";

const line = space({ x: float(0, 1) }) as unknown as Space;
/** A study whose values are best at a place. */
const bowl = (name: string, weight: number, best: number) => ({
  name,
  weight,
  objective: minimize("loss"),
  mapping: mapSpace(line, line),
  trials: Array.from(
    { length: 24 },
    (_, i) => trialOf(i, { x: i / 23 }, { value: (i / 23 - best) ** 2 }),
  ),
});
const picks = portfolio(
  [bowl("left", 0.6, 0.2), bowl("right", 0.4, 0.8)],
  line,
  {
    size: 3,
  },
);

describe("portfolioRows()", () => {
  it("of no configuration has no rows", () => {
    expect(portfolioRows([], line)).toEqual({
      values: [],
      opinions: [],
      reached: [],
      parameters: ["x"],
      studies: [],
      asked: 0,
    });
  });

  it("marks for each study the configuration that is best for it", () => {
    const { opinions } = portfolioRows(picks, line);
    for (const study of ["left", "right"]) {
      const own = opinions.filter(({ s }) => s === study);
      expect(own.filter(({ b }) => b === 1).length).toBe(1);
      expect(own.find(({ b }) => b === 1)!.z)
        .toBe(Math.max(...own.map(({ z }) => Number(z))));
    }
  });

  it("reaches more with every configuration", () => {
    const reached = portfolioRows(picks, line).reached.map(({ z }) =>
      Number(z)
    );
    expect(reached).toEqual(reached.toSorted((a, b) => a - b));
    expect(reached[0]!).toBeGreaterThan(0);
  });

  it("shows what a configuration leaves inactive as a dash", () => {
    const searched = sampleSpace();
    const params = searched.validate({
      learningRate: 0.01,
      units: 64,
      dropout: 0.1,
      optimizer: "adam",
      batchNorm: true,
    } as never);
    const { values } = portfolioRows(
      [{
        params,
        z: 0,
        gain: 0,
        voices: [],
        asked: [],
        expected: null,
        reason: "",
      }],
      searched,
    );
    expect(values.find(({ p }) => p === "momentum")!.t).toBe("–");
    expect(values.find(({ p }) => p === "learningRate")!.t).toBe("0.01");
  });
});

describe("portfolioChart()", () => {
  it("draws, also of nothing", async () => {
    await drawCleanly(portfolioChart(picks, line));
    const empty = portfolioChart([], line);
    expect(JSON.stringify(empty.spec)).toContain("No prior study says");
    await drawCleanly(empty);
  });

  it("draws names that are code, markup or endless", async () => {
    const names = ["datum['x']", "<b>&", "constructor", "x".repeat(500), ""];
    const studies = names.map((name, i) => bowl(name, 0.5, i / 5));
    await drawCleanly(portfolioChart(portfolio(studies, line), line));
  });
});

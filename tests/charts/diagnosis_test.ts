import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import { diagnosisChart, diagnosisRows } from "../../lib/charts/mod.ts";
import { forecastCurve } from "../../lib/curves/mod.ts";
import { minimize } from "../../lib/records/mod.ts";
import { float, type Space, space } from "../../lib/space/mod.ts";
import { drawCleanly } from "../support/chart_conformance.ts";
import { trialOf, viewOf } from "../support/views.ts";

const one = space({ rate: float(0, 1) }) as unknown as Space;
const epochs = Array.from({ length: 30 }, (_, i) => i + 1);
const falling = epochs.map((t) => 2 * Math.exp(-t / 6) + 0.02);
const rising = epochs.map((t) =>
  2 * Math.exp(-t / 6) + 0.3 + 0.02 * Math.max(0, t - 12)
);

function study(train: readonly number[], validation: readonly number[]) {
  return viewOf(one, [
    trialOf(0, { rate: 0.5 }, {
      value: Math.min(...validation.filter(Number.isFinite)),
      curves: { "train loss": train, "validation loss": validation },
    }),
  ], [minimize("validation loss")]);
}

describe("diagnosisRows()", () => {
  it("of no trial, or none with curves, has nothing", () => {
    for (const trials of [[], [trialOf(0, { rate: 0.5 }, { value: 1 })]]) {
      expect(diagnosisRows(viewOf(one, trials))).toEqual({
        trial: null,
        quantity: null,
        points: [],
        marks: [],
        spans: [],
        ahead: [],
        diagnosis: null,
      });
    }
  });

  it("has both curves, the lowest point and the end of an overfitting one, and the stretch between", () => {
    const rows = diagnosisRows(study(falling, rising));
    expect(rows.diagnosis!.main!.kind).toBe("overfitting");
    expect(rows.points.length).toBe(60);
    expect(rows.points[0]).toEqual({
      s: "train",
      g: 1,
      x: 1,
      y: Number(falling[0]!.toPrecision(6)),
    });
    expect(rows.marks.map(({ label }) => label)).toEqual(["lowest", "end"]);
    const [span] = rows.spans;
    expect(span!.label).toBe("overfitting");
    expect(Number(span!.x)).toBeGreaterThan(8);
    expect(span!.x2).toBe(30);
  });

  it("breaks the line at a gap, and thins a long curve", () => {
    const holes = rising.map((value, i) => i === 5 ? NaN : value);
    const pieces = diagnosisRows(study(falling, holes)).points
      .filter(({ s }) => s === "validation").map(({ g }) => g);
    expect(new Set(pieces).size).toBe(2);
    const long = Array.from({ length: 50_000 }, (_, i) => 1 / (1 + i));
    expect(diagnosisRows(study(long, long)).points.length)
      .toBeLessThanOrEqual(2000);
  });

  it("has the way ahead that it was given", () => {
    const view = study(falling.slice(0, 15), falling.slice(0, 15));
    const forecast = forecastCurve(
      view.trials[0]!.curves.get("validation loss")!,
      { direction: "minimize", at: 30 },
    );
    const { ahead } = diagnosisRows(view, { forecast });
    expect(ahead[0]!.x).toBe(15);
    expect(ahead.at(-1)!.x).toBe(30);
    for (const { l, m, h } of ahead) {
      expect(Number(l)).toBeLessThanOrEqual(Number(m));
      expect(Number(h)).toBeGreaterThanOrEqual(Number(m));
    }
  });
});

describe("diagnosisChart()", () => {
  it("says what was found, the advice, and what is expected, in its text and above the picture", async () => {
    const view = study(falling.slice(0, 15), falling.slice(0, 15));
    const forecast = forecastCurve(
      view.trials[0]!.curves.get("validation loss")!,
      { direction: "minimize", at: 30 },
    );
    const chart = diagnosisChart(view, { forecast, advice: "raise rate" });
    expect(chart.text).toMatch(/^Trial 0: /);
    expect(chart.text).toContain("→ raise rate");
    expect(chart.text).toMatch(
      /Expected at step 30: -?0\.\d+, in 9 of 10 cases from/,
    );
    expect(await drawCleanly(chart)).toContain("raise rate");
  });

  it("finds the trial by its number, and refuses one that is not there", () => {
    const view = study(falling, rising);
    expect(diagnosisChart(view, { trial: 0 }).title).toBe(
      "Trial 0: overfitting",
    );
    expect(() => diagnosisChart(view, { trial: 7 })).toThrow(
      "Cannot draw the diagnosis: there is no trial 7; the study has 1 trial",
    );
  });
});

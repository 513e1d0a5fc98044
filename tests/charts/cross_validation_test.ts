import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import {
  crossValidationChart,
  crossValidationRows,
} from "../../lib/charts/mod.ts";
import { float, type Space, space } from "../../lib/space/mod.ts";
import { makeView, studyOver } from "../support/chart_views.ts";

const line = space({ x: float(0, 1) }) as unknown as Space;

describe("crossValidationRows()", () => {
  it("has no rows before four trials have a value", () => {
    for (const trials of [0, 1, 3]) {
      expect(crossValidationRows(makeView({ trials })).rows).toEqual([]);
    }
  });

  it("of a smooth function predicts nearly all", () => {
    const view = studyOver(line, 30, () => ({}));
    const smooth = {
      ...view,
      trials: view.trials.map((trial) => ({
        ...trial,
        value: Math.sin(3 * Number(trial.params.x)),
      })),
    };
    const { rows, r2, correlation } = crossValidationRows(smooth);
    expect(rows.length).toBe(30);
    expect(r2).toBeGreaterThan(0.98);
    expect(correlation).toBeGreaterThan(0.98);
    for (const { l, m, h } of rows) {
      expect(Number(l)).toBeLessThanOrEqual(Number(m));
      expect(Number(m)).toBeLessThanOrEqual(Number(h));
    }
  });

  it("counts values that the surrogate sees moved in", () => {
    const view = studyOver(
      line,
      30,
      (i) => ({ value: i === 3 ? 1e9 : i / 30 }),
    );
    expect(crossValidationRows(view).movedIn).toBe(1);
  });

  it("shows complete trials alone, though pruned ones count", () => {
    const view = makeView({ trials: 80 });
    const complete = new Set(
      view.trials.filter(({ state }) => state === "complete")
        .map(({ number }) => number),
    );
    const { rows } = crossValidationRows(view);
    expect(rows.every(({ n }) => complete.has(Number(n)))).toBe(true);
  });
});

describe("crossValidationChart()", () => {
  it("says that noise cannot be predicted", () => {
    const view = studyOver(line, 60, (i) => ({ value: (i * 7919) % 61 }));
    expect(crossValidationChart(view).text).toContain("trust the trials");
  });
});

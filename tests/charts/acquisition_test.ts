import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import { acquisitionChart, acquisitionRows } from "../../lib/charts/mod.ts";
import { minimize } from "../../lib/records/mod.ts";
import { choice, float, type Space, space } from "../../lib/space/mod.ts";
import { makeView, sampleSpace, studyOver } from "../support/chart_views.ts";
import { trialOf, viewOf } from "../support/views.ts";

const line = space({ x: float(0, 1) }) as unknown as Space;

/** A parabola with its valley at 0.6, seen at some places. */
function parabola(places: readonly number[]) {
  return viewOf(
    line,
    places.map((x, n) => trialOf(n, { x }, { value: (x - 0.6) ** 2 })),
    [minimize("loss")],
  );
}

describe("acquisitionRows()", () => {
  it("of fewer than two trials has no cells", () => {
    expect(acquisitionRows(parabola([0.5])).cells).toEqual([]);
  });

  it("is nothing where a trial was, and most where the valley is", () => {
    const { cells, peak, most } = acquisitionRows(
      parabola([0, 0.2, 0.4, 0.9, 1]),
    );
    expect(Number(peak!.x)).toBeGreaterThan(0.5);
    expect(Number(peak!.x)).toBeLessThan(0.8);
    expect(peak!.a).toBe(1);
    expect(most!).toBeGreaterThan(0);
    expect(Number(cells[0]!.a)).toBeLessThan(0.01);
  });

  it("has the share of the most in [0, 1], once 1", () => {
    const { cells } = acquisitionRows(makeView({ trials: 40 }));
    const shares = cells.map(({ a }) => Number(a));
    expect(Math.max(...shares)).toBe(1);
    expect(Math.min(...shares)).toBeGreaterThanOrEqual(0);
    expect(cells.length).toBeLessThanOrEqual(1000);
  });

  it("of the probability is one", () => {
    const { most } = acquisitionRows(makeView({ trials: 40 }), {
      kind: "probability",
    });
    expect(most!).toBeGreaterThan(0);
    expect(most!).toBeLessThanOrEqual(1);
  });

  it("has no cells where one of two is not used", () => {
    const { cells } = acquisitionRows(makeView({ trials: 60 }), {
      parameters: ["optimizer", "momentum"],
    });
    expect(new Set(cells.map(({ x }) => x))).toEqual(new Set(["sgd"]));
  });

  it("does not mind the direction", () => {
    const kinds = space({
      k: choice(["a", "b"]),
      x: float(0, 1),
    }) as unknown as Space;
    const down = studyOver(kinds, 12, (i) => ({ value: i / 10 }));
    const up = {
      ...down,
      objectives: [{ name: "loss", direction: "maximize" as const }],
      trials: down.trials.map((trial) => ({ ...trial, value: -trial.value! })),
    };
    expect(acquisitionRows(up).peak!.x).toBe(acquisitionRows(down).peak!.x);
  });
});

describe("acquisitionChart()", () => {
  it("refuses three parameters and another kind", () => {
    const view = makeView({ trials: 3 });
    expect(() =>
      acquisitionChart(view, { parameters: sampleSpace().names.slice(0, 3) })
    ).toThrow(RangeError);
    const draw = acquisitionChart as (view: unknown, options: unknown) => void;
    expect(() => draw(view, { kind: "luck" })).toThrow(
      /expected "expected-improvement" or "probability"/,
    );
  });
});

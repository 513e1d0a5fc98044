import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import {
  parallelCoordinatesChart,
  parallelCoordinatesRows,
} from "../../lib/charts/mod.ts";
import { maximize, minimize } from "../../lib/records/mod.ts";
import { choice, float, int, type Space, space } from "../../lib/space/mod.ts";
import { makeView, studyOver } from "../support/chart_views.ts";
import { trialOf, viewOf } from "../support/views.ts";

const mixed = space({
  rate: float(1e-4, 1, { log: true }),
  units: int(0, 10),
  optimizer: choice(["adam", "sgd"]),
  momentum: float(0, 1).when({ optimizer: "sgd" }),
}) as unknown as Space;

const params = [
  { rate: 1e-4, units: 0, optimizer: "adam" },
  { rate: 1e-2, units: 5, optimizer: "sgd", momentum: 0.25 },
  { rate: 1, units: 10, optimizer: "sgd", momentum: 1 },
];

const study = (objective = minimize("loss")) =>
  viewOf(
    mixed,
    params.map((each, i) => trialOf(i, each, { value: [10, 30, 20][i]! })),
    [objective],
  );

describe("parallelCoordinatesRows()", () => {
  it("of no trial has the axes and no lines", () => {
    const { axes, lines, range } = parallelCoordinatesRows(viewOf(mixed));
    expect(axes.map(({ title }) => title)).toEqual([
      "rate",
      "units",
      "optimizer",
      "momentum",
      "value (minimize)",
    ]);
    expect(lines).toEqual([]);
    expect(range).toBeNull();
  });

  it("places values by their scale, choices in the middle of their share, and unused parameters below", () => {
    const places = parallelCoordinatesRows(study()).lines.map((
      row,
    ) => [row.n, row.y0, row.y1, row.y2, row.y3, row.y4]);
    expect(new Map(places.map(([n, ...rest]) => [n, rest]))).toEqual(
      new Map([
        [0, [0, 0, 0.25, -0.13, 0]],
        [1, [0.5, 0.5, 0.75, 0.25, 1]],
        [2, [1, 1, 0.75, 1, 0.5]],
      ]),
    );
  });

  it("goes from the worst to the best, in the objective's direction", () => {
    const order = (view = study()) =>
      parallelCoordinatesRows(view).lines.map(({ n, c }) => [n, c]);
    expect(order()).toEqual([[1, 0], [2, 0.5], [0, 1]]);
    expect(order(study(maximize("gain")))).toEqual([[0, 0], [2, 0.5], [1, 1]]);
  });

  it("has ticks in real units: powers of ten, whole numbers, names", () => {
    const { axes } = parallelCoordinatesRows(study());
    const labels = axes.map(({ ticks }) => ticks.map(({ label }) => label));
    expect(labels[0]).toEqual(["0.0001", "0.001", "0.01", "0.1", "1"]);
    expect(labels[1]).toEqual(["0", "2", "4", "6", "8", "10"]);
    expect(labels[2]).toEqual(["adam", "sgd"]);
    expect(axes.map(({ unused }) => unused)).toEqual([
      false,
      false,
      false,
      true,
      false,
    ]);
  });

  it("widens an axis for values that the space no longer has", () => {
    const view = viewOf(mixed, [
      trialOf(0, { rate: 100, units: -5, optimizer: "lion" }, { value: 1 }),
    ]);
    const { lines, axes } = parallelCoordinatesRows(view);
    expect(lines[0]).toMatchObject({ y0: 1, y1: 0, f2: "lion" });
    expect(axes[2]!.ticks.map(({ label }) => label)).toEqual([
      "adam",
      "sgd",
      "lion",
    ]);
  });

  it("puts a diverged value at the end of the axis", () => {
    const line = space({ x: float(0, 1) }) as unknown as Space;
    const view = studyOver(line, 10, (i) => ({ value: i === 3 ? 1e9 : i }));
    const { lines, range, beyond } = parallelCoordinatesRows(view);
    expect(range).toEqual([0, 9]);
    expect(beyond).toBe(1);
    expect(lines[0]).toMatchObject({ n: 3, v: 1e9, y1: 1 });
  });

  it("shows the first 10 of 20 parameters, or those that are named", () => {
    const wide = space(
      Object.fromEntries(
        Array.from({ length: 20 }, (_, i) => [`p${i}`, float(0, 1)]),
      ),
    ) as unknown as Space;
    const view = studyOver(wide, 5, (i) => ({ value: i }));
    expect(parallelCoordinatesRows(view).axes.length).toBe(11);
    expect(parallelCoordinatesChart(view).text).toContain(
      "10 of 20 parameters",
    );
    const named = parallelCoordinatesRows(view, { parameters: ["p15", "p2"] });
    expect(named.fields).toEqual({ f0: "p15", f1: "p2" });
    expect(() => parallelCoordinatesRows(view, { parameters: wide.names }))
      .toThrow(/20 parameters are named, expected at most 16/);
    expect(() => parallelCoordinatesRows(view, { parameters: ["p2", "p2"] }))
      .toThrow(/"p2" is named twice/);
    expect(() => parallelCoordinatesRows(view, { parameters: ["q2"] })).toThrow(
      /did you mean "p2"/,
    );
  });

  it("keeps the best of 10,000 trials", () => {
    const view = makeView({ trials: 10_000, steps: 1 });
    const { lines, omitted } = parallelCoordinatesRows(view);
    const complete = view.trials.filter(({ state }) => state === "complete");
    const sorted = complete.map(({ value }) => value!).sort((a, b) => b - a);
    const shown = new Set(lines.map(({ v }) => v));
    expect(lines.length).toBe(500);
    expect(omitted).toBe(complete.length - 500);
    for (const value of sorted.slice(0, 250)) {
      expect(shown.has(Number(value.toPrecision(7)))).toBe(true);
    }
    expect(shown.has(Number(sorted.at(-1)!.toPrecision(7)))).toBe(true);
  });
});

describe("parallelCoordinatesChart()", () => {
  it("has a brush for each axis, and lines that ask all of them", () => {
    const { spec } = parallelCoordinatesChart(study());
    const text = JSON.stringify(spec);
    for (let i = 0; i < 5; i++) {
      expect(text).toContain(`{"name":"brush_y${i}","select":`);
      expect(text).toContain(`{"param":"brush_y${i}"}`);
    }
  });

  it("says where the best tenth lies", () => {
    const { text } = parallelCoordinatesChart(makeView({ trials: 100 }));
    expect(text).toMatch(/best 7 trials: learningRate [\d.]+ to [\d.]+, units/);
  });
});

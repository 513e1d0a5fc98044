import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import {
  Chart,
  grid,
  importanceChart,
  learningCurvesChart,
  optimizationHistoryChart,
  parallelCoordinatesChart,
  row,
  sliceChart,
} from "../../lib/charts/mod.ts";
import { bundleOf, drawCleanly } from "../support/chart_conformance.ts";
import { awkwardStudy, edgeStudies, makeView } from "../support/chart_views.ts";

const charts = (view = makeView({ trials: 40 })) => [
  optimizationHistoryChart(view),
  sliceChart(view),
  parallelCoordinatesChart(view),
  importanceChart(view),
  learningCurvesChart(view),
];

function widthOf(svg: string): number {
  return Number(/ width="([\d.]+)"/.exec(svg)![1]);
}

describe("row() and grid()", () => {
  it("say what they take", () => {
    expect(() => row([])).toThrow("found 0 charts, expected 1 to 6");
    expect(() => row({} as Chart[])).toThrow("expected an array of charts");
    expect(() => grid(charts(), { columns: 0 })).toThrow("columns is 0");
    expect(() => grid(charts(), { width: 10 })).toThrow("width is 10");
    expect(() => row(charts(), null as never)).toThrow("options are null");
  });

  it("one chart is drawn too", async () => {
    const svg = await drawCleanly(row([charts()[0]!]));
    expect(svg).toContain("Optimization history");
  });

  it("charts stand beside each other, as narrow as a notebook needs", async () => {
    const [history, slice, , importance] = charts();
    const two = row([history!, importance!]);
    expect(widthOf(await drawCleanly(two))).toBeLessThan(1050);
    const four = grid([history!, slice!, history!, slice!], { title: "Four" });
    const svg = await drawCleanly(four);
    expect(widthOf(svg)).toBeLessThan(1050);
    expect(four.title).toBe("Four");
    expect(svg).toContain("Four");
    expect(four.text).toContain(history!.text);
  });

  it("the same chart twice keeps its brushes apart", async () => {
    const [, slice, parallel, , curves] = charts();
    await drawCleanly(
      grid([slice!, slice!, parallel!, parallel!, curves!, curves!]),
    );
  });

  it("charts of studies at the edges, and with awkward names", async () => {
    for (const study of Object.values(edgeStudies)) {
      await drawCleanly(grid(charts(study())));
    }
    const text = JSON.stringify(grid(charts(awkwardStudy())).spec);
    expect(text).not.toContain("\u0000");
  });

  it("ten thousand trials in six charts fit into a display", async () => {
    const all = charts(makeView({ trials: 10_000, steps: 3 }));
    const chart = grid([...all, all[1]!]);
    const bundle = await bundleOf(chart);
    expect(JSON.stringify(bundle).length).toBeLessThan(1_000_000);
    expect(Object.keys(bundle)).toContain("application/vnd.vegalite.v5+json");
  });

  it("a chart from a spec of one's own stands as it is", async () => {
    const own = new Chart({
      title: "own",
      text: "own",
      spec: {
        $schema: "https://vega.github.io/schema/vega-lite/v5.json",
        title: "own",
        width: 100,
        data: { values: [{ x: 1 }] },
        mark: "point",
        encoding: { x: { field: "x", type: "quantitative" } },
      },
    });
    expect(await drawCleanly(row([own, own]))).toContain("own");
    expect(own.withWidth(300)).toBe(own);
  });
});

describe("Chart.withWidth()", () => {
  it("draws anew, with lines of text as wide", () => {
    const [history] = charts();
    const narrow = history!.withWidth(300);
    expect(narrow.spec.width).toBe(300);
    expect(narrow.withWidth(620).spec).toEqual(history!.spec);
    const lines = (chart: Chart) =>
      (chart.spec.title as { subtitle: readonly string[] }).subtitle;
    expect(lines(narrow).length).toBeGreaterThan(lines(history!).length);
  });

  it("says what it takes", () => {
    expect(() => charts()[0]!.withWidth(50)).toThrow("the width is 50");
    expect(() => charts()[0]!.withWidth(300, 0)).toThrow("the share is 0");
  });
});

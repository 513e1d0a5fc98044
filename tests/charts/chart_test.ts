import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import { join } from "node:path";
import {
  Chart,
  type ChartSpec,
  displayBudgetBytes,
  parallelCoordinatesChart,
  preloadImages,
  sliceChart,
} from "../../lib/charts/mod.ts";
import { bundleOf } from "../support/chart_conformance.ts";
import { awkwardStudy, makeView } from "../support/chart_views.ts";
import { withTemporaryFolder } from "../support/temporary.ts";

const vegaLite = "application/vnd.vegalite.v5+json";

function specOf(rows: number, text = ""): ChartSpec {
  return {
    $schema: "https://vega.github.io/schema/vega-lite/v5.json",
    data: {
      values: Array.from({ length: rows }, (_, x) => ({ x, y: x % 7, text })),
    },
    mark: "point",
    encoding: {
      x: { field: "x", type: "quantitative" },
      y: { field: "y", type: "quantitative" },
    },
  };
}

const chartOf = (spec: ChartSpec, title = "Losses") =>
  new Chart({ title, text: `${title}: 3, 2, 1`, spec });

describe("Chart", () => {
  it("is frozen with all that is in it, and leaves the caller's spec alone", () => {
    const spec = specOf(2);
    const chart = chartOf(spec);
    expect(Object.isFrozen(chart)).toBe(true);
    expect(Object.isFrozen(chart.spec.data)).toBe(true);
    expect(Object.isFrozen(spec)).toBe(false);
    expect(Object.isFrozen(spec.data)).toBe(false);
    expect(chart.spec).toEqual(spec);
  });

  it("shows its text in a terminal", () => {
    const chart = chartOf(specOf(2));
    expect(String(chart)).toBe("Losses: 3, 2, 1");
    expect(Deno.inspect(chart)).toBe("Losses: 3, 2, 1");
  });
});

describe("Chart's pictures", () => {
  it("toSVG() gives one SVG element without scripts", async () => {
    const svg = await sliceChart(awkwardStudy()).toSVG();
    expect(svg).toMatch(/^<svg [\s\S]*<\/svg>$/);
    expect(svg).not.toContain("<script");
    expect(svg).toContain("&lt;/script&gt;");
  });

  it("toPNG() gives a PNG of twice the size unless told", async () => {
    const chart = chartOf(specOf(3));
    const size = async (scale?: number) => {
      const png = await chart.toPNG(scale === undefined ? {} : { scale });
      expect([...png.slice(1, 4)]).toEqual([80, 78, 71]);
      return new DataView(png.buffer).getUint32(16);
    };
    const once = await size(1);
    expect(Math.abs(await size() - 2 * once)).toBeLessThanOrEqual(1);
  });

  it("toPNG() refuses a scale that is no positive number", async () => {
    for (const scale of [0, -1, NaN, 11, "big" as unknown as number]) {
      await expect(chartOf(specOf(1)).toPNG({ scale })).rejects.toThrow(
        RangeError,
      );
    }
  });

  it("toHTML() gives a page that fetches nothing and cannot be broken by a name", async () => {
    const chart = parallelCoordinatesChart(awkwardStudy(), {
      title: "</title></script><script>alert(1)</script><!--",
    });
    const html = await chart.toHTML();
    expect(html.match(/<script/g)).toHaveLength(1);
    expect(html.match(/<\/script>/g)).toHaveLength(1);
    expect(html.match(/<\/title>/g)).toHaveLength(1);
    expect(html).not.toContain("<!--");
    expect(html).not.toMatch(/(src|href)="/);
    const json = /id="vega-lite-spec">([^<]*)<\/script>/.exec(html)![1]!;
    expect(JSON.parse(json)).toEqual(JSON.parse(JSON.stringify(chart.spec)));
  });

  it("preloadImages() resolves, and may be called again", async () => {
    await preloadImages();
    await preloadImages();
  });
});

describe("Chart.save()", () => {
  it("writes what the extension says", async () => {
    await withTemporaryFolder(async (folder) => {
      const chart = chartOf(specOf(3));
      const starts = {
        "a.svg": "<svg",
        "b.HTML": "<!DOCTYPE html>",
        "c.json": "{",
        "d.e.png": "\u2030PNG",
      };
      for (const [name, start] of Object.entries(starts)) {
        const path = join(folder, name);
        await chart.save(path);
        const bytes = await Deno.readFile(path);
        const text = new TextDecoder("windows-1252").decode(bytes);
        expect(text.startsWith(start)).toBe(true);
      }
      const json = await Deno.readTextFile(join(folder, "c.json"));
      expect(JSON.parse(json)).toEqual(chart.spec);
    });
  });

  it("refuses another extension, and says which there are", async () => {
    for (const path of ["chart", "chart.pdf", "a.svg/b", "", "constructor.x"]) {
      await expect(chartOf(specOf(1)).save(path)).rejects.toThrow(
        new RangeError(
          `Cannot save the chart: found the path ${
            JSON.stringify(path)
          }, expected one that ends in .svg, .png, .html or .json`,
        ),
      );
    }
    await expect(chartOf(specOf(1)).save("x.constructor")).rejects.toThrow(
      RangeError,
    );
  });
});

describe("what a notebook gets of a chart", () => {
  it("is the spec, an SVG and the text", async () => {
    const chart = chartOf(specOf(3));
    expect(await bundleOf(chart)).toEqual({
      [vegaLite]: chart.spec,
      "image/svg+xml": await chart.toSVG(),
      "text/plain": "Losses: 3, 2, 1",
    });
  });

  it("has a PNG in place of an SVG that is too large", async () => {
    const bundle = await bundleOf(sliceChart(makeView({ trials: 3000 })));
    expect(Object.keys(bundle)).toEqual([vegaLite, "image/png", "text/plain"]);
    expect(atob(String(bundle["image/png"])).slice(1, 4)).toBe("PNG");
  });

  it("leaves the picture out, with a note, where the spec has taken the room", async () => {
    const bundle = await bundleOf(chartOf(specOf(400, "x".repeat(2450))));
    expect(Object.keys(bundle)).toEqual([vegaLite, "text/plain"]);
    expect(bundle["text/plain"]).toMatch(
      /^Losses: 3, 2, 1\n\(without a picture: it takes 0\.\d\d MB, expected at most 0\.0\d MB\)$/,
    );
  });

  it("is a text that says how to mend it, above 1 MB", async () => {
    expect(displayBudgetBytes).toBe(1_000_000);
    const bundle = await bundleOf(chartOf(specOf(50_000)));
    expect(Object.keys(bundle)).toEqual(["text/plain"]);
    expect(bundle["text/plain"]).toMatch(
      /^Losses: 3, 2, 1\nNot shown: the chart takes \d\.\d\d MB, expected at most 1\.00 MB, .* await chart\.save\("chart\.svg"\)$/,
    );
  });

  it("is the spec and the reason where a picture cannot be made", async () => {
    const broken = { ...specOf(1), mark: "no such mark" };
    const bundle = await bundleOf(chartOf(broken));
    expect(Object.keys(bundle)).toEqual([vegaLite, "text/plain"]);
    expect(bundle["text/plain"]).toContain("(without a picture: ");
  });

  it("is the reason where nothing can be shown", async () => {
    const spec = specOf(1);
    const circle: Record<string, unknown> = { ...spec };
    circle.self = circle;
    const bundle = await bundleOf(chartOf(circle as unknown as ChartSpec));
    expect(Object.keys(bundle)).toEqual(["text/plain"]);
    expect(bundle["text/plain"]).toContain("Cannot show the chart: ");
  });
});

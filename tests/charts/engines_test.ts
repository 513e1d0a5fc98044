import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import * as vega from "vega";
import * as vegaLite from "vega-lite";
import type { Chart } from "../../lib/charts/mod.ts";
import {
  chartOfStudy,
  galleryChart,
  galleryCharts,
} from "../../tools/gallery.ts";
import { inProject } from "../../tools/project.ts";
import { awkwardStudy, prototypeStudy } from "../support/chart_views.ts";
import { warningsOf } from "../support/draw_with.ts";

/** All charts at several sizes, one of them dark, and some with names that break things. */
function allCharts(): Readonly<Record<string, Chart>> {
  const charts: Record<string, Chart> = {};
  for (const name of galleryCharts) {
    for (const trials of [0, 1, 10, 100]) {
      charts[`${name} of ${trials}`] = galleryChart(name, trials);
    }
    charts[`${name}, dark`] = galleryChart(name, 100).withTheme("dark");
  }
  for (const study of [awkwardStudy(), prototypeStudy()]) {
    for (const name of galleryCharts) {
      charts[`${name} of ${study.name}`] = chartOfStudy(name, study);
    }
  }
  return charts;
}

const charts = allCharts();
const none = Object.fromEntries(Object.keys(charts).map((name) => [name, []]));

describe("every chart is drawn without a warning", () => {
  it("by Vega-Lite 6 and Vega 6, as in VS Code", async () => {
    const warnings: Record<string, string[]> = {};
    for (const [name, { spec }] of Object.entries(charts)) {
      warnings[name] = await warningsOf({ vega, vegaLite }, spec);
    }
    expect(vega.version).toMatch(/^6\./);
    expect(warnings).toEqual(none);
  });

  it("by Vega-Lite 5 and Vega 5, as in JupyterLab", async () => {
    const folder = inProject("tests", "charts", "engine_5");
    const process = new Deno.Command(Deno.execPath(), {
      args: [
        "run",
        "-A",
        "--config",
        `${folder}/deno.json`,
        `${folder}/draw.ts`,
      ],
      stdin: "piped",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    const specs = Object.fromEntries(
      Object.entries(charts).map(([name, { spec }]) => [name, spec]),
    );
    const writer = process.stdin.getWriter();
    await writer.write(new TextEncoder().encode(JSON.stringify(specs)));
    await writer.close();
    const { code, stdout, stderr } = await process.output();
    expect([code, code === 0 ? "" : new TextDecoder().decode(stderr)])
      .toEqual([0, ""]);
    const { version, warnings } = JSON.parse(new TextDecoder().decode(stdout));
    expect(version).toMatch(/^5\./);
    expect(warnings).toEqual(none);
  });
});

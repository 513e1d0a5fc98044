/**
 * Charts as images, for pages that cannot run Vega.
 *
 * @module
 */

import { Chart, type ChartSpec } from "../../lib/charts/mod.ts";
import { type Notebook, vegaLiteMimeType } from "./notebook.ts";

/** The same notebook, in which every Vega-Lite output without an image has one: SVG. */
export async function withChartImages(notebook: Notebook): Promise<Notebook> {
  const copy = structuredClone(notebook);
  for (const output of copy.cells.flatMap((cell) => cell.outputs ?? [])) {
    if (!("data" in output) || !(vegaLiteMimeType in output.data)) continue;
    if ("image/svg+xml" in output.data || "image/png" in output.data) continue;
    const spec = output.data[vegaLiteMimeType] as ChartSpec;
    output.data["image/svg+xml"] = await new Chart({
      title: "",
      spec,
      text: "",
    }).toSVG();
  }
  return copy;
}

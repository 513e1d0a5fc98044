import { join } from "node:path";
import { it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { readNotebook, writeNotebook } from "../../tools/jupyter/notebook.ts";
import { JupyterLab } from "../support/jupyterlab.ts";
import { workFolder } from "../support/kernel.ts";
import { chromium, describeWith } from "../support/require.ts";

const chartCell = `
const spec = {
  $schema: "https://vega.github.io/schema/vega-lite/v5.json",
  width: 300,
  height: 200,
  data: { values: Array.from({ length: 20 }, (_, x) => ({ x, y: Math.sin(x / 3) })) },
  mark: { type: "line", point: true },
  encoding: {
    x: { field: "x", type: "quantitative" },
    y: { field: "y", type: "quantitative" },
  },
};
await Deno.jupyter.broadcast("display_data", {
  data: { "application/vnd.vegalite.v5+json": spec, "text/plain": "a chart" },
  metadata: {},
  transient: {},
});`;

const waitingCell = `
let stopped = false;
Deno.addSignalListener("SIGINT", () => stopped = true);
while (!stopped) await new Promise((resolve) => setTimeout(resolve, 10));
console.log("stopped in", Deno.cwd());`;

async function notebookFolder(sources: readonly string[]): Promise<string> {
  const folder = await workFolder("browser jupyterlab");
  await writeNotebook(join(folder, "trial.ipynb"), {
    cells: sources.map((source, n) => ({
      cell_type: "code",
      id: `cell-${n}`,
      metadata: {},
      source: source.trim(),
    })),
    metadata: {},
    nbformat: 4,
    nbformat_minor: 5,
  });
  return folder;
}

describeWith(chromium, "JupyterLab", () => {
  it("draws a chart, asks nobody for anything, and keeps a picture of it", async () => {
    const folder = await notebookFolder([chartCell, "6 * 7"]);
    await using lab = await JupyterLab.start({ folder });
    const page = await lab.open("trial.ipynb");
    expect(await page.runAll()).toBe(true);
    const charts = await page.charts();
    expect(charts.length).toBe(1);
    expect(charts[0]!.inkShare).toBeGreaterThan(0.01);
    expect(charts[0]!.colors).toBeGreaterThan(10);
    await page.screenshot("jupyterlab-chart");
    // JupyterLab adds the picture some time after it has drawn the chart.
    let saved = await readNotebook(join(folder, "trial.ipynb"));
    // When cells follow each other quickly, the kernel may hand a late output to the next cell.
    const pictured = () =>
      saved.cells.flatMap((cell) => cell.outputs ?? [])
        .some((output) => JSON.stringify(output).includes('"image/png"'));
    for (let tries = 0; tries < 20 && !pictured(); tries++) {
      await page.page.waitForTimeout(500);
      await page.save();
      saved = await readNotebook(join(folder, "trial.ipynb"));
    }
    expect(pictured()).toBe(true);
    expect(lab.requestsElsewhere).toEqual([]);
  });

  it("stops a cell that listens for SIGINT by its ■ button, in the notebook's folder", async () => {
    const folder = await notebookFolder([waitingCell]);
    await using lab = await JupyterLab.start({ folder });
    const page = await lab.open("trial.ipynb");
    await page.startAll();
    await page.page.waitForFunction(
      "jupyterapp.shell.currentWidget.sessionContext.session.kernel.status === 'busy'",
    );
    await page.page.waitForTimeout(1000);
    await page.interrupt();
    expect(await page.waitUntilDone({ timeoutMs: 20_000 })).toBe(true);
    const { cells } = await page.notebook();
    expect(JSON.stringify(cells[0]!.outputs)).toContain(`stopped in ${folder}`);
    expect(await page.kernelStatus()).toBe("idle");
  });
});

import { join } from "node:path";
import { expect } from "@std/expect";
import { it } from "@std/testing/bdd";
import { parse, View } from "vega";
import { type Chart, StudyCharts } from "../../lib/charts/mod.ts";
import { readStudy } from "../../lib/report/_command.ts";
import { writeNotebook } from "../../tools/jupyter/notebook.ts";
import { inProject } from "../../tools/project.ts";
import { JupyterLab, type NotebookPage } from "../support/jupyterlab.ts";
import { workFolder } from "../support/kernel.ts";
import { chromium, describeWith } from "../support/require.ts";

const file = "digits-mlp.sqlite";
const names = Object.getOwnPropertyNames(StudyCharts.prototype).filter((name) =>
  name !== "constructor"
);

/** A notebook with a cell a chart, of the study of notebook 02. */
async function notebookFolder(): Promise<string> {
  const folder = await workFolder("browser charts");
  await Deno.copyFile(inProject("notebooks", "data", file), join(folder, file));
  const sources = [
    `import { createStudy, grid } from "@etude/etude";
const study = await createStudy({ name: "digits-mlp", storage: "${file}" });`,
    ...names.map((name) =>
      `study.charts.${name}(${name === "savings" ? "[[0.5, 0.8, 0.9]]" : ""})`
    ),
    "grid([study.charts.optimizationHistory(), study.charts.slice()])",
  ];
  await writeNotebook(join(folder, "charts.ipynb"), {
    cells: sources.map((source, n) => ({
      cell_type: "code",
      id: `cell-${n}`,
      metadata: {},
      source,
    })),
    metadata: {},
    nbformat: 4,
    nbformat_minor: 5,
  });
  return folder;
}

/** Where the brush of the last axis stands in a picture of parallel coordinates. */
async function lastAxis(
  chart: Chart,
): Promise<{ x: number; y: number; height: number }> {
  interface Item {
    readonly x?: number;
    readonly y?: number;
    readonly width?: number;
    readonly height?: number;
    readonly marktype?: string;
    readonly items?: readonly Item[];
  }
  const view = new View(parse(await chart.toVega() as never), {
    renderer: "none",
  });
  await view.runAsync();
  let found = { x: 0, y: 0, height: 0 };
  const walk = (item: Item, x: number, y: number) => {
    for (const mark of item.items ?? []) {
      if (mark.marktype !== "group") continue;
      for (const group of mark.items ?? []) {
        const [gx, gy] = [x + (group.x ?? 0), y + (group.y ?? 0)];
        if (group.width === 24) {
          found = { x: gx + 12, y: gy, height: group.height ?? 0 };
        }
        walk(group, gx, gy);
      }
    }
  };
  const [x, y] = view.origin();
  const { left, top } = view.padding() as { left: number; top: number };
  walk(
    {
      items: [view.scenegraph() as unknown as { root: Item }].map((s) =>
        s.root
      ),
    },
    x + left,
    y + top,
  );
  view.finalize();
  return found;
}

/** The share of pixels that differ between two pictures of the same size. */
function changedShare(
  { page }: NotebookPage,
  before: Uint8Array,
  after: Uint8Array,
): Promise<number> {
  return page.evaluate<number>(`(async () => {
    const read = async (data) => {
      const picture = new Image();
      picture.src = "data:image/png;base64," + data;
      await picture.decode();
      const context = new OffscreenCanvas(picture.width, picture.height).getContext("2d");
      context.drawImage(picture, 0, 0);
      return new Uint32Array(context.getImageData(0, 0, picture.width, picture.height).data.buffer);
    };
    const [a, b] = [await read("${before.toBase64()}"), await read("${after.toBase64()}")];
    return a.filter((pixel, i) => pixel !== b[i]).length / a.length;
  })()`);
}

describeWith(chromium, "the charts in JupyterLab", () => {
  it("are all drawn; a brush over parallel coordinates answers; in a dark JupyterLab they are dark", async () => {
    const folder = await notebookFolder();
    await using lab = await JupyterLab.start({ folder });
    const page = await lab.open("charts.ipynb");
    expect(await page.runAll({ timeoutMs: 300_000 })).toBe(true);
    const drawn = await page.charts();
    expect(drawn.length).toBe(names.length + 1);
    for (const [index, chart] of drawn.entries()) {
      const name = names[index] ?? "grid";
      expect([name, chart.card]).toEqual([name, "#ffffff"]);
      // Trade-offs of a study with one objective are a sentence.
      expect([name, chart.inkShare > 0.004]).toEqual([name, true]);
      expect([name, chart.colors > 8]).toEqual([name, true]);
    }

    const study = await readStudy(join(folder, file));
    const chart = new StudyCharts(() => study.view()).parallelCoordinates();
    const { x, y, height } = await lastAxis(chart);
    const canvas = page.page.locator(".vega-embed canvas")
      .nth(names.indexOf("parallelCoordinates"));
    await canvas.scrollIntoViewIfNeeded();
    const before = await canvas.screenshot();
    const box = (await canvas.boundingBox())!;
    const { mouse } = page.page;
    await mouse.move(box.x + x, box.y + y + 3);
    await mouse.down();
    await mouse.move(box.x + x, box.y + y + height * 0.2, { steps: 5 });
    await mouse.up();
    await page.page.waitForTimeout(300);
    const brushed = await canvas.screenshot();
    // Most lines have turned pale.
    expect(await changedShare(page, before, brushed)).toBeGreaterThan(0.03);
    await mouse.dblclick(box.x + x, box.y + y + height * 0.1);
    await mouse.move(box.x + 2, box.y + 2);
    await page.page.waitForTimeout(300);
    const cleared = await canvas.screenshot();
    expect(await changedShare(page, before, cleared)).toBeLessThan(0.003);

    await page.save();
    await page.page.evaluate(
      `jupyterapp.commands.execute("apputils:change-theme", { theme: "JupyterLab Dark" }).then(() => undefined)`,
    );
    await page.page.waitForTimeout(1500);
    // Opened anew with nothing run: the saved notebook alone.
    const dark = await lab.open("charts.ipynb");
    await dark.page.locator(".vega-embed canvas").first().waitFor();
    await dark.page.waitForTimeout(1500);
    const again = await dark.charts();
    expect(again.length).toBe(drawn.length);
    for (const { card, inkShare } of again) {
      expect(card).toBe("#333333");
      expect(inkShare).toBeGreaterThan(0.004);
    }
    await dark.screenshot("charts-dark", { whole: true });
    expect(lab.requestsElsewhere).toEqual([]);
  });
});

import { expect } from "@std/expect";
import { after, before, it } from "@std/testing/bdd";
import { type Browser, chromium as driver, type Page } from "playwright-core";
import {
  type Chart,
  explorerChart,
  learningCurvesChart,
  parallelCoordinatesChart,
  sliceChart,
} from "../../lib/charts/mod.ts";
import { makeView } from "../support/chart_views.ts";
import { chromium, describeWith } from "../support/require.ts";

const scripts = [
  new URL("./vega.min.js", import.meta.resolve("vega")),
  new URL("./vega-lite.min.js", import.meta.resolve("vega-lite")),
];

/** Draws a chart in a page, as a notebook would. */
async function open(browser: Browser, chart: Chart): Promise<Page> {
  const page = await browser.newPage({ viewport: { width: 900, height: 900 } });
  await page.setContent(`<body style="margin:0"><div id="chart"></div></body>`);
  for (const script of scripts) {
    await page.addScriptTag({ content: await Deno.readTextFile(script) });
  }
  await page.evaluate(
    `(async () => {
      const { spec } = vegaLite.compile(${
      JSON.stringify(chart.spec).replaceAll("<", "\\u003c")
    });
      globalThis.view = new vega.View(vega.parse(spec), { renderer: "canvas", container: "#chart", hover: true });
      view.tooltip((handler, event, item, value) => globalThis.tooltip = value);
      await view.runAsync();
    })()`,
  );
  return page;
}

/** Where the axes' brushes stand: the narrow views, from left to right. */
function strips(page: Page): Promise<{ x: number; y: number; h: number }[]> {
  return page.evaluate(`(() => {
    const found = [];
    const walk = (parent, x, y) => {
      for (const mark of parent.items ?? []) {
        if (mark.marktype !== "group") continue;
        for (const group of mark.items) {
          const [gx, gy] = [x + (group.x ?? 0), y + (group.y ?? 0)];
          if (group.width === 24) found.push({ x: gx + 12, y: gy, h: group.height });
          walk(group, gx, gy);
        }
      }
    };
    const [x, y] = view.origin();
    const { left, top } = view.padding();
    walk({ items: [view.scenegraph().root] }, x + left, y + top);
    return found;
  })()`);
}

async function drag(
  page: Page,
  from: readonly [number, number],
  to: readonly [number, number],
): Promise<void> {
  await page.mouse.move(...from);
  await page.mouse.down();
  await page.mouse.move(...to, { steps: 5 });
  await page.mouse.up();
  await page.evaluate("view.runAsync().then(() => null)");
}

/** How many lines are drawn in full. */
function highlighted(page: Page): Promise<number> {
  return page.evaluate(`(() => {
    const opacities = [];
    const walk = (parent) => {
      for (const mark of parent.items ?? []) {
        if (mark.marktype === "line" && mark.name === "concat_0_layer_1_marks") opacities.push(mark.items[0]?.opacity);
        for (const item of mark.items ?? []) walk(item);
      }
    };
    walk({ items: [view.scenegraph().root] });
    return opacities.filter((opacity) => opacity > 0.26).length;
  })()`);
}

describeWith(chromium, "charts in a browser", () => {
  let browser: Browser;

  before(async () => {
    browser = await driver.launch({
      executablePath: chromium.path!,
      args: ["--no-sandbox"],
    });
  });

  after(async () => {
    await browser.close();
  });

  it("brushes on several axes select the lines that pass through all", async () => {
    const view = makeView({ trials: 100 });
    const page = await open(browser, parallelCoordinatesChart(view));
    const complete = view.trials.filter(({ state }) => state === "complete");
    expect(await highlighted(page)).toBe(complete.length);

    // optimizer: the upper third is rmsprop; the axis ends above the band of what is not used.
    const axes = await strips(page);
    const optimizer = axes[3]!;
    const at = (share: number) => optimizer.y + optimizer.h * share;
    await drag(page, [optimizer.x, at(0.02)], [optimizer.x, at(0.27)]);
    const chosen = complete.filter(({ params }) =>
      params.optimizer === "rmsprop"
    );
    expect(await highlighted(page)).toBe(chosen.length);

    const flag = axes[5]!;
    await drag(page, [flag.x, flag.y + 2], [flag.x, flag.y + flag.h * 0.4]);
    expect(await highlighted(page)).toBe(
      chosen.filter(({ params }) => params.batchNorm === true).length,
    );

    await page.mouse.dblclick(optimizer.x, at(0.15));
    await page.mouse.dblclick(flag.x, flag.y + flag.h * 0.2);
    await page.evaluate("view.runAsync().then(() => null)");
    expect(await highlighted(page)).toBe(complete.length);
    await page.close();
  });

  it("a line between axes names its trial", async () => {
    const page = await open(
      browser,
      parallelCoordinatesChart(makeView({ trials: 20 })),
    );
    const [first, second] = await strips(page);
    const x = (first!.x + second!.x) / 2;
    let tooltip: Record<string, unknown> | null = null;
    for (let share = 0.05; share < 0.9 && tooltip === null; share += 0.01) {
      await page.mouse.move(x, first!.y + first!.h * share);
      tooltip = await page.evaluate("globalThis.tooltip ?? null");
    }
    expect(Object.keys(tooltip!)).toEqual([
      "trial",
      "validation accuracy",
      "learningRate",
      "units",
      "dropout",
      "optimizer",
      "momentum",
      "batchNorm",
    ]);
    await page.close();
  });

  it("a brush over one slice finds its trials in the others", async () => {
    const page = await open(browser, sliceChart(makeView({ trials: 50 })));
    await drag(page, [90, 130], [170, 190]);
    const store = await page.evaluate<{ fields: { field: string }[] }[]>(
      `view.data("brush_store").map(({ fields }) => ({ fields: fields.map(({ field }) => ({ field })) }))`,
    );
    expect(store).toEqual([{ fields: [{ field: "f0" }, { field: "v" }] }]);
    await page.close();
  });

  it("a brush over the history finds its trials in the parameters", async () => {
    const view = makeView({ trials: 60 });
    const page = await open(browser, explorerChart(view));
    const bright = () =>
      page.evaluate<number>(`(() => {
        let count = 0;
        const walk = (parent) => {
          for (const mark of parent.items ?? []) {
            if (mark.marktype === "symbol" && /points_0_marks$/.test(mark.name ?? "")) {
              count += mark.items.filter(({ opacity }) => opacity > 0.5).length;
            }
            for (const item of mark.items ?? []) walk(item);
          }
        };
        walk({ items: [view.scenegraph().root] });
        return count;
      })()`);
    const complete = view.trials.filter(({ state }) => state === "complete");
    expect(await bright()).toBe(complete.length);

    // From the middle of the history, number 29.5, to beyond its end.
    const [left, top, width] = await page.evaluate<number[]>(`(() => {
      let found = null;
      const walk = (parent, x, y) => {
        for (const mark of parent.items ?? []) {
          for (const item of mark.items ?? []) {
            const [gx, gy] = [x + (item.x ?? 0), y + (item.y ?? 0)];
            if (mark.marktype === "group" && item.width > 500) found ??= [gx, gy, item.width];
            if (mark.marktype === "group") walk(item, gx, gy);
          }
        }
      };
      const [x, y] = view.origin();
      const padding = view.padding();
      const root = view.scenegraph().root.items[0];
      walk(root, x + padding.left, y + padding.top);
      return found;
    })()`) as [number, number, number];
    await drag(
      page,
      [left + width / 2, top + 4],
      [left + width - 3, top + 165],
    );
    const store = await page.evaluate<string[][]>(
      `view.data("brush_store").map(({ fields }) => fields.map(({ field }) => field))`,
    );
    expect(store).toEqual([["n", "v"]]);
    const found = await bright();
    expect(found).toBeGreaterThan(0);
    expect(found).toBeLessThanOrEqual(
      complete.filter(({ number }) => number > 29).length,
    );
    await page.close();
  });

  it("a click in the legend highlights a trial's curves", async () => {
    const page = await open(
      browser,
      learningCurvesChart(makeView({ trials: 20 }), { trials: [3, 4] }),
    );
    const place = await page.evaluate<{ x: number; y: number }>(`(() => {
      let found = null;
      const walk = (parent, x, y) => {
        for (const mark of parent.items ?? []) {
          for (const item of mark.items ?? []) {
            if (String(item.text).startsWith("trial 4")) found = { x: x + item.x + 5, y: y + item.y };
            if (mark.marktype === "group") walk(item, x + (item.x ?? 0), y + (item.y ?? 0));
          }
        }
      };
      const [x, y] = view.origin();
      const { left, top } = view.padding();
      walk({ items: [view.scenegraph().root] }, x + left, y + top);
      return found;
    })()`);
    await page.mouse.click(place.x, place.y);
    const picked = await page.evaluate<unknown[][]>(
      `view.data("pick_store").map(({ values }) => [...values])`,
    );
    expect(picked).toHaveLength(1);
    expect(String(picked[0]![0])).toMatch(/^trial 4 ·/);
    await page.close();
  });
});

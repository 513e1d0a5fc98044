import { join } from "node:path";
import { expect } from "@std/expect";
import { after, before, it } from "@std/testing/bdd";
import { type Browser, chromium as driver, type Page } from "playwright-core";
import { report } from "../../lib/report/mod.ts";
import type { StudyView } from "../../lib/records/mod.ts";
import { freshFolder, outFolder } from "../../tools/project.ts";
import { awkwardStudy, makeView } from "../support/chart_views.ts";
import { chromium, describeWith } from "../support/require.ts";

interface Opened {
  readonly page: Page;
  /** What went wrong, and whatever the page asked for. */
  readonly problems: string[];
}

describeWith(chromium, "a report in a browser without a network", () => {
  let browser: Browser;
  let folder: string;

  before(async () => {
    folder = await freshFolder(join(outFolder, "tests", "browser-report"));
    browser = await driver.launch({
      executablePath: chromium.path!,
      args: ["--no-sandbox"],
    });
  });

  after(async () => {
    await browser.close();
  });

  async function open(
    view: StudyView,
    width: number,
    colorScheme: "light" | "dark",
  ): Promise<Opened> {
    const path = join(folder, `${colorScheme}-${width}.html`);
    await report({ view: () => view }, path);
    const context = await browser.newContext({
      viewport: { width, height: 1000 },
      colorScheme,
      offline: true,
    });
    const page = await context.newPage();
    const problems: string[] = [];
    page.on("console", (message) => problems.push(message.text()));
    page.on("pageerror", (error) => problems.push(error.message));
    page.on("dialog", async (dialog) => {
      problems.push(`dialog: ${dialog.message()}`);
      await dialog.dismiss();
    });
    page.on("request", (request) => {
      if (request.url() !== `file://${path}`) problems.push(request.url());
    });
    await page.goto(`file://${path}`);
    return { page, problems };
  }

  /** Scrolls to each chart until it is drawn; how many there are. */
  async function drawAll(page: Page): Promise<number> {
    const figures = await page.locator("figure").all();
    for (const figure of figures) {
      await figure.scrollIntoViewIfNeeded();
      await figure.locator("canvas").waitFor({ timeout: 20_000 });
    }
    return figures.length;
  }

  it("draws all its charts, light at 800 pixels and dark at 1,400, and nothing sticks out", async () => {
    for (const [width, theme] of [[800, "light"], [1400, "dark"]] as const) {
      const { page, problems } = await open(
        makeView({ trials: 40 }),
        width,
        theme,
      );
      expect(await drawAll(page)).toBeGreaterThan(10);
      expect(await page.evaluate("document.documentElement.scrollWidth"))
        .toBe(width);
      const sticking = await page.evaluate(
        `[...document.querySelectorAll("figure .plot")].filter((plot) => plot.scrollWidth > plot.clientWidth + 1).length`,
      );
      expect(sticking).toBe(0);
      expect(problems).toEqual([]);
      await page.context().close();
    }
  });

  it("sorts and filters the trials, and changes its theme", async () => {
    const { page, problems } = await open(
      makeView({ trials: 40 }),
      1000,
      "light",
    );
    const column = (index: number) =>
      page.evaluate<number[]>(
        `[...document.querySelectorAll("#trials-table tbody tr")].map((row) => Number(row.cells[${index}].textContent))`,
      );
    const best = await column(2);
    expect(best.slice(0, 20)).toEqual(
      best.slice(0, 20).toSorted((a, b) => b - a),
    );
    await page.locator("#trials-table th button").first().click();
    expect((await column(0)).slice(0, 5)).toEqual([0, 1, 2, 3, 4]);
    await page.locator("#trials-controls button", { hasText: "pruned" })
      .click();
    const states = await page.locator("#trials-table td.state")
      .allTextContents();
    expect(new Set(states)).toEqual(new Set(["pruned"]));
    await page.locator("button.theme").click();
    expect(await page.evaluate("document.documentElement.dataset.theme"))
      .toBe("dark");
    expect(problems).toEqual([]);
    await page.context().close();
  });

  it("of a study whose every name is an attack, runs nothing of it", async () => {
    const { page, problems } = await open(awkwardStudy(), 1000, "light");
    await drawAll(page);
    expect(await page.locator("script").count()).toBe(
      await page.locator("body > script").count(),
    );
    expect(problems).toEqual([]);
    await page.context().close();
  });
});

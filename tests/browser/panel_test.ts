import { join } from "node:path";
import { expect } from "@std/expect";
import { it } from "@std/testing/bdd";
import type { Frame, Page } from "playwright-core";
import { readNotebook, writeNotebook } from "../../tools/jupyter/notebook.ts";
import { inProject } from "../../tools/project.ts";
import { JupyterLab, type NotebookPage } from "../support/jupyterlab.ts";
import { workFolder } from "../support/kernel.ts";
import { chromium, describeWith } from "../support/require.ts";

const name = "03-tuning-by-hand.ipynb";

/** The tutorial up to the cell that opens the panel, without outputs. */
async function panelNotebook(): Promise<string> {
  const folder = await workFolder("browser panel");
  await Deno.mkdir(join(folder, "data"), { recursive: true });
  for (const file of ["digits.ts", "data/digits.csv.gz"]) {
    await Deno.copyFile(inProject("notebooks", file), join(folder, file));
  }
  const notebook = await readNotebook(inProject("notebooks", name));
  const last = notebook.cells.findIndex(({ source }) =>
    source.includes("await tuner(")
  );
  const cells = notebook.cells.slice(0, last + 1).filter((cell) =>
    cell.cell_type === "code"
  ).map((cell) => ({
    ...cell,
    // The trial to be stopped must not be over before, however quick the machine.
    source: cell.source.replace(
      "epochs: 30",
      "epochs: trial.number === 8 ? 400 : 30",
    ),
    outputs: [],
    execution_count: null,
  }));
  expect(cells.some(({ source }) => source.includes("? 400 : 30"))).toBe(true);
  await writeNotebook(join(folder, name), { ...notebook, cells });
  return folder;
}

/** The panel's frame on the page. */
async function panelOf(page: Page): Promise<Frame> {
  const element = await page.waitForSelector('iframe[title="Tuning panel"]', {
    timeout: 30_000,
  });
  // A frame that is out of sight is not drawn.
  await element.scrollIntoViewIfNeeded();
  const frame = (await element.contentFrame())!;
  await frame.waitForSelector(".knob");
  return frame;
}

/** Collects what goes wrong in a page and its frames. */
function watch(page: Page, errors: string[]): void {
  page.on("pageerror", (error) => errors.push(String(error)));
  page.on("console", (message) => {
    if (
      message.type() === "error" &&
      /Content Security|TrustedType|etude/i.test(message.text())
    ) errors.push(message.text());
  });
}

/** What the panel knows of a trial. */
function row(frame: Frame, number: number) {
  return frame.evaluate<{ state: string; value: number | null } | null>(
    `globalThis.etudePanel.rows.get(${number}) ?? null`,
  );
}

/** Waits until an expression is true there. The page's policy lets no test evaluate anything by itself. */
async function holds(frame: Frame, expression: string): Promise<void> {
  const end = performance.now() + 120_000;
  while (!await frame.evaluate(`Boolean(${expression})`)) {
    if (performance.now() > end) throw new Error(`Not so: ${expression}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

async function untilState(
  frame: Frame,
  number: number,
  states: readonly string[],
): Promise<void> {
  await holds(
    frame,
    `${
      JSON.stringify(states)
    }.includes(globalThis.etudePanel.rows.get(${number})?.state)`,
  );
}

/** Lets nothing hang over: the page is drawn, and the frame as high as it wants to be. */
async function shoot(lab: NotebookPage, step: string): Promise<void> {
  const { page } = lab;
  const frame = page.locator('iframe[title="Tuning panel"]').first();
  const before = page.viewportSize()!;
  const { height } = (await frame.boundingBox())!;
  await page.setViewportSize({ ...before, height: Math.ceil(height) + 400 });
  await frame.scrollIntoViewIfNeeded();
  await page.waitForTimeout(600);
  await page.locator('iframe[title="Tuning panel"]').first().screenshot({
    path: inProject("out", "screenshots", `panel-${step}.png`),
  });
  await page.setViewportSize(before);
  await page.waitForTimeout(200);
}

/** The widest thing of the frame, in pixels beyond its width. */
function overflow(frame: Frame): Promise<number> {
  return frame.evaluate<number>(
    "document.documentElement.scrollWidth - document.documentElement.clientWidth",
  );
}

describeWith(chromium, "the panel in JupyterLab", () => {
  it("plays the scene on the digits: open, move, run, stop, read, suggest, compare, restart, and all is there again", async () => {
    const folder = await panelNotebook();
    await using lab = await JupyterLab.start({ folder });
    const notebook = await lab.open(name);
    const { page } = notebook;
    const errors: string[] = [];
    watch(page, errors);
    expect(await notebook.runAll({ timeoutMs: 400_000 })).toBe(true);
    const frame = await panelOf(page);
    await frame.locator(".outlook .mean").waitFor();
    await shoot(notebook, "1-open");
    expect(await row(frame, 7)).toMatchObject({ state: "complete" });

    // Move a slider: the expectation follows, and the conditional control appears.
    const before = await frame.locator(".outlook .mean").textContent();
    const track = frame.locator(".track").first();
    const box = (await track.boundingBox())!;
    await page.mouse.move(box.x + box.width * 0.2, box.y + 25);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.35, box.y + 25, { steps: 10 });
    await page.mouse.up();
    await holds(
      frame,
      `document.querySelector(".outlook .mean").textContent !== ${
        JSON.stringify(before)
      }`,
    );
    await frame.getByRole("radio", { name: "sgd" }).click();
    await frame.getByRole("slider", { name: "momentum", exact: true })
      .waitFor();
    await frame.getByRole("radio", { name: "adam" }).click();
    await frame.getByText("not used here: needs optimizer").waitFor();
    await frame.getByLabel("units, exact value").fill("200");
    await frame.getByLabel("units, exact value").press("Enter");
    await frame.getByLabel("dropout, exact value").fill("0");
    await frame.getByLabel("dropout, exact value").press("Enter");
    await shoot(notebook, "2-moved");

    // Run: curves grow, and the panel answers meanwhile.
    await frame.getByRole("button", { name: "Run", exact: true }).click();
    await holds(
      frame,
      "(globalThis.etudePanel.curves.get(8)?.get('validation accuracy')?.steps.length ?? 0) >= 12",
    );
    await page.mouse.move(box.x + box.width * 0.5, box.y + 25);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.55, box.y + 25, { steps: 6 });
    await page.mouse.up();
    await shoot(notebook, "3-running");
    expect(await frame.evaluate<number>("etudePanel.lookMs")).toBeLessThan(
      2000,
    );

    // Stop: what was learnt stays, and is read.
    await frame.getByRole("button", { name: "Stop" }).click();
    await untilState(frame, 8, ["pruned", "complete"]);
    await frame.getByText("Trial 8", { exact: true }).waitFor();
    await holds(frame, "etudePanel.readings.get(8)?.live === false");
    await shoot(notebook, "4-stopped");

    // Suggest, run to the end.
    await frame.getByRole("button", { name: "Suggest" }).click();
    await frame.locator(".why").waitFor();
    await shoot(notebook, "5-suggested");
    await frame.getByRole("button", { name: "Run", exact: true }).click();
    await untilState(frame, 9, ["complete"]);
    await holds(frame, "etudePanel.readings.get(9)?.live === false");

    // Compare, note, star.
    for (const trial of [8, 3]) {
      await frame.getByLabel(`Compare trial ${trial}`).check();
    }
    await holds(frame, "etudePanel.curves.has(3) && etudePanel.curves.has(8)");
    await frame.getByLabel("Favorite: trial 9").click();
    await frame.getByLabel("Note on trial 9").click();
    await frame.getByLabel("Note on trial 9, Markdown").fill(
      "suggested, **good** <img src=x onerror=alert(1)>",
    );
    await frame.getByLabel("Note on trial 9, Markdown").press("Enter");
    await frame.locator("tr[data-trial='9'] strong").waitFor();
    expect(await frame.locator("tr img").count()).toBe(0);
    await frame.getByLabel("Pin units").click();
    await shoot(notebook, "6-compared");
    expect(await overflow(frame)).toBeLessThanOrEqual(0);

    // While a cell is busy the panel answers.
    await page.evaluate(
      `jupyterapp.commands.execute("notebook:insert-cell-below").then(() => {
        const { content } = jupyterapp.shell.currentWidget;
        content.activeCell.model.sharedModel.setSource("await new Promise((resolve) => setTimeout(resolve, 4000));");
        jupyterapp.commands.execute("notebook:run-cell");
      })`,
    );
    await page.waitForFunction(
      "jupyterapp.shell.currentWidget.sessionContext.session.kernel.status === 'busy'",
    );
    await frame.getByLabel("units, exact value").fill("64");
    await frame.getByLabel("units, exact value").press("Enter");
    await holds(
      frame,
      "etudePanel.params.units === 64 && etudePanel.lookMs < 2000",
    );
    await notebook.waitUntilIdle();
    await page.waitForTimeout(2500);
    await notebook.save();

    // The kernel restarts: without it a picture, with it the panel as it was.
    const saved = await lab.open(name);
    await page.close();
    watch(saved.page, errors);
    await saved.page.evaluate(
      "jupyterapp.shell.currentWidget.sessionContext.session.kernel.shutdown()",
    );
    await saved.page.waitForTimeout(1500);
    await saved.page.reload();
    await saved.waitUntilIdle();
    await saved.page.waitForTimeout(1500);
    expect(await saved.page.locator('iframe[title="Tuning panel"]').count())
      .toBe(0);
    const picture = saved.page.locator("[data-etude-picture]").first();
    await picture.waitFor();
    expect(await picture.textContent()).toMatch(
      /To open it again, run this cell/,
    );
    await picture.screenshot({
      path: inProject("out", "screenshots", "panel-7-picture.png"),
    });
    expect(await saved.runAll({ timeoutMs: 300_000 })).toBe(true);
    const again = await panelOf(saved.page);
    await again.locator(".outlook .mean").waitFor();
    expect(await again.evaluate("etudePanel.params.units")).toBe(64);
    expect(await again.evaluate("[...etudePanel.pinned]")).toEqual(["units"]);
    expect(await again.evaluate("etudePanel.compared")).toEqual([8, 3]);
    expect(await row(again, 9)).toMatchObject({
      state: "complete",
      favorite: true,
      note: "suggested, **good** <img src=x onerror=alert(1)>",
    });
    // No picture beside a panel that lives.
    expect(await saved.page.locator("[data-etude-picture]:visible").count())
      .toBe(0);
    await shoot(saved, "8-again");

    // As it looks in the dark, and on a small screen.
    await saved.page.evaluate(
      `jupyterapp.commands.execute("apputils:change-theme", { theme: "JupyterLab Dark" })`,
    );
    await holds(again, `document.documentElement.dataset.theme === "dark"`);
    await shoot(saved, "9-1400-dark");
    for (
      const [width, theme] of [[800, "JupyterLab Dark"], [
        800,
        "JupyterLab Light",
      ], [1400, "JupyterLab Light"]] as const
    ) {
      await saved.page.setViewportSize({ width, height: 1000 });
      await saved.page.evaluate(
        `jupyterapp.commands.execute("apputils:change-theme", { theme: "${theme}" })`,
      );
      await saved.page.waitForTimeout(1500);
      await shoot(saved, `9-${width}-${theme.split(" ")[1]!.toLowerCase()}`);
      expect(await overflow(again)).toBeLessThanOrEqual(0);
    }
    await saved.screenshot("panel-whole");
    expect(errors).toEqual([]);
    expect(lab.requestsElsewhere).toEqual([]);
  });
});

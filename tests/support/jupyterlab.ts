/**
 * A real JupyterLab in a real browser, for tests.
 *
 * ```ts ignore
 * await using lab = await JupyterLab.start({ folder });
 * const page = await lab.open("01-first-study.ipynb");
 * await page.runAll();
 * for (const chart of await page.charts()) expect(chart.inkShare).toBeGreaterThan(0.01);
 * ```
 *
 * @module
 */

import { join } from "node:path";
import {
  type Browser,
  type BrowserContext,
  chromium as playwright,
  type Page,
} from "playwright-core";
import { labArguments } from "../../tools/jupyter/lab_command.ts";
import type { Notebook } from "../../tools/jupyter/notebook.ts";
import { preparePythonEnvironment } from "../../tools/python_environment.ts";
import { freshFolder, outFolder } from "../../tools/project.ts";
import { chromium } from "./require.ts";
import { freePort } from "./free_port.ts";

/** Options of {@linkcode JupyterLab.start}. */
export interface JupyterLabOptions {
  /** Absolute path of the folder that it serves. */
  folder: string;
  /** Below which path it serves, as a hub has it. Defaults to `"/"`. */
  basePath?: string;
  /** The browser window's size, in pixels. Defaults to 1400 × 1000. */
  viewport?: { width: number; height: number };
}

/** A chart on the page. */
export interface DrawnChart {
  /** Its size, in pixels. */
  readonly width: number;
  readonly height: number;
  /** How much of it is not of the color of its corner, from 0 to 1. An empty chart has 0. */
  readonly inkShare: number;
  /** How many colors it shows. */
  readonly colors: number;
  /** The color of its corner, as `#rrggbb`. */
  readonly card: string;
}

interface LabParts {
  readonly url: string;
  readonly token: string;
  readonly ownFolder: string;
  readonly server: Deno.ChildProcess;
  readonly browser: Browser;
  readonly context: BrowserContext;
}

/** JupyterLab on a free port of this machine, its settings its own, and a headless browser. */
export class JupyterLab {
  /** Addresses outside of this machine that pages have asked for; they are never answered. */
  readonly requestsElsewhere: string[] = [];
  readonly #parts: LabParts;

  /** Where its pages are, without a `/` at the end. */
  get url(): string {
    return this.#parts.url;
  }

  private constructor(parts: LabParts) {
    this.#parts = parts;
  }

  /** Starts both, and waits until the server answers. */
  static async start(options: JupyterLabOptions): Promise<JupyterLab> {
    const { folder, basePath = "/", viewport = { width: 1400, height: 1000 } } =
      options;
    const port = freePort();
    const token = crypto.randomUUID();
    const url = `http://127.0.0.1:${port}${basePath.replace(/\/$/, "")}`;
    const ownFolder = await freshFolder(
      join(outFolder, "tests", `jupyterlab-${port}`),
    );
    const server = await startServer(
      folder,
      { port, token, basePath },
      ownFolder,
    );
    try {
      await waitUntilAnswers(`${url}/api/status?token=${token}`);
      const browser = await playwright.launch({
        executablePath: chromium.path!,
        args: [
          "--no-sandbox",
          "--disable-gpu",
          "--disable-dev-shm-usage",
          "--disable-background-networking",
          "--disable-component-update",
          "--no-first-run",
        ],
      });
      const context = await browser.newContext({ viewport });
      const lab = new JupyterLab({
        url,
        token,
        ownFolder,
        server,
        browser,
        context,
      });
      await context.route(
        (address) => address.hostname !== "127.0.0.1",
        (route) => {
          lab.requestsElsewhere.push(route.request().url());
          return route.abort();
        },
      );
      return lab;
    } catch (error) {
      server.kill("SIGTERM");
      await server.status;
      throw error;
    }
  }

  /** Opens one of the folder's notebooks, and waits until its kernel is ready. */
  async open(path: string): Promise<NotebookPage> {
    const { url, token, context } = this.#parts;
    const page = await context.newPage();
    await page.goto(`${url}/doc/tree/${path}?token=${token}&reset`);
    const notebook = new NotebookPage(page);
    await notebook.waitUntilIdle();
    return notebook;
  }

  /** Ends the browser, the kernels and the server. */
  async [Symbol.asyncDispose](): Promise<void> {
    const { browser, server, ownFolder } = this.#parts;
    await browser.close();
    server.kill("SIGTERM");
    await server.status;
    await Deno.remove(ownFolder, { recursive: true });
  }
}

/** A notebook open in JupyterLab. */
export class NotebookPage {
  /** The browser's page, for what this class does not offer. */
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  /** Runs all cells to their end. Returns whether none of them failed. */
  async runAll(options: { timeoutMs?: number } = {}): Promise<boolean> {
    await this.startAll();
    return await this.waitUntilDone(options);
  }

  /** Begins to run all cells, as the menu's Run ▸ Run All Cells does. */
  async startAll(): Promise<void> {
    await this.page.evaluate(`
      globalThis.etudeRun = { done: false, ok: null };
      jupyterapp.commands.execute("notebook:run-all-cells").then(
        (ok) => { etudeRun = { done: true, ok }; },
        () => { etudeRun = { done: true, ok: false }; },
      );
      undefined;
    `);
  }

  /** Waits until all begun cells have ended. Returns whether none of them failed. */
  async waitUntilDone(
    { timeoutMs = 300_000 }: { timeoutMs?: number } = {},
  ): Promise<boolean> {
    await this.page.waitForFunction("etudeRun.done", null, {
      timeout: timeoutMs,
    });
    await this.waitUntilIdle();
    // Outputs may come after the cell's end, and Vega draws in a later frame.
    await this.page.waitForTimeout(500);
    const { cells } = await this.notebook();
    return await this.page.evaluate("etudeRun.ok") === true &&
      !cells.some((cell) =>
        cell.outputs?.some((output) => output.output_type === "error")
      );
  }

  /** Waits until the kernel has started and runs nothing. */
  async waitUntilIdle(timeoutMs = 60_000): Promise<void> {
    await this.page.waitForFunction(
      `globalThis.jupyterapp?.shell.currentWidget?.sessionContext?.session?.kernel?.status === "idle"`,
      null,
      { timeout: timeoutMs },
    );
  }

  /** Presses the toolbar's ■ button. */
  async interrupt(): Promise<void> {
    await this.page.locator('[data-command="notebook:interrupt-kernel"]')
      .first().click();
  }

  /** The kernel's status: `"idle"`, `"busy"`, `"dead"`, … */
  async kernelStatus(): Promise<string> {
    return await this.page.evaluate(
      "jupyterapp.shell.currentWidget.sessionContext.session?.kernel?.status ?? 'none'",
    );
  }

  /** The notebook as it stands, outputs included. */
  async notebook(): Promise<Notebook> {
    return await this.page.evaluate(
      "jupyterapp.shell.currentWidget.model.toJSON()",
    );
  }

  /** Saves the notebook to its file. */
  async save(): Promise<void> {
    await this.page.evaluate(
      "jupyterapp.commands.execute('docmanager:save').then(() => undefined)",
    );
  }

  /** The Vega charts on the page, in order, as they are really drawn. */
  async charts(): Promise<DrawnChart[]> {
    const drawn: DrawnChart[] = [];
    for (
      const chart of await this.page.locator(
        ".vega-embed :is(canvas, svg.marks)",
      ).all()
    ) {
      await chart.scrollIntoViewIfNeeded();
      drawn.push(await this.#measure(await chart.screenshot()));
    }
    return drawn;
  }

  /** Takes a picture of the window, or of all cells, as `out/screenshots/NAME.png`. */
  async screenshot(
    name: string,
    options: { whole?: boolean } = {},
  ): Promise<string> {
    const path = join(outFolder, "screenshots", `${name}.png`);
    if (!options.whole) {
      await this.page.screenshot({ path });
      return path;
    }
    const before = this.page.viewportSize();
    const height = await this.page.evaluate<number>(
      `[...document.querySelectorAll(".jp-Cell")].reduce((sum, cell) => sum + cell.offsetHeight, 300)`,
    );
    await this.page.setViewportSize({
      width: before?.width ?? 1400,
      height: Math.min(Math.max(height, 600), 12_000),
    });
    await this.page.evaluate(
      `document.querySelectorAll(".jp-WindowedPanel-outer").forEach((panel) => panel.scrollTo(0, 0))`,
    );
    await this.page.waitForTimeout(1000);
    await this.page.screenshot({ path });
    if (before) await this.page.setViewportSize(before);
    return path;
  }

  /** Counts a picture's pixels, with the browser's own decoder. */
  async #measure(png: Uint8Array): Promise<DrawnChart> {
    return await this.page.evaluate<DrawnChart>(`(async () => {
      const picture = new Image();
      picture.src = "data:image/png;base64,${png.toBase64()}";
      await picture.decode();
      const { width, height } = picture;
      const context = new OffscreenCanvas(width, height).getContext("2d");
      context.drawImage(picture, 0, 0);
      const pixels = new Uint32Array(context.getImageData(0, 0, width, height).data.buffer);
      const ink = pixels.filter((pixel) => pixel !== pixels[0]).length;
      const card = "#" + [0, 8, 16].map((bits) => (pixels[0] >> bits & 255).toString(16).padStart(2, "0")).join("");
      return { width, height, inkShare: ink / pixels.length, colors: new Set(pixels).size, card };
    })()`);
  }
}

/** Starts the server with settings of its own; its log is `server.log` beside them. */
async function startServer(
  folder: string,
  { port, token, basePath }: {
    readonly port: number;
    readonly token: string;
    readonly basePath: string;
  },
  own: string,
): Promise<Deno.ChildProcess> {
  const { python, variables } = await preparePythonEnvironment();
  const settings = join(own, "settings", "@jupyterlab", "notebook-extension");
  await Deno.mkdir(settings, { recursive: true });
  // Otherwise cells outside of the window are not in the page.
  await Deno.writeTextFile(
    join(settings, "tracker.jupyterlab-settings"),
    JSON.stringify({ windowingMode: "none" }),
  );
  const log = await Deno.open(join(own, "server.log"), {
    create: true,
    write: true,
  });
  const server = new Deno.Command(python, {
    args: [
      ...labArguments(folder),
      "--no-browser",
      `--ServerApp.port=${port}`,
      "--ServerApp.port_retries=0",
      `--ServerApp.base_url=${basePath}`,
      `--IdentityProvider.token=${token}`,
      "--LabApp.expose_app_in_browser=True",
    ],
    cwd: folder,
    env: {
      ...variables,
      JUPYTER_CONFIG_DIR: join(own, "config"),
      JUPYTER_DATA_DIR: join(own, "data"),
      JUPYTER_RUNTIME_DIR: join(own, "runtime"),
      JUPYTERLAB_SETTINGS_DIR: join(own, "settings"),
      JUPYTERLAB_WORKSPACES_DIR: join(own, "workspaces"),
    },
    stdin: "null",
    stdout: "null",
    stderr: "piped",
  }).spawn();
  server.stderr.pipeTo(log.writable).catch(() => {});
  return server;
}

async function waitUntilAnswers(
  url: string,
  timeoutMs = 60_000,
): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  while (true) {
    const answers = await fetch(url).then(async (response) => {
      await response.body?.cancel();
      return response.ok;
    }, () => false);
    if (answers) return;
    if (performance.now() > deadline) {
      throw new Error(`Cannot reach ${url} in ${timeoutMs} ms`);
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

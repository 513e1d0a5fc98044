import { chromium as playwright, type Page } from "playwright-core";
import {
  createStudy,
  float,
  maximize,
  randomSampler,
  space,
} from "../../mod.ts";
import { tuner } from "../../lib/tuner/mod.ts";
import { chromium } from "../../tests/support/require.ts";
import { type Measurement, median } from "./measurement.ts";

const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** The milliseconds between the frames of some seconds. */
function frames(page: Page, seconds: number): Promise<number[]> {
  return page.evaluate<number[]>(`new Promise((resolve) => {
    const times = [];
    const start = performance.now();
    let last = start;
    const next = (now) => {
      times.push(now - last);
      last = now;
      if (now - start < ${1000 * seconds}) requestAnimationFrame(next);
      else resolve(times);
    };
    requestAnimationFrame(next);
  })`);
}

function describe(times: readonly number[]): string {
  const sorted = [...times].sort((a, b) => a - b);
  const late = sorted[Math.floor(0.95 * (sorted.length - 1))]!;
  return `${median(times).toFixed(1)} ms a frame, 19 in 20 below ${
    late.toFixed(0)
  } ms`;
}

/** How the page fares in Chromium: frames while 100 reports a second stream in, memory over 1,000 trials. */
export async function measurePanelPage(): Promise<Measurement[]> {
  if (chromium.path === null) return [];
  const study = await createStudy({
    name: "page",
    space: space({ a: float(0, 1), b: float(0, 1), c: float(0, 1) }),
    objective: maximize("validation accuracy"),
    sampler: randomSampler(),
    storage: "memory",
  });
  let pauseMs = 0;
  let steps = 30;
  const panel = await tuner(study, async (trial) => {
    const begun = performance.now();
    for (let step = 1; step <= steps; step++) {
      const accuracy = trial.params.a * (1 - Math.exp(-step / 8));
      await trial.report(step, {
        train: { loss: 1 - accuracy },
        validation: { loss: 1.1 - accuracy, accuracy },
      });
      if (trial.shouldStop()) break;
      const late = performance.now() - begun - pauseMs * step;
      if (late < 0) await wait(-late);
    }
    return trial.best();
  });
  const browser = await playwright.launch({
    executablePath: chromium.path,
    args: ["--no-sandbox", "--disable-gpu", "--enable-precise-memory-info"],
  });
  const page = await browser.newPage({
    viewport: { width: 1400, height: 1000 },
  });
  await page.goto(panel.url);
  await page.waitForSelector(".knob");
  const quiet = await frames(page, 3);

  pauseMs = 10;
  steps = 100_000;
  await press.run(page);
  await wait(500);
  const streaming = await frames(page, 5);
  await press.stop(page);
  await wait(500);

  pauseMs = 0;
  steps = 30;
  const heap = () =>
    page.evaluate<number>(
      "(globalThis.gc?.(), performance.memory.usedJSHeapSize / 1e6)",
    );
  const heaps: number[] = [];
  for (let part = 0; part < 4; part++) {
    await press.auto(page, 250);
    while (study.runs.length > 0 || study.trials.length < 250 * (part + 1)) {
      await wait(100);
    }
    await wait(2500);
    heaps.push(await heap());
  }
  await browser.close();
  await panel.close();
  return [{
    what: "panel, the page in Chromium while nothing happens",
    target: "",
    found: describe(quiet),
    reached: null,
  }, {
    what: "panel, the page in Chromium at 100 reports a second",
    target: "no slower",
    found: describe(streaming),
    reached: median(streaming) <= 1.2 * median(quiet),
  }, {
    what: "panel, the page's memory after 250, 500, 750 and 1,000 trials",
    target: "steady",
    found: `${heaps.map((one) => one.toFixed(1)).join(", ")} MB`,
    reached: heaps.at(-1)! - heaps[0]! <= 20,
  }];
}

/** The page's own buttons. */
const press = {
  run: (page: Page) => page.click("button.primary"),
  stop: (page: Page) => page.click(".is-stop"),
  auto: async (page: Page, trials: number) => {
    await page.fill("#auto-trials", String(trials));
    await page.click("text=Let it run");
  },
};

if (import.meta.main) {
  for (const { what, target, found, reached } of await measurePanelPage()) {
    console.log(`| ${what} | ${target} | ${found} | ${reached ?? ""} |`);
  }
  Deno.exit();
}

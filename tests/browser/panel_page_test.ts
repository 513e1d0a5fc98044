import { expect } from "@std/expect";
import { it } from "@std/testing/bdd";
import { chromium as playwright, type Page } from "playwright-core";
import {
  choice,
  createStudy,
  float,
  int,
  minimize,
  randomSampler,
  space,
} from "../../mod.ts";
import { tuner } from "../../lib/tuner/mod.ts";
import { chromium, describeWith } from "../support/require.ts";

const markup = `<img src=x onerror="globalThis.hurt=1">`;

/** A panel in a browser of its own, without Jupyter. */
async function openPage(wild = false) {
  const study = await createStudy({
    name: wild ? `study ${markup}` : "page",
    space: space({
      [wild ? `rate ${markup}` : "rate"]: float(1e-4, 1, { log: true }),
      depth: int(1, 9),
      kind: choice([wild ? `a ${markup}` : "a", "b"]),
      "only b": float(0, 1).when({ kind: "b" }),
    }),
    objective: minimize(wild ? `loss ${markup}` : "loss"),
    sampler: randomSampler(),
    storage: "memory",
  });
  await study.optimize(async (trial) => {
    const { depth } = trial.params as { depth: number };
    for (let step = 1; step <= 12; step++) {
      await trial.report(step, {
        [study.objectives[0]!.name]: depth + 1 / step,
        [wild ? `train ${markup}` : "train loss"]: 1 / step,
      });
    }
    if (wild && trial.number === 2) throw new Error(markup);
    return depth;
  }, { trials: 5, progress: false });
  const panel = await tuner(study as never, () => {
    throw new Error(`it broke ${wild ? markup : ""}`);
  });
  const browser = await playwright.launch({
    executablePath: chromium.path!,
    args: ["--no-sandbox", "--disable-gpu"],
  });
  const page = await browser.newPage({
    viewport: { width: 1200, height: 1000 },
  });
  const errors: string[] = [];
  page.on("pageerror", (error) => errors.push(String(error)));
  page.on("console", (message) => {
    if (message.type() === "error") errors.push(message.text());
  });
  await page.goto(panel.url);
  await page.locator(".knob").first().waitFor();
  return {
    study,
    panel,
    page,
    errors,
    async [Symbol.asyncDispose]() {
      await browser.close();
      await panel.close();
      await study.close();
    },
  };
}

const param = (page: Page, name: string) =>
  page.evaluate<number>(`etudePanel.params[${JSON.stringify(name)}]`);

describeWith(chromium, "the panel's page", () => {
  it("shows markup in every field as the text that it is", async () => {
    await using it = await openPage(true);
    const { page, study } = it;
    await study.note(
      1,
      `${markup} [link](javascript:globalThis.hurt=1) **bold**`,
    );
    await study.enqueue({ depth: 3 } as never, { reason: markup });
    await page.locator("tr[data-trial='1'] strong").waitFor();
    await page.getByRole("button", { name: "Run", exact: true }).click();
    await page.locator(".toast.is-error").waitFor();
    await page.locator("tr[data-trial='2']").click();
    await page.waitForTimeout(300);
    expect(await page.locator("img").count()).toBe(0);
    expect(await page.locator("a[href^='javascript']").count()).toBe(0);
    expect(await page.evaluate("globalThis.hurt")).toBe(undefined);
    expect(await page.locator("h1").textContent()).toBe(`study ${markup}`);
    expect(it.errors).toEqual([]);
  });

  it("is worked by keys: sliders, pins, runs, help", async () => {
    await using it = await openPage();
    const { page, study } = it;
    const rate = page.getByRole("slider", { name: "rate", exact: true });
    await rate.focus();
    await page.keyboard.press("Home");
    expect(await param(page, "rate")).toBe(1e-4);
    await page.keyboard.press("Shift+ArrowRight");
    expect(await param(page, "rate")).toBeCloseTo(2.51e-4, 8);
    await page.keyboard.press("End");
    expect(await param(page, "rate")).toBe(1);
    const depth = page.getByRole("slider", { name: "depth", exact: true });
    await depth.focus();
    await page.keyboard.press("Home");
    await page.keyboard.press("ArrowRight");
    expect(await param(page, "depth")).toBe(2);
    await page.keyboard.press("p");
    expect(await page.evaluate("[...etudePanel.pinned]")).toEqual(["depth"]);
    await page.keyboard.press("?");
    await page.locator("dialog[open]").waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("radio", { name: "a" }).click();
    await page.keyboard.press("ArrowRight");
    await page.getByRole("slider", { name: "only b", exact: true }).waitFor();
    await page.keyboard.press("q");
    await page.locator(".queue .close").waitFor();
    expect(study.trials.at(-1)!.params).toMatchObject({ depth: 2, kind: "b" });
    await page.locator(".queue .close").click();
    await page.locator(".queue .close").waitFor({ state: "detached" });
  });

  it("takes exact values, says where a range ends, and refuses what is no number", async () => {
    await using it = await openPage();
    const { page } = it;
    const rate = page.getByLabel("rate, exact value");
    await rate.fill("3.3e-3");
    await rate.press("Enter");
    expect(await param(page, "rate")).toBe(0.0033);
    await rate.fill("50");
    await rate.press("Enter");
    expect(await param(page, "rate")).toBe(1);
    await page.getByText("rate reaches from").waitFor();
    await rate.fill("much");
    await rate.press("Enter");
    await page.locator(".toast.is-error").waitFor();
    expect(await rate.inputValue()).toBe("1");
  });

  it("a range narrowed by hand is what Suggest keeps to", async () => {
    await using it = await openPage();
    const { page } = it;
    const low = page.getByRole("slider", {
      name: "depth, lower end of the range",
    });
    await low.focus();
    for (let n = 0; n < 6; n++) await page.keyboard.press("ArrowRight");
    expect(await page.evaluate("etudePanel.ranges.depth")).toEqual([7, 9]);
    for (let n = 0; n < 4; n++) {
      await page.evaluate("etudePanel.suggestion = null");
      await page.keyboard.press("s");
      await page.waitForTimeout(250);
      expect(await param(page, "depth")).toBeGreaterThanOrEqual(7);
    }
    await page.locator(".range-chip:visible").click();
    expect(await page.evaluate("etudePanel.ranges")).toEqual({});
  });

  it("says so when the kernel is gone", async () => {
    await using it = await openPage();
    await it.panel.close();
    await it.page.locator(".lost").waitFor();
    expect(
      await it.page.getByRole("button", { name: "Run", exact: true })
        .isDisabled(),
    )
      .toBe(true);
  });
});

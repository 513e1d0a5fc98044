import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import { createStudy } from "../../mod.ts";
import {
  bundlesOf,
  KernelSession,
  textOf,
  workFolder,
} from "../support/kernel.ts";

const imports =
  `import { createStudy, display, float, help, int, maximize, randomSampler, space } from "@etude/etude";`;

const setUp = `
const study = await createStudy({
  name: "kernel",
  space: space({ rate: float(1e-4, 1, { log: true }), units: int(1, 512) }),
  objective: maximize("validation accuracy"),
  sampler: randomSampler(),
});
const train = (epochs, waitMs) => async (trial) => {
  for (let epoch = 1; epoch <= epochs; epoch++) {
    const accuracy = trial.params.rate * (1 - 1 / epoch);
    await trial.report(epoch, { train: { loss: 1 - accuracy }, validation: { loss: 1.1 - accuracy, accuracy } });
    if (trial.shouldStop()) break;
    if (waitMs > 0) await new Promise((resolve) => setTimeout(resolve, waitMs));
  }
  return trial.best();
};`;

const vegaLite = "application/vnd.vegalite.v5+json";

async function session(
  name: string,
): Promise<{ kernel: KernelSession; cwd: string }> {
  const cwd = await workFolder(name);
  const kernel = await KernelSession.start({ cwd });
  expect((await kernel.execute(imports)).status).toBe("ok");
  expect((await kernel.execute(setUp)).error ?? null).toBe(null);
  return { kernel, cwd };
}

describe("a study in the real kernel", () => {
  it("optimize() has one place in the output: live frames as HTML, at the end an interactive chart with a picture and a text", async () => {
    const { kernel } = await session("kernel live");
    await using _ = kernel;
    const cell = kernel.begin(
      `await study.optimize(train(20, 60), { trials: 3 })`,
    );
    await cell.waitFor((outputs) => outputs.length > 0);
    const [first] = bundlesOf(await cell.outputs());
    expect(Object.keys(first!).sort()).toEqual(["text/html", "text/plain"]);
    expect(String(first!["text/html"])).toContain("trial 1 of 3");
    await cell.waitFor((outputs) =>
      /trial [23] of 3/.test(JSON.stringify(outputs))
    );
    const live = bundlesOf(await cell.outputs());
    expect(live.length).toBe(1);
    expect(String(live[0]!["text/html"])).toContain("<svg");
    const { status, outputs } = await cell.done;
    expect(status).toBe("ok");
    const [last, summary] = bundlesOf(outputs);
    expect(Object.keys(last!).sort()).toEqual(
      [vegaLite, "image/svg+xml", "text/plain"].sort(),
    );
    expect(JSON.stringify(last![vegaLite])).toContain(
      "schema/vega-lite/v5.json",
    );
    expect(String(last!["text/plain"])).toMatch(/Best .* in trial \d/);
    expect(summary!["text/plain"]).toMatch(/3 trials in .*: 3 complete/);
    expect(bundlesOf(outputs).length).toBe(2);
  });

  it("■ in mid-study ends optimize() cleanly: the kernel lives, its memory too, and the study is whole", async () => {
    const { kernel, cwd } = await session("kernel interrupt");
    await using _ = kernel;
    await kernel.execute("let precious = 42;");
    await kernel.execute(`await study.optimize(train(3, 0), { trials: 4 })`);
    const cell = kernel.begin(
      `await study.optimize(train(100000, 5), { trials: 100 })`,
    );
    await cell.waitFor((outputs) => /trial 4/.test(JSON.stringify(outputs)));
    await new Promise((resolve) => setTimeout(resolve, 700));
    await kernel.interrupt();
    const { status, outputs } = await cell.done;
    expect(status).toBe("ok");
    expect(textOf(outputs)).toMatch(/1 pruned\. Ended: stopped by hand/);
    expect(await kernel.isAlive()).toBe(true);
    expect(
      textOf((await kernel.execute("precious + study.trials.length")).outputs),
    ).toContain("47");
    // Pressed while nothing runs, it does no harm either.
    await kernel.interrupt();
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(await kernel.isAlive()).toBe(true);
    const goneOn = await kernel.execute(
      `await study.optimize(train(3, 0), { trials: 2 })`,
    );
    expect(goneOn.status).toBe("ok");

    const study = await createStudy({
      name: "kernel",
      storage: `${cwd}/studies.db`,
    });
    expect(study.trials.map((trial) => trial.state)).toEqual([
      ...Array(4).fill("complete"),
      "pruned",
      "complete",
      "complete",
    ]);
    const stopped = study.trials[4]!;
    expect(stopped.reason).toBe("stopped by hand");
    expect(stopped.curves.get("train loss")!.steps.length).toBeGreaterThan(50);
    await study.close();
  });

  it("a training loop that never awaits anything but its reports is interrupted too", async () => {
    const { kernel } = await session("kernel busy");
    await using _ = kernel;
    const cell = kernel.begin(`
      await study.optimize(async (trial) => {
        for (let epoch = 1; epoch <= 100000; epoch++) {
          const until = performance.now() + 5;
          while (performance.now() < until);
          await trial.report(epoch, 1 / epoch);
        }
        return 1;
      }, { trials: 100 })`);
    await cell.waitFor((outputs) =>
      /step \d+|trial 1 of 100/.test(JSON.stringify(outputs))
    );
    await new Promise((resolve) => setTimeout(resolve, 500));
    await kernel.interrupt();
    expect((await cell.done).status).toBe("ok");
    expect(await kernel.isAlive()).toBe(true);
  });

  it("a background run goes on between cells in its own place, and is stopped from another cell", async () => {
    const { kernel } = await session("kernel background");
    await using _ = kernel;
    const cell = kernel.begin(
      `const run = study.start(train(1000, 5), { trials: 3 }); "started"`,
    );
    expect((await cell.done).status).toBe("ok");
    const between = await kernel.execute(
      "await new Promise((resolve) => setTimeout(resolve, 1500)); 1 + 1",
    );
    expect(textOf(between.outputs)).toBe("2\n");
    expect(bundlesOf(between.outputs).length).toBe(1);
    const stop = await kernel.execute(
      "await run.stop(); study.trials[0].state",
    );
    expect(textOf(stop.outputs)).toContain("pruned");
    const places = bundlesOf(await cell.outputs()).filter((bundle) =>
      vegaLite in bundle
    );
    expect(places.length).toBe(1);
  });

  it("study, charts and help show themselves as the last expression of a cell", async () => {
    const { kernel } = await session("kernel display");
    await using _ = kernel;
    await kernel.execute(
      `await study.optimize(train(5, 0), { trials: 10, progress: false })`,
    );
    const bundle = async (code: string) =>
      bundlesOf((await kernel.execute(code)).outputs)[0]!;
    const card = await bundle("study");
    expect(Object.keys(card).sort()).toEqual(["text/html", "text/plain"]);
    expect(String(card["text/html"])).toContain("maximize");
    for (
      const chart of [
        "optimizationHistory",
        "learningCurves",
        "parallelCoordinates",
        "slice",
      ]
    ) {
      const shown = await bundle(`study.charts.${chart}()`);
      expect(Object.keys(shown).sort()).toEqual(
        [vegaLite, "image/svg+xml", "text/plain"].sort(),
      );
    }
    const displayed = await bundle(`await display(study.charts.slice())`);
    expect(displayed).toHaveProperty([vegaLite]);
    const page = await bundle("help(createStudy)");
    expect(String(page["text/markdown"])).toMatch(
      /### `createStudy\(options\)`[\s\S]*`storage`[\s\S]*```ts/,
    );
    expect(String((await bundle("help(study)"))["text/markdown"])).toContain(
      "### `Study`",
    );
  });

  it("a failing objective shows its error, and a trial by hand throws it", async () => {
    const { kernel } = await session("kernel failure");
    await using _ = kernel;
    const { status, outputs } = await kernel.execute(
      `await study.optimize(() => { throw new Error("out of <b>memory</b>") }, { trials: 3 })`,
    );
    expect(status).toBe("ok");
    expect(textOf(outputs)).toContain("0 complete, 3 failed");
    expect(String(bundlesOf(outputs)[0]!["text/plain"])).toContain(
      "out of <b>memory</b>",
    );
    const byHand = await kernel.execute(
      `await study.try({ rate: 0.1, units: 3 }, () => { throw new RangeError("boom") })`,
    );
    expect([byHand.status, byHand.error?.name, byHand.error?.message]).toEqual([
      "error",
      "RangeError",
      "boom",
    ]);
    const wrong = await kernel.execute(
      `await study.try({ rate: 7, unit: 3 }, () => 1)`,
    );
    expect(wrong.error?.message).toContain("did you mean");
  });
});

import { join } from "node:path";
import { expect } from "@std/expect";
import { it } from "@std/testing/bdd";
import { writeNotebook } from "../../tools/jupyter/notebook.ts";
import { inProject } from "../../tools/project.ts";
import { JupyterLab } from "../support/jupyterlab.ts";
import { workFolder } from "../support/kernel.ts";
import { chromium, describeWith } from "../support/require.ts";

const cells = [
  `
import { createStudy, float, minimize, randomSampler, space } from "@etude/etude";
import { tuner } from "@etude/etude/tuner";
const study = await createStudy({
  name: "behind a proxy",
  library: false,
  sampler: randomSampler(),
  space: space({ x: float(-5, 5) }),
  objective: minimize("loss"),
  storage: "studies.db",
});
const objective = async (trial) => {
  for (let epoch = 1; epoch <= 3; epoch++) {
    await trial.report(epoch, (trial.params.x - 2) ** 2 / epoch);
  }
  return trial.best();
};
await study.optimize(objective, { trials: 4, progress: false });`,
  `
const panel = await tuner(study, objective, { proxy: true });
panel;`,
];

describeWith(chromium, "the panel behind jupyter-server-proxy", () => {
  it("is reached through the notebook server alone, below a hub's path, and runs trials from there", async () => {
    const folder = await workFolder("browser proxy");
    await writeNotebook(join(folder, "trial.ipynb"), {
      cells: cells.map((source, n) => ({
        cell_type: "code",
        id: `cell-${n}`,
        metadata: {},
        source: source.trim(),
      })),
      metadata: {},
      nbformat: 4,
      nbformat_minor: 5,
    });
    await using lab = await JupyterLab.start({
      folder,
      basePath: "/user/ann/",
    });
    const notebook = await lab.open("trial.ipynb");
    const { page } = notebook;
    const strays: string[] = [];
    const looks = (url: string) => {
      const { protocol, host } = new URL(url);
      if (/^(http|ws)/.test(protocol) && host !== new URL(lab.url).host) {
        strays.push(url);
      }
    };
    page.on("request", (request) => looks(request.url()));
    page.on("websocket", (socket) => looks(socket.url()));
    expect(await notebook.runAll()).toBe(true);
    const element = await page.waitForSelector('iframe[title="Tuning panel"]');
    await element.scrollIntoViewIfNeeded();
    const frame = (await element.contentFrame())!;
    expect(frame.url()).toMatch(
      /^http:\/\/127\.0\.0\.1:\d+\/user\/ann\/proxy\/\d+\/[\w-]+\/$/,
    );
    await frame.waitForSelector(".knob");
    await frame.locator(".outlook .mean").waitFor();

    // Both ways: what is typed reaches the kernel, what it runs comes back.
    await frame.getByLabel("x, exact value").fill("2");
    await frame.getByLabel("x, exact value").press("Enter");
    await frame.getByRole("button", { name: "Run", exact: true }).click();
    await frame.locator("tr[data-trial='4']").waitFor();
    await frame.getByText("Trial 4", { exact: true }).waitFor();
    const state = () => frame.evaluate<string>("etudePanel.rows.get(4)?.state");
    while (await state() !== "complete") await page.waitForTimeout(50);
    expect(await frame.evaluate("etudePanel.rows.get(4).value")).toBe(0);
    await element.screenshot({
      path: inProject("out", "screenshots", "panel-proxy.png"),
    });
    expect(strays).toEqual([]);
    expect(lab.requestsElsewhere).toEqual([]);
  });
});

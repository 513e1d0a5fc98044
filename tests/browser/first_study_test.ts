import { join } from "node:path";
import { expect } from "@std/expect";
import { it } from "@std/testing/bdd";
import { inProject } from "../../tools/project.ts";
import { JupyterLab } from "../support/jupyterlab.ts";
import { workFolder } from "../support/kernel.ts";
import { chromium, describeWith } from "../support/require.ts";

const notebook = "01-first-study.ipynb";

/** A copy of the tutorials without studies and outputs of earlier runs. */
async function tutorials(): Promise<string> {
  const folder = await workFolder("browser first study");
  for (const file of [notebook, "digits.ts"]) {
    await Deno.copyFile(inProject("notebooks", file), join(folder, file));
  }
  await Deno.mkdir(join(folder, "data"), { recursive: true });
  for (const file of ["digits.csv.gz", "README.md"]) {
    await Deno.copyFile(
      inProject("notebooks", "data", file),
      join(folder, "data", file),
    );
  }
  return folder;
}

describeWith(chromium, "the first tutorial in JupyterLab", () => {
  it("runs to its end, draws all its charts, asks nobody outside for anything, and shows them again when opened anew with nothing run", async () => {
    const folder = await tutorials();
    await using lab = await JupyterLab.start({ folder });
    const page = await lab.open(notebook);
    expect(await page.runAll({ timeoutMs: 400_000 })).toBe(true);
    const charts = await page.charts();
    // The try by hand, its curves, the run, and the four charts.
    expect(charts.length).toBe(7);
    for (const { inkShare, colors } of charts) {
      expect(inkShare).toBeGreaterThan(0.005);
      expect(colors).toBeGreaterThan(8);
    }
    await page.screenshot("first-study", { whole: true });
    await page.save();
    const again = await lab.open(notebook);
    const reopened = await again.charts();
    expect(reopened.length).toBe(charts.length);
    for (const { inkShare } of reopened) {
      expect(inkShare).toBeGreaterThan(0.005);
    }
    expect(lab.requestsElsewhere).toEqual([]);
  });
});

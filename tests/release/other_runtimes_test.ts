import { expect } from "@std/expect";
import { before, describe, it } from "@std/testing/bdd";
import { join } from "node:path";
import {
  type OtherRuntimes,
  prepareOtherRuntimes,
} from "../../tools/other_runtimes.ts";
import { capture } from "../../tools/process.ts";
import { freshFolder, inProject } from "../../tools/project.ts";

/** What `smoke.mjs` writes. */
interface Smoke {
  readonly best: Readonly<Record<string, number>>;
  readonly panel: string;
  readonly [name: string]: unknown;
}

/** Whoever runs it: the same but for the last bits of `Math.log10`, which each engine has its own of. */
const everywhere = {
  trials: 24,
  pruned: true,
  inspected: true,
  diagnosis: true,
  svg: true,
  png: true,
  imported: 24,
  verdict: true,
  commanded: "complete complete",
  backend: "cpu",
  fitted: true,
};

describe("The package in other runtimes", () => {
  let runtimes: OtherRuntimes;
  let onDeno: Smoke;

  before(async () => {
    runtimes = await prepareOtherRuntimes();
    const smoke = inProject("tests", "release", "smoke.mjs");
    await Deno.copyFile(smoke, join(runtimes.folder, "smoke.mjs"));
    onDeno = await run(
      Deno.execPath(),
      ["run", "-A", "--quiet", smoke],
      "deno",
    );
  });

  async function run(
    program: string,
    args: readonly string[],
    name: string,
  ): Promise<Smoke> {
    const folder = await freshFolder(join(runtimes.folder, `by-${name}`));
    const { code, stderr } = await capture(program, [...args, folder], {
      cwd: runtimes.folder,
    });
    if (code !== 0) throw new Error(`${name} ended with ${code}\n${stderr}`);
    return JSON.parse(await Deno.readTextFile(join(folder, "found.json")));
  }

  it("does on Deno what it should do anywhere", () => {
    expect(onDeno).toMatchObject(everywhere);
    expect(onDeno.panel).toBe("opened");
  });

  for (const name of ["node", "bun"] as const) {
    it(`does the same on ${name}, where only the panel says that it needs Deno`, async () => {
      const found = await run(runtimes[name], ["smoke.mjs"], name);
      expect(found).toMatchObject(everywhere);
      expect(found.panel).toMatch(/found a runtime that is not Deno/);
      expect(found.best["random"]).toBeCloseTo(onDeno.best["random"]!, 9);
      for (const best of Object.values(found.best)) {
        expect(best).toBeLessThanOrEqual(found.best["random"]!);
      }
    });
  }
});

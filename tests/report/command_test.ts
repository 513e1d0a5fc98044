import { join } from "node:path";
import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import { createStudy } from "../../lib/study/mod.ts";
import { float, space } from "../../lib/space/mod.ts";
import { inProject } from "../../tools/project.ts";
import { capture } from "../../tools/process.ts";
import { withTemporaryFolder } from "../support/temporary.ts";

const command = (...args: string[]) =>
  capture(Deno.execPath(), [
    "run",
    "-A",
    inProject("lib/report/mod.ts"),
    ...args,
  ]);

describe("deno run -A …/report", () => {
  it("writes the report of a study file, which it does not change", () =>
    withTemporaryFolder(async (folder) => {
      const [file, out] = [join(folder, "studies.db"), join(folder, "r.html")];
      for (const name of ["one", "two"]) {
        const study = await createStudy({
          name,
          space: space({ x: float(-1, 1) }),
          storage: file,
        });
        await study.optimize(({ params }) => params.x ** 2, {
          trials: 9,
          progress: false,
        });
      }
      const before = await Deno.readFile(file);
      const several = await command(file, "--out", out);
      expect(several.code).toBe(1);
      expect(several.stderr).toContain(
        'expected --study with one of "one", "two"',
      );
      const done = await command(
        file,
        "--study",
        "two",
        "--out",
        out,
        "--pictures",
      );
      expect(done.stderr).toBe("");
      expect(done.stdout).toContain("9 trials");
      expect(await Deno.readTextFile(out)).toContain("<h1>two</h1>");
      expect(await Deno.readFile(file)).toEqual(before);
      const missing = await command(join(folder, "none.db"));
      expect(missing.code).toBe(1);
      expect(missing.stderr).toContain("none.db");
    }));
});

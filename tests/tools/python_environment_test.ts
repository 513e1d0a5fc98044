import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import { join } from "node:path";
import { realFolder, refuseLink } from "../../tools/python_environment.ts";
import { withTemporaryFolder } from "../support/temporary.ts";

describe("refuseLink()", () => {
  it("lets a folder be, and one that is not there yet", () =>
    withTemporaryFolder(async (folder) => {
      await refuseLink(folder);
      await refuseLink(join(folder, ".venv"));
    }));

  it("says of a link where it leads, whether something is there or not", () =>
    withTemporaryFolder(async (folder) => {
      const [made, link] = [join(folder, "made"), join(folder, ".venv")];
      await Deno.symlink(made, link);
      await expect(refuseLink(link)).rejects.toThrow(/is a link to/);
      await Deno.mkdir(made);
      // First: a promise that fails while nobody waits for it fails the test.
      const real = await Deno.realPath(made);
      await expect(refuseLink(link)).rejects.toThrow(real);
    }));
});

describe("realFolder()", () => {
  it("is the same for a folder and a link to it, and the path where there is nothing", () =>
    withTemporaryFolder(async (folder) => {
      const [made, link] = [join(folder, "made"), join(folder, ".venv")];
      expect(await realFolder(made)).toBe(made);
      await Deno.mkdir(made);
      await Deno.symlink(made, link);
      expect(await realFolder(link)).toBe(await realFolder(made));
    }));
});

import { expect } from "@std/expect";
import { it } from "@std/testing/bdd";
import { createStudy } from "../../mod.ts";
import { describeWith, type Requirement } from "../support/require.ts";
import { withTemporaryFolder } from "../support/temporary.ts";

const scriptProgram: Requirement = {
  name: "the program script, which makes a terminal",
  path: (() => {
    try {
      return Deno.statSync("/usr/bin/script").isFile ? "/usr/bin/script" : null;
    } catch {
      return null;
    }
  })(),
  remedy: "On Debian: sudo apt-get install bsdutils.",
};

/** Runs the study in a terminal of its own, typing keys at certain moments. */
async function inTerminal(
  args: string,
  keys: readonly { readonly afterMs: number; readonly type: string }[] = [],
): Promise<string> {
  const script = new URL("./_terminal_study.ts", import.meta.url).pathname;
  const child = new Deno.Command(scriptProgram.path!, {
    args: [
      "-qec",
      `${Deno.execPath()} run -A --no-check ${script} ${args}`,
      "/dev/null",
    ],
    stdin: "piped",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  const writer = child.stdin.getWriter();
  let text = "";
  const typed = (async () => {
    for (const { afterMs, type } of keys) {
      while (!/trial 1 of 4/.test(text)) {
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      await new Promise((resolve) => setTimeout(resolve, afterMs));
      await writer.write(new TextEncoder().encode(type));
    }
  })();
  for await (const chunk of child.stdout.pipeThrough(new TextDecoderStream())) {
    text += chunk;
  }
  await typed;
  await writer.close().catch(() => {});
  await child.status;
  return text;
}

describeWith(scriptProgram, "a study in a terminal", () => {
  it("shows one line that is written over, and names cannot steer the terminal", () =>
    withTemporaryFolder(async (folder) => {
      const text = await inTerminal(`${folder}/studies.db`);
      const lines = text.split("\r\u001b[2K").slice(1);
      expect(lines.length).toBeGreaterThan(3);
      expect(lines[0]).toMatch(/^terminal {2}\[31m: trial 1 of 4 · 0 complete/);
      expect(lines.at(-1)).toMatch(
        /4 trials, ended: all 4 trials done · 4 complete · best [\d.e-]+ in/,
      );
      expect(text).toMatch(/SUMMARY 4 trials in/);
      expect(text).not.toContain("\u001b[31m");
    }));

  it("Ctrl+C ends it cleanly, with everything kept", () =>
    withTemporaryFolder(async (folder) => {
      const path = `${folder}/studies.db`;
      const text = await inTerminal(path, [{ afterMs: 700, type: "\u0003" }]);
      expect(text).toMatch(/SUMMARY .*1 pruned\. Ended: stopped by hand/);
      const study = await createStudy({
        name: "terminal \u001b[31m",
        storage: path,
      });
      expect(study.trials.at(-1)!.reason).toBe("stopped by hand");
      await study.close();
    }));

  it("Ctrl+C twice does not wait for an objective that hangs", () =>
    withTemporaryFolder(async (folder) => {
      const text = await inTerminal(`${folder}/studies.db hangs`, [{
        afterMs: 300,
        type: "\u0003",
      }, { afterMs: 300, type: "\u0003" }]);
      expect(text).toMatch(
        /SUMMARY 1 trial in .*: 0 complete, 1 failed\. Ended: stopped by hand/,
      );
    }));
});

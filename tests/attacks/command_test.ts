import { existsSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import { command, csvFile } from "../../lib/workers/mod.ts";
import {
  choice,
  createStudy,
  minimize,
  randomSampler,
  space,
  type Study,
} from "../../mod.ts";
import { hostileTexts } from "./_hostile.ts";

/** Prints its arguments and its environment as JSON where the file stands that it is told. */
const echo = `
import json, os, sys
with open(sys.argv[1], "w") as file:
    json.dump({"argv": sys.argv[2:], "study": os.environ["ETUDE_STUDY"], "params": os.environ["ETUDE_PARAMS"]}, file)
print('{"loss": 1}')
`;

function studyOf(name: string, value: string): Promise<Study> {
  return createStudy({
    name,
    storage: "memory",
    library: false,
    sampler: randomSampler(),
    space: space({ value: choice([value]) }),
    objective: minimize("loss"),
  }) as unknown as Promise<Study>;
}

describe("a command whose parameters are hostile", () => {
  it("gets each as one argument, as it is, and no shell reads any", async () => {
    const folder = mkdtempSync(join(tmpdir(), "etude-attack-"));
    const script = join(folder, "echo.py");
    writeFileSync(script, echo);
    const texts = hostileTexts.filter((text) =>
      !text.includes("\0") && text.isWellFormed()
    );
    const values = [
      ...texts.filter((_, i) => i % 5 === 0),
      "$(touch x-attack) `touch x-attack` ; | & > x",
      "a\nb",
      "-rf",
      "--",
    ];
    for (const value of values) {
      const out = join(folder, "out.json");
      const study = await studyOf(value, value);
      await study.optimize(
        command(["python3", script, out, "{value}", "--value={value}"], {
          cwd: folder,
          logs: join(folder, "logs"),
        }),
        { trials: 1, progress: false },
      );
      const [trial] = study.trials;
      expect(`${JSON.stringify(value)}: ${trial!.error}`)
        .toBe(`${JSON.stringify(value)}: null`);
      const told = JSON.parse(readFileSync(out, "utf8"));
      expect(told.argv).toEqual([value, `--value=${value}`]);
      expect(told.study).toBe(value);
      expect(JSON.parse(told.params)).toEqual({ value });
      await study.close();
    }
    expect(existsSync(join(folder, "x-attack"))).toBe(false);
    expect(existsSync("x-attack")).toBe(false);
    expect(existsSync("/tmp/x-attack")).toBe(false);
    // Logs stay in their folder, whatever the study is called.
    expect(existsSync(join(folder, "logs"))).toBe(true);
  });

  it("is not begun with a null character, and says so", async () => {
    for (
      const [name, value] of [["a\0b", "x"], ["plain", "x\0--evil"]] as const
    ) {
      const study = await studyOf(name, value);
      await study.optimize(
        command(["python3", "-c", "print(1)", "{value}"], { logs: false }),
        { trials: 1, progress: false },
      );
      expect(study.trials[0]!.error).toContain("holds a null character");
      await study.close();
    }
  });

  it("reads its metrics from no folder above, and keeps its checkpoints where they belong", async () => {
    const study = await studyOf("plain", "../../../etc");
    await study.optimize(
      command(["python3", "-c", "print(1)"], {
        logs: false,
        metrics: csvFile("runs/{value}/log.csv"),
      }),
      { trials: 1, progress: false },
    );
    expect(study.trials[0]!.error).toContain("leads to no folder above");
    await study.close();
  });
});

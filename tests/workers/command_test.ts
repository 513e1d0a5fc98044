import { existsSync, mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import {
  choice,
  createStudy,
  float,
  int,
  minimize,
  percentilePruner,
  randomSampler,
  space,
  type Study,
  type StudyOptions,
} from "../../mod.ts";
import {
  command,
  type CommandOptions,
  csvFile,
  jsonLines,
  matching,
} from "../../lib/workers/mod.ts";

const script = new URL("./_train.py", import.meta.url).pathname;
const place = space({ lr: float(1e-3, 1, { log: true }) });
let count = 0;

function makeStudy(
  options: Partial<StudyOptions> = {},
): Promise<Study> {
  return createStudy({
    name: `command ${count++}`,
    storage: "memory",
    library: false,
    seed: "1",
    sampler: randomSampler(),
    space: place,
    objective: minimize("validation loss"),
    ...options,
  }) as Promise<Study>;
}

const freshFolder = () => mkdtempSync(join(tmpdir(), "etude-test-"));

/** One trial of the script. */
async function run(
  args: readonly string[],
  options: CommandOptions = {},
  study?: Study,
) {
  const one = study ?? await makeStudy();
  await one.optimize(
    command(["python3", script, "--lr={lr}", ...args], {
      logs: false,
      ...options,
    }),
    { trials: 1, progress: false },
  );
  return one.trials.at(-1)!;
}

/** The text of the error that made a trial fail. */
const errorOf = async (...given: Parameters<typeof run>) => {
  const { state, error } = await run(...given);
  expect(state).toBe("failed");
  return error!;
};

const isAlive = (pid: number) => {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
  } catch {
    return false;
  }
};

describe("command()", () => {
  it("wants the parts of a command line, and options that it knows", () => {
    expect(() => command("python train.py" as unknown as string[])).toThrow(
      '["python","train.py"]; no shell',
    );
    expect(() => command([])).toThrow("expected the program");
    expect(() => command(["a", "b\0c"])).toThrow("null character");
    expect(() => command(["a"], { retry: 3 } as CommandOptions)).toThrow(
      'no option "retry"',
    );
    expect(() => command(["a"], { timeoutMs: -1 })).toThrow("timeoutMs is -1");
    expect(() => command(["a"], { gpus: [] })).toThrow("gpus");
    expect(() => command(["a"], { metrics: "x" as unknown as [] })).toThrow(
      "jsonLines()",
    );
    expect(() => matching(/loss (\d+)/)).toThrow("named group");
  });

  it("takes curves from JSON lines, and the best of the objective's", async () => {
    const trial = await run(["--epochs=4"]);
    expect(trial.state).toBe("complete");
    expect([...trial.curves.keys()].sort()).toEqual([
      "train loss",
      "validation loss",
    ]);
    const { steps, values } = trial.curves.get("validation loss")!;
    expect(steps).toEqual([1, 2, 3, 4]);
    expect(trial.value).toBe(Math.min(...values));
  });

  it("takes the last value where it is told to, and a result said without a step", async () => {
    const last = await run(["--epochs=4"], { value: "last" });
    expect(last.value).toBe(
      last.curves.get("validation loss")!.values.at(-1),
    );
    const final = await run(["--form=final"]);
    expect(final.curves.size).toBe(0);
    expect(final.value).toBeGreaterThan(0);
  });

  it("takes them from lines of any form, and from a CSV file", async () => {
    const text = await run(["--form=text"], {
      metrics: matching(
        /epoch (?<step>\d+): loss=(?<loss>\S+) val_loss=(?<val>\S+)/,
      ),
      rename: { val: "validation loss", loss: "train loss" },
    });
    expect(text.curves.get("train loss")!.steps).toEqual([1, 2, 3, 4, 5]);
    const folder = freshFolder();
    const csv = await run(["--form=csv", `--out=${folder}/{trial}`], {
      metrics: csvFile(`${folder}/{trial}/log.csv`),
    });
    expect([...csv.curves.keys()].sort()).toEqual([
      "train loss",
      "validation loss",
    ]);
    expect(csv.curves.get("validation loss")!.values.length).toBe(5);
    expect(csv.value).toBe(text.value === null ? null : csv.value);
  });

  it("keeps NaN in a curve", async () => {
    const { curves } = await run(["--fault=NaN"]);
    expect(curves.get("validation loss")!.values[1]).toBe(NaN);
  });

  it("leaves out arguments of parameters that are not active, and writes the configuration to a file", async () => {
    const study = await makeStudy({
      space: space({
        lr: float(0.1, 0.2),
        optimizer: choice(["sgd", "momentum"]),
        momentum: float(0.5, 0.9).when({ optimizer: "momentum" }),
      }),
    });
    await study.enqueue({ lr: 0.1, optimizer: "sgd" });
    const program =
      "import json,os,sys; a=sys.argv[1:]; p=json.load(open(a[0])); print(json.dumps({'validation loss': len(a), 'lr': p['lr'], 'same': float(json.loads(os.environ['ETUDE_PARAMS'])==p), 'trial': float(os.environ['ETUDE_TRIAL']), 'own': float(os.environ['OWN'])}))";
    await study.optimize(
      command(
        ["python3", "-c", program, "{params}", "--m={momentum}", "{{lr}}"],
        { logs: false, environment: { OWN: "{lr}" } },
      ),
      { trials: 1, progress: false },
    );
    // The file and the braces; not the momentum.
    expect(study.trials[0]!.value).toBe(2);
  });

  it("says so where an argument names what there is not", async () => {
    expect(await errorOf(["--x={learningRate}"])).toMatch(
      /names \{learningRate\}.*\{lr\}/,
    );
  });

  it("runs no shell: a value is never code", async () => {
    const folder = freshFolder();
    const evil =
      `$(touch ${folder}/owned); touch ${folder}/owned; \`touch ${folder}/owned\``;
    const study = await makeStudy({
      space: space({ text: choice([evil, "'; rm -rf x; '"]) }),
    });
    await study.enqueue({ text: evil });
    await study.optimize(
      command([
        "python3",
        "-c",
        "import sys; print('{\"validation loss\": %d}' % len(sys.argv[1].encode()))",
        "{text}",
      ], { logs: false }),
      { trials: 1, progress: false },
    );
    expect(study.trials[0]!.value).toBe(evil.length);
    expect(existsSync(join(folder, "owned"))).toBe(false);
  });

  it("shows the last lines of what failed, and keeps the whole log", async () => {
    const logs = freshFolder();
    const error = await errorOf(["--fault=crash"], { logs });
    expect(error).toMatch(/exit code 1/);
    expect(error).toContain("ValueError: the data are gone");
    const path = /All it printed: (.+)$/m.exec(error)![1]!;
    expect(readFileSync(path, "utf8")).toContain("Traceback");
  });

  it("says what is amiss with a program that is not there, prints nothing, or garbage", async () => {
    const study = await makeStudy();
    await study.optimize(command(["no-such-program"], { logs: false }), {
      trials: 1,
      progress: false,
    });
    expect(study.trials[0]!.error).toContain(
      'no program "no-such-program" on the PATH',
    );
    expect(await errorOf(["--fault=silent"])).toMatch(
      /did not say its "validation loss".*found none.*It printed nothing/s,
    );
    expect(await errorOf(["--fault=garbage"])).toContain("found none");
    expect(
      await errorOf([], {
        metrics: jsonLines(),
        rename: { validation_loss: "x" },
      }),
    ).toContain('it named "train loss", "validation_loss"');
  });

  it("runs it again as often as it may", async () => {
    const folder = freshFolder();
    const trial = await run(["--fault=once", `--out=${folder}`], {
      retries: 1,
    });
    expect(trial.state).toBe("complete");
    expect(await errorOf(["--fault=once", `--out=${freshFolder()}`]))
      .toContain("exit code 3");
  });

  it("ends what takes too long or too much memory, also where it ignores SIGTERM", async () => {
    expect(
      await errorOf(["--fault=ignores", "--wait=20"], {
        timeoutMs: 500,
        graceMs: 200,
      }),
    ).toContain("longer than 0.5 s");
    expect(
      await errorOf(["--fault=hungry", "--wait=20"], {
        memoryMegabytes: 200,
        graceMs: 200,
      }),
    ).toMatch(/took \d+ MB of memory, allowed are 200 MB/);
  });

  it("ends what the program has started and left behind", async () => {
    const folder = freshFolder();
    const trial = await run(["--fault=forks", `--out=${folder}`]);
    expect(trial.state).toBe("complete");
    const pid = Number(readFileSync(join(folder, "child"), "utf8"));
    // It has been killed; the system may take a moment to clear it away.
    for (let tries = 0; tries < 100 && isAlive(pid); tries++) {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    expect(isAlive(pid)).toBe(false);
  });

  it("does not wait for what has left its group and keeps its output open", async () => {
    const code = `
import os, time
print('{"validation loss": 0.5}', flush=True)
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        time.sleep(30)
    os._exit(0)
`;
    const study = await makeStudy();
    const begun = performance.now();
    await study.optimize(command(["python3", "-c", code], { logs: false }), {
      trials: 1,
      progress: false,
    });
    expect(study.trials[0]!.value).toBe(0.5);
    expect(performance.now() - begun).toBeLessThan(20_000);
  });

  it("stops a training that is pruned, gracefully", async () => {
    const study = await makeStudy({
      pruner: percentilePruner({
        percentile: 50,
        warmupSteps: 2,
        startupTrials: 1,
      }),
    });
    await study.enqueue({ lr: 0.5 });
    await run([], {}, study);
    const folder = freshFolder();
    await study.enqueue({ lr: 0.001 });
    const trial = await run(
      [
        "--epochs=500",
        "--wait=0.05",
        "--fault=graceful",
        `--out=${folder}`,
      ],
      {},
      study,
    );
    expect(trial.state).toBe("pruned");
    expect(trial.curves.get("validation loss")!.steps.length).toBeLessThan(50);
    expect(existsSync(join(folder, "saved"))).toBe(true);
  });

  it("stops with its study, and keeps what was reported", async () => {
    const study = await makeStudy();
    const running = study.optimize(
      command(
        ["python3", script, "--lr={lr}", "--epochs=500", "--wait=0.05"],
        { logs: false },
      ),
      { trials: 3, progress: false },
    );
    const seen = Promise.withResolvers<void>();
    const end = study.listen(({ type }) => {
      if (type === "report") seen.resolve();
    });
    await seen.promise;
    end();
    study.stop();
    await running;
    expect(study.trials.length).toBe(1);
    expect(study.trials[0]!.state).toBe("pruned");
    expect(study.trials[0]!.curves.get("validation loss")!.values.length)
      .toBeGreaterThan(0);
  });

  it("gives each run a GPU of its own, and no more run than there are", async () => {
    const study = await makeStudy({ space: space({ n: int(0, 100) }) });
    const program =
      "import os,time,json; t=time.time(); time.sleep(.2); print(json.dumps({'validation loss': float(os.environ['CUDA_VISIBLE_DEVICES'])*1e12+time.time()-t, 'x': 1}))";
    await study.optimize(
      command(["python3", "-c", program], { logs: false, gpus: [3, 5] }),
      { trials: 6, parallel: 4, progress: false },
    );
    const used = study.trials.map(({ value }) => Math.floor(value! / 1e12));
    expect(new Set(used)).toEqual(new Set([3, 5]));
    expect(study.trials.every(({ state }) => state === "complete")).toBe(true);
  });
});

import { join } from "node:path";
import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import type { Optimizer } from "../../bench/quality/optimizers/optimizer.ts";
import { ourNames, ourOptimizer } from "../../bench/quality/optimizers/ours.ts";
import { openOptimizer } from "../../bench/quality/optimizers/open_optimizer.ts";
import { findReference } from "../../bench/quality/reference.ts";
import {
  gatherRuns,
  isResultFile,
  readResults,
  ResultFile,
  type ResultLine,
} from "../../bench/quality/results.ts";
import { runBench } from "../../bench/quality/run_bench.ts";
import { bbobSuite } from "../../bench/quality/suites/bbob.ts";
import { selectTasks } from "../../bench/quality/suites/suite.ts";
import {
  suiteOfTables,
  type Table,
} from "../../bench/quality/suites/tables.ts";

const suite = bbobSuite([2]);
const metric = suite.metrics[0]!;

/** Runs a small bench that goes on from some lines, and gives the new ones. */
async function bench(
  optimizers: readonly Optimizer[],
  before: readonly ResultLine[] = [],
  seeds: readonly number[] = [0],
) {
  const lines: ResultLine[] = [];
  const summary = await runBench({
    suite,
    tasks: ["f01-2d", "f08-2d"],
    metric,
    optimizers,
    trials: 4,
    seeds,
    before,
    reference: (task) => findReference(suite, task, metric),
    write: (line) => {
      lines.push(line);
      return Promise.resolve();
    },
  });
  return { lines, summary };
}

const random = () => ourOptimizer("random")!;

describe("runBench()", () => {
  it("writes a line a trial, and a reference a task", async () => {
    const { lines, summary } = await bench([random()]);
    expect(summary).toEqual({ made: 2, skipped: 0, broken: 0 });
    expect(lines.map(({ type }) => type)).toEqual([
      ...["reference", "trial", "trial", "trial", "trial"],
      ...["reference", "trial", "trial", "trial", "trial"],
    ]);
    expect(Object.keys(lines[1]!)).toEqual([
      "type",
      "suite",
      "task",
      "metric",
      "direction",
      "seed",
      "optimizer",
      "version",
      "trial",
      "value",
      "best",
      "ms",
      "params",
    ]);
    const trials = lines.filter((line) => line.type === "trial").slice(0, 4);
    trials.forEach((line, i) => {
      const values = trials.slice(0, i + 1).map(({ value }) => value!);
      expect(line.best).toBe(Math.min(...values));
      expect(line.trial).toBe(i);
      expect(line.ms).toBeGreaterThan(0);
    });
  });

  it("leaves out what is finished, and makes the rest", async () => {
    const { lines } = await bench([random()]);
    const torn = lines.slice(0, -1);
    const again = await bench([random()], torn, [0, 1]);
    expect(again.summary).toEqual({ made: 3, skipped: 1, broken: 0 });
    expect(again.lines.some(({ type }) => type === "reference")).toBe(false);
    const runs = gatherRuns([...torn, ...again.lines]);
    expect([...runs.values()].map((run) => run.trials.length)).toEqual([
      4,
      4,
      4,
      4,
    ]);
  });

  it("gives equal seeds equal runs", async () => {
    const values = ({ lines }: { lines: ResultLine[] }) =>
      lines.flatMap((line) => line.type === "trial" ? [line.value] : []);
    const one = values(await bench([random()]));
    expect(values(await bench([random()]))).toEqual(one);
    expect(values(await bench([random()], [], [1]))).not.toEqual(one);
  });

  it("keeps the reason where an optimizer breaks off, and goes on", async () => {
    const broken = (params: Record<string, number>): Optimizer => ({
      name: "broken",
      start: () =>
        Promise.resolve({
          version: "1",
          ask: () => Promise.resolve({ params, ms: 1 }),
          tell: () => Promise.reject(new Error("out of memory")),
          close: () => Promise.resolve(),
        }),
      close: () => Promise.resolve(),
    });
    const { lines, summary } = await bench([
      broken({ x1: 0, x2: 9 }),
      broken({ x1: 0, x2: 0 }),
      random(),
    ]);
    expect(summary).toEqual({ made: 2, skipped: 0, broken: 4 });
    const messages = lines.flatMap((line) =>
      line.type === "error" ? [line.message] : []
    );
    expect(messages[0]).toContain("x2");
    expect(messages[2]).toBe("out of memory");
  });
});

describe("result files", () => {
  it("drop a torn last line, and only that", () => {
    const line = '{"type":"error","message":"m"}';
    expect(readResults(`${line}\n{"type":"tri`).length).toBe(1);
    expect(readResults(`${line}\n`).length).toBe(1);
    expect(readResults("")).toEqual([]);
    expect(() => readResults(`{"type":"tri\n${line}\n`)).toThrow("line 1");
    expect(() => readResults(`{"a":1}\n`)).toThrow("no known type");
  });

  it("are told from other files by their first line", () => {
    expect(isResultFile("")).toBe(true);
    expect(isResultFile('{"type":"error","message":"m"}\n')).toBe(true);
    expect(isResultFile('{"type":"tri')).toBe(true);
    expect(isResultFile('{"task":"fcnet-slice","values":[1]}\n')).toBe(false);
    expect(isResultFile("# A heading\n")).toBe(false);
  });

  it("are mended before they are appended to", async () => {
    const folder = await Deno.makeTempDir();
    const path = join(folder, "results.jsonl");
    const { lines } = await bench([random()]);
    const { file } = await ResultFile.open(path);
    for (const line of lines) await file.append(line);
    await Deno.writeTextFile(path, '{"type":"trial","su', { append: true });
    const again = await ResultFile.open(path);
    expect(again.lines).toEqual(lines);
    await again.file.append(lines[0]!);
    const text = await Deno.readTextFile(path);
    expect(readResults(text).length).toBe(lines.length + 1);
    await Deno.remove(folder, { recursive: true });
  });
});

describe("optimizers", () => {
  it("are ours by the names of the public door's samplers", () => {
    expect(ourNames()).toContain("random");
    expect(ourNames()).toContain("sobol");
    expect(ourNames()).not.toContain("grid");
  });

  it("that nobody knows are refused with the list of those there are", () => {
    expect(() => openOptimizer("nobody")).toThrow("optuna-tpe");
  });
});

describe("selectTasks()", () => {
  it("takes names and patterns, in the suite's order", () => {
    const tasks = ["a1", "a2", "b1"];
    expect(selectTasks(tasks, "all")).toEqual(tasks);
    expect(selectTasks(tasks, "b1, a*")).toEqual(tasks);
    expect(selectTasks(tasks, "*1")).toEqual(["a1", "b1"]);
    expect(() => selectTasks(tasks, "c*")).toThrow('"c*"');
  });
});

describe("tables", () => {
  const table: Table = {
    task: "t",
    direction: "maximize",
    axes: [
      { name: "a", kind: "ordinal", values: [1, 10] },
      { name: "b", kind: "choice", values: ["x", "y", "z"] },
    ],
    values: [1, 2, 3, 4, 5, null],
  };
  const tables = suiteOfTables("tables", [table]);

  it("are looked up, the last axis fastest, as a loss", async () => {
    const found = await tables.evaluate("t", [
      { a: 1, b: "z" },
      { a: 10, b: "x" },
      { a: 10, b: "z" },
    ]);
    expect(found.map(({ loss }) => loss)).toEqual([-3, -4, NaN]);
    expect(tables.optimum("t", "loss")).toBe(-5);
    expect(tables.space("t").parameter("a").kind).toBe("ordinal");
  });

  it("have a reference with the exact best", async () => {
    const reference = await findReference(tables, "t", tables.metrics[0]!);
    expect(reference.best).toBe(-5);
    expect(reference.median).toBeGreaterThan(-5);
  });
});

describe("findReference()", () => {
  it("comes near the best of a task by local search", async () => {
    const hidden = {
      ...bbobSuite([2]),
      optimum: () => null,
      referenceBudget: { random: 200, local: 2000 },
    };
    const { best, median, evaluations } = await findReference(
      hidden,
      "f01-2d",
      metric,
    );
    expect(best - suite.optimum("f01-2d", "value")!).toBeLessThan(1e-3);
    expect(median).toBeGreaterThan(best);
    expect(evaluations).toBe(2200);
  });
});

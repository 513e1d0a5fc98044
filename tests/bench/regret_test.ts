import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import { bootstrapMean } from "../../bench/quality/analysis/intervals.ts";
import { replaceBetween } from "../../bench/quality/analysis/markers.ts";
import {
  cliques,
  criticalDifference,
  meanRanks,
  ranksOf,
} from "../../bench/quality/analysis/ranks.ts";
import {
  comparisons,
  mainLevel,
  normalizedRegret,
  regretBySuite,
  regretOfNothing,
  taskMeans,
} from "../../bench/quality/analysis/regret.ts";
import {
  checkpointsOf,
  levelTitle,
  partialTable,
  showRegret,
  suiteTable,
  summaryTable,
} from "../../bench/quality/analysis/tables.ts";
import type { ResultLine } from "../../bench/quality/results.ts";

const named = { suite: "s", metric: "m", direction: "minimize" } as const;

function reference(task: string, best: number, median: number): ResultLine {
  return { type: "reference", ...named, task, best, median, evaluations: 9 };
}

/** A run's lines from its values. */
function run(
  optimizer: string,
  task: string,
  seed: number,
  values: readonly (number | null)[],
): ResultLine[] {
  let best: number | null = null;
  return values.map((value, trial) => {
    if (value !== null) best = Math.min(best ?? Infinity, value);
    return {
      type: "trial",
      ...named,
      task,
      seed,
      optimizer,
      version: "1",
      trial,
      value,
      best,
      ms: 2,
      params: {},
    };
  });
}

describe("normalizedRegret()", () => {
  it("is 0 at the best known value and 1 at the median, in either direction", () => {
    expect(normalizedRegret(2, { best: 2, median: 6 })).toBe(0);
    expect(normalizedRegret(6, { best: 2, median: 6 })).toBe(1);
    expect(normalizedRegret(3, { best: 2, median: 6 })).toBe(0.25);
    expect(normalizedRegret(80, { best: 90, median: 50 })).toBe(0.25);
  });

  it("is 0 on a task of one value, and the worst without a value", () => {
    expect(normalizedRegret(1, { best: 1, median: 1 })).toBe(0);
    expect(normalizedRegret(null, { best: 0, median: 1 })).toBe(
      regretOfNothing,
    );
  });
});

describe("regretBySuite()", () => {
  it("takes the best known value from the references and from all trials", () => {
    const [suite] = regretBySuite([
      reference("a", 0, 4),
      ...run("x", "a", 0, [4, -4, 0]),
    ]);
    expect(suite!.runs[0]!.regret).toEqual([1, 0, 0]);
    expect(suite!.trials).toBe(3);
  });

  it("leaves runs out that are not finished", () => {
    const [suite] = regretBySuite([
      reference("a", 0, 4),
      ...run("x", "a", 0, [4, 2]),
      ...run("x", "a", 1, [4]),
    ]);
    expect(suite!.runs.map(({ seed }) => seed)).toEqual([0]);
  });

  it("counts a trial without a value as no better than before", () => {
    const [suite] = regretBySuite([
      reference("a", 0, 4),
      ...run("x", "a", 0, [null, 2, null]),
    ]);
    expect(suite!.runs[0]!.regret).toEqual([regretOfNothing, 0.5, 0.5]);
  });

  it("needs a reference for each task", () => {
    expect(() => regretBySuite(run("x", "a", 0, [1]))).toThrow(
      "no reference line",
    );
  });
});

describe("comparisons()", () => {
  const full = (name: string, values: readonly number[]) =>
    ["a", "b"].flatMap((task) =>
      [0, 1].flatMap((seed) => run(name, task, seed, values))
    );
  const references = [reference("a", 0, 4), reference("b", 0, 4)];
  const suiteOf = (lines: readonly ResultLine[]) =>
    regretBySuite([...references, ...lines])[0]!;

  it("are one where all have all runs", () => {
    const suite = suiteOf([...full("x", [4, 2]), ...full("y", [4, 4])]);
    const { levels, partial } = comparisons(suite.runs);
    expect(partial).toEqual([]);
    expect(levels.length).toBe(1);
    expect(levels[0]!.optimizers).toEqual(["x", "y"]);
    expect(levels[0]!.tasks).toEqual(["a", "b"]);
    expect(levels[0]!.runs.length).toBe(8);
    expect(taskMeans(levels[0]!.runs, "x", ["a", "b"], 2)).toEqual([0.5, 0.5]);
  });

  it("have a level more for those with fewer runs, on the runs that all have", () => {
    const suite = suiteOf([
      ...full("x", [4, 2]),
      ...full("y", [4, 4]),
      ...run("slow", "b", 1, [1, 1]),
    ]);
    const compared = comparisons(suite.runs);
    expect(compared.levels.map(({ optimizers }) => optimizers)).toEqual([
      ["x", "y"],
      ["slow", "x", "y"],
    ]);
    expect(compared.levels[1]!.added).toEqual(["slow"]);
    expect(compared.levels[1]!.tasks).toEqual(["b"]);
    expect(compared.levels[1]!.runs.length).toBe(3);
    expect(levelTitle(compared.levels[1]!, false)).toBe(
      "With slow: 1 task, 1 seed",
    );
    expect(mainLevel(compared)).toBe(compared.levels[1]);
  });

  it("are at most three: those of about equal size are one", () => {
    const tasks = Array.from({ length: 20 }, (_, i) => `t${i}`);
    const suite = regretBySuite([
      ...tasks.map((task) => reference(task, 0, 4)),
      ...([["x", 20], ["y", 10], ["z", 9], ["u", 6], ["v", 1]] as const)
        .flatMap(([name, count]) =>
          tasks.slice(0, count).flatMap((task) => run(name, task, 0, [1]))
        ),
    ])[0]!;
    const compared = comparisons(suite.runs);
    expect(compared.levels.map(({ added }) => added)).toEqual([
      ["x"],
      ["u", "y", "z"],
      ["v"],
    ]);
    expect(compared.levels.map((level) => level.tasks.length)).toEqual([
      20,
      6,
      1,
    ]);
  });

  it("leave out who shares no runs with the others", () => {
    const suite = suiteOf([
      ...full("x", [4, 2]),
      ...run("other", "a", 7, [1, 1]),
    ]);
    const compared = comparisons(suite.runs);
    expect(compared.partial).toEqual(["other"]);
    expect(compared.levels.length).toBe(1);
    expect(partialTable(suite, compared)!.split("\n").slice(2)).toEqual([
      "| other | 1 | .250 | 2.0 |",
    ]);
  });

  it("are shown in tables", () => {
    const suite = suiteOf([...full("x", [4, 2]), ...full("y", [4, 4])]);
    const compared = comparisons(suite.runs);
    expect(suiteTable(suite, compared.levels[0]!).split("\n")).toEqual([
      "| optimizer | regret at 2 | rank at 2 | ms |",
      "| --- | --- | --- | --- |",
      "| x | .500 (.500–.500) | 1.00 | 2.0 |",
      "| y | 1.000 (1.000–1.000) | 2.00 | 2.0 |",
    ]);
    expect(partialTable(suite, compared)).toBeNull();
    expect(
      summaryTable([{ suite, comparisons: compared }])!.split("\n").at(-1),
    ).toBe("| s | 2 | 2 | x 1.00, y 2.00 |");
  });
});

describe("ranks", () => {
  it("share the mean of their places among equals", () => {
    expect(ranksOf([3, 1, 3, 2])).toEqual([3.5, 1, 3.5, 2]);
    expect(meanRanks([[1, 5], [2, 5], [3, 1]])).toEqual([1.75, 2.25, 2]);
  });

  it("differ by Demšar's critical difference", () => {
    // Demšar (2006), section 3.2.2: 4 algorithms on 14 data sets, CD 1.25.
    expect(criticalDifference(4, 14)).toBeCloseTo(1.25, 2);
    expect(() => criticalDifference(1, 14)).toThrow(RangeError);
    expect(() => criticalDifference(21, 14)).toThrow(RangeError);
  });

  it("form groups that cannot be told apart", () => {
    expect(cliques([1, 2, 2.5, 4], 1)).toEqual([
      { low: 1, high: 2 },
      { low: 2, high: 2.5 },
    ]);
    expect(cliques([1, 1.5, 1.8], 1)).toEqual([{ low: 1, high: 1.8 }]);
    expect(cliques([1, 3], 1)).toEqual([]);
  });
});

describe("bootstrapMean()", () => {
  it("holds the mean, and is the same each time", () => {
    const values = [1, 2, 3, 4, 10];
    const interval = bootstrapMean(values);
    expect(interval.mean).toBe(4);
    expect(interval.low).toBeLessThan(4);
    expect(interval.high).toBeGreaterThan(4);
    expect(bootstrapMean(values)).toEqual(interval);
  });

  it("is a point for equal values", () => {
    expect(bootstrapMean([2, 2])).toEqual({ mean: 2, low: 2, high: 2 });
  });
});

describe("the report's text", () => {
  it("compares at 10, 25 and 50, or at the end of shorter runs", () => {
    expect(checkpointsOf(50)).toEqual([10, 25, 50]);
    expect(checkpointsOf(7)).toEqual([7]);
    expect(checkpointsOf(100)).toEqual([25, 50, 100]);
  });

  it("shows small regrets with more digits", () => {
    expect([0.1434, 0.00234, 1.2, -0.05].map(showRegret)).toEqual([
      ".143",
      ".0023",
      "1.200",
      "-.0500",
    ]);
  });

  it("goes between its markers", () => {
    const text = "a\n<!-- x -->\nold\n<!-- /x -->\nb";
    expect(replaceBetween(text, "x", "new")).toBe(
      "a\n<!-- x -->\n\nnew\n\n<!-- /x -->\nb",
    );
    expect(() => replaceBetween(text, "y", "")).toThrow("<!-- y -->");
  });
});

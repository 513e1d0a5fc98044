import { join } from "node:path";
import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import { modelInputs, yahpoSuite } from "../../bench/quality/suites/yahpo.ts";
import {
  knownLayout,
  readLayout,
} from "../../bench/quality/suites/yahpo_layouts.ts";
import { spaceOfConfigSpace } from "../../bench/quality/suites/yahpo_space.ts";

/** A made-up scenario with every kind of parameter and condition. */
const made = {
  hyperparameters: [
    { name: "task", type: "categorical", choices: ["t1", "t2"] },
    { name: "epoch", type: "uniform_int", lower: 1, upper: 9, log: false },
    { name: "kernel", type: "categorical", choices: ["lin", "poly", "rbf"] },
    {
      name: "cost",
      type: "uniform_float",
      lower: 0.001,
      upper: 1000,
      log: true,
    },
    { name: "degree", type: "uniform_int", lower: 2, upper: 5, log: false },
    {
      name: "gamma",
      type: "uniform_float",
      lower: 0.001,
      upper: 10,
      log: true,
    },
    { name: "shift", type: "uniform_float", lower: 0, upper: 1, log: false },
    { name: "size", type: "ordinal", sequence: [8, 16, 32] },
  ],
  conditions: [
    { child: "degree", parent: "kernel", type: "EQ", value: "poly" },
    { child: "gamma", parent: "kernel", type: "IN", values: ["poly", "rbf"] },
    {
      child: "shift",
      type: "AND",
      conditions: [
        { child: "shift", parent: "kernel", type: "NEQ", value: "lin" },
        { child: "shift", parent: "degree", type: "GT", value: 3 },
      ],
    },
  ],
  forbiddens: [],
};

const layout = {
  continuous: ["epoch", "cost", "degree", "gamma", "shift", "size"],
  categorical: ["task", "kernel"],
  outputs: [
    { name: "time", direction: "minimize" },
    { name: "accuracy", direction: "maximize" },
  ],
  metric: "accuracy",
  instance: "task",
  fidelities: ["epoch"],
} as const;

const encoding = {
  task: { "#na#": 0, t1: 1, t2: 2 },
  kernel: { "#na#": 0, lin: 3, poly: 2, rbf: 1 },
};

describe("spaceOfConfigSpace()", () => {
  const space = spaceOfConfigSpace(made, new Set(["task", "epoch"]));

  it("keeps kinds, ranges and scales, and leaves tasks and fidelities out", () => {
    expect(space.names).toEqual([
      "kernel",
      "cost",
      "degree",
      "gamma",
      "shift",
      "size",
    ]);
    expect(space.parameter("cost")).toMatchObject({
      kind: "float",
      low: 0.001,
      high: 1000,
      log: true,
    });
    expect(space.parameter("degree")).toMatchObject({ kind: "int", high: 5 });
    expect(space.parameter("size")).toMatchObject({ kind: "ordinal" });
  });

  it("keeps conditions", () => {
    const active = (configuration: Record<string, string | number>) =>
      space.names.filter((name) => space.isActive(name, configuration));
    expect(active({ kernel: "lin" })).toEqual(["kernel", "cost", "size"]);
    expect(active({ kernel: "rbf" })).toContain("gamma");
    expect(active({ kernel: "poly", degree: 3 })).not.toContain("shift");
    expect(active({ kernel: "poly", degree: 4 })).toContain("shift");
  });

  it("refuses what our spaces do not have", () => {
    expect(() => spaceOfConfigSpace({ ...made, forbiddens: [{}] }))
      .toThrow("forbidden combinations");
    const or = { child: "gamma", type: "OR", conditions: [] };
    expect(() => spaceOfConfigSpace({ ...made, conditions: [or] }))
      .toThrow("gamma");
    const normal = { name: "n", type: "normal_float" };
    expect(() => spaceOfConfigSpace({ hyperparameters: [normal] }))
      .toThrow("normal_float");
  });
});

describe("modelInputs()", () => {
  it("codes categories and gives inactive parameters 0 and #na#", () => {
    const { continuous, categorical } = modelInputs(layout, encoding, [
      { task: "t2", epoch: 9, kernel: "poly", cost: 2, degree: 3, size: 16 },
      { task: "t1", epoch: 1, cost: 0.5, size: 8 },
    ]);
    expect([...continuous]).toEqual([9, 2, 3, 0, 0, 16, 1, 0.5, 0, 0, 0, 8]);
    expect([...categorical]).toEqual([2, 2, 1, 0]);
  });

  it("names a value that has no code", () => {
    expect(() => modelInputs(layout, encoding, [{ task: "t3" }]))
      .toThrow("no code for t3");
  });
});

describe("yahpoSuite()", () => {
  const folderWith = async (files: Record<string, unknown>) => {
    const folder = await Deno.makeTempDir();
    for (const [name, content] of Object.entries(files)) {
      await Deno.writeTextFile(join(folder, name), JSON.stringify(content));
    }
    return folder;
  };

  it("reads a scenario of one's own by its layout.json", async () => {
    const folder = await folderWith({
      "config_space.json": made,
      "encoding.json": encoding,
      "layout.json": layout,
    });
    const suite = await yahpoSuite(folder);
    expect(suite.tasks()).toEqual(["t1", "t2"]);
    expect(suite.metrics.map(({ name }) => name)).toEqual(["accuracy", "time"]);
    expect(suite.fidelities).toEqual({ epoch: { low: 1, high: 9 } });
    expect(() => suite.space("t9")).toThrow("there are t1, t2");
    await expect(suite.evaluate("t1", [], { fidelity: { epoch: 10 } }))
      .rejects.toThrow("epoch in 1 to 9");
    await Deno.remove(folder, { recursive: true });
  });

  it("asks for a layout.json where it does not know the scenario", async () => {
    const folder = await folderWith({
      "config_space.json": made,
      "encoding.json": encoding,
    });
    await expect(yahpoSuite(folder)).rejects.toThrow("layout.json");
    await Deno.remove(folder, { recursive: true });
  });
});

describe("layouts", () => {
  it("are found by the parameters' names, in any order", () => {
    const names = ["task_id", "trainsize", "s", "alpha"];
    expect(knownLayout(names)?.continuous).toEqual(["alpha", "s", "trainsize"]);
    expect(knownLayout(names)?.metric).toBe("mmce");
    expect(knownLayout(["x"])).toBeNull();
  });

  it("are refused where a member is missing", () => {
    expect(readLayout(layout)).toEqual(layout);
    expect(() => readLayout({ ...layout, metric: "none" })).toThrow(
      SyntaxError,
    );
    expect(() => readLayout(null)).toThrow(SyntaxError);
  });
});

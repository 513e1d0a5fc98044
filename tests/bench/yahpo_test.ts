import { join } from "node:path";
import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import { modelInputs, yahpoSuite } from "../../bench/quality/suites/yahpo.ts";
import {
  knownLayouts,
  readLayout,
} from "../../bench/quality/suites/yahpo_layouts.ts";
import type { ModelShape } from "../../bench/quality/suites/yahpo_layouts.ts";
import { spaceOfConfigSpace } from "../../bench/quality/suites/yahpo_space.ts";
import { linearModel } from "./linear_model.ts";

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

  it("keeps trees of conditions, as in rbv2_super", () => {
    const tree = spaceOfConfigSpace({
      hyperparameters: [
        {
          name: "learner_id",
          type: "categorical",
          choices: ["ranger", "xgboost"],
        },
        {
          name: "xgboost.booster",
          type: "categorical",
          choices: ["gblinear", "gbtree", "dart"],
        },
        {
          name: "xgboost.rate_drop",
          type: "uniform_float",
          lower: 0,
          upper: 1,
        },
        {
          name: "xgboost.nrounds",
          type: "uniform_int",
          lower: 7,
          upper: 2981,
          log: true,
        },
        {
          name: "ranger.num.trees",
          type: "uniform_int",
          lower: 1,
          upper: 2000,
        },
        { name: "version", type: "constant", value: "v1" },
      ],
      conditions: [
        {
          child: "xgboost.booster",
          parent: "learner_id",
          type: "EQ",
          value: "xgboost",
        },
        {
          child: "xgboost.nrounds",
          parent: "learner_id",
          type: "EQ",
          value: "xgboost",
        },
        {
          child: "ranger.num.trees",
          parent: "learner_id",
          type: "EQ",
          value: "ranger",
        },
        {
          child: "xgboost.rate_drop",
          type: "AND",
          conditions: [
            {
              child: "xgboost.rate_drop",
              parent: "xgboost.booster",
              type: "IN",
              values: ["dart"],
            },
            {
              child: "xgboost.rate_drop",
              parent: "learner_id",
              type: "EQ",
              value: "xgboost",
            },
          ],
        },
      ],
    });
    const active = (configuration: Record<string, string>) =>
      tree.names.filter((name) => tree.isActive(name, configuration));
    expect(active({ "learner_id": "ranger" })).toEqual([
      "learner_id",
      "ranger.num.trees",
      "version",
    ]);
    expect(active({ "learner_id": "xgboost", "xgboost.booster": "dart" }))
      .toEqual([
        "learner_id",
        "xgboost.booster",
        "xgboost.rate_drop",
        "xgboost.nrounds",
        "version",
      ]);
    expect(tree.parameter("xgboost.nrounds")).toMatchObject({
      kind: "int",
      log: true,
    });
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
    const [found] = knownLayouts(names);
    expect(found?.continuous).toEqual(["alpha", "s", "trainsize"]);
    expect(found?.metric).toBe("mmce");
    expect(knownLayouts(["x"])).toEqual([]);
  });

  it("are refused where a member is missing", () => {
    expect(readLayout(layout)).toEqual(layout);
    expect(() => readLayout({ ...layout, metric: "none" })).toThrow(
      SyntaxError,
    );
    expect(() => readLayout(null)).toThrow(SyntaxError);
  });
});

/** YAHPO's rbv2_svm, with fewer tasks; `repl` as a number or, in later data, a category. */
const supportVectors = (repl: Record<string, unknown>) => ({
  hyperparameters: [
    { name: "cost", type: "uniform_float", lower: 5e-5, upper: 2e4, log: true },
    {
      name: "kernel",
      type: "categorical",
      choices: ["linear", "polynomial", "radial"],
      default: "linear",
      probabilities: null,
    },
    {
      name: "num.impute.selected.cpo",
      type: "categorical",
      choices: ["impute.mean", "impute.median"],
    },
    { name: "repl", ...repl },
    { name: "task_id", type: "categorical", choices: ["1040", "41216", "11"] },
    {
      name: "tolerance",
      type: "uniform_float",
      lower: 5e-5,
      upper: 2,
      log: true,
    },
    {
      name: "trainsize",
      type: "uniform_float",
      lower: 0.05,
      upper: 1,
      log: false,
    },
    { name: "degree", type: "uniform_int", lower: 2, upper: 5, log: false },
    {
      name: "gamma",
      type: "uniform_float",
      lower: 5e-5,
      upper: 2e4,
      log: true,
    },
  ],
  conditions: [
    { child: "degree", parent: "kernel", type: "EQ", value: "polynomial" },
    { child: "gamma", parent: "kernel", type: "EQ", value: "radial" },
  ],
  forbiddens: [],
});

const supportVectorCodes = {
  "kernel": { "#na#": 0, "linear": 1, "polynomial": 2, "radial": 3 },
  "num.impute.selected.cpo": {
    "#na#": 0,
    "impute.mean": 1,
    "impute.median": 2,
  },
  "task_id": { "#na#": 0, "1040": 1, "11": 2 },
  "repl": { "#na#": 0, "1": 1, "10": 2, "2": 3 },
};

describe("YAHPO's own folders", () => {
  /** A folder whose model gives a linear function of its inputs, categories first. */
  const folderOf = async (
    space: unknown,
    shape: ModelShape,
    weights: readonly number[],
    encoding: unknown = supportVectorCodes,
  ) => {
    const folder = await Deno.makeTempDir();
    const write = (name: string, json: unknown) =>
      Deno.writeTextFile(
        join(folder, name),
        // A comma too many, as in YAHPO's fcnet.
        JSON.stringify(json).replace(/\]\}$/, ",]}"),
      );
    await write("config_space.json", space);
    await write("encoding.json", encoding);
    await Deno.writeFile(
      join(folder, "model.onnx"),
      linearModel(shape, weights),
    );
    return folder;
  };
  const params = {
    "cost": 2,
    "kernel": "polynomial",
    "num.impute.selected.cpo": "impute.median",
    "tolerance": 0.5,
    "degree": 3,
  };

  it("of the first version: repl is a number, and there are nine outputs", async () => {
    const shape = { categorical: 3, continuous: 6, outputs: 9 };
    // task_id, kernel, imputation; cost, gamma, tolerance, degree, trainsize, repl
    const folder = await folderOf(
      supportVectors({ type: "uniform_int", lower: 1, upper: 10, log: false }),
      shape,
      [1000, 100, 10, 1, 1e5, 4, 0.25, 2e4, 3e4],
    );
    const suite = await yahpoSuite(folder);
    // 41216 has no code.
    expect(suite.tasks()).toEqual(["1040", "11"]);
    expect(suite.space("11").names).toEqual([
      "cost",
      "kernel",
      "num.impute.selected.cpo",
      "tolerance",
      "degree",
      "gamma",
    ]);
    expect(suite.fidelities).toEqual({
      trainsize: { low: 0.05, high: 1 },
      repl: { low: 1, high: 10 },
    });
    expect(suite.metrics.map(({ name }) => name)).toEqual([
      ...["acc", "bac", "auc", "brier", "f1", "logloss"],
      ...["timetrain", "timepredict", "memory"],
    ]);
    const [full, part] = [
      ...await suite.evaluate("11", [params]),
      ...await suite.evaluate("11", [params], {
        fidelity: { trainsize: 0.5, repl: 2 },
      }),
    ];
    const parameters = 2000 + 200 + 20 + 2 + 4 * 0.5 + 0.25 * 3;
    expect(full!.acc).toBeCloseTo(parameters + 2e4 + 30e4, 1);
    expect(full!.memory).toBeCloseTo(9 * full!.acc!, 0);
    expect(part!.acc).toBeCloseTo(parameters + 1e4 + 6e4, 1);
    await suite.close();
    await Deno.remove(folder, { recursive: true });
  });

  it("of the second: repl is a category, and there are seven outputs", async () => {
    const shape = { categorical: 4, continuous: 5, outputs: 7 };
    const folder = await folderOf(
      supportVectors({ type: "categorical", choices: ["1", "2", "10"] }),
      shape,
      [0, 0, 0, 1, 0, 0, 0, 0, 0],
    );
    const suite = await yahpoSuite(folder);
    expect(suite.fidelities.repl).toEqual({ low: 1, high: 10 });
    expect(suite.metrics.map(({ name }) => name)).toContain("logloss");
    expect(suite.metrics.length).toBe(7);
    // The code of repl 10, then that of repl 2.
    expect((await suite.evaluate("11", [params]))[0]!.acc).toBe(2);
    const fidelity = { repl: 2 };
    expect((await suite.evaluate("11", [params], { fidelity }))[0]!.acc)
      .toBe(3);
    await suite.close();
    await Deno.remove(folder, { recursive: true });
  });

  it("of nb301: what the model is not fed names the only task", async () => {
    const part = (name: string) =>
      `NetworkSelectorDatasetInfo_COLON_darts_COLON_${name}`;
    const cells = ["normal", "reduce"];
    const edges = cells.flatMap((cell) =>
      Array.from({ length: 14 }, (_, i) => part(`edge_${cell}_${i}`))
    );
    const nodes = cells.flatMap((cell) =>
      [3, 4, 5].map((node) => part(`inputs_node_${cell}_${node}`))
    );
    const names = [...edges, ...nodes];
    const space = {
      hyperparameters: [
        ...names.map((name) => ({
          name,
          type: "categorical",
          choices: ["0_1", "0_2"],
        })),
        { name: "epoch", type: "uniform_int", lower: 1, upper: 98, log: false },
        { name: "dataset", type: "categorical", choices: ["CIFAR10"] },
      ],
      conditions: [{
        child: edges[2],
        parent: nodes[0],
        type: "IN",
        values: ["0_1"],
      }],
    };
    const codes = Object.fromEntries(
      names.map((name) => [name, { "#na#": 0, "0_1": 1, "0_2": 2 }]),
    );
    const shape = { categorical: 34, continuous: 1, outputs: 2 };
    const weights = Array.from({ length: 35 }, (_, i) => i === 34 ? 100 : 1);
    const folder = await folderOf(space, shape, weights, codes);
    const suite = await yahpoSuite(folder);
    expect(suite.tasks()).toEqual(["CIFAR10"]);
    expect(suite.space("CIFAR10").dimension).toBe(34);
    const all = Object.fromEntries(names.map((name) => [name, "0_1"]));
    const [one] = await suite.evaluate("CIFAR10", [all]);
    expect(one!.val_accuracy).toBe(34 + 9800);
    await suite.close();
    await Deno.remove(folder, { recursive: true });
  });

  it("whose model is of another form are refused", async () => {
    const folder = await folderOf(
      supportVectors({ type: "uniform_int", lower: 1, upper: 10, log: false }),
      { categorical: 3, continuous: 4, outputs: 9 },
      [1, 1, 1, 1, 1, 1, 1],
    );
    const suite = await yahpoSuite(folder);
    await expect(suite.evaluate("11", [params])).rejects.toThrow(
      "takes 4 numbers and 3 categories and gives 9 values, expected 6, 3 and 9",
    );
    await suite.close();
    await Deno.remove(folder, { recursive: true });
  });
});

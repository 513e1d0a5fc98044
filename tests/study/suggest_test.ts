import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import {
  createStudy,
  float,
  minimize,
  randomSampler,
  space,
  SQLiteStorage,
  tpeSampler,
  type Trial,
} from "../../mod.ts";
import { withTemporaryFolder } from "../support/temporary.ts";

/** An objective of Optuna's, line by line. */
function objective(trial: Trial): number {
  const lr = trial.suggestFloat("lr", 1e-5, 1e-1, { log: true });
  const layers = trial.suggestInt("layers", 1, 4);
  const optimizer = trial.suggestCategorical("optimizer", ["adam", "sgd"]);
  const momentum = optimizer === "sgd"
    ? trial.suggestFloat("momentum", 0, 0.9, { step: 0.1 })
    : 0;
  return Math.abs(Math.log10(lr) + 3) + layers + momentum;
}

const open = (storage: SQLiteStorage | "memory", name = "by run") =>
  createStudy({
    name,
    objective: minimize("loss"),
    sampler: tpeSampler(),
    storage,
  });

describe("trial.suggestFloat(), suggestInt(), suggestCategorical()", () => {
  it("make the space of a study that has none, and trials keep what they asked for", async () => {
    const study = await open("memory");
    await study.optimize(objective, { trials: 25, progress: false });
    expect(String(study.space)).toBe(
      [
        "lr: float in [0.00001, 0.1], log",
        "layers: int in [1, 4]",
        'optimizer: choice of "adam", "sgd"',
        "momentum: float in [0, 0.9], step 0.1",
      ].join("\n"),
    );
    for (const { params, state } of study.trials) {
      expect(state).toBe("complete");
      expect("momentum" in params).toBe(params.optimizer === "sgd");
      expect(params.lr).toBeGreaterThanOrEqual(1e-5);
    }
    expect(study.best!.params.layers).toBe(1);
  });

  it("are the same when the study is resumed from a file, bit for bit", async () => {
    await withTemporaryFolder(async (folder) => {
      const whole = await open("memory");
      await whole.optimize(objective, { trials: 16, progress: false });
      for (const trials of [7, 9]) {
        const storage = new SQLiteStorage(`${folder}/a.db`);
        const study = await open(storage);
        await study.optimize(objective, { trials, progress: false });
        await storage.close();
      }
      const storage = new SQLiteStorage(`${folder}/a.db`);
      const again = await open(storage);
      expect(again.trials.map(({ params }) => params)).toEqual(
        whole.trials.map(({ params }) => params),
      );
      await storage.close();
    });
  });

  it("give the configuration's values where the space is declared, and may add to it", async () => {
    const study = await createStudy({
      name: "declared",
      space: space({ x: float(0, 1) }),
      sampler: randomSampler(),
      storage: "memory",
    });
    await study.optimize((trial) => {
      const { x } = trial.params;
      expect(trial.suggestFloat("x", 0, 1)).toBe(x);
      return x + trial.suggestInt("n", 1, 3);
    }, { trials: 4, progress: false });
    expect(study.space.names).toEqual(["x", "n"]);
    expect(study.trials.every(({ value }) => value! >= 1)).toBe(true);
  });

  it("of two processes on one file make one space", async () => {
    await withTemporaryFolder(async (folder) => {
      const storages = [1, 2].map(() => new SQLiteStorage(`${folder}/a.db`));
      const [a, b] = await Promise.all(storages.map((one) => open(one)));
      const ask = (name: string) => (trial: Trial) =>
        trial.suggestFloat("both", 0, 1) + trial.suggestFloat(name, 0, 1);
      for (let round = 0; round < 3; round++) {
        await a!.optimize(ask("of a"), { trials: 2, progress: false });
        await b!.optimize(ask("of b"), { trials: 2, progress: false });
      }
      const again = await open(storages[0]!);
      expect([...again.space.names].sort()).toEqual(["both", "of a", "of b"]);
      expect(again.trials.map(({ params }) => Object.keys(params).length))
        .toEqual(new Array(12).fill(2));
      for (const storage of storages) await storage.close();
    });
  });

  it("take what was put into the queue, also before any trial has asked for it", async () => {
    const study = await open("memory");
    await study.enqueue({ lr: 0.02, optimizer: "sgd", momentum: 5 });
    await study.optimize(objective, { trials: 2, progress: false });
    const { params } = study.trials[0]!;
    expect(params.lr).toBe(0.02);
    expect(params.optimizer).toBe("sgd");
    // What the objective does not allow is drawn.
    expect(params.momentum).toBeLessThanOrEqual(0.9);
    await expect(study.enqueue({ lr: "fast" })).rejects.toThrow("lr");
  });

  it("may change ranges, which widens the space, but not what a parameter is", async () => {
    const study = await open("memory");
    await study.optimize((trial) => {
      const high = trial.number + 1;
      const x = trial.suggestFloat("x", 0, high);
      expect(x).toBeLessThanOrEqual(high);
      expect(trial.suggestFloat("x", 0, high)).toBe(x);
      return x;
    }, { trials: 3, progress: false });
    expect(study.space.describe("x")).toBe("float in [0, 3]");
    for (
      const ask of [
        (trial: Trial) => trial.suggestInt("x", 0, 3),
        (trial: Trial) => trial.suggestFloat("x", 1, 3, { log: true }),
        (trial: Trial) => trial.suggestCategorical("x", [1, 2]),
      ]
    ) {
      const trial = await study.ask();
      expect(() => ask(trial)).toThrow("only the range of a number may change");
      await study.tell(trial, 1);
    }
  });
});

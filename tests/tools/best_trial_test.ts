import { join } from "node:path";
import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { readBestTrial } from "../../tools/best_trial.ts";
import { capture } from "../../tools/process.ts";
import { preparePythonEnvironment } from "../../tools/python_environment.ts";
import { workFolder } from "../support/kernel.ts";

/** A study file written by Python's Optuna: three complete trials, one pruned. */
const program = `
import optuna
optuna.logging.disable_default_handler()
study = optuna.create_study(storage="sqlite:///s.db", study_name="s", direction="maximize")
optuna.create_study(storage="sqlite:///s.db", study_name="empty")
for x, kind in [(0.5, "a"), (2.5, "b"), (1.0, "a")]:
    study.enqueue_trial({"x": x, "kind": kind})
def objective(trial):
    value = trial.suggest_float("x", 0, 3)
    trial.suggest_categorical("kind", ["a", "b"])
    if trial.number == 3:
        raise optuna.TrialPruned()
    return value
study.optimize(objective, n_trials=4)
`;

describe("readBestTrial()", () => {
  it("reads the best trial of a study of Python's Optuna", async () => {
    const folder = await workFolder("best trial");
    const { python, variables } = await preparePythonEnvironment();
    const { code, stderr } = await capture(python, ["-c", program], {
      cwd: folder,
      env: variables,
    });
    expect({ code, stderr }).toMatchObject({ code: 0 });
    const path = join(folder, "s.db");
    expect(readBestTrial(path, "s")).toEqual({
      number: 1,
      value: 2.5,
      params: { x: 2.5, kind: "b" },
      trials: { COMPLETE: 3, PRUNED: 1 },
    });
    expect(() => readBestTrial(path, "t")).toThrow('Cannot find the study "t"');
    expect(() => readBestTrial(path, "empty")).toThrow("no complete trial");
  });
});

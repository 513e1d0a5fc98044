import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import { openPanels } from "../../lib/tuner/_command.ts";
import type { Look } from "../../lib/tuner/protocol.ts";
import { capture } from "../../tools/process.ts";
import { preparePythonEnvironment } from "../../tools/python_environment.ts";
import { PanelClient } from "../support/panel_client.ts";
import { withTemporaryFolder } from "../support/temporary.ts";

const script = `
import sys, optuna
optuna.logging.set_verbosity(optuna.logging.ERROR)
study = optuna.create_study(study_name="theirs", storage="sqlite:///" + sys.argv[1], direction="maximize")
def objective(trial):
    rate = trial.suggest_float("rate", 1e-4, 1, log=True)
    kind = trial.suggest_categorical("kind", ["a", "b"])
    for step in range(5):
        trial.report(rate * step, step)
    return 1 - abs(rate - 0.1) + (kind == "a")
study.optimize(objective, n_trials=12)
study.enqueue_trial({"rate": 0.5, "kind": "b"})
`;

describe("the panel on a file that Optuna made", () => {
  it("shows its trials, expects, suggests, and queues for its workers", () =>
    withTemporaryFolder(async (folder) => {
      const { python, variables } = await preparePythonEnvironment();
      const file = `${folder}/optuna.db`;
      const { code, stderr } = await capture(python, ["-c", script, file], {
        env: variables,
      });
      expect(`${code} ${code === 0 ? "" : stderr}`).toBe("0 ");
      const panels = await openPanels(file);
      const client = await PanelClient.open(panels.url);
      const [state] = client.of("state");
      expect(state!.study).toMatchObject({
        name: "theirs",
        direction: "maximize",
        canRun: false,
      });
      expect(state!.rows.map(({ state }) => state)).toEqual([
        ...Array(12).fill("complete"),
        "waiting",
      ]);
      expect(state!.rows[0]!.spark.length).toBe(5);
      const look = await client.ask<Look>({
        type: "look",
        params: { rate: 0.1, kind: "a" },
      });
      expect(look.forecast!.mean).toBeGreaterThan(0.5);
      const [suggestion] = await client.ask<
        { params: Record<string, string> }[]
      >({
        type: "suggest",
        count: 1,
        fixed: { kind: "b" },
        ranges: {},
      });
      expect(suggestion!.params.kind).toBe("b");
      await client.ask({
        type: "queue",
        candidates: [{
          params: { rate: 0.2, kind: "a" },
          chosenBy: "manual",
          reason: null,
        }],
      });
      await client.close();
      await panels.close();
      const queued = await capture(python, [
        "-c",
        `import sys, optuna
optuna.logging.set_verbosity(optuna.logging.ERROR)
study = optuna.load_study(study_name="theirs", storage="sqlite:///" + sys.argv[1])
for _ in range(2):
    trial = study.ask()
    print(round(trial.suggest_float("rate", 1e-4, 1, log=True), 6), trial.suggest_categorical("kind", ["a", "b"]))`,
        file,
      ], { env: variables });
      expect(queued.stdout.trim().split("\n")).toEqual(["0.5 b", "0.2 a"]);
    }));
});

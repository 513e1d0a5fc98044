import { expect } from "@std/expect";
import { it } from "@std/testing/bdd";
import { createStudy, maximize, minimize, randomSampler } from "../../mod.ts";
import { debianOptuna, describeWith } from "../support/require.ts";
import { withTemporaryFolder } from "../support/temporary.ts";
import {
  optunaSpace,
  optunaStates,
  runOptuna,
  writtenNumber,
} from "./optuna_runs.ts";

const options = {
  space: optunaSpace,
  library: false,
  sampler: randomSampler(),
} as const;

describeWith(debianOptuna, "an SQLite file and Debian's Optuna", () => {
  it("of ours it says that it is newer; told to look away, it sees all, goes on beside us and deletes it", () =>
    withTemporaryFolder(async (folder) => {
      const path = `${folder}/studies.db`;
      const study = await createStudy({
        ...options,
        name: "ours",
        objective: minimize("loss"),
        storage: path,
      });
      await study.setAttribute("note", { a: NaN });
      await study.optimize(async (trial) => {
        await trial.setAttribute("odd", [NaN, Infinity]);
        await trial.report(1, { loss: NaN, "train loss": 1 });
        if (trial.number === 1) throw new Error("boom");
        return trial.number === 2 ? Infinity : trial.params.rate;
      }, { trials: 5, progress: false });
      await study.enqueue({ rate: 0.5, optimizer: "sgd" });
      expect(await runOptuna<string>("Debian's", "refused", path, "ours"))
        .toContain("no longer compatible with the table schema");
      const [seen] = await Promise.all([
        runOptuna("Debian's", "go on", path, "ours", "6"),
        study.optimize(async () => {
          await new Promise((resolve) => setTimeout(resolve, 100));
          return 1;
        }, { trials: 10, progress: false }),
      ]);
      expect(seen.user_attrs).toEqual({ note: { a: "nan" } });
      await study.refresh();
      expect(study.trials.map(({ number }) => number)).toEqual(
        Array.from({ length: study.trials.length }, (_, i) => i),
      );
      expect(
        study.trials.filter(({ attributes }) =>
          attributes["made by"] === "Optuna"
        ).length,
      ).toBe(6);
      for (const trial of study.trials.slice(0, 5)) {
        const theirs = seen.trials[trial.number]!;
        expect([theirs.state, theirs.params, theirs.values]).toEqual([
          optunaStates[trial.state],
          { ...trial.params },
          trial.values?.map(writtenNumber) ?? null,
        ]);
        expect(theirs.intermediate).toEqual({ 1: "nan" });
        expect(theirs.user_attrs).toEqual({ odd: ["nan", "inf"] });
      }
      await study.close();
      expect(await runOptuna("Debian's", "delete", path, "ours")).toEqual([]);
    }));

  it("one of its own is read and gone on with here as it is, stays its own, and is brought up to date by Optuna 5", () =>
    withTemporaryFolder(async (folder) => {
      const path = `${folder}/theirs.db`;
      const before = await runOptuna("Debian's", "create", path, "theirs", "8");
      const study = await createStudy({
        ...options,
        name: "theirs",
        storage: path,
      });
      expect(study.objectives).toEqual([maximize("value")]);
      expect(study.attributes).toEqual({ note: { a: NaN, b: "NaN" } });
      expect(
        study.trials.slice(0, 8).map(({ state, params, values }) => [
          optunaStates[state],
          { ...params },
          values?.map(writtenNumber) ?? null,
        ]),
      ).toEqual(
        before.trials.slice(0, 8).map(({ state, params, values }) => [
          state,
          params,
          values,
        ]),
      );
      await study.optimize((trial) => trial.params.rate, {
        trials: 3,
        progress: false,
      });
      await study.close();
      // It opens it still, without being told to look away.
      expect(await runOptuna("Debian's", "refused", path, "theirs")).toBeNull();
      const after = await runOptuna("5", "upgrade", path, "theirs");
      expect(after.trials.length).toBe(11);
      expect(after.trials.slice(0, 8)).toEqual(before.trials.slice(0, 8));
      const again = await createStudy({ name: "theirs", storage: path });
      expect(again.trials.length).toBe(11);
      await again.close();
    }));
});

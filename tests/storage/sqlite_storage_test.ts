import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import { DatabaseSync } from "node:sqlite";
import { isPaused, pausedAttribute } from "../../lib/records/mod.ts";
import {
  SQLiteStorage,
  StorageError,
  type StorageTrouble,
} from "../../lib/storage/mod.ts";
import { definition, storageConformance } from "../conformance/storage.ts";
import { withTemporaryFolder } from "../support/temporary.ts";

storageConformance("SQLite in memory", () => new SQLiteStorage(":memory:"));
storageConformance(
  "SQLite file",
  async () => new SQLiteStorage(`${await Deno.makeTempDir()}/studies.db`),
);
storageConformance(
  "SQLite file that survives a loss of power",
  async () =>
    new SQLiteStorage(`${await Deno.makeTempDir()}/studies.db`, {
      survives: "power",
    }),
);

const running = { state: "running", params: {}, origin: "sampler" } as const;

function trouble(work: () => unknown): StorageTrouble | string {
  try {
    work();
    return "no error";
  } catch (error) {
    return error instanceof StorageError ? error.trouble : String(error);
  }
}

describe("SQLiteStorage", () => {
  it("waits for a locked file as long as it was told, also to read only", () =>
    withTemporaryFolder(async (folder) => {
      const path = `${folder}/studies.db`;
      await new SQLiteStorage(path).close();
      const lock = new DatabaseSync(path);
      lock.exec("PRAGMA journal_mode = DELETE; BEGIN EXCLUSIVE");
      const start = performance.now();
      expect(
        trouble(() =>
          new SQLiteStorage(path, { readOnly: true, busyTimeoutMs: 50 })
        ),
      ).toBe("locked");
      expect(performance.now() - start).toBeLessThan(3000);
      lock.close();
    }));

  it("what is stored is there when the file is opened again", () =>
    withTemporaryFolder(async (folder) => {
      const path = `${folder}/studies.db`;
      const first = new SQLiteStorage(path);
      const { id } = await first.createStudy(definition("a"));
      await first.createTrial(id, running);
      await first.finishTrial(id, 0, { state: "complete", values: [1] }, [{
        name: "train loss",
        step: 1,
        value: 2,
      }]);
      const before = await first.readTrials(id);
      await first.close();
      const second = new SQLiteStorage(path);
      expect(await second.readTrials(id)).toEqual(before);
      await second.close();
    }));

  it("reads trials between which many of other studies lie, by the thousand", () =>
    withTemporaryFolder(async (folder) => {
      const path = `${folder}/studies.db`;
      const first = new SQLiteStorage(path);
      const { id } = await first.createStudy(definition("a"));
      for (let number = 0; number < 6; number++) {
        await first.createTrial(id, running);
        await first.finishTrial(id, number, {
          state: "complete",
          values: [number],
        });
      }
      const before = await first.readTrials(id);
      await first.close();
      // As if many other studies had run at the same time.
      const database = new DatabaseSync(path);
      database.exec("PRAGMA foreign_keys = OFF");
      for (
        const table of [
          "trials",
          "trial_params",
          "trial_values",
          "etude_trials",
        ]
      ) database.exec(`UPDATE ${table} SET trial_id = trial_id * 1000`);
      database.close();
      const second = new SQLiteStorage(path);
      expect(await second.readTrials(id)).toEqual(before);
      await second.close();
    }));

  it("two connections to one file see each other's trials, and numbers stay dense", () =>
    withTemporaryFolder(async (folder) => {
      const path = `${folder}/studies.db`;
      const [a, b] = [new SQLiteStorage(path), new SQLiteStorage(path)];
      const { id } = await a.createStudy(definition("a"));
      const numbers: number[] = [];
      for (let i = 0; i < 10; i++) {
        numbers.push(
          (await (i % 2 === 0 ? a : b).createTrial(id, running)).number,
        );
      }
      expect(numbers).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
      await Promise.all([a.close(), b.close()]);
    }));

  it("a file that is no database is refused and left as it is", () =>
    withTemporaryFolder(async (folder) => {
      const path = `${folder}/notes.txt`;
      const text = "These are my notes. ".repeat(100);
      await Deno.writeTextFile(path, text);
      expect(trouble(() => new SQLiteStorage(path))).toBe("not a database");
      expect(await Deno.readTextFile(path)).toBe(text);
    }));

  it("a file that breaks off, or is damaged within, is refused with the mend and left as it is", () =>
    withTemporaryFolder(async (folder) => {
      const path = `${folder}/whole.db`;
      const storage = new SQLiteStorage(path);
      const { id } = await storage.createStudy(definition("whole"));
      for (let i = 0; i < 50; i++) await storage.createTrial(id, running);
      await storage.close();
      const whole = await Deno.readFile(path);
      const scrambled = whole.slice().fill(0x41, 4096);
      for (
        const bytes of [
          whole.subarray(0, 20_000),
          whole.subarray(0, 90),
          scrambled,
        ]
      ) {
        const half = `${folder}/half.db`;
        await Deno.writeFile(half, bytes);
        const found = await (async () => {
          const half = new SQLiteStorage(`${folder}/half.db`);
          try {
            return await half.readTrials(id);
          } finally {
            await half.close();
          }
        })().catch((error: unknown) => error);
        expect(found).toBeInstanceOf(StorageError);
        expect((found as StorageError).trouble).toBe("damaged");
        expect((found as StorageError).message).toContain(".recover");
        expect(await Deno.readFile(half)).toEqual(bytes);
      }
    }));

  it("another program's database is refused and left as it is", () =>
    withTemporaryFolder(async (folder) => {
      const path = `${folder}/foreign.db`;
      const database = new DatabaseSync(path);
      database.exec("CREATE TABLE customers (name TEXT)");
      database.close();
      const before = await Deno.readFile(path);
      expect(trouble(() => new SQLiteStorage(path))).toBe("foreign database");
      expect(await Deno.readFile(path)).toEqual(before);
    }));

  it("older and newer schemas are refused with the mend", () =>
    withTemporaryFolder((folder) => {
      for (
        const [revision, mend] of [["v2.6.0.a", /optuna storage upgrade/], [
          "v9.9.9.z",
          /update Étude/,
        ]] as const
      ) {
        const path = `${folder}/${revision}.db`;
        new SQLiteStorage(path).close();
        const database = new DatabaseSync(path);
        database.exec(`UPDATE alembic_version SET version_num = '${revision}'`);
        database.close();
        expect(trouble(() => new SQLiteStorage(path))).toBe("wrong schema");
        expect(() => new SQLiteStorage(path)).toThrow(mend);
      }
      return Promise.resolve();
    }));

  it("a folder that does not exist gives a clear error", () => {
    expect(trouble(() => new SQLiteStorage("/no/such/folder/studies.db"))).toBe(
      "cannot open",
    );
  });

  it("a file opened for reading only can be looked at, and writing says why it cannot", () =>
    withTemporaryFolder(async (folder) => {
      const path = `${folder}/studies.db`;
      expect(trouble(() => new SQLiteStorage(path, { readOnly: true }))).toBe(
        "cannot open",
      );
      const writer = new SQLiteStorage(path);
      const { id } = await writer.createStudy(definition("a"));
      await writer.createTrial(id, running);
      await writer.close();
      const reader = new SQLiteStorage(path, { readOnly: true });
      expect(reader.readOnly).toBe(true);
      expect((await reader.readTrials(id)).length).toBe(1);
      expect(await reader.failAbandoned(id)).toEqual([]);
      const error = await reader.createTrial(id, running).then(
        () => null,
        (thrown: unknown) => thrown,
      );
      expect((error as StorageError).trouble).toBe("read-only");
      await reader.close();
    }));

  it("a closed storage says so", async () => {
    const storage = new SQLiteStorage(":memory:");
    await storage.close();
    await storage.close();
    const error = await storage.listStudies().then(
      () => null,
      (thrown: unknown) => thrown,
    );
    expect((error as Error).message).toMatch(/closed/);
  });

  it("a database that another process keeps locked gives up with a clear error", () =>
    withTemporaryFolder(async (folder) => {
      const path = `${folder}/studies.db`;
      const storage = new SQLiteStorage(path, { busyTimeoutMs: 100 });
      const { id } = await storage.createStudy(definition("a"));
      const other = new DatabaseSync(path);
      other.exec("BEGIN IMMEDIATE");
      const error = await storage.createTrial(id, running).then(
        () => null,
        (thrown: unknown) => thrown,
      );
      expect((error as StorageError).trouble).toBe("locked");
      other.exec("ROLLBACK");
      other.close();
      expect((await storage.createTrial(id, running)).number).toBe(0);
      await storage.close();
    }));

  it("the row ids of trials that Optuna deleted bring nothing of them back", () =>
    withTemporaryFolder(async (folder) => {
      const path = `${folder}/studies.db`;
      const storage = new SQLiteStorage(path);
      const { id } = await storage.createStudy(definition("a"));
      await storage.createTrial(id, running);
      await storage.report(id, 0, [{ name: "train loss", step: 1, value: 1 }]);
      const python = new DatabaseSync(path);
      python.exec(
        "PRAGMA foreign_keys = OFF; DELETE FROM trials; DELETE FROM studies; DELETE FROM study_directions; DELETE FROM study_system_attributes",
      );
      const rows = python.prepare(
        "SELECT (SELECT COUNT(*) FROM etude_curves) + (SELECT COUNT(*) FROM etude_curve_points) + (SELECT COUNT(*) FROM etude_trials) + (SELECT COUNT(*) FROM etude_studies) AS n",
      ).get();
      expect(rows!.n).toBe(0);
      python.close();
      await storage.close();
    }));

  it("an objective's curve that stands in both tables is one, Optuna's points first", () =>
    withTemporaryFolder(async (folder) => {
      const path = `${folder}/studies.db`;
      const storage = new SQLiteStorage(path);
      const { id } = await storage.createStudy(definition("a"));
      await storage.createTrial(id, running);
      await storage.report(id, 0, [
        { name: "train loss", step: 1, value: 5 },
        { name: "train loss", step: 3, value: 6 },
        { name: "loss", step: 2, value: 7 },
        { name: "loss", step: 3, value: 8 },
      ]);
      const other = new DatabaseSync(path);
      other.exec("UPDATE etude_curves SET name = 'loss'");
      other.close();
      const [trial] = await storage.readTrials(id);
      expect([...trial!.curves.values()]).toEqual([
        { name: "loss", steps: [1, 2, 3], values: [5, 7, 8] },
      ]);
      await storage.close();
    }));

  it("a trial whose process dies fails; one that had been paused before is paused again", () =>
    withTemporaryFolder(async (folder) => {
      const path = `${folder}/studies.db`;
      const storage = new SQLiteStorage(path);
      const { id } = await storage.createStudy(definition("a"));
      for (const number of [0, 1]) {
        await storage.createTrial(id, running);
        await storage.report(id, number, [{ name: "loss", step: 3, value: 1 }]);
      }
      await storage.pauseTrial(id, 1);
      await storage.resumeTrial(id, 1);
      await storage.report(id, 1, [{ name: "loss", step: 5, value: 0.5 }]);
      expect(await storage.failAbandoned(id)).toEqual([]);
      const dead = new Deno.Command(Deno.execPath(), {
        args: ["--version"],
        stdout: "null",
      }).spawn();
      await dead.status;
      const die = () => {
        const database = new DatabaseSync(path);
        database.prepare(
          "UPDATE etude_trials SET worker = json_set(worker, '$.pid', ?)",
        ).run(dead.pid);
        database.close();
      };
      die();
      expect(await storage.failAbandoned(id)).toEqual([0]);
      const [failed, paused] = await storage.readTrials(id);
      expect(failed!.error).toMatch(/^Interrupted: the process/);
      expect(isPaused(paused!)).toBe(true);
      expect(paused!.attributes[pausedAttribute]).toEqual({ step: 5 });
      expect(paused!.curves.get("loss")!.values).toEqual([1, 0.5]);
      expect(await storage.failAbandoned(id)).toEqual([]);
      expect(isPaused((await storage.resumeTrial(id, 1))!)).toBe(false);
      // Twice more; then it is the trial that ends processes.
      for (let time = 2; time <= 3; time++) {
        die();
        expect(await storage.failAbandoned(id)).toEqual([]);
        await storage.resumeTrial(id, 1);
      }
      die();
      expect(await storage.failAbandoned(id)).toEqual([1]);
      await storage.close();
    }));
});

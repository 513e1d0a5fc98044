import { readFile, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import { isPaused, pausedAttribute } from "../../lib/records/mod.ts";
import {
  JournalStorage,
  openStorage,
  SQLiteStorage,
  StorageError,
  type StorageTrouble,
} from "../../lib/storage/mod.ts";
import { JournalLock } from "../../lib/storage/_journal_lock.ts";
import { thisWorker } from "../../lib/storage/_worker.ts";
import { definition, storageConformance } from "../conformance/storage.ts";
import { withTemporaryFolder } from "../support/temporary.ts";

storageConformance(
  "journal",
  async () => new JournalStorage(`${await Deno.makeTempDir()}/studies.log`),
);
storageConformance(
  "journal that survives a loss of power",
  async () =>
    new JournalStorage(`${await Deno.makeTempDir()}/studies.log`, {
      survives: "power",
    }),
);

const running = { state: "running", params: {}, origin: "sampler" } as const;
const waiting = { state: "waiting", params: {}, origin: "enqueued" } as const;

async function trouble(
  work: () => unknown,
): Promise<StorageTrouble | string> {
  try {
    await work();
    return "no error";
  } catch (error) {
    return error instanceof StorageError ? error.trouble : String(error);
  }
}

/** The number of a process that is no more. */
async function deadProcess(): Promise<number> {
  const process = new Deno.Command("true").spawn();
  await process.status;
  return process.pid;
}

/** Works on a journal with a study "a". */
function withJournal(
  work: (path: string, storage: JournalStorage, id: number) => Promise<void>,
): Promise<void> {
  return withTemporaryFolder(async (folder) => {
    const path = join(folder, "studies.log");
    const storage = new JournalStorage(path);
    const { id } = await storage.createStudy(definition("a"));
    try {
      await work(path, storage, id);
    } finally {
      await storage.close();
    }
  });
}

/** Adds lines as Optuna would. */
async function append(path: string, ...operations: object[]): Promise<void> {
  const lines = operations.map((one) =>
    `${JSON.stringify({ ...one, worker_id: "python" })}\n`
  );
  await writeFile(path, lines.join(""), { flag: "a" });
}

describe("JournalStorage", () => {
  it("is what a path stands for that ends so, or that holds a journal", () =>
    withTemporaryFolder(async (folder) => {
      for (const name of ["a.log", "a.journal"]) {
        expect(openStorage(join(folder, name))).toBeInstanceOf(JournalStorage);
      }
      expect(openStorage(join(folder, "a.db"))).toBeInstanceOf(SQLiteStorage);
      await append(join(folder, "odd.db"), {
        op_code: 0,
        study_name: "s",
        directions: [1],
      });
      expect(openStorage(join(folder, "odd.db"))).toBeInstanceOf(
        JournalStorage,
      );
      await new SQLiteStorage(join(folder, "odd.log")).close();
      expect(openStorage(join(folder, "odd.log"))).toBeInstanceOf(
        SQLiteStorage,
      );
    }));

  it("another kind of file is refused and left as it is, a missing folder is told", () =>
    withTemporaryFolder(async (folder) => {
      const path = join(folder, "notes.log");
      await writeFile(path, "10:03 started\n10:04 lost\n");
      expect(await trouble(() => new JournalStorage(path))).toBe(
        "foreign database",
      );
      expect(await readFile(path, "utf8")).toBe("10:03 started\n10:04 lost\n");
      expect(await trouble(() => new JournalStorage("/no/such/folder/a.log")))
        .toBe("cannot open");
      expect(
        await trouble(() =>
          new JournalStorage(join(folder, "new.log"), { readOnly: true })
        ),
      ).toBe("cannot open");
    }));

  it("what is stored is there when the file is opened again", () =>
    withJournal(async (path, first, id) => {
      await first.createTrial(id, running);
      await first.finishTrial(id, 0, { state: "complete", values: [1] }, [
        { name: "train loss", step: 1, value: NaN },
      ]);
      const second = new JournalStorage(path);
      expect(await second.readTrials(id)).toEqual(await first.readTrials(id));
      expect(await second.findStudy("a")).toEqual(await first.findStudy("a"));
      await second.close();
    }));

  it("reads only what is new", () =>
    withJournal(async (path, storage, id) => {
      await storage.createTrial(id, running);
      const { size } = await Deno.stat(path);
      const other = new JournalStorage(path);
      await other.createTrial(id, running);
      await other.close();
      // What was read before could as well be gone.
      const file = await Deno.open(path, { write: true });
      await file.write(new TextEncoder().encode("x".repeat(size - 1)));
      file.close();
      expect((await storage.readTrials(id)).length).toBe(2);
    }));

  it("begins anew where the file is another one", () =>
    withJournal(async (path, storage, id) => {
      await storage.createTrial(id, running);
      await Deno.rename(path, `${path}.old`);
      const other = new JournalStorage(path);
      await other.createStudy(definition("b"));
      await other.close();
      expect((await storage.listStudies()).map(({ name }) => name)).toEqual([
        "b",
      ]);
    }));

  it("eight of them give each queued trial to one, and numbers stay dense", () =>
    withJournal(async (path, storage, id) => {
      for (let i = 0; i < 60; i++) await storage.createTrial(id, waiting);
      const all = Array.from({ length: 8 }, () => new JournalStorage(path));
      const claimed: number[] = [];
      await Promise.all(all.map(async (one) => {
        for (;;) {
          const trial = await one.claimTrial(id);
          if (trial === null) break;
          claimed.push(trial.number);
        }
        await one.createTrial(id, running);
        await one.close();
      }));
      expect(claimed.toSorted((a, b) => a - b)).toEqual(
        Array.from({ length: 60 }, (_, i) => i),
      );
      expect((await storage.readTrials(id)).map(({ number }) => number))
        .toEqual(Array.from({ length: 68 }, (_, i) => i));
    }));

  it("can be looked at only, and writing says why it cannot", () =>
    withJournal(async (path, _, id) => {
      const reader = new JournalStorage(path, { readOnly: true });
      expect(reader.readOnly).toBe(true);
      expect(await reader.failAbandoned(id)).toEqual([]);
      expect(await trouble(() => reader.createTrial(id, running))).toBe(
        "read-only",
      );
      await reader.close();
      await reader.close();
      expect(await trouble(() => reader.listStudies())).toBe("cannot open");
      expect(await trouble(() => reader.createTrial(id, running))).toBe(
        "cannot open",
      );
    }));
});

describe("JournalStorage and a lock", () => {
  it("waits for either kind of Optuna's, and leaves none", () =>
    withJournal(async (path, storage, id) => {
      for (const isLink of [true, false]) {
        if (isLink) await symlink("studies.log", `${path}.lock`);
        else await writeFile(`${path}.lock`, "");
        let isDone = false;
        const made = storage.createTrial(id, running).then(() => isDone = true);
        await new Promise((resolve) => setTimeout(resolve, 30));
        expect(isDone).toBe(false);
        await Deno.remove(`${path}.lock`);
        await made;
      }
      const names = [...Deno.readDirSync(join(path, ".."))].map(({ name }) =>
        name
      );
      expect(names).toEqual(["studies.log"]);
    }));

  it("gives up with a clear error when its patience ends", () =>
    withJournal(async (path, _, id) => {
      await symlink("studies.log", `${path}.lock`);
      const hasty = new JournalStorage(path, { busyTimeoutMs: 20 });
      expect(await trouble(() => hasty.createTrial(id, running))).toBe(
        "locked",
      );
      // Looking needs none.
      expect((await hasty.listStudies()).length).toBe(1);
      await hasty.close();
    }));

  it("takes over one of Optuna's that is old, and one of a process of ours that is dead at once", () =>
    withJournal(async (path, _, id) => {
      await symlink("studies.log", `${path}.lock`);
      const patient = new JournalStorage(path, { staleLockMs: 40 });
      expect((await patient.createTrial(id, running)).number).toBe(0);
      await patient.close();
      const other = new JournalStorage(path, { busyTimeoutMs: 1000 });
      const dead = await deadProcess();
      await writeFile(
        `${path}.lock`,
        thisWorker().replace(`"pid":${Deno.pid},`, `"pid":${dead},`),
      );
      expect((await other.createTrial(id, running)).number).toBe(1);
      await writeFile(`${path}.lock`, thisWorker());
      expect(await trouble(() => other.createTrial(id, running))).toBe(
        "locked",
      );
      await other.close();
    }));

  it("one that another has taken meanwhile stays", () =>
    withJournal(async (path) => {
      const lock = new JournalLock(path, { staleMs: 1e3, busyMs: 0 });
      expect(await lock.acquire()).toBe(true);
      expect(await readFile(lock.path, "utf8")).toBe(thisWorker());
      // The system's clock for files ticks every few milliseconds.
      await new Promise((resolve) => setTimeout(resolve, 20));
      await Deno.remove(lock.path);
      await writeFile(lock.path, "");
      lock.release();
      expect(await readFile(lock.path, "utf8")).toBe("");
    }));
});

describe("JournalStorage and a torn file", () => {
  it("a torn tail is kept aside at once, and Optuna's next line is whole", () =>
    withJournal(async (path, first, id) => {
      await first.createTrial(id, running);
      const whole = await readFile(path, "utf8");
      await writeFile(path, '{"op_code":6,"trial_id":0,"sta', { flag: "a" });
      const second = new JournalStorage(path);
      expect((await second.readTrials(id))[0]!.state).toBe("running");
      expect(await readFile(path, "utf8")).toBe(whole);
      expect(await readFile(`${path}.torn`, "utf8")).toBe(
        '{"op_code":6,"trial_id":0,"sta\n',
      );
      await second.close();
    }));

  it("one that comes while it is open is mended before something is added", () =>
    withJournal(async (path, storage, id) => {
      await storage.createTrial(id, running);
      await writeFile(path, '{"op_code":6,"tri', { flag: "a" });
      await storage.createTrial(id, running);
      const lines = (await readFile(path, "utf8")).trimEnd().split("\n");
      for (const line of lines) JSON.parse(line);
      expect((await storage.readTrials(id)).length).toBe(2);
      expect(storage.notes).toEqual([]);
    }));

  it("a last line that lacks nothing but its end counts", () =>
    withJournal(async (path, storage, id) => {
      await writeFile(
        path,
        '{"op_code":4,"worker_id":"w","study_id":0,"datetime_start":null}',
        { flag: "a" },
      );
      expect((await storage.createTrial(id, running)).number).toBe(1);
    }));

  it("what others glued to a torn line is read, and mended with nothing moved", () =>
    withJournal(async (path, storage, id) => {
      await writeFile(path, '{"op_code":4,"study_id":0,"é', { flag: "a" });
      await append(path, { op_code: 4, study_id: 0, datetime_start: null });
      await writeFile(path, "\0\0\0\n", { flag: "a" });
      await append(path, { op_code: 4, study_id: 0, datetime_start: null });
      const { size } = await Deno.stat(path);
      // Another has it open, and knows how far it is.
      const other = new JournalStorage(path, { readOnly: true });
      expect((await other.readTrials(id)).length).toBe(2);
      expect(other.notes.length).toBe(2);
      const { tornLines, keptAside } = await storage.repair();
      expect(tornLines).toBe(2);
      expect(await readFile(keptAside!, "utf8")).toBe(
        '{"op_code":4,"study_id":0,"é\n\0\0\0\n',
      );
      expect((await Deno.stat(path)).size).toBe(size);
      for (const line of (await readFile(path, "utf8")).trimEnd().split("\n")) {
        JSON.parse(line);
      }
      await storage.createTrial(id, running);
      expect((await other.readTrials(id)).length).toBe(3);
      await other.close();
    }));

  it("a file of nothing but the beginning of its first line is begun anew", () =>
    withTemporaryFolder(async (folder) => {
      const path = join(folder, "a.log");
      await writeFile(path, '{"op_co');
      const storage = new JournalStorage(path);
      await storage.createStudy(definition("a"));
      expect((await storage.listStudies()).length).toBe(1);
      await storage.close();
    }));
});

describe("JournalStorage beside other programs", () => {
  it("of two who set a trial running the first has it, and what comes after an end is dropped", () =>
    withJournal(async (path, storage, id) => {
      await storage.createTrial(id, waiting);
      await append(path, {
        op_code: 6,
        trial_id: 0,
        state: 0,
        values: null,
        datetime_start: "2026-01-01T00:00:00.000000+00:00",
      });
      expect(await storage.claimTrial(id)).toBeNull();
      await storage.finishTrial(id, 0, { state: "complete", values: [1] });
      await append(
        path,
        { op_code: 6, trial_id: 0, state: 3, values: null },
        { op_code: 7, trial_id: 0, step: 1, intermediate_value: 1 },
        { op_code: 8, trial_id: 0, user_attr: { late: true } },
      );
      const [trial] = await storage.readTrials(id);
      expect([trial!.state, trial!.curves.size, trial!.attributes]).toEqual([
        "complete",
        0,
        {},
      ]);
      // Ours may be written later.
      await storage.setTrialAttribute(id, 0, "late", true);
      expect((await storage.readTrials(id))[0]!.attributes).toEqual({
        late: true,
      });
    }));

  it("a parameter of another kind than before is dropped, as Optuna drops it", () =>
    withTemporaryFolder(async (folder) => {
      const path = join(folder, "theirs.log");
      const param = (trial_id: number, name: string, attributes: object) => ({
        op_code: 5,
        trial_id,
        param_name: "x",
        param_value_internal: 1,
        distribution: JSON.stringify({ name, attributes }),
      });
      await append(
        path,
        { op_code: 0, study_name: "theirs", directions: [2] },
        { op_code: 4, study_id: 0, datetime_start: null },
        { op_code: 4, study_id: 0, datetime_start: null },
        param(0, "IntDistribution", { low: 0, high: 3, log: false, step: 1 }),
        param(1, "FloatDistribution", { low: 0, high: 3, log: false }),
      );
      const storage = new JournalStorage(path);
      const [study] = await storage.listStudies();
      expect(String(study!.space)).toBe("x: int in [0, 3]");
      expect(study!.spaceInferred).toBe(true);
      expect(study!.objectives).toEqual([
        { name: "value", direction: "maximize" },
      ]);
      expect((await storage.readTrials(0)).map(({ params }) => params)).toEqual(
        [{ x: 1 }, {}],
      );
      await storage.close();
    }));

  it("choices that are no plain values are told as texts, and Optuna finds its own again", () =>
    withTemporaryFolder(async (folder) => {
      const path = join(folder, "theirs.log");
      const distribution =
        '{"name": "CategoricalDistribution", "attributes": {"choices": [1, true, NaN, [2, "x"], "NaN"]}}';
      await append(
        path,
        { op_code: 0, study_name: "theirs", directions: [1] },
        { op_code: 4, study_id: 0, datetime_start: null },
        {
          op_code: 5,
          trial_id: 0,
          param_name: "c",
          param_value_internal: 3,
          distribution,
        },
      );
      const storage = new JournalStorage(path);
      const [study] = await storage.listStudies();
      expect(String(study!.space)).toBe(
        `c: choice of 1, "true", "NaN", "[2,\\"x\\"]", "\\"NaN\\""`,
      );
      await storage.createTrial(0, { ...running, params: { c: "NaN" } });
      expect((await storage.readTrials(0)).map(({ params }) => params)).toEqual(
        [{ c: '[2,"x"]' }, { c: "NaN" }],
      );
      const [last] = (await readFile(path, "utf8")).trimEnd().split("\n").slice(
        -1,
      );
      expect(last).toContain(
        String.raw`{\"choices\":[1,true,NaN,[2,\"x\"],\"NaN\"]}`,
      );
      await storage.close();
    }));

  it("a time without a zone is this machine's, as in Optuna 3", () =>
    withJournal(async (path, storage, id) => {
      await append(path, {
        op_code: 4,
        study_id: id,
        datetime_start: "2026-01-02T03:04:05.678901",
      });
      expect((await storage.readTrials(id))[0]!.startedAt).toEqual(
        new Date(2026, 0, 2, 3, 4, 5, 678),
      );
    }));

  it("a trial whose process dies fails and is tried again; one that had been paused is paused again", () =>
    withJournal(async (path, storage, id) => {
      for (const number of [0, 1]) {
        await storage.createTrial(id, { ...running, params: { rate: 0.5 } });
        await storage.report(id, number, [{ name: "loss", step: 3, value: 1 }]);
      }
      await storage.pauseTrial(id, 1);
      await storage.resumeTrial(id, 1);
      expect(await storage.failAbandoned(id)).toEqual([]);
      await storage.close();
      const dead = await deadProcess();
      const text = await readFile(path, "utf8");
      await writeFile(
        path,
        text.replaceAll(
          `\\"pid\\":${Deno.pid},`,
          `\\"pid\\":${dead},`,
        ),
      );
      const later = new JournalStorage(path);
      expect(await later.failAbandoned(id, { retries: 1 })).toEqual([0]);
      const [failed, paused, again] = await later.readTrials(id);
      expect(failed!.error).toMatch(/^Interrupted: the process/);
      expect(isPaused(paused!)).toBe(true);
      expect(paused!.attributes[pausedAttribute]).toEqual({ step: 3 });
      expect([again!.state, again!.params]).toEqual([
        "waiting",
        { rate: 0.5 },
      ]);
      expect(await later.failAbandoned(id)).toEqual([]);
      await later.close();
    }));

  it("a trial of another machine's process fails once that is silent, not before", () =>
    withTemporaryFolder(async (folder) => {
      const path = join(folder, "studies.log");
      const beating = new JournalStorage(path, { heartbeatMs: 20 });
      const { id } = await beating.createStudy(definition("a"));
      await beating.createTrial(id, running);
      await beating.createTrial(id, waiting);
      await beating.claimTrial(id);
      const lines = async () =>
        (await readFile(path, "utf8")).split("\n").filter((line) =>
          line.includes("etude:beat")
        );
      await new Promise((resolve) => setTimeout(resolve, 150));
      expect((await lines()).length).toBeGreaterThan(3);
      await beating.finishTrial(id, 1, { state: "complete", values: [1] });
      const [before] = await beating.readTrials(id);
      expect(before!.state).toBe("running");
      // As another machine sees it.
      const other = join(folder, "there.log");
      const host = /\\"host\\":\\"[^"]*\\"/g;
      const seen = (await readFile(path, "utf8")).replaceAll(
        host,
        String.raw`\"host\":\"elsewhere\"`,
      );
      await writeFile(other, seen);
      const watching = new JournalStorage(other, { deadAfterMs: 200 });
      expect(await watching.failAbandoned(id)).toEqual([]);
      await new Promise((resolve) => setTimeout(resolve, 120));
      const [beat] = (await lines()).slice(-1);
      await writeFile(other, `${beat}\n`, { flag: "a" });
      await watching.readTrials(id);
      await new Promise((resolve) => setTimeout(resolve, 120));
      expect(await watching.failAbandoned(id)).toEqual([]);
      await new Promise((resolve) => setTimeout(resolve, 150));
      expect(await watching.failAbandoned(id)).toEqual([0]);
      expect((await watching.readTrials(id))[0]!.error).toContain("silent for");
      await watching.close();
      await beating.close();
    }));
});

import { expect } from "@std/expect";
import { after, before, it } from "@std/testing/bdd";
import { randomStream } from "../../lib/math/mod.ts";
import {
  openStorage,
  PostgresStorage,
  StorageError,
} from "../../lib/storage/mod.ts";
import { definition, storageConformance } from "../conformance/storage.ts";
import { storageRoundTrip } from "../conformance/storage_round_trip.ts";
import { freePort } from "../support/free_port.ts";
import { TestPostgres } from "../support/postgres.ts";
import { describeWith, postgresServer } from "../support/require.ts";
import { TCPProxy } from "../support/tcp_proxy.ts";

const nameOf = (url: string) => url.slice(url.lastIndexOf("/") + 1);
const running = { state: "running", params: {}, origin: "sampler" } as const;

/** What a storage says that cannot do its work. */
async function troubleOf(
  storage: PostgresStorage,
): Promise<[string, string]> {
  try {
    await storage.listStudies();
  } catch (error) {
    expect(error).toBeInstanceOf(StorageError);
    const { trouble, message } = error as StorageError;
    return [trouble, message];
  } finally {
    await storage.close();
  }
  throw new Error("it worked");
}

describeWith(postgresServer, "PostgresStorage", () => {
  let server: TestPostgres;
  let address: string;
  before(() => {
    server = TestPostgres.start();
    address = server.freshDatabase();
  });
  after(() => server.close());

  storageConformance("PostgreSQL", () => {
    server.empty(nameOf(address));
    return new PostgresStorage(address);
  });

  storageRoundTrip("PostgreSQL", () => {
    server.empty(nameOf(address));
    return Promise.resolve({
      storage: new PostgresStorage(address),
      again: () => new PostgresStorage(address),
    });
  }, 8);

  it("wants an address, and is opened by one, SQLAlchemy's too", () => {
    expect(() => new PostgresStorage("studies.db")).toThrow(
      "postgres://user:password@host/database",
    );
    const storage = openStorage("postgresql+psycopg2://ada:secret@db/etude");
    expect(storage.description).toBe(
      'PostgreSQL database "postgres://ada@db/etude"',
    );
  });

  it("tells a wrong password, a missing right, a missing database, a server that does not answer, without showing the password", async () => {
    const wrong = server.url(nameOf(address)).replace(
      "etude@",
      "stranger:guessed@",
    );
    const [access, said] = await troubleOf(new PostgresStorage(wrong));
    expect(access).toBe("no access");
    expect(said).toContain("mend the address");
    expect(said).not.toContain("guessed");
    const guest = server.url(nameOf(server.freshDatabase())).replace(
      "etude@",
      "stranger:secret@",
    );
    const [right, mend] = await troubleOf(new PostgresStorage(guest));
    expect(right).toBe("read-only");
    expect(mend).toContain("GRANT");
    expect(await troubleOf(new PostgresStorage(server.url("nowhere"))))
      .toEqual(["cannot open", expect.stringContaining("createdb")]);
    const nobody = server.url("x", { port: freePort() });
    expect(await troubleOf(new PostgresStorage(nobody, { patienceMs: 300 })))
      .toEqual(["unreachable", expect.stringContaining("cannot be reached")]);
  });

  it("refuses older and newer schemas with the mend, and another program's tables", async () => {
    const url = server.freshDatabase();
    const storage = new PostgresStorage(url);
    await storage.listStudies();
    await storage.close();
    const database = nameOf(url);
    const trouble = () => troubleOf(new PostgresStorage(url));
    server.ask(database, "UPDATE alembic_version SET version_num = 'v2.6.0.a'");
    expect(await trouble()).toEqual([
      "wrong schema",
      expect.stringContaining("optuna storage upgrade --storage postgresql://"),
    ]);
    server.ask(database, "UPDATE alembic_version SET version_num = 'v9.0.0.a'");
    expect((await trouble())[1]).toContain("update Étude");
    server.ask(
      database,
      "UPDATE alembic_version SET version_num = 'v3.2.0.a'; UPDATE etude_version SET schema_version = 99",
    );
    expect((await trouble())[1]).toContain("a newer Étude");
    const foreign = server.freshDatabase();
    server.ask(nameOf(foreign), "CREATE TABLE studies (title text)");
    expect((await troubleOf(new PostgresStorage(foreign)))[0]).toBe(
      "foreign database",
    );
  });

  it("two that open a fresh database at once both find its tables", async () => {
    const url = server.freshDatabase();
    const storages = [1, 2, 3, 4].map(() => new PostgresStorage(url));
    await Promise.all(
      storages.map((storage, i) => storage.createStudy(definition(`s${i}`))),
    );
    expect((await storages[0]!.listStudies()).length).toBe(4);
    await Promise.all(storages.map((storage) => storage.close()));
  });

  it("gives numbers without gaps to many at once, and a waiting trial to one", async () => {
    const url = server.freshDatabase();
    const storages = [1, 2, 3, 4].map(() => new PostgresStorage(url));
    const { id } = await storages[0]!.createStudy(definition("many"));
    const made = await Promise.all(
      Array.from({ length: 80 }, (_, i) =>
        storages[i % 4]!.createTrial(id, {
          ...running,
          state: i % 2 === 0 ? "running" : "waiting",
        })),
    );
    expect(made.map(({ number }) => number).sort((a, b) => a - b)).toEqual(
      made.map((_, i) => i),
    );
    const claimed = await Promise.all(
      Array.from({ length: 60 }, (_, i) => storages[i % 4]!.claimTrial(id)),
    );
    const numbers = claimed.flatMap((trial) => trial?.number ?? []);
    expect(numbers.length).toBe(40);
    expect(new Set(numbers).size).toBe(40);
    await Promise.all(storages.map((storage) => storage.close()));
  });

  it("takes a waiting trial or makes one, and reads what others have made, on one way", async () => {
    const storages = [1, 2, 3, 4].map(() => new PostgresStorage(address));
    const [first] = storages;
    const { id } = await first!.createStudy(definition("taken"));
    const add = (state: "running" | "waiting") =>
      first!.createTrial(id, {
        state,
        params: state === "running" ? { even: 4 } : {},
        origin: "enqueued",
      });
    for (const state of ["running", "waiting", "running"] as const) {
      await add(state);
    }
    const old = await first!.takeTrial(id, running, { from: 1 });
    expect([old.isNew, old.record.number, old.record.state]).toEqual([
      false,
      1,
      "running",
    ]);
    expect(old.trials).toEqual(await first!.readTrials(id, { from: 1 }));
    const made = await first!.takeTrial(id, running, { from: 9, also: [0] });
    expect([made.isNew, made.record.number]).toEqual([true, 3]);
    expect(made.record).toEqual((await first!.readTrials(id))[3]);
    expect(made.trials.map(({ number }) => number)).toEqual([0, 3]);
    // Many at once, with some that wait: each number once, no waiting trial twice.
    for (let i = 0; i < 10; i++) await add("waiting");
    const taken = await Promise.all(
      Array.from(
        { length: 40 },
        (_, i) => storages[i % 4]!.takeTrial(id, running),
      ),
    );
    const numbers = taken.map(({ record }) => record.number);
    expect(numbers.sort((a, b) => a - b)).toEqual(
      Array.from({ length: 40 }, (_, i) => i + 4),
    );
    expect(taken.filter(({ isNew }) => !isNew).length).toBe(10);
    await Promise.all(storages.map((storage) => storage.close()));
  });

  it("what was under way when the connection was lost is done once", async () => {
    const url = server.freshDatabase();
    const proxy = await TCPProxy.open(server.port);
    const storage = new PostgresStorage(
      url.replace(`:${server.port}/`, `:${proxy.port}/`),
      { answerMs: 700 },
    );
    const { id } = await storage.createStudy(definition("cut"));
    await storage.createTrial(id, running);
    for (let round = 0; round < 3; round++) {
      const calls = [
        storage.createTrial(id, running),
        storage.finishTrial(id, round, { state: "complete", values: [round] }),
      ];
      // At another moment of the calls each time.
      await new Promise((resolve) => setTimeout(resolve, 2 + 5 * round));
      proxy.cut();
      await new Promise((resolve) => setTimeout(resolve, 300));
      proxy.mend();
      await Promise.all(calls);
    }
    const trials = await storage.readTrials(id);
    expect(trials.map(({ state, value }) => [state, value])).toEqual([
      ["complete", 0],
      ["complete", 1],
      ["complete", 2],
      ["running", null],
    ]);
    await storage.close();
    proxy.close();
  });

  it("cut again and again at any moment: every trial is made once, and no error escapes", async () => {
    const proxy = await TCPProxy.open(server.port);
    const storage = new PostgresStorage(
      server.freshDatabase().replace(`:${server.port}/`, `:${proxy.port}/`),
      { answerMs: 500 },
    );
    const { id } = await storage.createStudy(definition("cuts"));
    const { uniform } = randomStream("cuts");
    const pause = (ms: number) =>
      new Promise<void>((resolve) => setTimeout(resolve, ms));
    let isOver = false;
    let made = 0;
    const lane = async () => {
      while (!isOver) {
        const { number } = await storage.createTrial(id, running);
        await storage.setParams(id, number, { units: 3 });
        await storage.finishTrial(id, number, {
          state: "complete",
          values: [1],
        }, [{ name: "loss", step: 1, value: 1 }]);
        made++;
      }
    };
    const lanes = [lane(), lane(), lane()];
    for (let cut = 0; cut < 40; cut++) {
      await pause(20 + 100 * uniform());
      if (cut % 8 === 0) {
        proxy.cut();
        await pause(50 + 150 * uniform());
      }
      // Where nothing was cut before, its connections are closed in the open.
      proxy.mend();
    }
    isOver = true;
    await Promise.all(lanes);
    const trials = await storage.readTrials(id);
    expect(trials.length).toBe(made);
    expect(trials.every(({ state }) => state === "complete")).toBe(true);
    await storage.close();
    proxy.close();
  });

  it("fails the trials of a process that says nothing any more, and tries them again as often as it may", async () => {
    const url = server.freshDatabase();
    const storage = new PostgresStorage(url, { deadAfterMs: 200 });
    const { id } = await storage.createStudy(definition("dead"));
    for (const params of [{ units: 3 }, { units: 5 }]) {
      await storage.createTrial(id, { ...running, params });
    }
    // As if another machine ran them, one silent for long, the other just heard of.
    server.ask(
      nameOf(url),
      `UPDATE etude_trials SET worker = '{"host":"elsewhere","pid":7}'; UPDATE trial_heartbeats SET heartbeat = heartbeat + CASE WHEN trial_id = 1 THEN interval '-1 minute' ELSE interval '1 minute' END`,
    );
    expect(await storage.failAbandoned(id, { retries: 1 })).toEqual([0]);
    const [dead, , again] = await storage.readTrials(id);
    expect(dead!.error).toMatch(/process 7 on elsewhere, silent for \d+ s/);
    expect([again!.state, again!.params]).toEqual(["waiting", { units: 3 }]);
    const claimed = await storage.claimTrial(id);
    await storage.setParams(id, claimed!.number, claimed!.params);
    server.ask(
      nameOf(url),
      `UPDATE etude_trials SET worker = '{"host":"elsewhere","pid":7}' WHERE trial_id = 3; UPDATE trial_heartbeats SET heartbeat = heartbeat - interval '1 minute' WHERE trial_id = 3`,
    );
    expect(await storage.failAbandoned(id, { retries: 1 })).toEqual([2]);
    expect((await storage.readTrials(id)).length).toBe(3);
    await storage.close();
  });
});

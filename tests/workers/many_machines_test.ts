import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "@std/expect";
import { after, it } from "@std/testing/bdd";
import {
  createStudy,
  float,
  minimize,
  PostgresStorage,
  randomSampler,
  space,
} from "../../mod.ts";
import { TestPostgres } from "../support/postgres.ts";
import { describeWith, postgresServer } from "../support/require.ts";
import { TCPProxy } from "../support/tcp_proxy.ts";

const here = (name: string) => new URL(name, import.meta.url).pathname;
const folder = mkdtempSync(join(tmpdir(), "etude-workers-"));

/** A worker as a process of its own. */
function startWorker(
  storage: string,
  study: string,
  trials: number,
  log: string,
): ChildProcess & { said: string } {
  const child = spawn(Deno.execPath(), [
    "run",
    "-A",
    "--no-check",
    here("../../lib/workers/worker.ts"),
    storage,
    "--study",
    study,
    "--trials",
    String(trials),
    "--retries",
    "5",
    here("./_objective.ts"),
  ], {
    env: { ...Deno.env.toObject(), ETUDE_TEST_LOG: log },
    stdio: ["ignore", "ignore", "pipe"],
  }) as unknown as ChildProcess & { said: string };
  child.said = "";
  child.stderr!.on("data", (text) => child.said += text);
  return child;
}

const pause = (ms: number) =>
  new Promise<void>((resolve) => setTimeout(resolve, ms));

const exitOf = (child: ChildProcess) =>
  new Promise<number | null>((resolve) =>
    child.exitCode !== null
      ? resolve(child.exitCode)
      : child.on("exit", resolve)
  );

describeWith(postgresServer, "many workers on a PostgreSQL server", () => {
  let server: TestPostgres | null = null;
  after(() => server?.close());

  it("1,000 trials: a worker killed every 2 s, the server crashed twice, the network cut once: none lost, none twice, nobody hangs", async () => {
    server = TestPostgres.start();
    const proxy = await TCPProxy.open(server.port);
    const address = server.freshDatabase();
    const throughProxy = address.replace(`:${server.port}/`, `:${proxy.port}/`);
    const storage = new PostgresStorage(address);
    const study = await createStudy({
      name: "faults",
      storage,
      sampler: randomSampler(),
      space: space({ x: float(-1, 1) }),
      objective: minimize("loss"),
    });
    const log = join(folder, "log");
    writeFileSync(log, "");
    const target = 1000;
    const start = () => startWorker(throughProxy, "faults", target, log);
    const workers = Array.from({ length: 8 }, start);
    let [killed, restarts, cuts] = [0, 0, 0];
    const finished = () =>
      Number(
        server!.ask(
          address.slice(address.lastIndexOf("/") + 1),
          "SELECT COUNT(*) FROM trials WHERE state = 'COMPLETE'",
        ),
      );
    const begun = performance.now();
    let isOver = false;
    for (let round = 0; !isOver; round++) {
      await pause(2000);
      const done = finished();
      isOver = done >= target;
      if (isOver) break;
      expect(performance.now() - begun).toBeLessThan(240_000);
      const slot = round % workers.length;
      workers[slot]!.kill("SIGKILL");
      await exitOf(workers[slot]!);
      killed++;
      workers[slot] = start();
      if (restarts < 2 && done > 250 * (restarts + 1)) {
        restarts++;
        server.stopNow();
        await pause(1000);
        server.startAgain();
      } else if (cuts === 0 && done > 600) {
        cuts++;
        proxy.cut();
        await pause(4000);
        proxy.mend();
      }
    }
    const codes = await Promise.all(workers.map(exitOf));
    proxy.close();
    await study.refresh();
    const states = Map.groupBy(study.trials, ({ state }) => state);
    const complete = states.get("complete")!;
    console.log(
      `${complete.length} complete, ${
        states.get("failed")?.length ?? 0
      } cut off or withdrawn; ${killed} workers killed, ${restarts} crashes of the server, ${cuts} cut; ${
        Math.round((performance.now() - begun) / 1000)
      } s`,
    );
    expect(codes).toEqual(workers.map(() => 0));
    expect([restarts, cuts]).toEqual([2, 1]);
    expect(complete.length).toBe(target);
    expect(states.has("running")).toBe(false);
    expect(study.trials.map(({ number }) => number)).toEqual(
      study.trials.map((_, i) => i),
    );
    for (const { curves, value, params } of complete) {
      expect(curves.get("loss")!.steps).toEqual([1, 2, 3]);
      expect(curves.get("train loss")!.steps).toEqual([1, 2, 3]);
      expect(value).toBe(params.x ** 2);
    }
    const lines = readFileSync(log, "utf8").trim().split("\n");
    const ended = lines.filter((line) => line.startsWith("end ")).map((line) =>
      Number(line.slice(4))
    );
    // No trial's objective ran to its end twice, and every complete trial's ran.
    expect(new Set(ended).size).toBe(ended.length);
    const set = new Set(ended);
    expect(complete.every(({ number }) => set.has(number))).toBe(true);
    await storage.close();
  });
});

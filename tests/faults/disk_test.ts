import { expect } from "@std/expect";
import { it } from "@std/testing/bdd";
import {
  createStudy,
  float,
  minimize,
  randomSampler,
  space,
  StorageError,
} from "../../mod.ts";
import { TestPostgres } from "../support/postgres.ts";
import {
  describeWith,
  postgresServer,
  type Requirement,
} from "../support/require.ts";
import { withTemporaryFolder } from "../support/temporary.ts";
import { readAnew, smallStudy } from "./_small_study.ts";

function mount(folder: string, size = "1200k"): boolean {
  try {
    const args = ["-t", "tmpfs", "-o", `size=${size}`, "tmpfs", folder];
    return new Deno.Command("mount", { args, stderr: "null" }).outputSync()
      .success;
  } catch {
    return false;
  }
}

function unmount(folder: string): void {
  new Deno.Command("umount", { args: ["--lazy", folder] }).outputSync();
}

/** Whether this machine lets this user mount a small disk. */
const smallDisk: Requirement = {
  name: "a small disk of its own",
  path: (() => {
    const folder = Deno.makeTempDirSync();
    const mounted = mount(folder);
    if (mounted) unmount(folder);
    Deno.removeSync(folder);
    return mounted ? folder : null;
  })(),
  remedy:
    "Run as a user that may mount a tmpfs (root, or in a container with CAP_SYS_ADMIN).",
};

async function onSmallDisk(
  work: (folder: string) => Promise<void>,
  size?: string,
): Promise<void> {
  await withTemporaryFolder(async (folder) => {
    expect(mount(folder, size)).toBe(true);
    try {
      await work(folder);
    } finally {
      unmount(folder);
    }
  });
}

/** Both are needed. */
const smallDiskForServer: Requirement = smallDisk.path === null
  ? smallDisk
  : postgresServer;

describeWith(smallDiskForServer, "a full disk: PostgreSQL", () => {
  it("stops the run with a clear error; nothing is lost, and once there is space the study goes on", async () => {
    await onSmallDisk(async (folder) => {
      const server = TestPostgres.start();
      try {
        const storage = server.freshDatabaseIn(folder);
        const ballast = `${folder}/ballast`;
        const study = await smallStudy({ storage });
        const error = await study.optimize((trial) => {
          for (let step = 0; step < 5000; step++) trial.report(step, step);
          if (trial.number === 1) fill(ballast);
          return trial.params.x;
        }, { trials: 20, progress: false }).then(
          () => null,
          (error: unknown) => error as StorageError,
        );
        expect(error).toBeInstanceOf(StorageError);
        expect([error!.trouble, error!.message]).toEqual([
          "full",
          expect.stringMatching(/its disk is full; free some space and go on/),
        ]);
        const ended = study.trials.filter(({ state }) => state === "complete");
        expect(ended.length).toBeGreaterThanOrEqual(2);
        await Deno.remove(ballast);
        await study.optimize((trial) => trial.params.x, {
          trials: 2,
          progress: false,
        });
        await study.close();
        const trials = await readAnew({ storage });
        for (const { number, params } of ended) {
          const { state, value, curves } = trials[number]!;
          expect([state, value, curves.get("loss")!.steps.length]).toEqual([
            "complete",
            params.x,
            5000,
          ]);
        }
      } finally {
        server.close();
      }
    }, "24m");
  });
});

/** Writes a file until there is no space left. */
function fill(path: string): void {
  using file = Deno.openSync(path, { create: true, write: true });
  try {
    for (;;) file.writeSync(new Uint8Array(1 << 16));
  } catch {
    // That was it.
  }
}

describeWith(smallDisk, "a full disk", () => {
  for (const file of ["studies.db", "studies.log"]) {
    it(`stops the run on ${file} with a clear error; nothing is lost, and once there is space the study goes on`, async () => {
      await onSmallDisk(async (folder) => {
        await Deno.writeFile(`${folder}/ballast`, new Uint8Array(150_000));
        const options = {
          name: "s",
          space: space({ x: float(0, 1) }),
          objective: minimize("loss"),
          sampler: randomSampler(),
          storage: `${folder}/${file}`,
        };
        const study = await createStudy(options);
        let last = -1;
        const error = await study.optimize((trial) => {
          for (let step = 0; step < 50; step++) {
            trial.report(step, { train: { loss: step } });
          }
          last = trial.number;
          return trial.params.x;
        }, { trials: 1000, progress: false }).then(
          () => null,
          (error: unknown) => error,
        );
        expect(error).toBeInstanceOf(StorageError);
        expect((error as StorageError).trouble).toBe("full");
        expect((error as Error).message).toMatch(
          /disk is full; free some space/,
        );
        const before = study.trials.filter(({ state }) =>
          state === "complete"
        ).length;
        expect(before).toBeGreaterThan(5);
        await Deno.remove(`${folder}/ballast`);
        await study.optimize((trial) => trial.params.x, {
          trials: 3,
          progress: false,
        });
        await study.close();
        const again = await createStudy({
          name: "s",
          storage: options.storage,
        });
        const complete = again.trials.filter(({ state }) =>
          state === "complete"
        );
        expect(complete.length).toBeGreaterThanOrEqual(before + 3);
        for (let number = 0; number <= last; number++) {
          const trial = again.trials[number]!;
          expect([trial.state, trial.curves.get("train loss")?.steps.length])
            .toEqual(["complete", 50]);
        }
        await again.close();
      });
    });
  }
});

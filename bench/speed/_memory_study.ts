/**
 * `deno run -A bench/speed/_memory_study.ts STEPS STORAGE TRIALS`: makes a study
 * (or reopens it), runs so many trials with a curve of so many steps, looks at
 * it, and prints the most memory that the process has taken, in bytes (Linux).
 *
 * @module
 */

import {
  autoSampler,
  createStudy,
  float,
  MemoryStorage,
  minimize,
  randomSampler,
  type Sampler,
  space,
  SQLiteStorage,
} from "../../mod.ts";

const [steps, where, trials] = Deno.args;
const storage = where === "memory"
  ? new MemoryStorage()
  : new SQLiteStorage(where!);

async function run(sampler: Sampler, trials: number): Promise<void> {
  const study = await createStudy({
    name: "memory",
    space: space(
      Object.fromEntries(
        Array.from({ length: 10 }, (_, i) => [`x${i}`, float(-5, 5)]),
      ),
    ),
    objective: minimize("loss"),
    sampler,
    storage,
    library: false,
  });
  if (trials > 0) {
    await study.optimize(async (trial) => {
      const value = Object.values(trial.params).reduce<number>(
        (sum, x) => sum + Number(x) ** 2,
        0,
      );
      for (let step = 1; step <= Number(steps); step++) {
        await trial.report(step, value + 1 / step);
      }
      return value;
    }, { trials, progress: false });
  }
  await study.suggest();
  study.toString();
}

const count = Number(trials);
if (count > 0) {
  // The default sampler models all along; to be quick, its first and its last trials do.
  await run(autoSampler(), 320);
  await run(randomSampler(), count - 420);
}
await run(autoSampler(), Math.min(count, 100));
const peak = /VmHWM:\s+(\d+) kB/.exec(
  await Deno.readTextFile("/proc/self/status"),
);
console.log(Number(peak![1]) * 1024);

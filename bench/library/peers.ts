/**
 * Our warm start beside other people's, on the same prior studies.
 *
 *     deno run -A bench/library/peers.ts --family hpobench --seeds 2
 *     deno run -A bench/library/peers.ts --family lcbench --every 4
 *
 * One task is left out at a time; of each other one there are `--count` trials
 * drawn at random, the same for all. Printed are mean ranks (of mean values of equals) and mean normalized
 * regrets after 1, 3, 5, 10 and 25 trials. `--out` keeps each search as a line of
 * JSON; the same command goes on where it stopped. `--python` runs the peers but
 * OpenBox, `--openbox` that one; `--packages` is a folder of further packages (Syne Tune's
 * zero-shot and quantile need huggingface_hub).
 *
 * @module
 */

import { parseArgs } from "node:util";
import {
  type LibraryStrategy,
  openLibrary,
  packLibrary,
  strategyParts,
} from "../../lib/library/mod.ts";
import { randomStream } from "../../lib/math/mod.ts";
import { plainTrial, type TrialRecord } from "../../lib/records/mod.ts";
import type { Configuration } from "../../lib/space/mod.ts";
import { createStudy } from "../../lib/study/mod.ts";
import { JSONProcess } from "../quality/json_process.ts";
import { familyOf, type Task, type Trial } from "./_prior_suites.ts";

const { values: options } = parseArgs({
  args: Deno.args,
  options: {
    family: { type: "string", default: "hpobench" },
    optimizers: {
      type: "string",
      default:
        "étude,étude cold,synetune-zeroshot,synetune-quantile,synetune-box,optuna-warm-cmaes,openbox-rgpe",
    },
    every: { type: "string", default: "1" },
    seeds: { type: "string", default: "1" },
    trials: { type: "string", default: "25" },
    count: { type: "string", default: "64" },
    python: { type: "string", default: "out/peers/main/bin/python" },
    openbox: { type: "string", default: "out/openbox/bin/python" },
    packages: { type: "string", default: "out/pylib" },
    out: { type: "string", default: "out/library/peers.jsonl" },
  },
});
const family = await familyOf(options.family);
const { space, objective } = family;
const sign = objective.direction === "minimize" ? 1 : -1;
const trials = Number(options.trials);
const count = Number(options.count);
const marks = [1, 3, 5, 10, 25, 50].filter((mark) => mark <= trials);

const drawn = new Map<string, readonly Trial[]>();

/** What is known of a task that is a source. */
async function sourceOf(task: Task, seed: number): Promise<readonly Trial[]> {
  const key = `${task.name} ${seed}`;
  const known = drawn.get(key);
  if (known !== undefined) return known;
  const random = randomStream("sources", seed, task.name);
  const made: Trial[] = [];
  for (let i = 0; i < count; i++) {
    const params = space.sample(random.uniform) as Configuration;
    made.push([params, await task.evaluate(params)]);
  }
  drawn.set(key, made);
  return made;
}

function recordOf([params, value]: Trial, number: number): TrialRecord {
  return plainTrial(number, params, value, { origin: "other program" });
}

async function ours(
  task: Task,
  seed: number,
  strategy: LibraryStrategy | "cold",
): Promise<number[]> {
  const others = family.tasks.filter((other) => other !== task);
  const packed = packLibrary(
    await Promise.all(others.map(async (other) => ({
      name: other.name,
      objective,
      space,
      task: null,
      origin: options.family,
      trials: (await sourceOf(other, seed)).map(recordOf),
    }))),
  );
  const study = await createStudy({
    name: "étude",
    space,
    objective,
    seed: `${seed} ${task.name}`,
    storage: "memory",
    library: strategy === "cold"
      ? false
      : { from: await openLibrary([packed]), strategy },
  });
  await study.optimize(({ params }) => task.evaluate(params as Configuration), {
    trials,
    progress: false,
  });
  return study.trials.map(({ value }) => value!);
}

/** `étude`, `étude cold`, `étude rgpe`, … */
function strategyOf(optimizer: string): LibraryStrategy | "cold" {
  const name = optimizer.slice("étude ".length) || "auto";
  if (name !== "cold") strategyParts(name as LibraryStrategy);
  return name as LibraryStrategy | "cold";
}

const processes = new Map<string, JSONProcess>();

async function peers(
  name: string,
  task: Task,
  seed: number,
): Promise<number[]> {
  const python = name.startsWith("openbox") ? options.openbox : options.python;
  const process = processes.get(name) ??
    new JSONProcess([python, "bench/library/peers/runner.py", name], {
      OMP_NUM_THREADS: "1",
      PYTHONPATH: options.packages,
    });
  processes.set(name, process);
  const others = family.tasks.filter((other) => other !== task);
  const sources = await Promise.all(
    others.map(async (other) =>
      (await sourceOf(other, seed)).map((
        [params, value],
      ) => [params, sign * value])
    ),
  );
  const { parameters } = space.toJSON() as { parameters: unknown };
  await process.call({ start: { space: parameters, sources, seed } });
  const values: number[] = [];
  for (let i = 0; i < trials; i++) {
    const { params } = await process.call<{ params: Configuration }>({
      ask: true,
    });
    const value = await task.evaluate(params);
    values.push(value);
    await process.call({ tell: sign * value });
  }
  return values;
}

interface Run {
  readonly family: string;
  readonly task: string;
  readonly seed: number;
  readonly optimizer: string;
  /** The normalized regret after each trial. */
  readonly regrets: readonly number[];
}

const optimizers = options.optimizers.split(",");
const kept = (await Deno.readTextFile(options.out).catch(() => ""))
  .split("\n").filter((line) => line !== "")
  .map((line): Run => JSON.parse(line));
const runs: Run[] = [];
const tasks = family.tasks.filter((_, i) => i % Number(options.every) === 0);
for (let seed = 0; seed < Number(options.seeds); seed++) {
  for (const task of tasks) {
    for (const optimizer of optimizers) {
      const before = kept.find((run) =>
        run.family === options.family && run.task === task.name &&
        run.seed === seed && run.optimizer === optimizer &&
        run.regrets.length >= trials
      );
      if (before !== undefined) {
        runs.push(before);
        continue;
      }
      try {
        const values = optimizer.startsWith("étude")
          ? await ours(task, seed, strategyOf(optimizer))
          : await peers(optimizer, task, seed);
        let best = Infinity;
        const run: Run = {
          family: options.family,
          task: task.name,
          seed,
          optimizer,
          regrets: values.map((value) => {
            best = Math.min(best, sign * value);
            return (best - sign * task.best) /
              (sign * task.median - sign * task.best);
          }),
        };
        runs.push(run);
        await Deno.writeTextFile(options.out, `${JSON.stringify(run)}\n`, {
          append: true,
        });
      } catch (error) {
        console.error(`${optimizer} on ${task.name}: ${error}`);
      }
    }
  }
}
for (const process of processes.values()) await process.close();

/** The mean rank of each optimizer at a mark, over the searches that all have; equals share. */
const complete = [
  ...Map.groupBy(runs, ({ task, seed }) => `${task} ${seed}`)
    .values(),
];
const present = optimizers.filter((name) =>
  runs.some(({ optimizer }) => optimizer === name)
);
const whole = complete.filter((some) => some.length === present.length);
console.log(
  `${options.family}: ${whole.length} searches of each, ${count} random trials a source\n`,
);
console.log(
  `| warm start | ${marks.map((mark) => `rank at ${mark}`).join(" | ")} | ${
    marks.map((mark) => `regret at ${mark}`).join(" | ")
  } |`,
);
console.log(`|---|${marks.map(() => "---|---|").join("")}`);
for (const name of present) {
  const own = whole.map((some) =>
    some.find(({ optimizer }) => optimizer === name)!
  );
  const mean = (of: (run: Run, i: number) => number) =>
    own.reduce((sum, run, i) => sum + of(run, i), 0) / own.length;
  const ranks = marks.map((mark) =>
    mean(({ regrets }, i) => {
      const mine = regrets[mark - 1]!;
      const others = whole[i]!.map(({ regrets }) => regrets[mark - 1]!);
      return 0.5 + others.filter((x) => x < mine - 1e-12).length +
        others.filter((x) => Math.abs(x - mine) <= 1e-12).length / 2;
    }).toFixed(2)
  );
  const regrets = marks.map((mark) =>
    mean(({ regrets }) => regrets[mark - 1]!).toFixed(3)
  );
  console.log(`| ${[name, ...ranks, ...regrets].join(" | ")} |`);
}

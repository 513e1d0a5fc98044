/**
 * What pruners and budgets in epochs are worth on LCBench, at all 52 epochs.
 *
 *     deno run -A bench/curves/pruning.ts [pruners|search|speed] [--tasks report|development|name,…] [--seeds 3] [--budget 2600] [--only freeze-thaw] [--data folder]
 *
 * - `pruners`: ours and Optuna's on the same configurations (drawn at random)
 *   and the same budget of epochs: the best complete trial's regret, and their
 *   difference, paired.
 * - `search`: samplers that hand out epochs, with 15 % of the epochs of 50 whole
 *   trainings, against those 50 by our Gaussian process.
 * - `speed`: microseconds a decision at 1,000 trials of 100 steps.
 *
 * Regret: 0 is the best value known at the last epoch, 1 that of the median of
 * random configurations. Means with 95 % bootstrap intervals over tasks and
 * seeds. Every third task is for development, the report is on the others.
 *
 * @module
 */

import { parseArgs } from "node:util";
import {
  autoSampler,
  bohbSampler,
  type Configuration,
  createStudy,
  diagnosisPruner,
  freezeThawSampler,
  gpSampler,
  hyperbandPruner,
  hyperbandSampler,
  maximize,
  medianPruner,
  patiencePruner,
  percentilePruner,
  type Pruner,
  randomSampler,
  randomStream,
  type Sampler,
  successiveHalvingPruner,
  thresholdPruner,
  wilcoxonPruner,
} from "../../mod.ts";
import { bootstrapMean } from "../quality/analysis/intervals.ts";
import { JSONProcess } from "../quality/json_process.ts";
import { peerVariables, preparePeers } from "../quality/peers/environments.ts";
import { inProject } from "../../tools/project.ts";
import {
  type CurveTask,
  type CurveTasks,
  lastEpoch,
  openLCBench,
} from "./_lcbench.ts";

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    tasks: { type: "string", default: "report" },
    seeds: { type: "string", default: "3" },
    budget: { type: "string" },
    data: { type: "string" },
    only: { type: "string" },
  },
});

const seeds = Array.from({ length: Number(options.seeds) }, (_, i) => i);

function chosen(tasks: CurveTasks): readonly string[] {
  const { tasks: list } = options;
  if (list === "report") return tasks.report;
  if (list === "development") return tasks.development;
  return list.split(",");
}

function interval(values: readonly number[], digits = 3): string {
  const { mean, low, high } = bootstrapMean(values);
  const show = (value: number) => value.toFixed(digits);
  return `${show(mean)} (${show(low)} to ${show(high)})`;
}

/** The objective of a task: reports each epoch and keeps its curve as state. */
function training(task: CurveTask, known?: readonly (readonly number[])[]) {
  return async (trial: {
    readonly number: number;
    readonly params: Configuration;
    readonly startStep: number;
    readonly budget: number;
    report(step: number, value: number): Promise<void>;
    shouldStop(): boolean;
    checkpoint(state: unknown): Promise<void>;
  }): Promise<number> => {
    const end = Math.min(lastEpoch, trial.budget);
    const values = known?.[trial.number] ??
      [
        ...Array(trial.startStep).fill(NaN),
        ...await task.curve(trial.params, trial.startStep, end),
      ];
    let epoch = trial.startStep;
    while (epoch < end) {
      epoch++;
      void trial.report(epoch, values[epoch - 1]!);
      if (trial.shouldStop()) break;
    }
    if (Number.isFinite(trial.budget)) await trial.checkpoint("trained");
    return values[epoch - 1]!;
  };
}

/** Runs a study with a budget of epochs; gives the best complete trial's value and what it took. */
async function search(
  task: CurveTask,
  { name, seed, sampler, pruner, epochs, trials, curves }: {
    name: string;
    seed: number;
    sampler: Sampler;
    pruner?: Pruner;
    epochs?: number;
    trials?: number;
    curves?: readonly (readonly number[])[];
  },
): Promise<
  { best: number | null; epochs: number; trials: number; lengths: number[] }
> {
  const study = await createStudy<Configuration>({
    name,
    space: task.space as never,
    objective: maximize("value"),
    sampler,
    pruner,
    seed,
    storage: "memory",
  });
  await study.optimize(training(task, curves), {
    ...(epochs === undefined ? {} : { epochs }),
    ...(trials === undefined ? {} : { trials }),
    progress: false,
    stopOnError: true,
  });
  const lengths = study.trials.map(({ curves: own }) =>
    own.get("value")?.steps.length ?? 0
  );
  const best = study.best?.value ?? null;
  await study.close();
  return {
    best,
    epochs: lengths.reduce((sum, length) => sum + length, 0),
    trials: lengths.length,
    lengths,
  };
}

const ourPruners: Readonly<Record<string, () => Pruner>> = {
  none: () => thresholdPruner({ lower: -Infinity, upper: Infinity }),
  median: () => medianPruner(),
  asha: () => successiveHalvingPruner({ minResource: 1 }),
  hyperband: () => hyperbandPruner({ maxResource: lastEpoch }),
};

async function benchPruners(tasks: CurveTasks): Promise<void> {
  const budget = Number(options.budget ?? 2600);
  const python = await preparePeers("main");
  const peer = new JSONProcess(
    [python, inProject("bench", "curves", "peer_pruners.py")],
    peerVariables,
  );
  const regrets = new Map<string, number[]>();
  const add = (key: string, value: number) =>
    regrets.set(key, [...regrets.get(key) ?? [], value]);
  let different = 0;
  let compared = 0;
  for (const name of chosen(tasks)) {
    const task = await tasks.open(name);
    for (const seed of seeds) {
      // The configurations that our random sampler is going to draw.
      const configurations = Array.from(
        { length: 1600 },
        (_, number) =>
          task.space.sample(
            randomStream(String(seed), number, "sampler").uniform,
          ),
      );
      const curves = await task.curves(configurations);
      for (const [pruner, make] of Object.entries(ourPruners)) {
        const study = `${name} ${seed} ${pruner}`;
        const ours = await search(task, {
          name: study,
          seed,
          sampler: randomSampler(),
          pruner: make(),
          epochs: budget,
          curves,
        });
        const theirs = await peer.call<
          { best: number | null; epochs: number; lengths: number[] }
        >({ pruner, study, budget, curves });
        compared += theirs.lengths.length;
        different += theirs.lengths.filter((length, i) =>
          length !== ours.lengths[i]
        ).length;
        add(`${pruner} ours`, task.regret(ours.best!));
        add(`${pruner} optuna`, task.regret(theirs.best!));
        add(`${pruner} trials`, ours.trials);
      }
    }
    console.error(`${name} done`);
  }
  await peer.close();
  console.log(
    `| pruner | ours | Optuna 5 | difference | trials |\n| --- | --- | --- | --- | --- |`,
  );
  for (const pruner of Object.keys(ourPruners)) {
    const ours = regrets.get(`${pruner} ours`)!;
    const theirs = regrets.get(`${pruner} optuna`)!;
    const trials = regrets.get(`${pruner} trials`)!;
    console.log(
      `| ${pruner} | ${interval(ours)} | ${interval(theirs)} | ${
        interval(ours.map((value, i) => value - theirs[i]!))
      } | ${Math.round(trials.reduce((a, b) => a + b, 0) / trials.length)} |`,
    );
  }
  console.log(
    `\n${
      compared - different
    } of ${compared} trials stopped at the same epoch as Optuna's; ${budget} epochs a run.`,
  );
}

const searches: Readonly<
  Record<string, (() => Sampler)>
> = {
  "hyperband": () => hyperbandSampler({ maxSteps: lastEpoch }),
  "asha": () => hyperbandSampler({ maxSteps: lastEpoch, maxBrackets: 1 }),
  "bohb": () => bohbSampler({ maxSteps: lastEpoch }),
  "freeze-thaw": () => freezeThawSampler({ maxSteps: lastEpoch }),
};

async function benchSearch(tasks: CurveTasks): Promise<void> {
  const epochs = Number(options.budget ?? 390);
  const regrets = new Map<string, number[]>();
  const add = (key: string, value: number) =>
    regrets.set(key, [...regrets.get(key) ?? [], value]);
  for (const name of chosen(tasks)) {
    const task = await tasks.open(name);
    for (const seed of seeds) {
      const whole = await search(task, {
        name: "whole",
        seed,
        sampler: gpSampler(),
        trials: 50,
      });
      add("gp, 50 whole trainings", task.regret(whole.best!));
      const count = Math.floor(epochs / lastEpoch);
      // Of as many as the reference there is no second row: it would share its key.
      if (count !== 50) {
        const few = await search(task, {
          name: "few",
          seed,
          sampler: autoSampler(),
          trials: count,
        });
        add(`gp, ${count} whole trainings`, task.regret(few.best!));
      }
      for (const [key, make] of Object.entries(searches)) {
        if (options.only !== undefined && key !== options.only) continue;
        const found = await search(task, {
          name: key,
          seed,
          sampler: make(),
          epochs,
        });
        if (found.epochs > epochs) throw new Error(`${key} spent too much`);
        // Nothing complete: as bad as the median.
        add(
          `${key}, ${epochs} epochs`,
          found.best === null ? 1 : task.regret(found.best),
        );
      }
      console.error(
        name,
        seed,
        [...regrets].map(([key, all]) => `${key} ${all.at(-1)!.toFixed(3)}`)
          .join("; "),
      );
    }
  }
  const reference = regrets.get("gp, 50 whole trainings")!;
  console.log(
    "| search | regret | less 50 whole trainings by gp |\n| --- | --- | --- |",
  );
  for (const [key, all] of regrets) {
    if (all.length !== reference.length) {
      throw new Error(
        `${key} cannot be paired: ${all.length} runs of ${reference.length}`,
      );
    }
    console.log(
      `| ${key} | ${interval(all)} | ${
        interval(all.map((value, i) => value - reference[i]!))
      } |`,
    );
  }
}

async function benchSpeed(): Promise<void> {
  const { curved, curveAt, fallingTrials, studyOf } = await import(
    "../../tests/conformance/pruner.ts"
  );
  const pruners = {
    ...ourPruners,
    percentile: () => percentilePruner({ percentile: 25 }),
    patience: () => patiencePruner(),
    wilcoxon: () => wilcoxonPruner(),
    diagnosis: () => diagnosisPruner(),
  };
  const trials = fallingTrials(1000, 100);
  const steps = Array.from({ length: 100 }, (_, i) => i + 1);
  const requests = steps.map((step) => {
    const curve = curveAt(
      steps.slice(0, step),
      steps.slice(0, step).map((s) => 0.3 + Math.exp(-s / 20)),
    );
    const study = studyOf([...trials, curved(1000, curve, "running")]);
    return { curve, number: 1000, study };
  });
  console.log("| pruner | first µs | µs a decision |\n| --- | --- | --- |");
  for (const [name, make] of Object.entries(pruners)) {
    const pruner = make();
    const timed = () => {
      const start = performance.now();
      for (const request of requests) pruner.judge(request);
      return 1000 * (performance.now() - start) / requests.length;
    };
    const first = timed();
    const later = Math.min(...Array.from({ length: 10 }, timed));
    console.log(`| ${name} | ${first.toFixed(1)} | ${later.toFixed(1)} |`);
  }
}

const [part = "search"] = positionals;
if (part === "speed") await benchSpeed();
else if (part === "pruners") {
  await benchPruners(await openLCBench(options.data));
} else if (part === "search") {
  await benchSearch(await openLCBench(options.data));
} else {throw new RangeError(
    `Cannot bench ${part}: there are pruners, search, speed`,
  );}
Deno.exit(0);

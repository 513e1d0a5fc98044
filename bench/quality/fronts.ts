/**
 * `deno run -A bench/quality/fronts.ts`: how much of the front of problems with
 * two and three objectives is found with some hundred evaluations, by our samplers
 * and others'. See bench/README.md.
 *
 * @module
 */

import { cpuUsage } from "node:process";
import { dirname, resolve } from "node:path";
import { parseArgs } from "node:util";
import * as etude from "../../mod.ts";
import { JSONProcess } from "./json_process.ts";
import {
  manyObjectiveNames,
  type ManyObjectiveProblem,
  manyObjectiveProblem,
} from "./many_objectives.ts";
import { inProject } from "../../tools/project.ts";
import { peerVariables, preparePeers } from "./peers/environments.ts";

const usage = `deno run -A bench/quality/fronts.ts
  --optimizers LIST  gp, tpe, nsga2, nsga3, auto, random, and optuna-tpe, optuna-gp, optuna-nsga2, pymoo-nsga2
  --out FILE         a file of JSON lines; what is there is not run again
  --problems LIST    names and beginnings of names, such as zdt,dtlz2-3 (default: all 37)
  --trials NUMBER    evaluations a run (default: 100)
  --seeds NUMBER     runs a problem and optimizer (default: 3)
  --first NUMBER     the first seed (default: 0)
  --report           print the tables of the file, of the optimizers named or all, and run nothing`;

/** How many variables: few, as befits few evaluations. WFG's first four say where on the front. */
function dimensionOf(name: string): number {
  return name.startsWith("wfg") ? 8 : 6;
}

/** A run: a line of the file. */
interface Run {
  readonly problem: string;
  readonly optimizer: string;
  readonly version: string;
  readonly seed: number;
  readonly trials: number;
  /** log10 of the share of the whole front's hypervolume that is missing, at each mark. */
  readonly missing: Readonly<Record<string, number>>;
  /** Processor time for all suggestions, in milliseconds. */
  readonly ms: number;
}

/** One run, asked and told in turn. */
interface Asker {
  readonly version: string;
  ask(): Promise<{ x: number[]; ms: number }>;
  tell(values: readonly number[]): Promise<number>;
  close(): Promise<void>;
}

/** After so many evaluations the volume is measured. */
const marks = [25, 50, 100, 150, 200, 250];

const ours: Readonly<
  Record<string, (problem: ManyObjectiveProblem) => etude.Sampler>
> = {
  gp: () => etude.gpSampler(),
  tpe: () => etude.tpeSampler(),
  auto: () => etude.autoSampler(),
  random: () => etude.randomSampler(),
  nsga2: () => etude.nsga2Sampler({ populationSize: 20 }),
  nsga3: () => etude.nsga3Sampler({ populationSize: 20 }),
};

function usedMs(): number {
  const { user, system } = cpuUsage();
  return (user + system) / 1000;
}

async function ourRun(
  name: string,
  problem: ManyObjectiveProblem,
  seed: number,
): Promise<Asker> {
  const study = await etude.createStudy({
    name,
    space: etude.space(Object.fromEntries(
      problem.lower.map((low, i) => [
        `x${i}`,
        etude.float(low, problem.upper[i]!),
      ]),
    )),
    objectives: problem.nadir.map((_, k) => etude.minimize(`f${k + 1}`)),
    sampler: ours[name]!(problem),
    storage: "memory",
    library: false,
    seed: String(seed),
  });
  let trial: Awaited<ReturnType<typeof study.ask>>;
  return {
    version: "",
    async ask() {
      const start = usedMs();
      trial = await study.ask();
      const params: Readonly<Record<string, number>> = trial.params;
      return {
        x: problem.lower.map((_, i) => params[`x${i}`]!),
        ms: usedMs() - start,
      };
    },
    async tell(values) {
      const start = usedMs();
      await study.tell(trial, values);
      return usedMs() - start;
    },
    close: () => study.close(),
  };
}

let peers: JSONProcess | null = null;

async function peerRun(
  optimizer: string,
  problem: ManyObjectiveProblem,
  seed: number,
): Promise<Asker> {
  peers ??= new JSONProcess([
    await preparePeers("main"),
    inProject("bench", "quality", "peers", "fronts.py"),
  ], peerVariables);
  const process = peers;
  const { lower, upper, objectives } = problem;
  const { version } = await process.call<{ version: string }>({
    start: { optimizer, lower, upper, objectives, seed },
  });
  return {
    version,
    ask: () => process.call({ ask: true }),
    tell: async (values) =>
      (await process.call<{ ms: number }>({ tell: values })).ms,
    close: () => Promise.resolve(),
  };
}

async function runOne(
  name: string,
  optimizer: string,
  { seed, trials }: { readonly seed: number; readonly trials: number },
): Promise<Run> {
  const problem = manyObjectiveProblem(name, dimensionOf(name));
  const asker = await (Object.hasOwn(ours, optimizer) ? ourRun : peerRun)(
    optimizer,
    problem,
    seed,
  );
  const points: number[][] = [];
  const missing: Record<string, number> = {};
  let used = 0;
  for (let trial = 1; trial <= trials; trial++) {
    const { x, ms } = await asker.ask();
    const values = problem.evaluate(x);
    points.push(values);
    used += ms + await asker.tell(values);
    if (!marks.includes(trial) && trial !== trials) continue;
    const best = problem.bestVolume();
    const found = etude.hypervolume(points, problem.reference);
    missing[trial] = Math.log10(Math.max(1e-9, 1 - found / best));
  }
  await asker.close();
  const { version } = asker;
  return {
    problem: name,
    optimizer,
    version,
    seed,
    trials,
    missing,
    ms: Math.round(used),
  };
}

async function readRuns(path: string): Promise<Run[]> {
  const text = await Deno.readTextFile(path).catch(() => "");
  return text.split("\n").filter((line) => line !== "").map((line) =>
    JSON.parse(line)
  );
}

/** Means over the seeds, a row a problem, and the mean rank in each family. */
function report(runs: readonly Run[], mark: number): string {
  const at = runs.filter(({ missing }) => missing[mark] !== undefined);
  const optimizers = [...new Set(at.map(({ optimizer }) => optimizer))];
  const names = manyObjectiveNames.filter((name) =>
    at.some(({ problem }) => problem === name)
  );
  const mean = (name: string, optimizer: string) => {
    const of = at.filter((run) =>
      run.problem === name && run.optimizer === optimizer
    ).map(({ missing }) => missing[mark]!);
    return of.length === 0 ? NaN : of.reduce((a, b) => a + b) / of.length;
  };
  const rows = names.map((name) => {
    const values = optimizers.map((optimizer) => mean(name, optimizer));
    const least = Math.min(...values.filter(Number.isFinite));
    const ranks = values.map((value) =>
      Number.isNaN(value)
        ? NaN
        : 1 + values.filter((other) => other < value).length
    );
    return {
      name,
      ranks,
      cells: values.map((value) =>
        Number.isNaN(value)
          ? ""
          : value === least
          ? `**${value.toFixed(2)}**`
          : value.toFixed(2)
      ),
    };
  });
  // Ranks only where everybody has run.
  const full = rows.filter(({ ranks }) => ranks.every(Number.isFinite));
  const rank = optimizers.map((_, o) =>
    full.length === 0
      ? ""
      : (full.reduce((sum, { ranks }) => sum + ranks[o]!, 0) / full.length)
        .toFixed(2)
  );
  const ms = optimizers.map((optimizer) => {
    const of = at.filter((run) => run.optimizer === optimizer);
    return (of.reduce((sum, run) => sum + run.ms / run.trials, 0) / of.length)
      .toPrecision(2);
  });
  return [
    `| ${mark} evaluations | ${optimizers.join(" | ")} |`,
    `| --- |${" ---: |".repeat(optimizers.length)}`,
    ...rows.map(({ name, cells }) => `| ${name} | ${cells.join(" | ")} |`),
    `| mean rank (${full.length} problems) | ${rank.join(" | ")} |`,
    `| ms a suggestion | ${ms.join(" | ")} |`,
  ].join("\n");
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    args: Deno.args,
    options: {
      optimizers: { type: "string" },
      out: { type: "string" },
      problems: { type: "string", default: "" },
      trials: { type: "string", default: "100" },
      seeds: { type: "string", default: "3" },
      first: { type: "string", default: "0" },
      report: { type: "boolean", default: false },
    },
  });
  if (
    values.out === undefined ||
    !values.report && values.optimizers === undefined
  ) {
    console.log(usage);
    Deno.exit(2);
  }
  const path = resolve(values.out);
  const runs = await readRuns(path);
  if (values.report) {
    const named = values.optimizers?.split(",");
    const shown = named === undefined
      ? runs
      : named.flatMap((name) =>
        runs.filter(({ optimizer }) => optimizer === name)
      );
    for (const mark of marks) {
      if (shown.some(({ missing }) => missing[mark] !== undefined)) {
        console.log(`${report(shown, mark)}\n`);
      }
    }
    return;
  }
  await Deno.mkdir(dirname(path), { recursive: true });
  const beginnings = values.problems.split(",");
  const names = manyObjectiveNames.filter((name) =>
    beginnings.some((one) => name.startsWith(one))
  );
  const trials = Number(values.trials);
  const first = Number(values.first);
  for (let seed = first; seed < first + Number(values.seeds); seed++) {
    for (const optimizer of values.optimizers!.split(",")) {
      for (const name of names) {
        const isDone = runs.some((run) =>
          run.problem === name && run.optimizer === optimizer &&
          run.seed === seed && run.trials >= trials
        );
        if (isDone) continue;
        const run = await runOne(name, optimizer, { seed, trials });
        await Deno.writeTextFile(path, JSON.stringify(run) + "\n", {
          append: true,
        });
        console.error(
          `${name} ${optimizer} ${seed}: ${run.missing[trials]!.toFixed(2)}, ${
            (run.ms / trials).toPrecision(2)
          } ms`,
        );
      }
    }
  }
  await peers?.close();
}

await main();

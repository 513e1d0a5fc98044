/**
 * What prior studies are worth: families of tasks, one task left out at a time,
 * with good priors and with ones that mislead.
 *
 *     python3 bench/library/hpobench_tables.py PACKAGES out/library
 *     deno run -A bench/library/warm_start.ts --family hpobench --seeds 3
 *     deno run -A bench/library/warm_start.ts --family lcbench --sources gp --count 100
 *
 * Sources are the other tasks of the family, each with `--count` trials that are
 * drawn at random or made by our own sampler (`--sources random` or `gp`; kept in
 * out/library/sources; the same for each seed of the new study with `--source-seed`).
 * A row is the mean over tasks and seeds of 100 × the
 * normalized regret: (best known − best so far) / (best known − median of random
 * ones), and its ratio to the cold study of the same seeds. `--priors` names what
 * is done to the sources; `--strategy` how a study learns from them (`auto`, `rgpe`,
 * `copula`, `portfolio`, …); `--sampler` who is measured (`gp`, `tpe`, `cma`, `de`,
 * `pso`, `ga`, `evolution`); `--offset` the first of every `--every` tasks. With
 * `--built-in` the prior studies are those that come with Étude, which everybody
 * begins from (`--priors good`).
 *
 * @module
 */

import {
  type LibraryStrategy,
  openLibrary,
  packLibrary,
  strategyParts,
} from "../../lib/library/mod.ts";
import { randomStream } from "../../lib/math/mod.ts";
import { plainTrial, type TrialRecord } from "../../lib/records/mod.ts";
import {
  cmaEsSampler,
  differentialEvolutionSampler,
  geneticSampler,
  gpSampler,
  particleSwarmSampler,
  regularizedEvolutionSampler,
  tpeSampler,
} from "../../lib/samplers/mod.ts";
import type { Configuration } from "../../lib/space/mod.ts";
import { createStudy } from "../../lib/study/mod.ts";
import { familyOf, type Task, type Trial } from "./_prior_suites.ts";
import { type Priors, priors } from "./_spoilt_priors.ts";

const args = [...Deno.args];
const option = (name: string, standard: string): string => {
  const at = args.indexOf(`--${name}`);
  return at < 0 ? standard : args[at + 1]!;
};
const name = option("family", "hpobench");
const kind = option("sources", "random");
const count = Number(option("count", kind === "gp" ? "100" : "64"));
const seeds = Number(option("seeds", "1"));
const trials = Number(option("trials", "50"));
const every = Number(option("every", "1"));
const label = option("label", "run");
const strategy = option("strategy", "auto") as LibraryStrategy;
strategyParts(strategy);
const sourceSeed = option("source-seed", "");
const offset = Number(option("offset", "0"));
const who = option("sampler", "gp");
const isBuiltIn = args.includes("--built-in");
const makeSampler = {
  gp: () => gpSampler(),
  tpe: () => tpeSampler(),
  cma: () => cmaEsSampler(),
  de: () => differentialEvolutionSampler({ trials }),
  pso: () => particleSwarmSampler(),
  ga: () => geneticSampler(),
  evolution: () => regularizedEvolutionSampler(),
}[who];
if (makeSampler === undefined) {
  throw new RangeError(`Cannot measure ${who}: see --sampler above`);
}
const chosen = option("priors", Object.keys(priors).join(",")).split(",");
const marks = [1, 3, 5, 10, 25, 50, 100, 200].filter((mark) => mark <= trials);
const folder = "out/library";
await Deno.mkdir(`${folder}/sources`, { recursive: true });
await Deno.mkdir(`${folder}/results`, { recursive: true });

const family = await familyOf(name, folder);
const sign = family.objective.direction === "minimize" ? 1 : -1;

/** What a file holds, or what is then put there. */
async function kept<T>(path: string, make: () => Promise<T>): Promise<T> {
  try {
    return JSON.parse(await Deno.readTextFile(path)) as T;
  } catch {
    const made = await make();
    await Deno.writeTextFile(path, JSON.stringify(made));
    return made;
  }
}

/** The trials of a cold study. */
async function coldRun(
  task: Task,
  seed: string,
  length: number,
  sampler = gpSampler(),
) {
  const study = await createStudy({
    name: "cold",
    space: family.space,
    objective: family.objective,
    seed,
    sampler,
    storage: "memory",
    library: false,
  });
  await study.optimize(({ params }) => task.evaluate(params as Configuration), {
    trials: length,
    progress: false,
  });
  return study.trials.map(({ params, value }): Trial => [
    params as Configuration,
    value!,
  ]);
}

/** The trials that a task has as a source. */
function sourceOf(task: Task, seed: number): Promise<readonly Trial[]> {
  const path = `${folder}/sources/${name}-${kind}${count}-${task.name}-${seed}`
    .replaceAll(" ", "_");
  return kept(`${path}.json`, async () => {
    if (kind === "gp") return await coldRun(task, `source ${seed}`, count);
    const random = randomStream("sources", seed, task.name);
    const made: Trial[] = [];
    for (let i = 0; i < count; i++) {
      const params = family.space.sample(random.uniform) as Configuration;
      made.push([params, await task.evaluate(params)]);
    }
    return made;
  });
}

function record([params, value]: Trial, number: number): TrialRecord {
  return plainTrial(number, params, value, { origin: "other program" });
}

const coherences = new Map<Priors[string], number[]>();

async function warmRun(
  task: Task,
  seed: number,
  spoil: Priors[string],
): Promise<{ values: number[]; trust: number[]; ms: number[] }> {
  const others = family.tasks.filter((other) => other !== task);
  const studies = [];
  for (const [index, other] of others.entries()) {
    const { space, objective, trials } = await spoil({
      family,
      task: other,
      index,
      trials: await sourceOf(
        other,
        sourceSeed === "" ? seed : Number(sourceSeed),
      ),
    });
    studies.push({
      name: other.name,
      objective,
      space,
      task: null,
      origin: name,
      trials: trials.map(record),
    });
  }
  // The library that comes with Étude, which knows nothing of these tasks.
  const library = await openLibrary([
    isBuiltIn ? "built-in" : packLibrary(studies),
  ]);
  const study = await createStudy({
    name: "warm",
    space: family.space,
    objective: family.objective,
    seed: `${seed} ${task.name}`,
    sampler: makeSampler!(),
    storage: "memory",
    library: { from: library, strategy },
  });
  const ms: number[] = [];
  let before = performance.now();
  await study.optimize(async ({ params }) => {
    ms.push(performance.now() - before);
    const value = await task.evaluate(params as Configuration);
    before = performance.now();
    return value;
  }, { trials, progress: false });
  const weights = new Map(
    study.warmStart?.trials.map(({ number, weight }) => [number, weight]),
  );
  coherences.set(spoil, [
    ...coherences.get(spoil) ?? [],
    study.warmStart?.coherence ?? NaN,
  ]);
  return {
    values: study.trials.map(({ value }) => value!),
    trust: study.trials.map(({ number }) => weights.get(number) ?? 0),
    ms,
  };
}

const regrets = (task: Task, values: readonly number[]) =>
  marks.map((mark) => {
    const best = Math.min(...values.slice(0, mark).map((v) => sign * v));
    return 100 * Math.max(0, best - sign * task.best) /
      (sign * task.median - sign * task.best);
  });

const tasks = family.tasks.filter((t, i) =>
  option("task", "") === ""
    ? i % every === offset % every
    : t.name === option("task", "")
);
const sums = new Map<string, Float64Array>();
const trusts = new Map<string, Float64Array>();
const times = new Map<string, number[]>();
const add = (prior: string, numbers: readonly number[]) => {
  const sum = sums.get(prior) ?? new Float64Array(marks.length);
  numbers.forEach((value, i) => sum[i]! += value);
  sums.set(prior, sum);
};
const lines: string[] = [];
for (let seed = 0; seed < seeds; seed++) {
  for (const task of tasks) {
    const own = who === "gp" ? "" : `-${who}${trials}`;
    const path =
      `${folder}/sources/${name}-cold${own}-${task.name}-${seed}.json`
        .replaceAll(" ", "_");
    const length = Math.max(50, trials);
    const cold = await kept(
      path,
      () => coldRun(task, `${seed} ${task.name}`, length, makeSampler!()),
    );
    const unaided = regrets(task, cold.map(([, value]) => value));
    add("cold", unaided);
    lines.push(
      JSON.stringify({
        name,
        task: task.name,
        seed,
        prior: "cold",
        regrets: unaided,
      }),
    );
    for (const prior of chosen) {
      const { values, trust, ms } = await warmRun(task, seed, priors[prior]!);
      const found = regrets(task, values);
      add(prior, found);
      const sum = trusts.get(prior) ?? new Float64Array(marks.length);
      marks.forEach((mark, i) => sum[i]! += trust[mark - 1]!);
      trusts.set(prior, sum);
      times.set(prior, [...times.get(prior) ?? [], ...ms.slice(3)]);
      lines.push(
        JSON.stringify({
          name,
          task: task.name,
          seed,
          prior,
          regrets: found,
          trust: trust.map((t) => Math.round(100 * t)),
          values,
        }),
      );
    }
    await Deno.writeTextFile(
      `${folder}/results/${label}-${name}-${kind}.jsonl`,
      lines.join("\n") + "\n",
    );
  }
}

const runs = seeds * tasks.length;
console.log(
  `| ${name}, ${runs} runs | ${marks.join(" | ")} | of cold | trust | κ | ms |`,
);
console.log(`|---|${marks.map(() => "---|").join("")}---|---|---|`);
const cold = sums.get("cold")!;
const show = (
  numbers: Float64Array | undefined,
  by: (x: number, i: number) => number,
) => Array.from(numbers ?? [], (x, i) => by(x, i).toFixed(2).replace(/^0/, ""));
function kappa(prior: string): string {
  const all = coherences.get(priors[prior]!) ?? [];
  return (all.reduce((a, b) => a + b, 0) / all.length).toFixed(1);
}
for (const [prior, sum] of sums) {
  const cells = show(sum, (x) => x / runs);
  const ratios = show(sum, (x, i) => x / cold[i]!);
  const trust = show(trusts.get(prior), (x) => x / runs);
  const all = (times.get(prior) ?? []).sort((a, b) => a - b);
  console.log(
    `| ${prior} | ${cells.join(" | ")} | ${ratios.join(" / ")} | ${
      trust.join(" / ")
    } | ${kappa(prior)} | ${(all[all.length >> 1] ?? 0).toFixed(0)} |`,
  );
}

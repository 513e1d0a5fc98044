/**
 * Samplers, ours and Optuna's, on problems with constraints: the regret of the
 * best feasible trial after 25, 50 and 100. `deno run -A bench/quality/constrained.ts`
 * with `--samplers gp,tpe,optuna-gp --trials 100 --seeds 5 --problems spring,…
 * --out FILE`; a line a run is added to the file, what is in it is not run again,
 * and all of it is in the table.
 *
 * The regret is a share: 0 at the best known value, 1 at what of random feasible
 * points half are better than, or where nothing feasible was found.
 *
 * @module
 */

import { parseArgs } from "node:util";
import {
  autoSampler,
  cmaEsSampler,
  type Configuration,
  createStudy,
  differentialEvolutionSampler,
  float,
  forestSampler,
  geneticSampler,
  gpSampler,
  int,
  isFeasible,
  nsga2Sampler,
  particleSwarmSampler,
  randomSampler,
  randomStream,
  type Sampler,
  space,
  tpeSampler,
} from "../../mod.ts";
import {
  type ConstrainedProblem,
  constrainedProblems,
} from "./constrained/problems.ts";
import { JSONProcess } from "./json_process.ts";
import { peerVariables, preparePeers } from "./peers/environments.ts";

const ours: Readonly<Record<string, () => Sampler>> = {
  auto: autoSampler,
  cma: cmaEsSampler,
  de: differentialEvolutionSampler,
  forest: forestSampler,
  ga: geneticSampler,
  gp: gpSampler,
  nsga2: nsga2Sampler,
  pso: particleSwarmSampler,
  random: randomSampler,
  tpe: tpeSampler,
};
const looks = [25, 50, 100, 200];

interface Line {
  readonly problem: string;
  readonly sampler: string;
  readonly seed: number;
  /** The best feasible value after each trial; null while there is none. */
  readonly best: readonly (number | null)[];
  readonly msPerTrial: number;
}

const { values: options } = parseArgs({
  args: Deno.args,
  options: {
    samplers: { type: "string", default: "gp,tpe,forest,nsga2,random" },
    problems: {
      type: "string",
      default: constrainedProblems.map(({ name }) => name).join(),
    },
    trials: { type: "string", default: "100" },
    seeds: { type: "string", default: "5" },
    out: { type: "string", default: "out/quality/constrained.jsonl" },
  },
});
const trials = Number(options.trials);
await Deno.mkdir(new URL("../../out/quality", import.meta.url), {
  recursive: true,
});
const before = await Deno.readTextFile(options.out).catch(() => "");
const lines: Line[] = before.split("\n").filter((line) => line !== "")
  .map((line) => JSON.parse(line));
const file = await Deno.open(options.out, { append: true, create: true });

for (const name of options.problems.split(",")) {
  const problem = constrainedProblems.find((one) => one.name === name);
  if (problem === undefined) {
    throw new RangeError(`There is no problem ${name}`);
  }
  for (const sampler of options.samplers.split(",")) {
    for (let seed = 0; seed < Number(options.seeds); seed++) {
      const isThere = lines.some((line) =>
        line.problem === name && line.sampler === sampler &&
        line.seed === seed && line.best.length >= trials
      );
      if (isThere) continue;
      const start = performance.now();
      const best = await (sampler in ours
        ? runOurs(problem, ours[sampler]!(), seed)
        : runPeer(problem, sampler, seed));
      const msPerTrial = (performance.now() - start) / trials;
      const line = { problem: name, sampler, seed, best, msPerTrial };
      lines.push(line);
      await file.write(new TextEncoder().encode(JSON.stringify(line) + "\n"));
    }
  }
}
file.close();
console.log(table(lines));

async function runOurs(
  problem: ConstrainedProblem,
  sampler: Sampler,
  seed: number,
): Promise<(number | null)[]> {
  const study = await createStudy({
    name: problem.name,
    space: space(Object.fromEntries(
      problem.axes.map(({ name, kind, low, high }) => [
        name,
        kind === "int" ? int(low, high) : float(low, high),
      ]),
    )),
    constraints: Object.fromEntries(
      Array.from({ length: problem.constraints }, (_, c) => [
        `c${c}`,
        { max: 0 },
      ]),
    ),
    sampler,
    seed,
    library: false,
    storage: "memory",
  });
  await study.optimize((trial) => {
    const params = trial.params as Configuration;
    const { value, constraints } = problem.evaluate(
      problem.axes.map(({ name }) => Number(params[name])),
    );
    constraints.forEach((one, c) => trial.measure(`c${c}`, one));
    return value;
  }, { trials, progress: false });
  return running(
    study.trials.map((trial) => isFeasible(trial) ? trial.value : null),
  );
}

async function runPeer(
  problem: ConstrainedProblem,
  sampler: string,
  seed: number,
): Promise<(number | null)[]> {
  const python = await preparePeers("main");
  const script = new URL("./peers/constrained.py", import.meta.url).pathname;
  const peer = new JSONProcess([python, script], peerVariables);
  try {
    await peer.call({ start: { sampler, seed, axes: problem.axes } });
    const found: (number | null)[] = [];
    for (let i = 0; i < trials; i++) {
      const told = problem.evaluate(await peer.call<number[]>({ ask: true }));
      found.push(told.constraints.every((c) => c <= 0) ? told.value : null);
      await peer.call({ tell: told });
    }
    return running(found);
  } finally {
    await peer.close();
  }
}

/** The best so far. */
function running(values: readonly (number | null)[]): (number | null)[] {
  let best: number | null = null;
  return values.map((value) =>
    best = value === null ? best : Math.min(value, best ?? Infinity)
  );
}

/** The median value of random feasible points. */
function middleOf({ name, axes, evaluate }: ConstrainedProblem): number {
  const random = randomStream("feasible points", name);
  const found: number[] = [];
  for (let i = 0; i < 100_000; i++) {
    const { value, constraints } = evaluate(axes.map(({ kind, low, high }) => {
      const x = low + (high - low) * random.uniform();
      return kind === "int" ? Math.round(x) : x;
    }));
    if (constraints.every((c) => c <= 0)) found.push(value);
  }
  found.sort((a, b) => a - b);
  return found[found.length >> 1]!;
}

function table(all: readonly Line[]): string {
  const rows: string[] = [];
  const samplers = [...new Set(all.map(({ sampler }) => sampler))];
  const sums = new Map<string, number[]>();
  for (const problem of constrainedProblems) {
    const middle = middleOf(problem);
    for (const sampler of samplers) {
      const mine = all.filter((line) =>
        line.problem === problem.name && line.sampler === sampler
      );
      if (mine.length === 0) continue;
      const regrets = looks.map((at) => {
        const shares = mine.filter(({ best }) => best.length >= at).map(
          ({ best }) => {
            const value = best[at - 1] ?? Infinity;
            return Math.min(
              1,
              Math.max(0, (value - problem.best) / (middle - problem.best)),
            );
          },
        );
        return shares.reduce((a, b) => a + b, 0) / shares.length;
      });
      const ms = mine.map(({ msPerTrial }) => msPerTrial).sort((a, b) => a - b);
      regrets.forEach((regret, i) => {
        const key = `${sampler} ${i}`;
        sums.set(key, [...sums.get(key) ?? [], regret]);
      });
      rows.push(
        `| ${problem.name} | ${sampler} | ${mine.length} | ${
          regrets.map(shown).join(" | ")
        } | ${ms[ms.length >> 1]!.toFixed(1)} |`,
      );
    }
  }
  for (const sampler of samplers) {
    const means = looks.map((_, i) => {
      const all = sums.get(`${sampler} ${i}`) ?? [];
      return all.reduce((a, b) => a + b, 0) / all.length;
    });
    rows.push(
      `| **mean** | ${sampler} | | ${means.map(shown).join(" | ")} | |`,
    );
  }
  return [
    `| problem | sampler | runs | ${looks.join(" | ")} | ms a trial |`,
    "|---|---|---|---|---|---|---|---|",
    ...rows,
  ].join("\n");
}

function shown(regret: number): string {
  return Number.isNaN(regret) ? "" : regret.toFixed(4).replace(/^0/, "");
}

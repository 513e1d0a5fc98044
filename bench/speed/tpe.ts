import process from "node:process";
import {
  float,
  minimize,
  plainTrial,
  randomStream,
  type Space,
  space,
  type Suggestion,
  tpeSampler,
  type TrialRecord,
} from "../../mod.ts";
import { preparePythonEnvironment } from "../../tools/python_environment.ts";
import { type Measurement, median, spread } from "./measurement.ts";
import { optunaMs } from "./_optuna.ts";

const dimensions = 10;
const objectives = Object.freeze([minimize("loss")]);
/** Milliseconds that a suggestion may take, by the number of trials before it. */
const targets: ReadonlyMap<number, number> = new Map([
  [50, 0.3],
  [200, 0.6],
  [500, 1],
  [1000, 2],
  [10_000, 10],
]);

const ten: Space = space(
  Object.fromEntries(
    Array.from({ length: dimensions }, (_, i) => [`x${i}`, float(0, 1)]),
  ),
);

function loss(params: Readonly<Record<string, unknown>>): number {
  let sum = 0;
  for (const x of Object.values(params)) sum += ((x as number) - 0.3) ** 2;
  return sum;
}

function trialOf(number: number, params: TrialRecord["params"]): TrialRecord {
  return plainTrial(number, params, loss(params));
}

/** Milliseconds of a processor that this process has used, all threads together. */
function processorMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** Milliseconds of a processor of each of `rounds` suggestions, told one by one, after `count` random trials. */
function ours(count: number, rounds: number): number[] {
  const { uniform } = randomStream("history", count);
  const trials = Array.from(
    { length: count },
    (_, n) => trialOf(n, ten.sample(uniform)),
  );
  const sampler = tpeSampler();
  return Array.from({ length: rounds }, () => {
    const number = trials.length;
    const request = {
      study: { name: "bench", objectives, space: ten, trials },
      number,
      seed: "bench",
      random: randomStream("bench", number),
      fixed: {},
    };
    const start = processorMs();
    const { params } = sampler.suggest(request) as Suggestion;
    const took = processorMs() - start;
    trials.push(trialOf(number, params));
    return took;
  });
}

async function optuna(count: number, rounds: number): Promise<number[]> {
  const { python, variables } = await preparePythonEnvironment();
  return await optunaMs({
    python,
    variables,
    sampler: "optuna.samplers.TPESampler(seed=1)",
    dimensions,
    count,
    rounds,
    clock: "processor",
  });
}

/**
 * Milliseconds of a processor that TPE takes for a suggestion in 10 dimensions,
 * beside Optuna's: a busy machine does not count.
 */
export async function measureTPE(): Promise<Measurement[]> {
  const measurements: Measurement[] = [];
  ours(300, 200);
  for (const [count, target] of targets) {
    const mine = ours(count, 120).slice(20);
    const theirs = (await optuna(count, 15)).slice(3);
    const ratio = median(theirs) / median(mine);
    const trials = `${count.toLocaleString("en-US")} trials`;
    measurements.push({
      what: `TPE, 10 parameters, ${trials}: a suggestion`,
      target: `≤ ${target} ms`,
      found: `${spread(mine, 2)} ms`,
      reached: median(mine) <= target,
    }, {
      what: `the same in Optuna 5, in turn with ours`,
      target: "≥ 20 × ours",
      found: `${spread(theirs)} ms, ${ratio.toFixed(0)} ×`,
      reached: ratio >= 20,
    });
  }
  return measurements;
}

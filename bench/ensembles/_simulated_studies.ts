/**
 * Studies with noise whose true values are known, for the benches on the winner.
 *
 * Noise is given in units of the spread of the better half of what random search
 * finds (its 90 % quantile less the median, over 1.28), of each task its own.
 *
 * @module
 */

import {
  quickStream,
  type RandomStream,
  randomStream,
} from "../../lib/math/mod.ts";
import { maximize } from "../../lib/records/mod.ts";
import {
  cmaEsSampler,
  randomSampler,
  type Sampler,
  tpeSampler,
} from "../../lib/samplers/mod.ts";
import {
  type Configuration,
  float,
  type Space,
  space,
} from "../../lib/space/mod.ts";
import { createStudy, type Study } from "../../lib/study/mod.ts";
import { openLCBench } from "../curves/_lcbench.ts";
import { bbobSuite } from "../quality/suites/bbob.ts";

/** One landscape; larger is better. */
interface Task {
  readonly space: Space;
  truth(params: Configuration, random: RandomStream): number | Promise<number>;
}

/** A family of studies. */
export interface Kind {
  readonly name: string;
  readonly sampler: () => Sampler;
  /** The task of the study of that number. */
  task(number: number): Promise<{ readonly name: string; readonly task: Task }>;
}

/** A study, and what its trials are truly worth. */
export interface Simulated {
  readonly study: Study;
  /** The true values, `[trials]`, larger is better. */
  readonly truth: readonly number[];
  /** The standard deviation of the noise. */
  readonly sd: number;
}

const cube = space({
  a: float(0, 1),
  b: float(0, 1),
  c: float(0, 1),
  d: float(0, 1),
});

const bowl = ({ a, b, c, d }: Record<string, number>) =>
  -((a! - 0.3) ** 2 + (b! - 0.6) ** 2 + (c! - 0.5) ** 2 / 4 +
    (d! - 0.2) ** 2 / 9);
/** A valley, a wall behind which all is bad, and a parameter that hardly matters. */
const wall = ({ a, b, c, d }: Record<string, number>) =>
  -Math.log1p(20 * ((a! - 0.7) ** 2 + (b! - 0.3) ** 2 * (0.3 + a!))) -
  (c! > 0.6 ? 4 : 0) - 0.1 * Math.abs(d! - 0.5);

function one(
  name: string,
  sampler: () => Sampler,
  truth: (params: Record<string, number>, random: RandomStream) => number,
): Kind {
  return {
    name,
    sampler,
    task: () =>
      Promise.resolve({
        name,
        task: {
          space: cube,
          truth: (params, random) =>
            truth(params as Record<string, number>, random),
        },
      }),
  };
}

/** What the shapes of the verdict were chosen on. */
export const development: readonly Kind[] = [
  one(
    "values from a normal distribution",
    randomSampler,
    (_, random) => random.normal(),
  ),
  one(
    "values skewed to the bad side (log-normal)",
    randomSampler,
    (_, random) => -Math.exp(1.2 * random.normal()),
  ),
  one("random search on a bowl of 4 parameters", randomSampler, bowl),
  one("TPE on a bowl of 4 parameters", tpeSampler, bowl),
  one("random search beside a wall", randomSampler, wall),
  one("TPE beside a wall", tpeSampler, wall),
];

/** What nothing was chosen on. */
export async function confirmation(): Promise<readonly Kind[]> {
  const { report: all, open } = await openLCBench();
  const report = all.slice(0, 10);
  const opened = new Map<string, Promise<Task>>();
  const network = async (number: number) => {
    const name = report[number % report.length]!;
    const task = opened.get(name) ?? open(name).then((found): Task => ({
      space: found.space,
      truth: async (params) => (await found.curve(params, 51, 52))[0]!,
    }));
    opened.set(name, task);
    return { name, task: await task };
  };
  const suite = bbobSuite();
  const bbob = (dimension: number) => (number: number) => {
    const name = `f${String(1 + number % 24).padStart(2, "0")}-${dimension}d-i${
      1 + Math.floor(number / 24)
    }`;
    return Promise.resolve({
      name,
      task: {
        space: suite.space(name),
        truth: async (params: Configuration) =>
          -(await suite.evaluate(name, [params]))[0]!["value"]!,
      },
    });
  };
  return [
    one(
      "values from a beta distribution (5, 2)",
      randomSampler,
      // The fifth smallest of six uniform numbers.
      (_, random) =>
        Array.from({ length: 6 }, () => random.uniform())
          .sort((x, y) => x - y)[4]!,
    ),
    { name: "random search, LCBench", sampler: randomSampler, task: network },
    { name: "TPE, LCBench", sampler: tpeSampler, task: network },
    { name: "TPE, BBOB in 5 dimensions", sampler: tpeSampler, task: bbob(5) },
    {
      name: "CMA-ES, BBOB in 2 dimensions",
      sampler: cmaEsSampler,
      task: bbob(2),
    },
  ];
}

/** Random configurations that tell a task's spread. */
const samples = 300;
const spreads = new Map<string, number>();

/** The spread of the better half of what random search finds. */
async function spreadOf(name: string, task: Task): Promise<number> {
  const known = spreads.get(name);
  if (known !== undefined) return known;
  const random = quickStream(randomStream("spread", name));
  const values: number[] = [];
  for (let i = 0; i < samples; i++) {
    const params = task.space.sample(() => random.uniform());
    values.push(await task.truth(params, random));
  }
  values.sort((x, y) => x - y);
  const spread = (values[0.9 * samples]! - values[0.5 * samples]!) / 1.2816;
  spreads.set(name, spread);
  return spread;
}

/** Runs the study of that number of a family; equal numbers give equal studies. */
export async function simulate(
  kind: Kind,
  level: number,
  number: number,
  trials: number,
): Promise<Simulated> {
  const seed = `${kind.name}, ${level}, ${number}`;
  const random = quickStream(randomStream("bench of verdicts", seed));
  const { name, task } = await kind.task(number);
  const sd = level * await spreadOf(name, task);
  const study = await createStudy({
    name: seed,
    seed,
    space: task.space,
    objective: maximize("value"),
    storage: "memory",
    sampler: kind.sampler(),
  });
  const truth: number[] = [];
  for (let i = 0; i < trials; i++) {
    const trial = await study.ask();
    truth.push(await task.truth(trial.params, random));
    await study.tell(trial, truth[i]! + sd * random.normal());
  }
  return { study, truth, sd };
}

/**
 * NSGA-II and NSGA-III on ZDT, DTLZ and WFG, ours and others', for ten thousand
 * evaluations; bench/README.md says how.
 *
 * @module
 */

import { parseArgs } from "node:util";
import { type Axis, nsga2, nsga3 } from "../../lib/evolution/mod.ts";
import { referencePoints } from "../../lib/evolution/mod.ts";
import { hypervolume, paretoFront } from "../../lib/math/mod.ts";
import { manyObjectiveNames, manyObjectiveProblem } from "./many_objectives.ts";
import { frontPoints, invertedDistance } from "./evolution/front_points.ts";
import { PeerRunner } from "./evolution/peers.ts";
import { runPlain } from "./evolution/plain.ts";

/** A run, as a line of a result file. */
export interface FrontTrace {
  readonly algorithm: string;
  readonly problem: string;
  readonly objectives: number;
  readonly seed: number;
  readonly trials: number;
  /** The hypervolume of all that was found as a share of the whole front's, from 1.1 times the worst of the front. */
  readonly volume: number;
  /** The mean distance of the front's points to the nearest found, each objective as a share of its worst. */
  readonly distance: number;
  readonly seconds: number | null;
}

const peers = ["pymoo-nsga2", "pymoo-nsga3", "optuna-nsga2", "optuna-nsga3"];
const ours = ["nsga2", "nsga3"];

if (import.meta.main) {
  const { values: options } = parseArgs({
    args: Deno.args,
    options: {
      algorithms: { type: "string", default: [...ours, ...peers].join(",") },
      problems: { type: "string", default: "all" },
      trials: { type: "string", default: "10000" },
      seeds: { type: "string", default: "3" },
      out: { type: "string", default: "out/quality/fronts.jsonl" },
    },
  });
  const trials = Number(options.trials);
  const problems = options.problems === "all"
    ? manyObjectiveNames
    : options.problems.split(",");
  const keyOf = (
    { algorithm, problem, seed }: Pick<
      FrontTrace,
      "algorithm" | "problem" | "seed"
    >,
  ) => `${algorithm} ${problem} ${seed}`;
  const done = new Set(
    (await Deno.readTextFile(options.out).catch(() => "")).split("\n")
      .filter(Boolean).map((line) => keyOf(JSON.parse(line) as FrontTrace)),
  );
  const peer = await PeerRunner.start();
  for (const algorithm of options.algorithms.split(",")) {
    for (const name of problems) {
      for (let seed = 1; seed <= Number(options.seeds); seed++) {
        const about = { algorithm, problem: name, seed };
        if (done.has(keyOf(about))) continue;
        const trace = await run(peer, { ...about, trials });
        await Deno.writeTextFile(options.out, JSON.stringify(trace) + "\n", {
          append: true,
        });
      }
    }
  }
  await peer.close();
}

async function run(
  peer: PeerRunner,
  { algorithm, problem: name, seed, trials }: {
    algorithm: string;
    problem: string;
    seed: number;
    trials: number;
  },
): Promise<FrontTrace> {
  const problem = manyObjectiveProblem(name);
  const { objectives, dimension, lower, upper, nadir } = problem;
  // As in the papers: 100 individuals, or 91 directions and the next multiple of four.
  const divisions = objectives === 2 ? 99 : 12;
  const populationSize = objectives === 2 ? 100 : 92;
  const found: number[][] = [];
  const evaluate = (point: ArrayLike<number>) => {
    const values = problem.evaluate(
      lower.map((from, j) => from + point[j]! * (upper[j]! - from)),
    );
    if (found.length < trials) {
      found.push(values.map((value, k) => value / nadir[k]!));
    }
    return values;
  };
  let seconds: number | null = null;
  if (ours.includes(algorithm)) {
    const axes = lower.map((): Axis => ({ kind: "continuous" }));
    const evolution = algorithm === "nsga2"
      ? nsga2(axes, { populationSize })
      : nsga3(axes, { populationSize, divisions });
    const start = performance.now();
    runPlain(evolution, evaluate, { trials, seed: `${name} ${seed}` });
    seconds = (performance.now() - start) / 1000;
  } else {
    seconds = await peer.run({
      algorithm,
      dimension,
      trials,
      seed,
      objectives,
      populationSize,
      ...(algorithm.endsWith("nsga3")
        ? { directions: referencePoints(objectives, divisions) }
        : {}),
    }, evaluate);
  }
  const front = paretoFront(found).map((index) => found[index]!);
  const corner = nadir.map(() => 1.1);
  const scale = nadir.reduce((product, end) => product * end, 1);
  const whole = problem.bestVolume(nadir.map((end) => 1.1 * end)) / scale;
  return {
    algorithm,
    problem: name,
    objectives,
    seed,
    trials: found.length,
    volume: hypervolume(front, corner) / whole,
    distance: invertedDistance(frontPoints(problem), front),
    seconds,
  };
}

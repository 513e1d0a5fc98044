/**
 * Evolutionary algorithms on BBOB's functions, ours and others', for thousands of
 * evaluations; bench/README.md says how.
 *
 * @module
 */

import { parseArgs } from "node:util";
import { cpuUsage } from "node:process";
import { bbobCount, bbobFunction } from "./suites/bbob_functions.ts";
import { peerAlgorithms, PeerRunner } from "./evolution/peers.ts";
import { plain, runPlain } from "./evolution/plain.ts";
import { runSampler, samplerNames } from "./evolution/sampled.ts";
import { Follower, type Trace } from "./evolution/trace.ts";

const { values: options } = parseArgs({
  args: Deno.args,
  options: {
    algorithms: { type: "string", default: Object.keys(plain).join(",") },
    dimension: { type: "string", default: "5" },
    trials: { type: "string", default: "1000" },
    instances: { type: "string", default: "1-5" },
    tasks: { type: "string", default: `1-${bbobCount}` },
    out: { type: "string" },
  },
});

/** The whole numbers of `"1-3,7"`. */
function numbersOf(text: string): number[] {
  return text.split(",").flatMap((part) => {
    const [from, to = from] = part.split("-").map(Number);
    return Array.from({ length: to! - from! + 1 }, (_, i) => from! + i);
  });
}

const dimension = Number(options.dimension);
const trials = Number(options.trials);
const out = options.out ??
  `out/quality/evolution-${dimension}d-${trials}.jsonl`;
await Deno.mkdir("out/quality", { recursive: true });
const keyOf = ({ algorithm, task, instance }: Trace) =>
  `${algorithm} ${task} ${instance}`;
const done = new Set(
  (await Deno.readTextFile(out).catch(() => "")).split("\n").filter(Boolean)
    .map((line) => keyOf(JSON.parse(line) as Trace)),
);
const processorSeconds = () => {
  const { user, system } = cpuUsage();
  return (user + system) / 1e6;
};

for (const algorithm of options.algorithms.split(",")) {
  const makePlain = plain[algorithm];
  const peer = peerAlgorithms.includes(algorithm)
    ? await PeerRunner.start()
    : null;
  if (
    makePlain === undefined && peer === null &&
    !samplerNames.includes(algorithm)
  ) {
    throw new RangeError(
      `Cannot find the algorithm ${JSON.stringify(algorithm)}: there are ${
        [...Object.keys(plain), ...samplerNames, ...peerAlgorithms].join(", ")
      }`,
    );
  }
  for (const task of numbersOf(options.tasks)) {
    for (const instance of numbersOf(options.instances)) {
      const about = { algorithm, task, dimension, instance };
      if (done.has(`${algorithm} ${task} ${instance}`)) continue;
      const { at, best } = bbobFunction(task, dimension, instance);
      const follower = new Follower(best);
      let evaluated = 0;
      const evaluate = (point: ArrayLike<number>) => {
        const value = at(Float64Array.from(point, (u) => 10 * u - 5));
        // What a last generation has too much does not count.
        if (evaluated++ < trials) follower.take(value);
        return value;
      };
      const start = processorSeconds();
      let seconds: number | null = null;
      if (makePlain !== undefined) {
        const axes = Array.from(
          { length: dimension },
          () => ({ kind: "continuous" }) as const,
        );
        runPlain(makePlain(axes, trials), (point) => [evaluate(point)], {
          trials,
          seed: `${task} ${instance}`,
        });
      } else if (peer !== null) {
        seconds = await peer.run(
          { algorithm, dimension, trials, seed: 1000 * task + instance },
          (point) => [evaluate(point)],
        );
      } else {
        await runSampler(algorithm, evaluate, {
          dimension,
          trials,
          seed: `${task} ${instance}`,
        });
      }
      seconds ??= processorSeconds() - start;
      const trace: Trace = { ...about, ...follower.seen, seconds };
      await Deno.writeTextFile(out, JSON.stringify(trace) + "\n", {
        append: true,
      });
    }
  }
  await peer?.close();
}

/**
 * Runs a study until it is killed: each trial reports some points to two curves,
 * and once its end is stored, a line on stdout says so; now and then it puts a
 * configuration into the queue and says that too.
 *
 * @module
 */

import {
  createStudy,
  float,
  minimize,
  randomSampler,
  space,
} from "../../mod.ts";
import {
  endLine,
  endOf,
  plannedFailure,
  pointsOf,
  queuesAfter,
  valueAt,
} from "./_plan.ts";

const [storage, trials] = Deno.args;
const encoder = new TextEncoder();
const say = (line: string) =>
  void Deno.stdout.writeSync(encoder.encode(`${line}\n`));

const study = await createStudy({
  name: "victim",
  space: space({ x: float(0, 1), y: float(0, 1) }),
  objective: minimize("loss"),
  sampler: randomSampler(),
  storage: storage!,
});
await study.optimize(async (trial) => {
  const points = pointsOf(trial.number);
  for (let step = 1; step <= points; step++) {
    await trial.report(step, {
      loss: valueAt(trial.number, step),
      train: { loss: trial.params.x },
    });
    if (step % 16 === 0) await new Promise((resolve) => setTimeout(resolve, 1));
  }
  const end = endOf(trial.number);
  if (end === "failed") throw plannedFailure;
  if (end === "pruned") trial.prune();
  return trial.params.x;
}, {
  ...(trials === undefined ? {} : { trials: Number(trials) }),
  progress: false,
  callbacks: [async (study, record) => {
    say(endLine(record));
    if (!queuesAfter(record.number)) return;
    const { number } = await study.enqueue({ x: 1 / (2 + record.number) });
    say(`${number} waiting`);
  }],
});
await study.close();

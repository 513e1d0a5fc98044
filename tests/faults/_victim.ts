/**
 * Runs a study until it is killed: each trial reports some points to two
 * curves, and once it is told, a line with its number goes to stdout.
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
import { pointsOf, valueAt } from "./_plan.ts";

const [path, trials] = Deno.args;
const study = await createStudy({
  name: "victim",
  space: space({ x: float(0, 1), y: float(0, 1) }),
  objective: minimize("loss"),
  sampler: randomSampler(),
  storage: path!,
});
const encoder = new TextEncoder();
await study.optimize(async (trial) => {
  const points = pointsOf(trial.number);
  for (let step = 1; step <= points; step++) {
    await trial.report(step, {
      loss: valueAt(trial.number, step),
      train: { loss: trial.params.x },
    });
    if (step % 16 === 0) await new Promise((resolve) => setTimeout(resolve, 1));
  }
  return trial.params.x;
}, {
  ...(trials === undefined ? {} : { trials: Number(trials) }),
  progress: false,
  callbacks: [
    (_study, record) =>
      void Deno.stdout.writeSync(encoder.encode(`${record.number}\n`)),
  ],
});
await study.close();

/**
 * A study as a script runs it, for a test in a real terminal.
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

const study = await createStudy({
  name: "terminal \u001b[31m",
  space: space({ x: float(0, 1) }),
  objective: minimize("loss"),
  sampler: randomSampler(),
  storage: Deno.args[0]!,
});
const waits = Deno.args[1] === "hangs"
  ? () => new Promise<void>(() => {})
  : () => new Promise<void>((resolve) => setTimeout(resolve, 20));
const summary = await study.optimize(async (trial) => {
  for (let step = 1; step <= 20 && !trial.shouldStop(); step++) {
    await trial.report(step, trial.params.x / step);
    await waits();
  }
  return trial.params.x;
}, { trials: 4 });
console.log(`SUMMARY ${summary}`);
await study.close();

/**
 * Runs a study that shows its progress in the terminal, and leaves a file when it is
 * over.
 *
 * @module
 */

import { smallStudy } from "./_small_study.ts";

const [storage] = Deno.args;
const study = await smallStudy({ storage: storage! });
const { counts } = await study.optimize(async (trial) => {
  for (let step = 1; step <= 10; step++) {
    await trial.report(step, trial.params.x);
    await new Promise((resolve) => setTimeout(resolve, 30));
  }
  return trial.params.x;
}, { trials: 4 });
await study.close();
await Deno.writeTextFile(`${storage}.over`, `${counts.complete} complete`);

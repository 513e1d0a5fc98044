/**
 * Runs a study of four good trials and one that ends its process: by taking more
 * memory than there is, by an error that nobody catches, or by leaving.
 *
 * @module
 */

import { smallStudy } from "./_small_study.ts";

const [storage, way] = Deno.args;
const hoard: number[][] = [];
const study = await smallStudy({ storage: storage! });
await study.optimize(async (trial) => {
  await trial.report(1, trial.params.x);
  if (trial.number === 4) {
    switch (way) {
      case "memory":
        while (hoard.length >= 0) hoard.push(Array(100_000).fill(Math.PI));
        break;
      case "error":
        setTimeout(() => {
          throw new Error("nobody catches me");
        });
        break;
      case "rejection":
        void Promise.reject(new Error("nobody catches me"));
        break;
      default:
        Deno.exit(3);
    }
    await new Promise(() => {});
  }
  return trial.params.x;
}, { progress: false });

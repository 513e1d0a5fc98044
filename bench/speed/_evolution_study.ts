/**
 * `deno run -A bench/speed/_evolution_study.ts SAMPLER TRIALS PARAMETERS`: runs a
 * study in memory and prints the seconds of a processor that it took, and by the clock.
 *
 * @module
 */

import { cpuUsage } from "node:process";
import {
  cmaEsSampler,
  createStudy,
  float,
  minimize,
  nsga2Sampler,
  randomSampler,
  space,
} from "../../mod.ts";

const [name, trials, parameters] = Deno.args;
const samplers = {
  random: randomSampler,
  cmaEs: () => cmaEsSampler(),
  nsga2: () => nsga2Sampler(),
};
const makeSampler = samplers[name as keyof typeof samplers];
if (makeSampler === undefined) {
  throw new RangeError(`Cannot find the sampler ${JSON.stringify(name)}`);
}
const isMany = name === "nsga2";
const study = await createStudy({
  name: "speed",
  space: space(Object.fromEntries(
    Array.from(
      { length: Number(parameters) },
      (_, j) => [`x${j}`, float(-5, 5)],
    ),
  )),
  ...(isMany
    ? { objectives: [minimize("near 0"), minimize("near 2")] }
    : { objective: minimize("value") }),
  sampler: makeSampler(),
  storage: "memory",
  library: false,
  seed: "speed",
});
const used = () => {
  const { user, system } = cpuUsage();
  return (user + system) / 1e6;
};
const from = (values: readonly number[], center: number) =>
  values.reduce((sum, x) => sum + (x - center) ** 2, 0);

const [start, startUsed] = [performance.now(), used()];
await study.optimize(({ params }) => {
  const values = Object.values(params) as number[];
  return isMany ? [from(values, 0), from(values, 2)] : from(values, 0);
}, { trials: Number(trials), progress: false });
console.log(
  JSON.stringify({
    processor: used() - startUsed,
    clock: (performance.now() - start) / 1000,
  }),
);

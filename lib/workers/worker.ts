/**
 * A worker on a study, as a program: started any number of times, by hand or by
 * any scheduler.
 *
 * ```sh
 * deno run -A jsr:@etude/etude/worker postgres://ada@db.example/etude --study digits --trials 100 objective.ts
 * deno run -A jsr:@etude/etude/worker studies.db --study digits -- python train.py "--lr={learningRate}"
 * ```
 *
 * @module
 */

import { parseArgs } from "node:util";
import process from "node:process";
import { pathToFileURL } from "node:url";
import type { Pruner } from "../pruners/mod.ts";
import type { Sampler } from "../samplers/mod.ts";
import type { ObjectiveFunction } from "../study/mod.ts";
import { command } from "./command.ts";
import { runWorker } from "./run_worker.ts";

export {
  runWorker,
  type WorkerOptions,
  type WorkerSummary,
} from "./run_worker.ts";

const usage = `A worker on a study, beside any number of others.

  deno run -A jsr:@etude/etude/worker STORAGE --study NAME [options] OBJECTIVE
  deno run -A jsr:@etude/etude/worker STORAGE --study NAME [options] -- PROGRAM ARGUMENT…

  STORAGE             postgres://user:password@host/database, or an SQLite file
                      or journal (also from the environment: ETUDE_STORAGE)
  OBJECTIVE           a module: its default export is the objective; it may also
                      export a sampler and a pruner
  PROGRAM ARGUMENT…   any program; {learningRate} stands for a parameter, and it
                      prints JSON lines such as {"epoch": 3, "validation loss": 0.5}

  --study NAME        the study; it must exist
  --trials NUMBER     end when the study has so many, by all workers together
  --parallel NUMBER   trials at a time in this process; 1 without it
  --gpus 0,1          one GPU a trial of a program, as many at a time
  --retries NUMBER    how often a trial is tried again whose worker has died; 1
                      without it
  --help              this text

SIGTERM and SIGINT end it after the trial that runs; a second one at once: the
trial counts as cut off, and another worker tries it again.`;

/** What a module of an objective exports. */
interface ObjectiveModule {
  readonly default?: unknown;
  readonly sampler?: Sampler;
  readonly pruner?: Pruner;
}

/**
 * Runs the program.
 *
 * @param args Its arguments. Defaults to those of this process.
 *
 * @example
 * ```ts ignore
 * import { runWorkerCommand } from "@etude/etude/worker";
 * await runWorkerCommand(["studies.db", "--study", "digits", "--trials", "20", "--", "python", "train.py", "--lr={learningRate}"]);
 * ```
 */
export async function runWorkerCommand(
  args: readonly string[] = process.argv.slice(2),
): Promise<void> {
  const ending = new AbortController();
  const onSignal = () => {
    if (ending.signal.aborted) process.exit(130);
    console.error("Ends after the trial that runs; once more ends at once.");
    ending.abort();
  };
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.on(signal, onSignal);
  }
  try {
    const options = await readArguments(args);
    if (options === null) return console.log(usage);
    await runWorker({
      ...options,
      signal: ending.signal,
      log: (line) => console.error(line),
    });
  } catch (error) {
    console.error((error as Error).message);
    process.exitCode = 1;
  } finally {
    for (const signal of ["SIGINT", "SIGTERM"] as const) {
      process.off(signal, onSignal);
    }
  }
}

async function readArguments(
  args: readonly string[],
): Promise<Parameters<typeof runWorker>[0] | null> {
  const split = args.indexOf("--");
  const program = split < 0 ? [] : args.slice(split + 1);
  const { values, positionals } = parseArgs({
    args: split < 0 ? [...args] : args.slice(0, split),
    allowPositionals: true,
    options: {
      study: { type: "string" },
      trials: { type: "string" },
      parallel: { type: "string" },
      gpus: { type: "string" },
      retries: { type: "string" },
      help: { type: "boolean", short: "h" },
    },
  });
  if (values.help) return null;
  const given = [...positionals];
  const fromEnvironment = process.env.ETUDE_STORAGE;
  const count = program.length > 0 ? 0 : 1;
  const storage = given.length > count ? given.shift() : fromEnvironment;
  if (
    storage === undefined || values.study === undefined ||
    given.length !== count
  ) {
    throw new TypeError(
      `Cannot work: expected a storage, --study NAME, and an objective\n\n${usage}`,
    );
  }
  const gpus = values.gpus?.split(",").filter((gpu) => gpu !== "");
  const parts = program.length > 0
    ? {
      objective: command(program, gpus === undefined ? {} : { gpus }),
      parallel: gpus?.length,
    }
    : await partsOf(given[0]!);
  return {
    storage,
    study: values.study,
    ...parts,
    ...numberOf("trials", values.trials),
    ...numberOf("parallel", values.parallel),
    ...numberOf("retries", values.retries),
  };
}

function numberOf(
  name: string,
  text: string | undefined,
): Readonly<Record<string, number>> {
  return text === undefined ? {} : { [name]: Number(text) };
}

async function partsOf(module: string): Promise<{
  readonly objective: ObjectiveFunction;
  readonly sampler?: Sampler;
  readonly pruner?: Pruner;
}> {
  const url = /^(?:[a-z][a-z0-9+.-]+):/i.test(module)
    ? module
    : new URL(module, `${pathToFileURL(process.cwd()).href}/`).href;
  const { default: objective, sampler, pruner } = await import(
    url
  ) as ObjectiveModule;
  if (typeof objective !== "function") {
    throw new TypeError(
      `Cannot work: ${module} has ${
        objective === undefined ? "no default export" : "a default export"
      } that is no function, expected: export default async (trial) => …`,
    );
  }
  return { objective: objective as ObjectiveFunction, sampler, pruner };
}

if (import.meta.main) await runWorkerCommand();

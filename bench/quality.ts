/**
 * `deno task bench:quality`: optimizers, ours and others', on suites of tuning
 * tasks, into a file of JSON lines; see bench/README.md.
 *
 * @module
 */

import { dirname, resolve } from "node:path";
import { parseArgs } from "node:util";
import { openOptimizer } from "./quality/optimizers/open_optimizer.ts";
import { cachedReference } from "./quality/reference.ts";
import { ResultFile } from "./quality/results.ts";
import { runBench } from "./quality/run_bench.ts";
import { openSuite } from "./quality/suites/open_suite.ts";
import {
  checkFidelity,
  metricOf,
  selectTasks,
} from "./quality/suites/suite.ts";

const usage = `deno task bench:quality
  --suite SUITE        bbob, bbob-5d (any dimension), bbob-noisy-5d, bbob-hetero-5d, bbob-outliers-5d, branches,
                       tables, tables-noisy, real, or a folder in YAHPO's format
  --optimizers LIST    ours by name (random, sobol, …) and others (optuna-tpe, smac, …)
  --out FILE           a file of JSON lines; what is finished in it is not run again
  --tasks LIST         all, or names and patterns with * (default: all)
  --trials NUMBER      trials a run (default: 50)
  --seeds NUMBER       runs a task and optimizer, with the seeds 0, 1, … (default: 10)
  --metric NAME        what to tune (default: the suite's own)
  --fidelity NAME=X    a value of a fidelity parameter, may be repeated (default: the largest)
  --again              run finished ones anew too: the later lines count
  --data FOLDER        data sets for the real trainings (default: scikit-learn's copies)`;

async function main(): Promise<void> {
  const { values } = parseArgs({
    args: Deno.args,
    options: {
      suite: { type: "string" },
      optimizers: { type: "string" },
      out: { type: "string" },
      tasks: { type: "string", default: "all" },
      trials: { type: "string", default: "50" },
      seeds: { type: "string", default: "10" },
      metric: { type: "string" },
      fidelity: { type: "string", multiple: true, default: [] },
      data: { type: "string" },
      again: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  const { suite: suiteName, optimizers: names, out } = values;
  if (
    values.help || suiteName === undefined || names === undefined ||
    out === undefined
  ) {
    console.log(usage);
    Deno.exit(values.help ? 0 : 2);
  }
  const optimizers = names.split(",").map((name) => openOptimizer(name.trim()));
  const suite = await openSuite(suiteName, { data: values.data });
  try {
    const metric = metricOf(suite, values.metric);
    const fidelity = checkFidelity(
      suite.fidelities,
      Object.fromEntries(values.fidelity.map((part) => {
        const [name, value] = part.split("=");
        return [name!, Number(value)];
      })),
    );
    const path = resolve(out);
    await Deno.mkdir(dirname(path), { recursive: true });
    const { file, lines } = await ResultFile.open(path);
    const summary = await runBench({
      suite,
      tasks: selectTasks(suite.tasks(), values.tasks),
      metric,
      optimizers,
      trials: wholeNumber("trials", values.trials),
      seeds: Array.from(
        { length: wholeNumber("seeds", values.seeds) },
        (_, seed) => seed,
      ),
      fidelity,
      before: values.again
        ? lines.filter((line) => line.type === "reference")
        : lines,
      reference: (task) => cachedReference(suite, task, metric, { fidelity }),
      write: (line) => file.append(line),
      log: (line) => console.error(line),
    });
    console.error(
      `${summary.made} runs made, ${summary.skipped} were there, ${summary.broken} broke off: ${out}`,
    );
  } finally {
    await suite.close();
    for (const optimizer of optimizers) await optimizer.close();
  }
}

function wholeNumber(name: string, text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value > 0) return value;
  throw new RangeError(
    `Cannot take --${name} ${text}, expected a whole number above 0`,
  );
}

try {
  await main();
} catch (error) {
  if (!(error instanceof RangeError || error instanceof TypeError)) throw error;
  console.error(error.message);
  Deno.exit(2);
}

import { isBetter } from "../../lib/records/mod.ts";
import type { Optimizer } from "./optimizers/optimizer.ts";
import { problemOf, type Reference } from "./reference.ts";
import {
  gatherRuns,
  type ResultLine,
  runKey,
  type TrialLine,
} from "./results.ts";
import type { MetricInfo, Suite } from "./suites/suite.ts";

/** What {@linkcode runBench} runs. */
export interface BenchOptions {
  /** The suite. */
  readonly suite: Suite;
  /** The tasks' names. */
  readonly tasks: readonly string[];
  /** The metric to tune. */
  readonly metric: MetricInfo;
  /** The optimizers. */
  readonly optimizers: readonly Optimizer[];
  /** How many trials a run has. */
  readonly trials: number;
  /** The optimizers' seeds. */
  readonly seeds: readonly number[];
  /** Values of fidelity parameters. Defaults to the largest of each. */
  readonly fidelity?: Readonly<Record<string, number>>;
  /** What the file holds already: runs that are finished there are left out. */
  readonly before: readonly ResultLine[];
  /** Gives a task's reference values. */
  readonly reference: (task: string) => Promise<Reference>;
  /** Takes each line. */
  readonly write: (line: ResultLine) => Promise<void>;
  /** Is told what goes on. Defaults to nobody. */
  readonly log?: (line: string) => void;
}

/** How a bench went. */
export interface BenchSummary {
  /** How many runs were made. */
  readonly made: number;
  /** How many were there already. */
  readonly skipped: number;
  /** How many broke off. */
  readonly broken: number;
}

/**
 * Runs every optimizer on every task with every seed, one run after the
 * other: the first seed everywhere, then the second, so that a bench that is
 * stopped has compared like with like.
 */
export async function runBench(options: BenchOptions): Promise<BenchSummary> {
  const { suite, tasks, metric, optimizers, seeds, trials } = options;
  const log = options.log ?? (() => {});
  const runs = gatherRuns(options.before);
  const referenced = new Set(
    options.before.filter((line) => line.type === "reference")
      .map((line) => `${line.suite} ${line.task} ${line.metric}`),
  );
  const named = { suite: suite.name, metric: metricLabel(options) };
  const count = { made: 0, skipped: 0, broken: 0 };
  for (const seed of seeds) {
    for (const optimizer of optimizers) {
      const start = performance.now();
      let fresh = 0;
      for (const task of tasks) {
        const about = { ...named, task, optimizer: optimizer.name, seed };
        const done = runs.get(runKey(about))?.trials.length ?? 0;
        if (done >= trials) {
          count.skipped++;
          continue;
        }
        const key = `${suite.name} ${task} ${named.metric}`;
        if (!referenced.has(key)) {
          const { direction } = metric;
          const values = await options.reference(task);
          const line = {
            type: "reference",
            ...named,
            task,
            direction,
          } as const;
          await options.write({ ...line, ...values });
          referenced.add(key);
        }
        try {
          await runOne(options, optimizer, task, seed);
          count.made++;
          fresh++;
        } catch (error) {
          if (!(error instanceof BrokenRun)) throw error;
          count.broken++;
          log(`  ${optimizer.name} on ${task}, seed ${seed}: ${error.message}`);
          await options.write({
            type: "error",
            ...about,
            trial: error.trial,
            message: error.message,
          });
        }
      }
      if (fresh > 0) {
        const seconds = (performance.now() - start) / 1000;
        log(
          `seed ${seed}, ${optimizer.name}: ${fresh} runs in ${
            seconds.toFixed(1)
          } s`,
        );
      }
    }
  }
  return count;
}

/** The metric's name with the fidelities that were asked for: `accuracy@epoch=10`. */
function metricLabel({ metric, fidelity }: BenchOptions): string {
  return metric.name + Object.entries(fidelity ?? {})
    .map(([name, value]) => `@${name}=${value}`).join("");
}

/** An optimizer broke off, or suggested what is not in the space. */
class BrokenRun extends Error {
  override name = "BrokenRun";
  readonly trial: number;

  constructor(trial: number, message: string) {
    super(message);
    this.trial = trial;
  }
}

async function runOne(
  options: BenchOptions,
  optimizer: Optimizer,
  task: string,
  seed: number,
): Promise<void> {
  const { suite, metric, trials, fidelity } = options;
  const { direction } = metric;
  const space = suite.space(task);
  let number = 0;
  const guard = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      throw new BrokenRun(
        number,
        error instanceof Error ? error.message : String(error),
      );
    }
  };
  const run = await guard(() =>
    optimizer.start({ space, direction, seed, trials })
  );
  try {
    let told: number | null = null;
    let best: number | null = null;
    for (; number < trials; number++) {
      const asked = await guard(() => run.ask());
      const problem = problemOf(space, asked.params);
      if (problem !== null) throw new BrokenRun(number, problem);
      const [metrics] = await suite.evaluate(task, [asked.params], {
        fidelity,
        seed,
        trial: number,
      });
      const value = metrics![metric.name]!;
      const finite = Number.isFinite(value) ? value : null;
      if (
        finite !== null && (told === null || isBetter(finite, told, direction))
      ) {
        told = finite;
        const truth = await suite.truth?.(task, asked.params, { fidelity });
        best = truth?.[metric.name] ?? finite;
      }
      const tellMs = await guard(() => run.tell(value));
      const line: TrialLine = {
        type: "trial",
        suite: suite.name,
        task,
        metric: metricLabel(options),
        direction,
        seed,
        optimizer: optimizer.name,
        version: run.version,
        trial: number,
        value: finite,
        best,
        ms: Number((asked.ms + tellMs).toPrecision(4)),
        params: asked.params,
      };
      await options.write(line);
    }
  } finally {
    await run.close();
  }
}

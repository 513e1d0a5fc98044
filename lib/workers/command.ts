import type { ObjectiveFunction, Trial } from "../study/mod.ts";
import { CommandRun } from "./_command_run.ts";
import { checkCommand, type CheckedCommand } from "./_check_command.ts";
import { Slots } from "./_slots.ts";
import type { CommandOptions } from "./command_options.ts";

/**
 * A program, in any language, as an objective. Its arguments name the
 * parameters; what it prints or writes becomes curves as it comes, so that
 * pruning, the live view and ■ reach it: it is asked to end with SIGTERM, and
 * ended with SIGKILL if it does not, with all that it has started.
 *
 * Places in the arguments: `{learningRate}` is a parameter's value, as JSON
 * writes it, texts without quotes. An argument that names a parameter that is not
 * active is left out. `{trial}` is the trial's number, `{study}` the study's name,
 * `{seed}` a whole number that hangs on both, `{params}` a JSON file with the
 * whole configuration, `{budget}` the epochs to train up to (`inf` for no bound),
 * `{checkpoints}` a folder that is the trial's own, also when it goes on later,
 * `{startStep}` the step it goes on after. Other braces mean themselves;
 * `{{trial}}` is the text `{trial}`.
 *
 * No shell is involved: a value is never code. The environment variables
 * `ETUDE_PARAMS` (the configuration as JSON), `ETUDE_TRIAL`, `ETUDE_STUDY` and
 * `ETUDE_SEED` are always set.
 *
 * @param argv The program and its arguments.
 * @throws {TypeError} If the arguments or an option are of a wrong kind.
 * @throws {RangeError} If an option is out of its range.
 *
 * The objective throws, and so fails the trial, if the program cannot be begun,
 * ends with another code than 0, is ended by a limit, or says nothing of the
 * objective; the error shows its last lines.
 *
 * @example
 * ```ts
 * import { createStudy, float, minimize, space } from "@etude/etude";
 * import { command } from "@etude/etude/workers";
 * const study = await createStudy({
 *   name: "any language", storage: "memory",
 *   space: space({ x: float(-1, 1) }), objective: minimize("loss"),
 * });
 * const program = `const x = Number(Deno.args[0]);
 *   for (let epoch = 1; epoch <= 3; epoch++) console.log(JSON.stringify({ epoch, loss: x * x + 1 / epoch }));`;
 * await study.optimize(
 *   command([Deno.execPath(), "eval", program, "--", "{x}"], { logs: false }),
 *   { trials: 2, progress: false },
 * );
 * study.trials[0]?.curves.get("loss")?.values.length; // 3
 * ```
 */
export function command<C>(
  argv: readonly string[],
  options: CommandOptions = {},
): ObjectiveFunction<C> {
  const checked = checkCommand(argv, options);
  const slots = checked.gpus === null ? null : new Slots(checked.gpus);
  return async (typed) => {
    const trial = typed as unknown as Trial;
    const gpu = await slots?.take(trial.signal) ?? null;
    try {
      return await runWithRetries(checked, trial, gpu);
    } finally {
      if (gpu !== null) slots?.give(gpu);
    }
  };
}

async function runWithRetries(
  checked: CheckedCommand,
  trial: Trial,
  gpu: string | null,
): Promise<number | readonly number[]> {
  for (let attempt = 0;; attempt++) {
    const run = new CommandRun(checked, trial, gpu, attempt);
    try {
      return await run.result();
    } catch (error) {
      if (!run.mayBeRetried || attempt >= checked.retries) throw error;
    }
  }
}

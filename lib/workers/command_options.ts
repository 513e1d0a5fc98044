import type { MetricSource } from "./metric_source.ts";

/** Options of `command`. */
export interface CommandOptions {
  /** Where its metrics come from, one source or several. Defaults to `jsonLines()`. */
  readonly metrics?: MetricSource | readonly MetricSource[];
  /** What its metrics are called here, by what it calls them: `{ val_loss: "validation loss" }`. Defaults to none. */
  readonly rename?: Readonly<Record<string, string>>;
  /**
   * Which value of the objective's curve counts where the command does not say
   * one of the whole training: the best or the last. Defaults to `"best"`.
   */
  readonly value?: "best" | "last";
  /** Environment variables, with places as in the arguments. They come beside this process's own. Defaults to none. */
  readonly environment?: Readonly<Record<string, string>>;
  /** The working folder. Defaults to this process's. */
  readonly cwd?: string;
  /** The folder of the logs, one a trial in a folder a study; `false` for none. Defaults to `"logs"`. */
  readonly logs?: string | false;
  /** How often it is run again in the same trial after it failed, at least 0. Defaults to `0`. */
  readonly retries?: number;
  /**
   * One GPU a run: its number or name becomes `CUDA_VISIBLE_DEVICES`. No more
   * runs go on at a time than there are; set `optimize({ parallel })` to as many.
   * Defaults to none.
   */
  readonly gpus?: readonly (number | string)[];
  /** The memory that the program and what it starts may take together, in 2^20 bytes. Looked at once a second, on Linux and macOS. Defaults to no limit. */
  readonly memoryMegabytes?: number;
  /** How long a run may take, in milliseconds. Defaults to no limit. */
  readonly timeoutMs?: number;
  /** How long it is given to end by itself after SIGTERM, in milliseconds, at least 0, before SIGKILL ends it. Defaults to `5000`. */
  readonly graceMs?: number;
}

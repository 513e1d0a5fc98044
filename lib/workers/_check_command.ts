import type { CommandOptions } from "./command_options.ts";
import type { MetricSource } from "./metric_source.ts";
import { jsonLines } from "./metrics.ts";

/** A command whose options are known to be right. */
export interface CheckedCommand {
  readonly argv: readonly string[];
  readonly metrics: readonly MetricSource[];
  readonly rename: Readonly<Record<string, string>>;
  readonly value: "best" | "last";
  readonly environment: Readonly<Record<string, string>>;
  readonly cwd: string | undefined;
  readonly logs: string | null;
  readonly retries: number;
  readonly gpus: readonly string[] | null;
  readonly memoryBytes: number | null;
  readonly timeoutMs: number | null;
  readonly graceMs: number;
}

const known = [
  "metrics",
  "rename",
  "value",
  "environment",
  "cwd",
  "logs",
  "retries",
  "gpus",
  "memoryMegabytes",
  "timeoutMs",
  "graceMs",
];

/** Checks what `command` was given. */
export function checkCommand(
  argv: readonly string[],
  options: CommandOptions,
): CheckedCommand {
  if (typeof argv === "string") {
    throw new TypeError(
      `Cannot make a command of the text ${
        JSON.stringify(argv)
      }: expected its parts, e.g. ${
        JSON.stringify(String(argv).trim().split(/\s+/))
      }; no shell takes texts apart here`,
    );
  }
  if (
    !Array.isArray(argv) || argv.length === 0 || argv[0] === "" ||
    argv.some((part) => typeof part !== "string")
  ) {
    throw new TypeError(
      `Cannot make a command: found ${
        JSON.stringify(argv) ?? String(argv)
      }, expected the program and its arguments as texts, e.g. ["python", "train.py", "--lr={learningRate}"]`,
    );
  }
  if (argv.some((part) => part.includes("\0"))) {
    throw new RangeError(
      "Cannot make a command: an argument holds a null character, which no program can be given",
    );
  }
  const unknown = Object.keys(options).find((key) => !known.includes(key));
  if (unknown !== undefined) {
    throw new TypeError(
      `Cannot make a command: there is no option ${
        JSON.stringify(unknown)
      }, expected ${known.join(", ")}`,
    );
  }
  const { metrics = jsonLines(), gpus, value = "best", logs = "logs" } =
    options;
  if (value !== "best" && value !== "last") {
    throw new RangeError(
      `Cannot make a command: value is ${
        JSON.stringify(value)
      }, expected "best" or "last"`,
    );
  }
  if (gpus !== undefined && (!Array.isArray(gpus) || gpus.length === 0)) {
    throw new RangeError(
      "Cannot make a command: gpus is no list or an empty one, expected their numbers, e.g. [0, 1]",
    );
  }
  const sources = Array.isArray(metrics) ? metrics : [metrics];
  for (const source of sources) {
    const { readLine, open } = source as Partial<MetricSource>;
    if (typeof readLine !== "function" && typeof open !== "function") {
      throw new TypeError(
        `Cannot make a command: found ${
          JSON.stringify(source) ?? String(source)
        } for metrics, expected jsonLines(), matching(/…/), csvFile("…"), eventFiles("…"), or a list of them`,
      );
    }
  }
  const memory = limit("memoryMegabytes", options.memoryMegabytes);
  return Object.freeze({
    argv: Object.freeze([...argv]),
    metrics: Object.freeze(sources),
    rename: Object.freeze(
      Object.assign(Object.create(null), options.rename),
    ),
    value,
    environment: Object.freeze({ ...options.environment }),
    cwd: options.cwd,
    logs: logs === false ? null : logs,
    retries: whole("retries", options.retries ?? 0),
    gpus: gpus?.map(String) ?? null,
    memoryBytes: memory === null ? null : memory * 2 ** 20,
    timeoutMs: limit("timeoutMs", options.timeoutMs),
    graceMs: whole("graceMs", options.graceMs ?? 5000),
  });
}

function limit(name: string, value: number | undefined): number | null {
  if (value === undefined || value === Infinity) return null;
  if (typeof value === "number" && value > 0) return value;
  throw new RangeError(
    `Cannot make a command: ${name} is ${String(value)}, expected more than 0`,
  );
}

function whole(name: string, value: number): number {
  if (Number.isSafeInteger(value) && value >= 0) return value;
  throw new RangeError(
    `Cannot make a command: ${name} is ${
      String(value)
    }, expected a whole number of at least 0`,
  );
}

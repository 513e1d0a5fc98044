import type { Objective, TrialState } from "../records/mod.ts";
import { choice, float, int, type ParameterValue } from "../space/mod.ts";
import { parsePythonJSON } from "../storage/mod.ts";
import {
  addPoint,
  type AnyBuilder,
  type Points,
  type StudyDraft,
  type TrialDraft,
} from "./_draft.ts";
import { nameOfPath, readText, unreadable } from "./_files.ts";
import { chooseObjectives, type ReadingOptions } from "./_reading.ts";
import type { Table } from "./_table.ts";
import {
  entryOf,
  flattened,
  listOf,
  numberOf,
  objectOf,
  objectsOf,
  timeMs,
} from "./_values.ts";

type Fields = Readonly<Record<string, unknown>>;

/** A sweep's configuration in YAML: a space and an objective, without trials. */
export async function readSweep(path: string): Promise<StudyDraft[]> {
  const text = await readText(path);
  const { parse } = await import("yaml");
  let sweep: Fields | null;
  try {
    // Its warnings would print what stands in the file.
    sweep = objectOf(parse(text, { logLevel: "error" }));
  } catch (error) {
    throw unreadable(
      path,
      `its YAML is damaged (${
        error instanceof Error ? error.message : String(error)
      })`,
      "a W&B sweep",
    );
  }
  if (objectOf(sweep?.parameters) === null) {
    throw unreadable(
      path,
      `its YAML has ${
        Object.keys(sweep ?? {}).slice(0, 8).join(", ") || "no names"
      }`,
      "a W&B sweep, with parameters",
    );
  }
  const notes: string[] = [];
  return [{
    tool: "W&B sweep",
    path,
    name: String(sweep!.name ?? nameOfPath(path)),
    objectives: sweepObjectives(sweep!) ??
      [{ name: "value", direction: "minimize" }],
    declared: sweepSpace(sweep!, notes),
    trials: [],
    notes,
  }];
}

function sweepObjectives(sweep: Fields): Objective[] | null {
  const listed = listOf(sweep.metrics);
  const metrics = listed.length > 0 ? listed : [sweep.metric];
  const read = metrics.map((one): Objective | null => {
    const metric = objectOf(one);
    return typeof metric?.name !== "string" ? null : {
      name: metric.name,
      direction: metric.goal === "maximize" ? "maximize" : "minimize",
    };
  });
  return read.every((one) => one !== null) ? read : null;
}

function sweepSpace(
  sweep: Fields,
  notes: string[],
): Map<string, AnyBuilder> {
  const builders = new Map<string, AnyBuilder>();
  const add = (parameters: Fields, prefix: string) => {
    for (const [name, one] of Object.entries(parameters)) {
      const parameter = objectOf(one) ?? {};
      const nested = objectOf(parameter.parameters);
      if (nested !== null) add(nested, `${prefix}${name}.`);
      else {
        builders.set(
          prefix + name,
          sweepBuilder(prefix + name, parameter, notes),
        );
      }
    }
  };
  add(objectOf(sweep.parameters)!, "");
  return builders;
}

/** One of a sweep's parameters. Where there are tails without end, three standard deviations of them are kept. */
function sweepBuilder(
  name: string,
  one: Fields,
  notes: string[],
): AnyBuilder {
  const [min, max, q, mu, sigma] = ["min", "max", "q", "mu", "sigma"].map((
    key,
  ) => numberOf(one[key]));
  const kind = String(one.distribution ?? "");
  const step = q ?? undefined;
  if ("value" in one) return choice([plain(one.value)]) as AnyBuilder;
  if (Array.isArray(one.values)) {
    if (one.probabilities !== undefined) {
      notes.push(`The probabilities of ${JSON.stringify(name)} were left out.`);
    }
    return choice(one.values.map(plain)) as AnyBuilder;
  }
  if (/normal/.test(kind)) {
    const [low, high] = [-3, 3].map((z) => (mu ?? 0) + z * (sigma ?? 1));
    notes.push(
      `${
        JSON.stringify(name)
      } was normally distributed: it is searched evenly within three standard deviations.`,
    );
    return kind.includes("log")
      ? float(Math.exp(low!), Math.exp(high!), { log: true })
      : float(low!, high!, { step });
  }
  if (/beta/.test(kind)) {
    notes.push(
      `${JSON.stringify(name)} was beta-distributed: it is searched evenly.`,
    );
    return float(0, 1, { step });
  }
  if (typeof min !== "number" || typeof max !== "number") {
    throw new SyntaxError(
      `Cannot read the parameter ${JSON.stringify(name)} of the sweep: found ${
        JSON.stringify(one)
      }, expected value, values, or min and max`,
    );
  }
  if (/log_uniform$/.test(kind)) {
    // The bounds are exponents; of the inverse ones, those of 1/x.
    const ends = kind.startsWith("inv") ? [-max, -min] : [min, max];
    return float(Math.exp(ends[0]!), Math.exp(ends[1]!), { log: true });
  }
  const isWhole = Number.isInteger(min) && Number.isInteger(max);
  if (/log_uniform_values$/.test(kind)) {
    return q === 1 && isWhole
      ? int(min, max, { log: true })
      : float(min, max, { log: true });
  }
  return kind === "int_uniform" || (kind === "" && isWhole) ||
      (kind === "q_uniform" && isWhole && Number.isInteger(q))
    ? int(min, max, { step })
    : float(min, max, { step });
}

function plain(value: unknown): ParameterValue {
  return typeof value === "object" && value !== null
    ? JSON.stringify(value)
    : value as ParameterValue;
}

/** Whether JSON is of W&B runs by the snippet of docs/migration.md, or a list of such. */
export function isRuns(json: unknown): boolean {
  const whole = objectOf(json);
  if (whole?.tool === "wandb") return true;
  const first = objectOf(listOf(whole?.runs ?? json)[0]);
  return first !== null && "config" in first && "summary" in first;
}

/** The runs of a sweep or project. */
export function readRuns(
  path: string,
  json: unknown,
  options: ReadingOptions,
): StudyDraft[] {
  const whole = objectOf(json);
  const runs = objectsOf(whole?.runs ?? json);
  return runsOf(path, runs, objectOf(whole?.sweep), options, []);
}

/** Whether a table is of runs as W&B's documentation exports them: with dictionaries in its cells. */
export function isRunsTable(columns: ReadonlySet<string>): boolean {
  return columns.has("config") && columns.has("summary");
}

/** The study of such a table. */
export function runsTableOf(
  table: Table,
  options: ReadingOptions,
): StudyDraft[] {
  const cell = (name: string, row: number) => table.columns.get(name)?.[row];
  const runs = Array.from({ length: table.rows }, (_, row) => ({
    name: cell("name", row),
    state: cell("state", row),
    config: dictionaryOf(table.path, cell("config", row)!),
    summary: dictionaryOf(table.path, cell("summary", row)!),
  }));
  return runsOf(table.path, runs, null, options, table.notes);
}

const constants: Readonly<Record<string, string>> = {
  True: "true",
  False: "false",
  None: "null",
  nan: "NaN",
  inf: "Infinity",
};

/** A dictionary as Python prints it. */
export function dictionaryOf(path: string, text: string): unknown {
  const json = text.replace(
    /'((?:[^'\\]|\\.)*)'|"(?:[^"\\]|\\.)*"|\b(?:True|False|None|nan|inf)\b/g,
    (token, quoted) =>
      quoted === undefined
        ? constants[token] ?? token
        : JSON.stringify(quoted.replace(/\\(['"\\])/g, "$1")),
  );
  try {
    return parsePythonJSON(json);
  } catch {
    throw unreadable(
      path,
      `a cell holds ${JSON.stringify(text.slice(0, 80))}`,
      "a dictionary",
    );
  }
}

const states: Readonly<Record<string, TrialState>> = {
  finished: "complete",
  running: "running",
  pending: "waiting",
  crashed: "failed",
  failed: "failed",
  killed: "pruned",
  preempted: "failed",
};

/** The study of runs as W&B's own interface gives them. */
export function runsOf(
  path: string,
  runs: readonly Fields[],
  sweep: Fields | null,
  options: ReadingOptions,
  tableNotes: readonly string[],
): StudyDraft[] {
  const notes = [...tableNotes];
  const measured = runs.map((run) =>
    Object.entries(flattened(objectOf(run.summary) ?? {}, ".")).flatMap((
      [name, value],
    ) =>
      name.startsWith("_") || numberOf(value) === null
        ? []
        : [[name, numberOf(value)!] as const]
    )
  );
  const said = sweep === null ? null : sweepObjectives(sweep);
  const measures = new Set(measured.flat().map(([name]) => name));
  const objectives = chooseObjectives(path, [...measures], options, said);
  const declared = objectOf(sweep?.parameters) === null
    ? null
    : sweepSpace(sweep!, notes);
  return [{
    tool: "W&B",
    path,
    name: String(sweep?.name ?? nameOfPath(path)),
    objectives,
    ...declared === null ? {} : { declared },
    trials: runs.map((run, i) =>
      runOf(run, new Map(measured[i]!), objectives, declared !== null)
    ),
    notes,
  }];
}

function runOf(
  run: Fields,
  summary: ReadonlyMap<string, number>,
  objectives: readonly Objective[],
  hasDots: boolean,
): TrialDraft {
  const curves: Points = new Map();
  listOf(run.history).forEach((one, place) => {
    const row = objectOf(one) ?? {};
    const step = numberOf(row._step) ?? place;
    for (const [name, value] of Object.entries(flattened(row, "."))) {
      const number = numberOf(value);
      if (!name.startsWith("_") && number !== null) {
        addPoint(curves, name, step, number);
      }
    }
  });
  const started = timeMs(run.created_at);
  const config = objectOf(run.config) ?? {};
  // The summary's is whole seconds in some versions, and is lost where a run crashes.
  const runtimes = [run.summary, ...listOf(run.history).slice(-1)].flatMap((
    one,
  ) => numberOf(objectOf(one)?._runtime) ?? []);
  const seconds = runtimes.length === 0 ? null : Math.max(...runtimes);
  const state =
    entryOf(states, String(run.state ?? "finished").toLowerCase()) ??
      "complete";
  return {
    state,
    params: Object.fromEntries(
      Object.entries(flattened(config, hasDots ? "." : "/")).filter(([name]) =>
        !name.startsWith("_")
      ),
    ),
    values: objectives.map(({ name }) => summary.get(name) ?? NaN),
    curves,
    startedAtMs: started,
    finishedAtMs: started === null || seconds === null
      ? null
      : started + seconds * 1000,
    error: state === "failed" ? `The run ${String(run.state)}` : null,
    attributes: {
      ...run.name === undefined ? {} : { run: run.name },
      ...Object.fromEntries(
        [...summary].filter(([name]) =>
          !objectives.some((one) => one.name === name)
        ),
      ),
    },
  };
}

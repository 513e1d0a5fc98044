import { basename, dirname, join } from "node:path";
import { guessDirection, type Objective } from "../records/mod.ts";
import { parsePythonJSON } from "../storage/mod.ts";
import type { StudyDraft } from "./_draft.ts";
import {
  exists,
  filesUnder,
  linesOf,
  readJSON,
  readText,
  unreadable,
} from "./_files.ts";
import { chooseObjectives, type ReadingOptions } from "./_reading.ts";
import {
  addReport,
  measuresOf,
  newReported,
  reportedDraft,
  type ReportedTrial,
} from "./_reports.ts";
import { readTable } from "./_table.ts";
import {
  flattened,
  listOf,
  numberOf,
  objectOf,
  setEntries,
} from "./_values.ts";

type Fields = Readonly<Record<string, unknown>>;

/** What Ray itself reports with each result. */
const own = new Set([
  "timestamp",
  "done",
  "training_iteration",
  "time_this_iter_s",
  "time_total_s",
  "pid",
  "time_since_restore",
  "iterations_since_restore",
  "timesteps_since_restore",
  "timesteps_total",
  "episodes_total",
  "warmup_time",
  "should_checkpoint",
]);

/** The folders of trials in one of Ray Tune's experiments, by the files in it. */
export function rayTrials(files: readonly string[]): string[] {
  const withParams = new Set(
    files.filter((file) => basename(file) === "params.json").map(dirname),
  );
  return [...withParams].filter((folder) =>
    ["result.json", "progress.csv"].some((name) =>
      files.includes(join(folder, name))
    )
  ).sort();
}

/** An experiment of Ray Tune: the folder with a folder a trial. */
export async function readRay(
  path: string,
  options: ReadingOptions,
): Promise<StudyDraft[]> {
  const files = await filesUnder(path);
  const state = files.filter((file) =>
    /^experiment_state.*\.json$/.test(basename(file))
  ).at(-1);
  const statuses = new Map<string, Fields>();
  let metric: unknown;
  if (state !== undefined) {
    const json = objectOf(await readJSON(join(path, state)));
    metric = objectOf(json?.runner_data)?._metric;
    for (const one of listOf(json?.trial_data)) {
      // A trial is a text of JSON, or a pair of such.
      const text = Array.isArray(one) ? one[0] : one;
      const trial = objectOf(
        typeof text === "string" ? parsePythonJSON(text) : text,
      );
      if (trial !== null) statuses.set(String(trial.trial_id), trial);
    }
  }
  const trials: ReportedTrial[] = [];
  for (const folder of rayTrials(files)) {
    const trial = await readTrial(join(path, folder));
    const status = statuses.get(String(trial.attributes.trial_id))?.status;
    const errorPath = join(path, folder, "error.txt");
    if (status === "ERROR" || await exists(errorPath)) {
      trial.state = "failed";
      trial.error = await exists(errorPath)
        ? (await readText(errorPath)).trim()
        : "It failed in Ray Tune";
    } else if (status === "RUNNING" || status === "PAUSED") {
      trial.state = "running";
      trial.finishedAtMs = null;
    }
    trials.push(trial);
  }
  if (trials.length === 0) {
    throw unreadable(
      path,
      "no trial in it has reported",
      "folders with params.json and result.json",
    );
  }
  const objectives = chooseObjectives(
    path,
    measuresOf(trials),
    options,
    objectiveOf(metric),
  );
  return [{
    tool: "Ray Tune",
    path,
    name: basename(path) || "ray",
    objectives,
    trials: trials.map((trial) => reportedDraft(trial, objectives)),
    notes: [
      "Ray Tune does not write which trials a scheduler stopped early: all that ended well count as complete, with the last value reported.",
    ],
  }];
}

/** The metric that Ray notes, where its name tells which way is better; Ray does not note it. */
function objectiveOf(metric: unknown): Objective[] | null {
  if (typeof metric !== "string") return null;
  const direction = guessDirection(metric);
  return direction === null ? null : [{ name: metric, direction }];
}

async function readTrial(folder: string): Promise<ReportedTrial> {
  const trial = newReported();
  setEntries(
    trial.params,
    flattened(objectOf(await readJSON(join(folder, "params.json"))) ?? {}),
  );
  for await (const result of resultsOf(folder)) {
    const step = numberOf(result.training_iteration) ?? 0;
    addReport(
      trial,
      step,
      Object.entries(result).flatMap(([name, value]) =>
        own.has(name) || name.startsWith("config/") ||
          typeof value !== "number"
          ? []
          : [[name, value] as const]
      ),
    );
    const [at, total] = [result.timestamp, result.time_total_s].map(numberOf);
    if (typeof at === "number") {
      trial.finishedAtMs = at * 1000;
      trial.startedAtMs ??= (at - (total ?? 0)) * 1000;
    }
    if (result.trial_id !== undefined) {
      trial.attributes.trial_id = result.trial_id;
    }
  }
  return trial;
}

async function* resultsOf(folder: string): AsyncGenerator<Fields> {
  const path = join(folder, "result.json");
  if (!await exists(path)) {
    const table = await readTable(join(folder, "progress.csv"));
    for (let row = 0; row < table.rows; row++) {
      yield Object.fromEntries(
        [...table.columns].map(([name, cells]) => [
          name,
          numberOf(cells[row]!) ?? cells[row],
        ]),
      );
    }
    return;
  }
  for await (const { text, number, isEnded } of linesOf(path)) {
    if (text.trim() === "") continue;
    let json: unknown;
    try {
      json = parsePythonJSON(text);
    } catch {
      // The last line of a trial that was killed may break off.
      if (!isEnded) return;
      throw unreadable(path, `line ${number} is no JSON`, "a report a line");
    }
    yield flattened(objectOf(json) ?? {});
  }
}

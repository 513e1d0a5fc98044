import { basename, dirname, join } from "node:path";
import type { Objective, TrialState } from "../records/mod.ts";
import { parsePythonJSON } from "../storage/mod.ts";
import { choice, float, int, ordinal } from "../space/mod.ts";
import type { ParameterValue } from "../space/mod.ts";
import type { AnyBuilder, StudyDraft } from "./_draft.ts";
import { exists, type Line, readJSON } from "./_files.ts";
import { chooseObjectives, type ReadingOptions } from "./_reading.ts";
import {
  addReport,
  newReported,
  reportedDraft,
  type ReportedTrial,
} from "./_reports.ts";
import {
  columnOf,
  readTable,
  type Table,
  tableOf,
  valuesOf,
} from "./_table.ts";
import { entryOf, listOf, numberOf, objectOf, setEntry } from "./_values.ts";
import { firstFileOfZip } from "./_zip.ts";

/** Whether a table is Syne Tune's: a row a report. */
export function isSyneTune(columns: ReadonlySet<string>): boolean {
  return columns.has("st_decision") && columns.has("trial_id");
}

/** Syne Tune's `results.csv` or `results.csv.zip`, with `metadata.json` beside it where it is there. */
export async function readSyneTune(
  path: string,
  options: ReadingOptions,
): Promise<StudyDraft[]> {
  return syneTuneOf(
    path.endsWith(".zip")
      ? await tableOf(path, textLines(await firstFileOfZip(path)))
      : await readTable(path),
    options,
  );
}

function textLines(text: string): Line[] {
  return text.split(/\r?\n/).map((text, i) => ({
    text,
    number: i + 1,
    isEnded: true,
  }));
}

const states: Readonly<Record<string, TrialState>> = {
  completed: "complete",
  inprogress: "running",
  failed: "failed",
  stopped: "pruned",
  stopping: "pruned",
  paused: "pruned",
};

/** The study of a table of Syne Tune's. */
export async function syneTuneOf(
  table: Table,
  options: ReadingOptions,
): Promise<StudyDraft[]> {
  const folder = dirname(table.path);
  const metadataPath = join(folder, "metadata.json");
  const metadata = await exists(metadataPath)
    ? objectOf(await readJSON(metadataPath))
    : null;
  const columns = [...table.columns].map(([name, cells]) => ({
    name,
    cells: valuesOf(cells),
  }));
  const config = columns.filter(({ name }) => name.startsWith("config_"));
  const measures = columns.filter(({ name, cells }) =>
    !/^(config_|st_|trial_id$)/.test(name) &&
    cells.some((value) => typeof value === "number")
  );
  const ids = columnOf(table, "trial_id")!;
  const steps = columnOf(table, "st_worker_iter");
  const times = columnOf(table, "st_tuner_time", "st_worker_time");
  const begin = numberOf(metadata?.st_tuner_creation_timestamp);
  const trials = new Map<string, ReportedTrial>();
  ids.forEach((id, row) => {
    let trial = trials.get(id);
    if (trial === undefined) {
      trials.set(id, trial = newReported());
      for (const { name, cells } of config) {
        setEntry(trial.params, name.slice("config_".length), cells[row]);
      }
      trial.attributes.trial_id = numberOf(id) ?? id;
    }
    addReport(
      trial,
      (numberOf(steps?.[row]) ?? trial.points.size) + 1,
      measures.flatMap(({ name, cells }) => {
        const value = cells[row];
        return typeof value === "number" ? [[name, value] as const] : [];
      }),
    );
    const seconds = numberOf(times?.[row]);
    if (begin !== null && seconds !== null) {
      trial.startedAtMs ??= (begin + seconds) * 1000;
      trial.finishedAtMs = (begin + seconds) * 1000;
    }
    const status = table.columns.get("st_status")?.[row]?.toLowerCase() ?? "";
    const decision = table.columns.get("st_decision")![row]!;
    trial.state = decision === "STOP" || decision === "PAUSE"
      ? "pruned"
      : entryOf(states, status) ?? "complete";
  });
  const lengths = new Map(
    [...trials.values()].map((trial) => [trial, lastStep(trial)]),
  );
  const longest = Math.max(...lengths.values());
  for (const [trial, length] of lengths) {
    // A row is written while its trial runs: nothing says afterwards that it ended well.
    // And a trial that has trained as long as any is stopped because it is done.
    if (
      trial.state === "running" ||
      (trial.state === "pruned" && length === longest)
    ) trial.state = "complete";
  }
  const objectives = chooseObjectives(
    table.path,
    measures.map(({ name }) => name),
    options,
    metadata === null ? null : objectivesOf(metadata),
  );
  const space = spaceOf(metadata);
  return [{
    tool: "Syne Tune",
    path: table.path,
    name: basename(folder) || "syne-tune",
    objectives,
    ...space === null ? {} : { declared: space },
    trials: [...trials.values()].map((trial) =>
      reportedDraft(trial, objectives)
    ),
    notes: table.notes,
  }];
}

function lastStep({ points }: ReportedTrial): number {
  return Math.max(0, ...[...points.values()].flatMap((of) => [...of.keys()]));
}

function objectivesOf(
  metadata: Readonly<Record<string, unknown>>,
): Objective[] | null {
  const names = listOf(metadata.metric_names).map(String);
  const modes = [metadata.metric_mode].flat();
  return names.length === 0 ? null : names.map((name, i) => ({
    name,
    direction: (modes[i] ?? modes[0]) === "max" ? "maximize" : "minimize",
  }));
}

function spaceOf(
  metadata: Readonly<Record<string, unknown>> | null,
): Map<string, AnyBuilder> | null {
  const text = metadata?.config_space;
  const config = objectOf(
    typeof text === "string" ? parsePythonJSON(text) : text,
  );
  if (config === null) return null;
  return new Map(
    Object.entries(config).flatMap(([name, one]) => {
      const builder = builderOf(one);
      return builder === null ? [] : [[name, builder] as const];
    }),
  );
}

function builderOf(one: unknown): AnyBuilder | null {
  const domain = objectOf(one);
  if (domain === null) return null;
  const given = objectOf(domain.domain_kwargs) ?? {};
  const log = /log/i.test(String(domain.sampler_cls));
  const [low, high] = [numberOf(given.lower), numberOf(given.upper)];
  const categories = listOf(given.categories) as ParameterValue[];
  switch (domain.domain_cls) {
    case "Float":
      return low === null || high === null ? null : float(low, high, { log });
    case "Integer":
      return low === null || high === null ? null : int(low, high, { log });
    case "Categorical":
      return choice(categories) as AnyBuilder;
    case "Ordinal":
    case "OrdinalNearestNeighbor":
      return ordinal(categories as (number | string)[]) as AnyBuilder;
    default:
      return null;
  }
}

/**
 * Folders that W&B runs leave on the disk: `wandb/offline-run-…` and `wandb/run-…`.
 *
 * @module
 */

import { basename, dirname, join } from "node:path";
import type { StudyDraft } from "./_draft.ts";
import { exists, readJSON, readText, unreadable } from "./_files.ts";
import type { ReadingOptions } from "./_reading.ts";
import { objectOf } from "./_values.ts";
import { runsOf } from "./_wandb.ts";
import { readWandbFile, type WandbRun } from "./_wandb_file.ts";

/** The folders of runs, by the files in a folder; `""` for the folder itself. */
export function wandbRuns(files: readonly string[]): string[] {
  const folders = files.flatMap((file) => {
    if (file.endsWith(".wandb")) return [dirname(file)];
    const isConfig = basename(file) === "config.yaml" &&
      /^(files|\.)$/.test(basename(dirname(file)));
    const summary = join(dirname(file), "wandb-summary.json");
    return isConfig && files.includes(summary) ? [runFolder(file)] : [];
  });
  return [...new Set(folders)];
}

const runFolder = (config: string) =>
  basename(dirname(config)) === "files"
    ? dirname(dirname(config))
    : dirname(config);

/** The runs in a folder, a study for each project. */
export async function readWandbFolder(
  path: string,
  files: readonly string[],
  options: ReadingOptions,
): Promise<StudyDraft[]> {
  const runs: WandbRun[] = [];
  for (const folder of wandbRuns(files)) {
    const own = files.find((file) =>
      file.endsWith(".wandb") && dirname(file) === folder
    );
    runs.push(
      own === undefined
        ? await readConfigAndSummary(join(path, folder))
        : await readWandbFile(join(path, own)),
    );
  }
  runs.sort((a, b) => (a.created_at || 0) - (b.created_at || 0));
  return [...Map.groupBy(runs, ({ project }) => project)].flatMap(
    ([project, its]) => {
      const torn = its.filter(({ isTorn }) => isTorn).length;
      const notes = torn === 0 ? [] : [
        `${torn} of the runs break off within a record, which was left out: they may still be going on.`,
      ];
      return runsOf(
        path,
        its.map((run) => ({ ...run })),
        project === "" ? null : { name: project },
        options,
        notes,
      );
    },
  );
}

/** One run's file alone. */
export async function readWandbRun(
  path: string,
  options: ReadingOptions,
): Promise<StudyDraft[]> {
  return await readWandbFolder(dirname(path), [basename(path)], options);
}

/** What stands beside a run's file, once it ran with the service: its configuration and the last values. */
async function readConfigAndSummary(folder: string): Promise<WandbRun> {
  const inner = join(folder, "files");
  const files = await exists(inner) ? inner : folder;
  const path = join(files, "config.yaml");
  const { parse } = await import("yaml");
  let config: ReturnType<typeof objectOf>;
  try {
    config = objectOf(parse(await readText(path)));
  } catch (error) {
    throw unreadable(
      path,
      `its YAML is damaged (${
        error instanceof Error ? error.message : String(error)
      })`,
      "a run's configuration",
    );
  }
  const summary = objectOf(
    await readJSON(join(files, "wandb-summary.json")),
  ) ?? {};
  const runtime = summary._runtime;
  const ended = summary._timestamp;
  return {
    id: basename(folder),
    name: basename(folder),
    project: "",
    sweepId: "",
    tags: [],
    state: "finished",
    created_at: typeof ended === "number" && typeof runtime === "number"
      ? ended - runtime
      : NaN,
    config: Object.fromEntries(
      Object.entries(config ?? {}).flatMap(([name, one]) => {
        const item = objectOf(one);
        return item !== null && "value" in item ? [[name, item.value]] : [];
      }),
    ),
    summary: { ...summary },
    history: [],
    isTorn: false,
  };
}

import process from "node:process";
import { parseArgs } from "node:util";
import type { StudyView } from "../records/mod.ts";
import { openStudyFile, type StoredStudy } from "../storage/mod.ts";
import { report } from "./report.ts";
import type { ReportSource } from "./source.ts";

const usage = `Writes the report of a study to one HTML file.

  deno run -A jsr:@etude/etude/report studies.db [--study NAME] [--out FILE] [--title TEXT] [--pictures]

  studies.db    an SQLite file of Étude's or Optuna's; it is only read
  --study NAME  which study; may be left out where the file has one
  --out FILE    where to; defaults to "report.html"
  --title TEXT  defaults to the study's name
  --pictures    charts as pictures: a smaller file that runs no script of Vega's`;

/** Writes a report as the arguments say; ends the process with 1 where it cannot. */
export async function runCommand(
  args: readonly string[] = process.argv.slice(2),
): Promise<void> {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        study: { type: "string" },
        out: { type: "string", default: "report.html" },
        title: { type: "string" },
        pictures: { type: "boolean", default: false },
        help: { type: "boolean", short: "h", default: false },
      },
    });
    if (values.help || positionals.length !== 1) {
      console.log(usage);
      if (!values.help) process.exitCode = 1;
      return;
    }
    const source = await readStudy(positionals[0]!, values.study);
    const { path, bytes, charts } = await report(source, values.out, {
      ...(values.title === undefined ? {} : { title: values.title }),
      interactive: !values.pictures,
    });
    console.log(
      `${path}: ${source.view().trials.length} trials, ${charts} charts, ${
        (bytes / 1e6).toFixed(2)
      } MB`,
    );
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
    process.exitCode = 1;
  }
}

/**
 * Reads a study from a file, which is not changed.
 *
 * @throws {StorageError} If the file cannot be read.
 * @throws {RangeError} If it has no such study, several and none is named, or nothing tells its space.
 */
export async function readStudy(
  path: string,
  name?: string,
): Promise<ReportSource> {
  const storage = openStudyFile(path, { readOnly: true });
  try {
    const study = await choose(path, await storage.listStudies(), name);
    const { space } = study;
    if (space === null) {
      throw new RangeError(
        `Cannot report on the study ${
          JSON.stringify(study.name)
        }: it has no trial that tells what it searches`,
      );
    }
    const trials = (await storage.readTrials(study.id)).map((trial) =>
      space.edits.length === 0 || trial.state === "waiting"
        ? trial
        : { ...trial, params: space.translate(trial.params) }
    );
    const view: StudyView = {
      name: study.name,
      objectives: study.objectives,
      ...(study.constraints === undefined
        ? {}
        : { constraints: study.constraints }),
      space,
      trials,
    };
    return {
      view: () => view,
      storage: storage.description,
      ...(study.spaceInferred ? {} : { seed: study.seed }),
    };
  } finally {
    await storage.close();
  }
}

function choose(
  path: string,
  studies: readonly StoredStudy[],
  name: string | undefined,
): StoredStudy {
  const found = name === undefined && studies.length === 1
    ? studies[0]
    : studies.find((study) => study.name === name);
  if (found !== undefined) return found;
  const names = studies.slice(0, 20).map((study) => JSON.stringify(study.name))
    .join(", ");
  throw new RangeError(
    `Cannot choose the study: ${
      name === undefined
        ? `none is named and ${path} has ${studies.length}`
        : `${path} has none of the name ${JSON.stringify(name)}`
    }${studies.length === 0 ? "" : `, expected --study with one of ${names}`}`,
  );
}

import { createReadStream } from "node:fs";
import { basename, dirname, join, relative } from "node:path";
import { guessDirection } from "../records/mod.ts";
import { boolean, choice, float, int } from "../space/mod.ts";
import type { ParameterValue } from "../space/mod.ts";
import type { AnyBuilder, StudyDraft } from "./_draft.ts";
import { unreadable } from "./_files.ts";
import type { DeclaredHyperparameter, HyperparameterNote } from "./_hparams.ts";
import { chooseObjectives, type ReadingOptions } from "./_reading.ts";
import {
  addReport,
  measuresOf,
  newReported,
  reportedDraft,
} from "./_reports.ts";
import { EventReader, type ScalarEvent } from "./event_file.ts";
import { setEntries } from "./_values.ts";

/** Whether a file is one of TensorBoard's by its name. */
export function isEventFile(path: string): boolean {
  return /tfevents/.test(basename(path));
}

/** A folder's event files. */
interface Run {
  readonly folder: string;
  readonly events: ScalarEvent[];
  readonly notes: HyperparameterNote[];
}

/**
 * The runs in event files, a folder each, as trials. Their parameters are those
 * of the HParams plugin; where no run has any, the one parameter is which run it was.
 *
 * @param folder The folder that the files are in.
 * @param files Their paths within it.
 */
export async function readTensorBoard(
  folder: string,
  files: readonly string[],
  options: ReadingOptions,
): Promise<StudyDraft[]> {
  const runs = new Map<string, Run>();
  for (const file of files) {
    const at = dirname(file);
    let run = runs.get(at);
    if (run === undefined) {
      runs.set(at, run = { folder: at, events: [], notes: [] });
    }
    const reader = new EventReader();
    try {
      for await (const bytes of createReadStream(join(folder, file))) {
        for (const event of reader.read(bytes as Uint8Array)) {
          run.events.push(event);
        }
      }
    } catch (error) {
      throw unreadable(
        join(folder, file),
        error instanceof Error ? error.message : String(error),
        "an event file of TensorBoard's",
      );
    }
    run.notes.push(...reader.hyperparameterNotes);
  }
  const all = [...runs.values()];
  const declaring = all.filter((run) => startOf(run) !== undefined);
  const others = all.filter((run) => startOf(run) === undefined);
  const isNamed = declaring.length === 0;
  const chosen = isNamed
    ? all.filter((run) => run.events.length > 0)
    : declaring;
  const trials = chosen.map((run) => {
    const trial = newReported();
    const start = startOf(run);
    const end = run.notes.findLast((note) => note.type === "end");
    setEntries(trial.params, start?.params ?? { run: run.folder });
    const parts = isNamed ? [run] : [
      ...others.filter((other) =>
        owner(other, declaring) === run && other.events.length > 0
      ),
      run,
    ];
    let [from, to] = [Infinity, -Infinity];
    for (const part of parts) {
      const path = relative(run.folder, part.folder);
      const prefix = path === "" || path.startsWith("..") ? "" : `${path}/`;
      for (const { tag, step, value, wallTimeSeconds } of part.events) {
        addReport(trial, Math.max(0, step), [[prefix + tag, value]]);
        from = Math.min(from, wallTimeSeconds);
        to = Math.max(to, wallTimeSeconds);
      }
    }
    const seconds = start?.timeSeconds || (from < Infinity ? from : null);
    const ended = end?.timeSeconds || (to > -Infinity ? to : null);
    trial.startedAtMs = seconds === null ? null : seconds * 1000;
    trial.finishedAtMs = ended === null ? null : ended * 1000;
    if (end?.isFailed === true) {
      trial.state = "failed";
      trial.error = "It failed, says its event file";
    }
    trial.attributes.run = run.folder;
    return trial;
  });
  if (trials.length === 0) {
    throw unreadable(
      folder,
      "its event files have no scalars and no hyperparameters",
      "runs with scalars",
    );
  }
  const experiment = all.flatMap(({ notes }) => notes).find((note) =>
    note.type === "experiment"
  );
  const measures = measuresOf(trials);
  const said = experiment?.metrics.flatMap((name) => {
    const direction = guessDirection(name);
    return direction === null || !measures.includes(name)
      ? []
      : [{ name, direction }];
  });
  const objectives = chooseObjectives(
    folder,
    measures,
    options,
    said?.length === 1 ? said : null,
  );
  return [{
    tool: "TensorBoard",
    path: folder,
    name: basename(folder) || "tensorboard",
    objectives,
    ...experiment === undefined || isNamed
      ? {}
      : { declared: spaceOf(experiment.parameters, trials) },
    trials: trials.map((trial) => reportedDraft(trial, objectives)),
    notes: isNamed
      ? ["No run says its hyperparameters: which run it was stands for them."]
      : [],
  }];
}

function startOf({ notes }: Run) {
  return notes.find((note) => note.type === "start");
}

/** The run with hyperparameters that one without belongs to: the next above it, or the only one below. */
function owner(run: Run, declaring: readonly Run[]): Run | undefined {
  const isWithin = (inner: string, outer: string) =>
    outer === "." ? inner !== "." : inner.startsWith(`${outer}/`);
  const above = declaring.filter(({ folder }) => isWithin(run.folder, folder));
  if (above.length > 0) {
    return above.reduce((best, one) =>
      one.folder.length > best.folder.length ? one : best
    );
  }
  const below = declaring.filter(({ folder }) => isWithin(folder, run.folder));
  return below.length === 1 ? below[0] : undefined;
}

function spaceOf(
  declared: readonly DeclaredHyperparameter[],
  trials: readonly { readonly params: Readonly<Record<string, unknown>> }[],
): Map<string, AnyBuilder> {
  return new Map(declared.flatMap(({ name, values, range }) => {
    const builder = builderOf(
      values,
      range,
      () =>
        trials.every(({ params }) =>
          !Object.hasOwn(params, name) || Number.isInteger(params[name])
        ),
    );
    return builder === null ? [] : [[name, builder] as const];
  }));
}

/** An interval of whole numbers is written like any other: that all values are whole has to tell. */
function builderOf(
  values: readonly ParameterValue[] | null,
  range: readonly [low: number, high: number] | null,
  areWhole: () => boolean,
): AnyBuilder | null {
  if (range !== null) {
    const [low, high] = range;
    return Number.isInteger(low) && Number.isInteger(high) && areWhole()
      ? int(low, high)
      : float(low, high);
  }
  if (values === null || values.length === 0) return null;
  return values.length === 2 && values.every((one) => typeof one === "boolean")
    ? boolean()
    : choice(values) as AnyBuilder;
}

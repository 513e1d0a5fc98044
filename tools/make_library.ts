/**
 * Packs studies into a compact library: the built-in one, or a person's own.
 *
 *     deno run -A tools/make_library.ts --out mine.etude studies.db colleague.db
 *     deno run -A tools/make_library.ts --out lib/library/_built_in.ts out/library/facts.jsonl out/library/runs
 *
 * A source is an SQLite file of Étude's or Optuna's, a compact library, a file of JSON lines as
 * bench/library/package_facts.py and run_studies.py write them, or a folder of
 * either. `--out` with a name that ends in `.ts` writes a module that carries
 * the bytes as text; any other name the bytes themselves. `--most BYTES` fails
 * if they are more. Defaults to 2,000,000. `--without iris,wine` leaves out studies
 * whose names have one of the words: for a bench that must not have seen them.
 *
 * @module
 */

import {
  type CompactInput,
  describeTask,
  isTaskDescription,
  openLibrary,
  packLibrary,
  type TaskDescription,
} from "../lib/library/mod.ts";
import {
  type Curve,
  type Direction,
  plainTrial,
  type TrialRecord,
} from "../lib/records/mod.ts";
import { type Configuration, Space } from "../lib/space/mod.ts";

/** A trial in a line of JSON. */
interface TrialLine {
  readonly params: Configuration;
  readonly value: number;
  readonly curves?: Readonly<
    Record<string, readonly [readonly number[], readonly number[]]>
  >;
}

/** A study in a line of JSON; its trials are in it, or in the lines that follow. */
interface StudyLine {
  readonly name: string;
  readonly origin: string;
  readonly objective: readonly [string, Direction];
  /** The task; or a file, beside this one, of the data that tell it, with what the data do not tell. */
  readonly task: TaskDescription | {
    readonly data: string;
    readonly rows: number;
    readonly tags: readonly string[];
    readonly model: string;
    readonly kind: "classification" | "regression";
  };
  readonly space: unknown;
  readonly trials?: readonly TrialLine[];
}

const described = new Map<string, Promise<TaskDescription>>();

/** The studies of a source. */
export async function* studiesOf(path: string): AsyncGenerator<CompactInput> {
  const { isDirectory } = await Deno.stat(path);
  if (isDirectory) {
    const names = await Array.fromAsync(Deno.readDir(path), ({ name }) => name);
    for (const name of names.sort()) {
      if (/\.(jsonl|db|sqlite3?)$/.test(name)) {
        yield* studiesOf(`${path}/${name}`);
      }
    }
  } else if (path.endsWith(".jsonl")) yield* fromLines(path);
  else yield* fromLibrary(path);
}

async function* fromLibrary(path: string): AsyncGenerator<CompactInput> {
  const library = await openLibrary([path]);
  for (const { source, reason } of library.skipped) {
    throw new Error(`Cannot pack ${source}: ${reason}`);
  }
  for (const study of library.studies()) {
    const space = study.space();
    if (space === null || study.standing !== "trusted") continue;
    const { name, objective, task } = study;
    const origin = study.origin ?? "one's own";
    yield { name, objective, task, space, origin, trials: await study.read() };
  }
  await library.close();
}

async function* fromLines(path: string): AsyncGenerator<CompactInput> {
  const lines = (await Deno.readTextFile(path)).split("\n")
    .filter((line) => line !== "");
  let head: StudyLine | null = null;
  let trials: TrialLine[] = [];
  for (const line of lines) {
    let read: StudyLine | TrialLine;
    try {
      read = JSON.parse(line);
    } catch {
      // A run that was killed may have left half a line.
      console.warn(`${path}: a line cannot be read and is left out`);
      continue;
    }
    if (!("space" in read)) {
      trials.push(read);
      continue;
    }
    if (head !== null) yield await inputOf(path, head, trials);
    head = read;
    trials = [...read.trials ?? []];
  }
  if (head !== null) yield await inputOf(path, head, trials);
}

async function inputOf(
  path: string,
  head: StudyLine,
  trials: readonly TrialLine[],
): Promise<CompactInput> {
  const [name, direction] = head.objective;
  return {
    name: head.name,
    origin: head.origin,
    objective: { name, direction },
    space: Space.fromJSON(head.space),
    task: await taskOf(path, head.task),
    trials: trials.map(trialOf),
  };
}

async function taskOf(
  path: string,
  task: StudyLine["task"],
): Promise<TaskDescription> {
  if (isTaskDescription(task)) return task;
  const file = `${path.replace(/[^/]*$/, "")}${task.data}`;
  const known = described.get(file) ??
    Deno.readTextFile(file).then((text) => {
      const { x, y } = JSON.parse(text);
      return describeTask({ x, y }, { kind: task.kind });
    });
  described.set(file, known);
  const { data, ...rest } = await known;
  return {
    ...rest,
    data: data === null ? null : { ...data, rows: task.rows },
    tags: [...task.tags].sort(),
    model: { kind: task.model, parameters: null, depth: null },
  };
}

function trialOf(
  { params, value, curves = {} }: TrialLine,
  number: number,
): TrialRecord {
  return plainTrial(number, params, value, {
    curves: new Map(
      Object.entries(curves).map(([name, [steps, values]]) =>
        [name, { name, steps, values } satisfies Curve] as const
      ),
    ),
    origin: "other program",
  });
}

/** Whether a name has one of the words, as a whole: `wine` is not in `winery`. */
export function hasWord(name: string, words: readonly string[]): boolean {
  return words.some((word) =>
    word !== "" &&
    ` ${name},`.match(new RegExp(`\\s${RegExp.escape(word)}[,\\s]`))
  );
}

/** A module that carries bytes as text: it is loaded without leave to read files or the network. */
function moduleOf(bytes: Uint8Array, studies: readonly CompactInput[]): string {
  const origins = new Map<string, [number, number]>();
  for (const { origin, trials } of studies) {
    const [count, sum] = origins.get(origin) ?? [0, 0];
    origins.set(origin, [count + 1, sum + trials.length]);
  }
  const list = [...origins].map(([origin, [count, sum]]) =>
    ` * - ${origin}: ${count} studies, ${sum} trials`
  );
  return `// deno-fmt-ignore-file
/**
 * The built-in library, made by tools/make_library.ts; not to be edited.
 *
${list.join("\n")}
 *
 * @module
 */

/** The bytes of a compact library, in base64. */
export const builtInLibrary: string =
  ${JSON.stringify(bytes.toBase64())};
`;
}

if (import.meta.main) {
  const args = [...Deno.args];
  const option = (name: string): string | undefined => {
    const at = args.indexOf(name);
    return at < 0 ? undefined : args.splice(at, 2)[1];
  };
  const out = option("--out");
  const most = Number(option("--most") ?? 2_000_000);
  const without = (option("--without") ?? "").split(",");
  if (out === undefined || args.length === 0) {
    console.error(
      "Usage: make_library.ts --out FILE SOURCE…\n" +
        "SOURCE: studies.db, studies.jsonl, or a folder of them",
    );
    Deno.exit(2);
  }
  const studies: CompactInput[] = [];
  for (const source of args) {
    for await (const study of studiesOf(source)) {
      if (!hasWord(study.name, without)) studies.push(study);
    }
  }
  const bytes = packLibrary(studies);
  const text = out.endsWith(".ts") ? moduleOf(bytes, studies) : null;
  const size = text?.length ?? bytes.length;
  const trials = studies.reduce((sum, study) => sum + study.trials.length, 0);
  console.log(
    `${studies.length} studies, ${trials} trials: ${bytes.length} bytes packed, ${size} written`,
  );
  if (size > most) {
    console.error(`That is more than ${most} bytes: nothing was written`);
    Deno.exit(1);
  }
  if (text !== null) await Deno.writeTextFile(out, text);
  else await Deno.writeFile(out, bytes);
}

/**
 * Our own form of a study for other programs: JSON Lines, the study first, then
 * a trial a line. Numbers that JSON lacks are `{ "$number": "NaN" }`.
 *
 * @module
 */

import {
  constraintsKey,
  constraintsOf,
  type Objective,
  type StudyView,
  type TrialRecord,
  type TrialState,
} from "../records/mod.ts";
import { Space } from "../space/mod.ts";
import type { StudyDraft, TrialDraft } from "./_draft.ts";
import { linesOf, unreadable } from "./_files.ts";
import { listOf, objectOf, timeMs } from "./_values.ts";

const mark = "$number";

/** JSON in which no number is lost. */
export function exactJSON(value: unknown): string {
  return JSON.stringify(
    value,
    (_, one) =>
      typeof one === "number" && !Number.isFinite(one)
        ? { [mark]: String(one) }
        : one,
  );
}

/** Reads what {@linkcode exactJSON} made. */
export function parseExactJSON(text: string): unknown {
  return JSON.parse(
    text,
    (_, one) =>
      typeof one === "object" && one !== null && typeof one[mark] === "string"
        ? Number(one[mark])
        : one,
  );
}

/** The first line. */
export function studyLine(
  study: Omit<StudyView, "trials"> & {
    readonly attributes?: Readonly<Record<string, unknown>>;
  },
): string {
  return exactJSON({
    etude: "study",
    version: 1,
    name: study.name,
    objectives: study.objectives,
    constraints: study.constraints ?? [],
    space: study.space,
    attributes: study.attributes ?? {},
  });
}

/** The line of a trial. */
export function trialLine(trial: TrialRecord): string {
  const { curves, value: _value, durationMs: _duration, ...rest } = trial;
  return exactJSON({
    ...rest,
    curves: [...curves.values()],
  });
}

/** Whether the beginning of a file is of this form. */
export function isJSONLines(head: string): boolean {
  return /^\s*\{"etude":"study"/.test(head);
}

/** Reads a study in this form: its first line now, the trials when they are asked for. */
export async function readJSONLines(path: string): Promise<StudyDraft[]> {
  const study = await firstOf(objectsOf(path));
  if (study?.version !== 1) {
    throw unreadable(
      path,
      `its version is ${JSON.stringify(study?.version)}`,
      "1; a newer version of this library wrote it",
    );
  }
  return [{
    tool: "JSON Lines",
    path,
    name: String(study.name),
    objectives: study.objectives as Objective[],
    constraints: constraintsOf({ [constraintsKey]: study.constraints }),
    space: Space.fromJSON(study.space),
    async *trials() {
      let isStudy = true;
      for await (const line of objectsOf(path)) {
        if (!isStudy) yield trialOf(line);
        isStudy = false;
      }
    },
    attributes: objectOf(study.attributes) ?? {},
    notes: await isTorn(path)
      ? ["The last line breaks off and was left out."]
      : [],
  }];
}

async function firstOf<T>(all: AsyncIterable<T>): Promise<T | undefined> {
  for await (const one of all) return one;
  return undefined;
}

/** The object of each line; a last line that breaks off is left out. */
async function* objectsOf(
  path: string,
): AsyncGenerator<Readonly<Record<string, unknown>>> {
  for await (const { text, number, isEnded } of linesOf(path)) {
    if (text.trim() === "") continue;
    const line = lineOf(text);
    if (line === undefined && (isEnded || number === 1)) {
      throw unreadable(path, `line ${number} is no JSON`, "an object a line");
    }
    if (line) yield line;
  }
}

/** An object, null for other JSON, undefined for none. */
function lineOf(
  text: string,
): Readonly<Record<string, unknown>> | null | undefined {
  try {
    return objectOf(parseExactJSON(text));
  } catch {
    return undefined;
  }
}

async function isTorn(path: string): Promise<boolean> {
  for await (const { text, isEnded } of linesOf(path)) {
    if (!isEnded && text.trim() !== "") return lineOf(text) === undefined;
  }
  return false;
}

function trialOf(line: Readonly<Record<string, unknown>>): TrialDraft {
  return {
    state: line.state as TrialState,
    params: objectOf(line.params) ?? {},
    values: line.values as number[] | null,
    ...line.constraints === undefined
      ? {}
      : { constraints: line.constraints as (number | null)[] },
    curves: new Map(
      listOf(line.curves).map((one) => {
        const { name, steps, values } = objectOf(one) ?? {};
        const all = listOf(values) as number[];
        return [
          String(name),
          new Map(listOf(steps).map((step, i) => [Number(step), all[i]!])),
        ];
      }),
    ),
    startedAtMs: timeMs(line.startedAt),
    finishedAtMs: timeMs(line.finishedAt),
    error: line.error as string | null,
    reason: line.reason as string | null,
    attributes: objectOf(line.attributes) ?? {},
  };
}

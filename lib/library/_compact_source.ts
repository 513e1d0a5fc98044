import { inflateRawSync } from "node:zlib";
import type { Curve, Objective, TrialRecord } from "../records/mod.ts";
import {
  type Configuration,
  type ParameterValue,
  Space,
} from "../space/mod.ts";
import {
  type Header,
  mark,
  nothing,
  steps,
  type StudyEntry,
  valueOf,
} from "./_compact_format.ts";
import { fromPlanes16, fromPlanes32 } from "./_planes.ts";
import type { LibrarySource, SourceStudy } from "./_source.ts";
import {
  type DataFeatures,
  isTaskDescription,
  type TaskDescription,
  unknownData,
} from "./task.ts";

/** Whether bytes begin as a compact library does. */
export function isCompactLibrary(bytes: Uint8Array): boolean {
  return bytes.length > mark.length + 4 &&
    mark.every((byte, i) => bytes[i] === byte);
}

/**
 * A compact library as a source. Only the header is read; trials when they are
 * asked for.
 *
 * @param description What it is, for messages.
 * @throws {SyntaxError} If the bytes are of another form or version.
 */
export function compactSource(
  bytes: Uint8Array,
  description: string,
): LibrarySource {
  const fail = (text: string): never => {
    throw new SyntaxError(`Cannot read the ${description}: ${text}`);
  };
  if (!isCompactLibrary(bytes)) fail("it is not a compact library");
  const size = new DataView(bytes.buffer, bytes.byteOffset).getUint32(
    mark.length,
    true,
  );
  const start = mark.length + 4 + size;
  let header: Header;
  try {
    const text = inflateRawSync(bytes.subarray(mark.length + 4, start));
    header = JSON.parse(text.toString("utf8")) as Header;
  } catch (error) {
    return fail(`its header is damaged (${String(error)})`);
  }
  if (header.version !== 1) {
    fail(`it has version ${String(header.version)}, this Étude knows 1`);
  }
  const spaces: (Space | undefined)[] = [];
  const spaceOf = (index: number) =>
    spaces[index] ??= Space.fromJSON(header.spaces[index]);
  const studies = header.studies.map((entry, id): SourceStudy => ({
    id,
    name: entry.name,
    objectives: [objectiveOf(entry)],
    seed: entry.name,
    task: taskOf(entry.task, header.data),
    attributes: {},
    completeTrials: entry.trials,
    origin: header.origins[entry.origin] ?? null,
    space: () => spaceOf(entry.space),
  }));
  const block = ([at, length]: readonly [number, number]) =>
    new Uint8Array(
      inflateRawSync(bytes.subarray(start + at, start + at + length)),
    );
  return {
    description,
    list: () => Promise.resolve(studies),
    trials: (id) =>
      new Promise((resolve) => {
        const entry = header.studies[id]!;
        resolve(
          unpackTrials(entry, spaceOf(entry.space), {
            params: block(entry.params),
            values: block(entry.values),
          }),
        );
      }),
    close: () => Promise.resolve(),
  };
}

function objectiveOf({ objective: [name, direction] }: StudyEntry): Objective {
  return {
    name,
    direction: direction === "min" ? "minimize" : "maximize",
  };
}

function unpackTrials(
  entry: StudyEntry,
  space: Space,
  blocks: { readonly params: Uint8Array; readonly values: Uint8Array },
): TrialRecord[] {
  const n = entry.trials;
  const places = fromPlanes16(blocks.params, 0, n * space.dimension);
  const values = fromPlanes32(blocks.values, 0, n);
  let at = 4 * n;
  const curves = entry.curves.map((curve) => {
    const codes = fromPlanes16(blocks.values, at, n * curve.steps.length);
    at += 2 * codes.length;
    return { ...curve, codes };
  });
  return Array.from({ length: n }, (_, i): TrialRecord => {
    const params: Record<string, ParameterValue> = {};
    space.parameters.forEach((parameter, axis) => {
      const code = places[axis * n + i]!;
      if (code !== nothing) params[parameter.name] = valueOf(parameter, code);
    });
    const own = new Map<string, Curve>();
    for (const { name, steps: at, low, high, codes } of curves) {
      const kept = at.flatMap((step, k) => {
        const code = codes[k * n + i]!;
        return code === nothing
          ? []
          : [[step, low + (high - low) * code / steps] as const];
      });
      if (kept.length === 0) continue;
      own.set(
        name,
        Object.freeze({
          name,
          steps: Object.freeze(kept.map(([step]) => step)),
          values: Object.freeze(kept.map(([, value]) => value)),
        }),
      );
    }
    const value = values[i]!;
    return Object.freeze({
      number: i,
      state: "complete",
      params: Object.freeze(params) as Configuration,
      value,
      values: Object.freeze([value]),
      curves: own,
      startedAt: null,
      finishedAt: null,
      durationMs: null,
      error: null,
      origin: "other program",
      reason: null,
      forecast: null,
      attributes: Object.freeze({}),
    });
  });
}

/** A task from its parts: what is not known of its data is null again. */
function taskOf(
  task: StudyEntry["task"],
  data: Header["data"],
): TaskDescription | null {
  if (task === null || !isTaskDescription(task[0])) return null;
  const found = task[1] === null ? undefined : data[task[1]];
  return found === undefined ? task[0] : {
    ...task[0],
    data: { ...unknownData, ...found } as unknown as DataFeatures,
  };
}

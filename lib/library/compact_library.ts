/**
 * Many studies in one small file: what a library needs of them and no more.
 *
 * | part | bytes | what |
 * |---|---|---|
 * | mark | 8 | `étudelib` in Latin-1 |
 * | size | 4 | of the header, little-endian |
 * | header | | deflated JSON: spaces, notes on origin and license, an entry a study |
 * | bodies | | deflated blocks, read when a study's trials are asked for |
 *
 * A configuration is a place of 16 bits a parameter: the number of the value if
 * there are at most 65,535, else 65,535 steps over its scale; 65,535 stands
 * for inactive. Values are floats of 32 bits; a curve keeps at most 12 points of
 * 16 bits between the least and the largest value, without outliers. Studies
 * with the same configurations share their block.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { deflateRawSync, inflateRawSync } from "node:zlib";
import type { Curve, Objective, TrialRecord } from "../records/mod.ts";
import {
  cardinality,
  choicesOf,
  type Configuration,
  fromUnit,
  gridValue,
  locate,
  type Parameter,
  type ParameterValue,
  Space,
} from "../space/mod.ts";
import {
  fromPlanes16,
  fromPlanes32,
  toPlanes16,
  toPlanes32,
} from "./_planes.ts";
import type { LibrarySource, SourceStudy } from "./_source.ts";
import { thinSteps, thinTrials } from "./_thin.ts";
import {
  type DataFeatures,
  isTaskDescription,
  type TaskDescription,
  unknownData,
} from "./task.ts";

/** A study to be put into a compact library. */
export interface CompactInput {
  /** The name, unique in the library. */
  readonly name: string;
  /** What it optimizes. */
  readonly objective: Objective;
  /** What it searched. */
  readonly space: Space;
  /** What its task is; null if nobody described it. */
  readonly task: TaskDescription | null;
  /** Where it comes from, and under which license it may be used. */
  readonly origin: string;
  /** Its trials; those that are not complete or not of the space are left out. */
  readonly trials: readonly TrialRecord[];
}

interface CurveEntry {
  readonly name: string;
  readonly steps: readonly number[];
  readonly low: number;
  readonly high: number;
}

interface StudyEntry {
  readonly name: string;
  readonly objective: readonly [string, "min" | "max"];
  /** The task without its data, and these as an index; null for none. */
  readonly task: readonly [unknown, number | null] | null;
  readonly space: number;
  readonly origin: number;
  readonly trials: number;
  readonly curves: readonly CurveEntry[];
  /** Blocks of configurations and of values with curves: offset and length. */
  readonly params: readonly [number, number];
  readonly values: readonly [number, number];
}

interface Header {
  readonly version: 1;
  readonly spaces: readonly unknown[];
  readonly origins: readonly string[];
  /** What was measured of data sets, which several studies may share; without what is null. */
  readonly data: readonly Readonly<Record<string, unknown>>[];
  readonly studies: readonly StudyEntry[];
}

const mark = Uint8Array.of(0xe9, 0x74, 0x75, 0x64, 0x65, 0x6c, 0x69, 0x62);
/** Inactive, or missing. */
const nothing = 0xffff;
const steps = nothing - 1;

/**
 * Packs studies into a compact library. Equal studies give equal bytes.
 *
 * @param studies The studies; those without a trial that can be kept are left out.
 * @returns The file's bytes, for {@linkcode openLibrary}.
 *
 * @example
 * ```ts
 * import { float, minimize, packLibrary, space } from "@etude/etude";
 * packLibrary([]).length; // the bytes of an empty one
 * ```
 */
export function packLibrary(studies: readonly CompactInput[]): Uint8Array {
  const spaces = new Map<string, number>();
  const origins = new Map<string, number>();
  const data = new Map<string, number>();
  const blocks: Uint8Array[] = [];
  const known = new Map<string, readonly [number, number]>();
  let at = 0;
  const indexIn = (map: Map<string, number>, key: string) => {
    const index = map.get(key) ?? map.size;
    map.set(key, index);
    return index;
  };
  const put = (bytes: Uint8Array): readonly [number, number] => {
    const block = new Uint8Array(deflateRawSync(bytes, { level: 9 }));
    const key = Buffer.from(block).toString("latin1");
    const before = known.get(key);
    if (before !== undefined) return before;
    const place = [at, block.length] as const;
    known.set(key, place);
    blocks.push(block);
    at += block.length;
    return place;
  };
  const entries = studies.flatMap((study): StudyEntry[] => {
    const { objective, name, task, origin } = study;
    const space = new Space(study.space.parameters);
    const packed = packTrials(study, space);
    if (packed === null) return [];
    return [{
      name,
      objective: [
        objective.name,
        objective.direction === "minimize" ? "min" : "max",
      ],
      task: task === null ? null : [
        { ...task, data: null },
        task.data === null ? null : indexIn(data, withoutNulls(task.data)),
      ],
      space: indexIn(spaces, JSON.stringify(space)),
      origin: indexIn(origins, origin),
      trials: packed.trials,
      curves: packed.curves,
      params: put(packed.params),
      values: put(packed.values),
    }];
  });
  const header: Header = {
    version: 1,
    spaces: [...spaces.keys()].map((text) => JSON.parse(text)),
    origins: [...origins.keys()],
    data: [...data.keys()].map((text) => JSON.parse(text)),
    studies: entries,
  };
  const head = new Uint8Array(
    deflateRawSync(new TextEncoder().encode(JSON.stringify(header)), {
      level: 9,
    }),
  );
  const bytes = new Uint8Array(mark.length + 4 + head.length + at);
  bytes.set(mark);
  new DataView(bytes.buffer).setUint32(mark.length, head.length, true);
  bytes.set(head, mark.length + 4);
  let end = mark.length + 4 + head.length;
  for (const block of blocks) {
    bytes.set(block, end);
    end += block.length;
  }
  return bytes;
}

function withoutNulls(data: DataFeatures): string {
  return JSON.stringify(data, (_key, value) => value ?? undefined);
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

function packTrials(study: CompactInput, space: Space) {
  const sign = study.objective.direction === "minimize" ? 1 : -1;
  const usable = study.trials.filter((trial) =>
    trial.state === "complete" && Number.isFinite(trial.value) &&
    space.locate(trial.params).every((place, axis) =>
      Number.isNaN(place)
        ? !Object.hasOwn(trial.params, space.names[axis]!)
        : place >= -1e-9 && place <= 1 + 1e-9
    )
  );
  const trials = thinTrials(usable, sign);
  if (trials.length === 0) return null;
  const n = trials.length;
  const places = new Uint16Array(n * space.dimension);
  space.parameters.forEach((parameter, axis) => {
    trials.forEach(({ params }, i) => {
      places[axis * n + i] = codeOf(
        parameter,
        Object.hasOwn(params, parameter.name)
          ? params[parameter.name]
          : undefined,
      );
    });
  });
  const values = toPlanes32(Float32Array.from(trials, (one) => one.value!));
  const names = [
    ...new Set(trials.flatMap(({ curves }) => [...curves.keys()])),
  ];
  const curves = names.map((name) => packCurves(name, trials));
  const body = new Uint8Array(
    values.length + curves.reduce((sum, { bytes }) => sum + bytes.length, 0),
  );
  body.set(values);
  let at = values.length;
  for (const { bytes } of curves) {
    body.set(bytes, at);
    at += bytes.length;
  }
  return {
    trials: n,
    params: toPlanes16(places),
    values: body,
    curves: curves.map(({ entry }) => entry),
  };
}

function packCurves(name: string, trials: readonly TrialRecord[]) {
  const found = trials.map(({ curves }) => curves.get(name));
  const kept = thinSteps(found.filter((curve) => curve !== undefined));
  const at = found.map((curve) =>
    new Map(curve?.steps.map((step, i) => [step, curve.values[i]!]))
  );
  const numbers = at.flatMap((points) => kept.map((step) => points.get(step)))
    .filter((value): value is number => Number.isFinite(value))
    .sort((a, b) => a - b);
  const quantile = (share: number) =>
    numbers[Math.round(share * (numbers.length - 1))] ?? 0;
  const spread = quantile(0.75) - quantile(0.25);
  const low = Math.max(quantile(0), quantile(0.25) - 10 * spread);
  const high = Math.min(quantile(1), quantile(0.75) + 10 * spread);
  const codes = new Uint16Array(kept.length * trials.length).fill(nothing);
  kept.forEach((step, k) => {
    at.forEach((points, i) => {
      const value = points.get(step);
      if (value === undefined || Number.isNaN(value)) return;
      const share = high > low ? (value - low) / (high - low) : 0;
      codes[k * trials.length + i] = Math.round(
        steps * Math.min(1, Math.max(0, share)),
      );
    });
  });
  const entry: CurveEntry = { name, steps: kept, low, high };
  return { entry, bytes: toPlanes16(codes) };
}

function codeOf(
  parameter: Parameter,
  value: ParameterValue | undefined,
): number {
  if (value === undefined) return nothing;
  const choices = choicesOf(parameter);
  if (choices !== null) return choices.indexOf(value);
  const { low, step } = parameter as { low: number; step: number | null };
  if (cardinality(parameter) <= nothing) {
    return step === null ? 0 : Math.round(((value as number) - low) / step);
  }
  const place = Math.min(1, Math.max(0, locate(parameter, value)));
  return Math.round(steps * place);
}

function valueOf(parameter: Parameter, code: number): ParameterValue {
  const choices = choicesOf(parameter);
  if (choices !== null) return choices[code]!;
  const { low, high, step } = parameter as {
    low: number;
    high: number;
    step: number | null;
  };
  if (cardinality(parameter) <= nothing) {
    return step === null ? low : Math.min(high, gridValue(code, low, step));
  }
  return fromUnit(parameter, code / steps);
}

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

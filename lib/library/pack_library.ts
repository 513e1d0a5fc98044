import { Buffer } from "node:buffer";
import { deflateRawSync } from "node:zlib";
import type { Objective, TrialRecord } from "../records/mod.ts";
import { Space } from "../space/mod.ts";
import {
  codeOf,
  type CurveEntry,
  type Header,
  mark,
  nothing,
  steps,
  type StudyEntry,
} from "./_compact_format.ts";
import { toPlanes16, toPlanes32 } from "./_planes.ts";
import { thinSteps, thinTrials } from "./_thin.ts";
import type { DataFeatures, TaskDescription } from "./task.ts";

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

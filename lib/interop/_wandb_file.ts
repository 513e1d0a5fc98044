/**
 * The file that a W&B run writes as it goes, `run-ID.wandb`; offline it is all there is.
 *
 * After seven bytes (`:W&B`, a mark, a version) it is a log in blocks of 32 KiB, as
 * LevelDB writes them. A piece is a checksum (4 bytes), a length (2), a kind (1:
 * 1 whole, 2 first, 3 middle, 4 last) and that many bytes, all little-endian; no
 * piece lies over the end of a block. The pieces of a record make a message in
 * protocol buffers, of which these are read: history = 2: item = 1; summary = 3 and
 * config = 5: update = 1, remove = 2; run = 17: id = 1, project = 3, config = 4,
 * name = 8, notes = 9, tags = 10, sweep = 12, start = 17: seconds = 1, nanos = 2;
 * exit = 18: code = 1. An item's key = 1, its keys from outside in = 2, its value
 * as JSON = 16.
 *
 * Source: `wandb_internal.proto` and `datastore.py` of the package `wandb` (MIT).
 *
 * @module
 */

import { parsePythonJSON } from "../storage/mod.ts";
import { readFileBytes } from "../storage/mod.ts";
import { unreadable } from "./_files.ts";
import { fieldsOf, messagesOf, textOf, viewOf, wholeOf } from "./_protobuf.ts";

/** A run as W&B's own interface gives it, as far as it is read. */
export interface WandbRun {
  id: string;
  name: string;
  project: string;
  sweepId: string;
  tags: readonly string[];
  /** `finished`, `failed`, or `running`, where the file does not say how it ended. */
  state: string;
  /** When it began, in seconds since 1970. */
  created_at: number;
  readonly config: Record<string, unknown>;
  readonly summary: Record<string, unknown>;
  /** The rows that were logged, with `_step`. */
  readonly history: Record<string, unknown>[];
  /** Whether the file breaks off within a record, as while it is written. */
  isTorn: boolean;
}

const blockBytes = 32768;
const headBytes = 7;

/** The run in such a file. */
export async function readWandbFile(path: string): Promise<WandbRun> {
  const bytes = await readFileBytes(path);
  if (new TextDecoder().decode(bytes.subarray(0, 4)) !== ":W&B") {
    throw unreadable(
      path,
      "it does not begin as one of W&B's does",
      "a run's .wandb file",
    );
  }
  const run: WandbRun = {
    id: "",
    name: "",
    project: "",
    sweepId: "",
    tags: [],
    state: "running",
    created_at: NaN,
    config: {},
    summary: {},
    history: [],
    isTorn: false,
  };
  for (const record of recordsIn(bytes)) {
    if (record === null) run.isTorn = true;
    else readRecord(run, record);
  }
  return run;
}

/** The records of a file; null last where it breaks off. */
function* recordsIn(bytes: Uint8Array): Generator<Uint8Array | null> {
  const view = viewOf(bytes);
  let pieces: Uint8Array[] = [];
  for (let place = headBytes; place < bytes.length;) {
    const left = blockBytes - place % blockBytes;
    if (left < headBytes) {
      place += left;
      continue;
    }
    if (place + headBytes > bytes.length) return yield null;
    const length = view.getUint16(place + 4, true);
    const kind = bytes[place + 6]!;
    // The rest of a block that was made beforehand is zeros.
    if (kind === 0 && length === 0) {
      place += left;
      continue;
    }
    const from = place + headBytes;
    place = from + length;
    if (kind > 4 || place > bytes.length) return yield null;
    if (kind === 1 || kind === 2) pieces = [];
    pieces.push(bytes.subarray(from, place));
    if (kind === 1 || kind === 4) yield joined(pieces);
  }
}

function joined(pieces: readonly Uint8Array[]): Uint8Array {
  if (pieces.length === 1) return pieces[0]!;
  const whole = new Uint8Array(
    pieces.reduce((sum, { length }) => sum + length, 0),
  );
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}

function readRecord(run: WandbRun, record: Uint8Array): void {
  for (const [number, value] of fieldsOf(record)) {
    if (!(value instanceof Uint8Array)) continue;
    switch (number) {
      case 2: {
        const row: Record<string, unknown> = {};
        for (const item of messagesOf(value, 1)) setItem(row, item);
        run.history.push(row);
        break;
      }
      case 3:
        update(run.summary, value);
        break;
      case 5:
        update(run.config, value);
        break;
      case 17: {
        const [config] = messagesOf(value, 4);
        const [start] = messagesOf(value, 17);
        if (config !== undefined) update(run.config, config);
        if (start !== undefined) {
          run.created_at = wholeOf(start, 1) + wholeOf(start, 2) / 1e9;
        }
        run.id = textOf(value, 1);
        run.project = textOf(value, 3);
        run.name = textOf(value, 8) || run.id;
        run.sweepId = textOf(value, 12);
        run.tags = messagesOf(value, 10).map((tag) =>
          new TextDecoder().decode(tag)
        );
        break;
      }
      case 18:
        run.state = wholeOf(value, 1) === 0 ? "finished" : "failed";
    }
  }
}

function update(target: Record<string, unknown>, message: Uint8Array): void {
  for (const [number, item] of fieldsOf(message)) {
    if (!(item instanceof Uint8Array)) continue;
    if (number === 1) setItem(target, item);
    else if (number === 2) delete target[keyOf(item).join(".")];
  }
}

/** Sets what an item says, its keys joined by dots, as W&B shows them. */
function setItem(target: Record<string, unknown>, item: Uint8Array): void {
  const json = textOf(item, 16);
  // Later versions have fields for plain values; those of their runs are JSON all the same.
  if (json !== "") target[keyOf(item).join(".")] = parsePythonJSON(json);
}

function keyOf(item: Uint8Array): string[] {
  const nested = messagesOf(item, 2);
  return nested.length === 0
    ? [textOf(item, 1)]
    : nested.map((key) => new TextDecoder().decode(key));
}

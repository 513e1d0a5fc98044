/**
 * TensorBoard's event files.
 *
 * A file is a row of records: length (uint64), its checksum (4 bytes), that many
 * bytes, their checksum (4 bytes), all little-endian. The bytes are an `Event`
 * in protocol buffers: wall time = 1 (double), step = 2 (varint), summary = 5;
 * a summary's values = 1: tag = 1, simple value = 2 (float), tensor = 8; a
 * tensor's type = 1, shape = 2, content = 4, floats = 5, doubles = 6, ints = 7,
 * longs = 10.
 *
 * @module
 */

import { type HyperparameterNote, noteOf } from "./_hparams.ts";
import { doubleIn, fieldsOf, floatIn, viewOf } from "./_protobuf.ts";

/** A scalar at a step. */
export interface ScalarEvent {
  /** What it is, e.g. `"validation/loss"`. */
  readonly tag: string;
  /** The step. */
  readonly step: number;
  /** When it was written, in seconds since 1970. */
  readonly wallTimeSeconds: number;
  /** Its value; may be NaN or infinite. */
  readonly value: number;
}

/** The length of a record, and its checksum. */
const headBytes = 12;
/** No record of scalars is larger: one that says so is torn, or no event file. */
const mostBytes = 1 << 30;

/**
 * Reads the scalars of an event file, also while it is written: bytes are given
 * as they come, and half a record waits for its rest. Images, histograms and the
 * like are passed over, and checksums are not looked at.
 *
 * Source: the formats `tfrecord` and `event.proto` of TensorFlow.
 *
 * @example
 * ```ts
 * import { EventReader } from "@etude/etude/interop";
 * new EventReader().read(new Uint8Array()); // []
 * ```
 */
export class EventReader {
  /** What has come and is not read yet, in pieces: put together only when a record is whole. */
  #pieces: Uint8Array[] = [];
  #length = 0;
  /** So many bytes make the next record whole; a head at least. */
  #needed = headBytes;
  readonly #notes: HyperparameterNote[] = [];

  /** What TensorBoard's HParams plugin has noted of the run, in the records read so far. */
  get hyperparameterNotes(): readonly HyperparameterNote[] {
    return this.#notes;
  }

  /**
   * The scalars that are complete with these bytes.
   *
   * @param bytes The next bytes of the file.
   * @throws {SyntaxError} If these are no event file's.
   */
  read(bytes: Uint8Array): ScalarEvent[] {
    this.#pieces.push(bytes);
    this.#length += bytes.length;
    if (this.#length < this.#needed) return [];
    const data = joined(this.#pieces, this.#length);
    const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
    const events: ScalarEvent[] = [];
    let place = 0;
    let needed = headBytes;
    while (place + headBytes <= data.length) {
      const length = Number(view.getBigUint64(place, true));
      if (length > mostBytes) {
        throw new SyntaxError(
          `Cannot read the event file: a record says that it has ${length} bytes; it is damaged, or no file of TensorBoard's`,
        );
      }
      const next = place + headBytes + length + 4;
      if (next > data.length) {
        needed = next - place;
        break;
      }
      const record = data.subarray(place + headBytes, next - 4);
      for (const event of scalarsOf(record, this.#notes)) events.push(event);
      place = next;
    }
    const rest = data.slice(place);
    [this.#pieces, this.#length, this.#needed] = [[rest], rest.length, needed];
    return events;
  }
}

function joined(pieces: readonly Uint8Array[], length: number): Uint8Array {
  if (pieces.length === 1) return pieces[0]!;
  const all = new Uint8Array(length);
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  return all;
}

function scalarsOf(
  record: Uint8Array,
  notes: HyperparameterNote[],
): ScalarEvent[] {
  let wallTimeSeconds = 0;
  let step = 0;
  const summaries: Uint8Array[] = [];
  for (const [number, value] of fieldsOf(record)) {
    if (number === 1 && value instanceof Uint8Array) {
      wallTimeSeconds = doubleIn(value);
    } else if (number === 2 && typeof value === "bigint") step = Number(value);
    else if (number === 5 && value instanceof Uint8Array) summaries.push(value);
  }
  return summaries.flatMap((summary) =>
    [...fieldsOf(summary)].flatMap(([number, value]) => {
      if (number !== 1 || !(value instanceof Uint8Array)) return [];
      const note = noteOf(value);
      if (note !== null) notes.push(note);
      const { tag, scalar } = valueOf(value);
      return scalar === null
        ? []
        : [{ tag, step, wallTimeSeconds, value: scalar }];
    })
  );
}

function valueOf(
  bytes: Uint8Array,
): { readonly tag: string; readonly scalar: number | null } {
  let tag = "";
  let scalar: number | null = null;
  for (const [number, value] of fieldsOf(bytes)) {
    if (!(value instanceof Uint8Array)) continue;
    if (number === 1) tag = new TextDecoder().decode(value);
    else if (number === 2) scalar = floatIn(value);
    else if (number === 8) scalar = scalarOfTensor(value);
  }
  return { tag, scalar };
}

/** How many bytes a number of a type has, and how it is read; by TensorFlow's numbers of types. */
const readers: Readonly<
  Record<number, readonly [bytes: number, (view: DataView) => number]>
> = {
  1: [4, (view) => view.getFloat32(0, true)],
  2: [8, (view) => view.getFloat64(0, true)],
  3: [4, (view) => view.getInt32(0, true)],
  9: [8, (view) => Number(view.getBigInt64(0, true))],
};

/** The number of a tensor that holds one; null for any other. */
function scalarOfTensor(bytes: Uint8Array): number | null {
  let type = 0;
  const found: { number: number; value: bigint | Uint8Array }[] = [];
  for (const [number, value] of fieldsOf(bytes)) {
    if (number === 1 && typeof value === "bigint") type = Number(value);
    else if ([4, 5, 6, 7, 10].includes(number)) found.push({ number, value });
  }
  const reader = readers[type];
  if (reader === undefined || found.length !== 1) return null;
  const [size, read] = reader;
  const { number, value } = found[0]!;
  if (typeof value === "bigint") return Number(value);
  if (number === 7 || number === 10) return onlyVarint(value);
  return value.length === size ? read(viewOf(value)) : null;
}

/** The number of a packed field that holds one; null for more. */
function onlyVarint(bytes: Uint8Array): number | null {
  // None is longer than ten bytes.
  const isOne = bytes.length <= 10 &&
    bytes.findIndex((byte) => byte < 0x80) === bytes.length - 1;
  // Read as field 0 of kind 0.
  const [field] = isOne ? fieldsOf(Uint8Array.of(0, ...bytes)) : [];
  return field === undefined ? null : Number(field[1]);
}

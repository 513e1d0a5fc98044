/**
 * Protocol buffers as bytes: fields by number.
 *
 * @module
 */

/** A field of a message: a number for varints, bytes for the rest. */
export type Field = readonly [number: number, value: bigint | Uint8Array];

/** The fields of a message, in their order. */
export function* fieldsOf(bytes: Uint8Array): Generator<Field> {
  let place = 0;
  const varint = (): bigint => {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = bytes[place++];
      if (byte === undefined) break;
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return BigInt.asIntN(64, value);
    }
    throw new SyntaxError(
      "Cannot read the event file: a number in it does not end",
    );
  };
  const take = (count: number): Uint8Array => {
    if (count < 0 || place + count > bytes.length) {
      throw new SyntaxError(
        "Cannot read the event file: a field in it is longer than its record",
      );
    }
    return bytes.subarray(place, place += count);
  };
  while (place < bytes.length) {
    const key = Number(varint());
    const kind = key & 7;
    const number = key >> 3;
    if (kind === 0) yield [number, varint()];
    else if (kind === 1) yield [number, take(8)];
    else if (kind === 2) yield [number, take(Number(varint()))];
    else if (kind === 5) yield [number, take(4)];
    else {
      throw new SyntaxError(
        `Cannot read the event file: a field of kind ${kind}`,
      );
    }
  }
}

/** A view of these bytes. */
export const viewOf = (bytes: Uint8Array): DataView =>
  new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** The double in a field of 8 bytes. */
export function doubleIn(bytes: Uint8Array): number {
  if (bytes.length !== 8) throw wrongLength();
  return viewOf(bytes).getFloat64(0, true);
}

/** The float in a field of 4 bytes. */
export function floatIn(bytes: Uint8Array): number {
  if (bytes.length !== 4) throw wrongLength();
  return viewOf(bytes).getFloat32(0, true);
}

function wrongLength(): SyntaxError {
  return new SyntaxError(
    "Cannot read the event file: a number in it has not as many bytes as it should",
  );
}

/** The bytes of all fields of a number. */
export function messagesOf(bytes: Uint8Array, number: number): Uint8Array[] {
  return [...fieldsOf(bytes)].flatMap(([found, value]) =>
    found === number && value instanceof Uint8Array ? [value] : []
  );
}

/** The text of a field; empty if there is none. */
export function textOf(bytes: Uint8Array, number: number): string {
  const [found] = messagesOf(bytes, number);
  return found === undefined ? "" : new TextDecoder().decode(found);
}

/** The double of a field, or null. */
export function doubleOf(bytes: Uint8Array, number: number): number | null {
  const [found] = messagesOf(bytes, number);
  return found?.length === 8 ? viewOf(found).getFloat64(0, true) : null;
}

/** The whole number of a field; 0 if there is none, as the format has it. */
export function wholeOf(bytes: Uint8Array, number: number): number {
  for (const [found, value] of fieldsOf(bytes)) {
    if (found === number && typeof value === "bigint") return Number(value);
  }
  return 0;
}

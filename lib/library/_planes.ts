/**
 * Numbers as bytes that compress well: the high bytes of all numbers first,
 * then the low ones.
 *
 * @module
 */

/** 16-bit numbers as two planes of bytes. */
export function toPlanes16(numbers: Uint16Array): Uint8Array {
  const n = numbers.length;
  const bytes = new Uint8Array(2 * n);
  for (let i = 0; i < n; i++) {
    bytes[i] = numbers[i]! >> 8;
    bytes[n + i] = numbers[i]! & 255;
  }
  return bytes;
}

/** What {@linkcode toPlanes16} made, `count` numbers from `at` on. */
export function fromPlanes16(
  bytes: Uint8Array,
  at: number,
  count: number,
): Uint16Array {
  return Uint16Array.from(
    { length: count },
    (_, i) => (bytes[at + i]! << 8) | bytes[at + count + i]!,
  );
}

/** 32-bit floats as four planes of bytes. */
export function toPlanes32(numbers: Float32Array): Uint8Array {
  const n = numbers.length;
  const view = new DataView(new ArrayBuffer(4));
  const bytes = new Uint8Array(4 * n);
  for (let i = 0; i < n; i++) {
    view.setFloat32(0, numbers[i]!);
    for (let k = 0; k < 4; k++) bytes[k * n + i] = view.getUint8(k);
  }
  return bytes;
}

/** What {@linkcode toPlanes32} made. */
export function fromPlanes32(
  bytes: Uint8Array,
  at: number,
  count: number,
): Float32Array {
  const view = new DataView(new ArrayBuffer(4));
  return Float32Array.from({ length: count }, (_, i) => {
    for (let k = 0; k < 4; k++) view.setUint8(k, bytes[at + k * count + i]!);
    return view.getFloat32(0);
  });
}

let table: Uint32Array | null = null;

function makeTable(): Uint32Array {
  return Uint32Array.from({ length: 256 }, (_, byte) => {
    let code = byte;
    for (let bit = 0; bit < 8; bit++) {
      code = code & 1 ? (code >>> 1) ^ 0xedb88320 : code >>> 1;
    }
    return code;
  });
}

const encoder = new TextEncoder();

/**
 * The CRC-32 of a text in UTF-8, in `[0, 2^32)`: the same as `binascii.crc32`
 * in Python and zlib.
 *
 * Source: ISO 3309, reflected polynomial 0xEDB88320.
 */
export function crc32(text: string): number {
  table ??= makeTable();
  let code = 0xffffffff;
  for (const byte of encoder.encode(text)) {
    code = (code >>> 8) ^ table[(code ^ byte) & 0xff]!;
  }
  return (code ^ 0xffffffff) >>> 0;
}

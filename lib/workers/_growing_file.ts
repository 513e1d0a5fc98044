import { type FileHandle, open, stat } from "node:fs/promises";

/** No more than so many bytes are taken at a time. */
const mostBytes = 4 * 1024 * 1024;
/** So many bytes before a place tell whether the file is still the same. */
const markBytes = 64;

/** A file that another process writes: gives what is new. */
export class GrowingFile {
  readonly path: string;
  #place = 0;
  /** The bytes before the place, as they were. */
  #mark = new Uint8Array();

  private constructor(path: string) {
    this.path = path;
  }

  /** From its start. */
  static fromStart(path: string): GrowingFile {
    return new GrowingFile(path);
  }

  /** From its present end; from its start if there is none yet. */
  static async fromEnd(path: string): Promise<GrowingFile> {
    const file = new GrowingFile(path);
    const size = await sizeOf(path);
    if (size > 0) {
      await withFile(path, (handle) => file.#setPlace(handle, size));
    }
    return file;
  }

  /** The first line, where something stands before the place; else null. */
  async firstLine(): Promise<string | null> {
    if (this.#place === 0) return null;
    const bytes = await withFile(
      this.path,
      (handle) => bytesAt(handle, 0, Math.min(this.#place, 64 * 1024)),
    );
    return new TextDecoder().decode(bytes).split(/\r?\n/)[0]!;
  }

  /** What is new; null if it was written anew from its start. */
  async read(): Promise<Uint8Array | null> {
    const size = await sizeOf(this.path);
    if (size === 0 && this.#place === 0) return new Uint8Array();
    if (size < this.#place) return this.#restart();
    return await withFile(this.path, async (handle) => {
      const mark = await bytesAt(
        handle,
        this.#place - this.#mark.length,
        this.#mark.length,
      );
      if (!this.#mark.every((byte, i) => byte === mark[i])) {
        return this.#restart();
      }
      const bytes = await bytesAt(
        handle,
        this.#place,
        Math.min(size - this.#place, mostBytes),
      );
      await this.#setPlace(handle, this.#place + bytes.length);
      return bytes;
    });
  }

  #restart(): null {
    this.#place = 0;
    this.#mark = new Uint8Array();
    return null;
  }

  async #setPlace(handle: FileHandle, place: number): Promise<void> {
    const count = Math.min(place, markBytes);
    this.#mark = await bytesAt(handle, place - count, count);
    this.#place = place;
  }
}

async function withFile<T>(
  path: string,
  work: (handle: FileHandle) => Promise<T>,
): Promise<T> {
  const handle = await open(path, "r");
  try {
    return await work(handle);
  } finally {
    await handle.close();
  }
}

async function bytesAt(
  handle: FileHandle,
  place: number,
  count: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = new Uint8Array(count);
  const { bytesRead } = await handle.read(bytes, 0, count, place);
  return bytes.subarray(0, bytesRead);
}

async function sizeOf(path: string): Promise<number> {
  try {
    const found = await stat(path);
    return found.isFile() ? found.size : 0;
  } catch {
    return 0;
  }
}

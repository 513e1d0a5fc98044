/**
 * One at a time, across processes.
 *
 * @module
 */

import { dirname } from "node:path";

/** Options of {@linkcode withFileLock}. */
export interface FileLockOptions {
  /** Called once when another process holds the lock and this one has to wait. */
  onWait?: () => void;
}

/**
 * Does some work while holding an exclusive lock on a file. The operating system frees the lock
 * when its process ends, however it ends.
 */
export async function withFileLock<T>(
  path: string,
  work: () => Promise<T>,
  options: FileLockOptions = {},
): Promise<T> {
  await Deno.mkdir(dirname(path), { recursive: true });
  using file = await Deno.open(path, { create: true, write: true });
  if (!await file.tryLock(true)) {
    options.onWait?.();
    await file.lock(true);
  }
  try {
    return await work();
  } finally {
    await file.unlock();
  }
}

import { readFileSync } from "node:fs";
import { hostname } from "node:os";
import process from "node:process";

/** A process that runs trials. */
interface Worker {
  readonly host: string;
  readonly pid: number;
  /** When it started, in the system's own count, to tell it from a later process of the same number; null where unknown. */
  readonly started: string | null;
}

function startOf(pid: number): string | null {
  try {
    // Field 22 of /proc/PID/stat; the second field, in brackets, may hold spaces.
    const text = readFileSync(`/proc/${pid}/stat`, "utf8");
    return text.slice(text.lastIndexOf(")") + 2).split(" ")[19] ?? null;
  } catch {
    return null;
  }
}

let own: string | null = null;

/** This process, as JSON. */
export function thisWorker(): string {
  own ??= JSON.stringify(
    {
      host: hostname(),
      pid: process.pid,
      started: startOf(process.pid),
    } satisfies Worker,
  );
  return own;
}

/**
 * A description of a worker that is known to be gone; null if it lives or
 * nobody here can know.
 */
export function goneWorker(json: string | null): string | null {
  if (json === null || json === thisWorker()) return null;
  let worker: Worker;
  try {
    worker = JSON.parse(json);
  } catch {
    return null;
  }
  if (worker.host !== hostname() || !Number.isInteger(worker.pid)) return null;
  return isAlive(worker) ? null : `process ${worker.pid} on ${worker.host}`;
}

function isAlive({ pid, started }: Worker): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as { code?: string }).code === "EPERM";
  }
  const now = startOf(pid);
  return started === null || now === null || now === started;
}

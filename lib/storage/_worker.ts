import { readFileSync } from "node:fs";
import { hostname } from "node:os";
import process from "node:process";

/** A process that runs trials. */
interface Worker {
  readonly host: string;
  readonly pid: number;
  /** When it started, in the system's own count, to tell it from a later process of the same number; null where unknown. */
  readonly started: string | null;
  /** Whether it went on with a trial that had been paused. */
  readonly goesOn?: boolean;
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

let own: Worker | null = null;

/**
 * This process, as JSON.
 *
 * @param goesOn Whether it goes on with a paused trial. Defaults to `false`.
 */
export function thisWorker(goesOn = false): string {
  own ??= {
    host: hostname(),
    pid: process.pid,
    started: startOf(process.pid),
  };
  return JSON.stringify(goesOn ? { ...own, goesOn } : own);
}

/** A process that is gone. */
export interface GoneWorker {
  /** What it was, in words. */
  readonly name: string;
  /** Whether it went on with a trial that had been paused. */
  readonly goesOn: boolean;
}

/** The worker, if it is known to be gone; null if it lives or nobody here can know. */
export function goneWorker(json: string | null): GoneWorker | null {
  if (json === thisWorker()) return null;
  const worker = readWorker(json);
  return worker?.host !== hostname() || isAlive(worker)
    ? null
    : wordsOf(worker);
}

/** What is known of a worker: whether it is of this machine, and what it is called. */
export function workerName(
  json: string | null,
): GoneWorker & { readonly isHere: boolean } {
  const worker = readWorker(json);
  return worker === null
    ? { isHere: false, name: "another program", goesOn: false }
    : { isHere: worker.host === hostname(), ...wordsOf(worker) };
}

/** What {@linkcode thisWorker} wrote; null for none and for what is not of that form. */
function readWorker(json: string | null): Worker | null {
  try {
    const worker = JSON.parse(json ?? "null") as Worker | null;
    return Number.isInteger(worker?.pid) ? worker : null;
  } catch {
    return null;
  }
}

function wordsOf({ pid, host, goesOn }: Worker): GoneWorker {
  return { name: `process ${pid} on ${host}`, goesOn: goesOn === true };
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

/**
 * How much is tried: a part in every run of the tests, all of it by
 * `deno task faults`.
 *
 * @module
 */

/** Whether all of it is. */
export const isFull: boolean = Deno.env.get("ETUDE_FAULTS") === "full";

/** Kills, by all kinds of storage together. */
export const kills: number = isFull ? 1200 : 72;

/** Points that trials report; a server's answer to one call has its limit of 15 s. */
export function pointsIn(kind: string): number {
  return isFull && kind !== "PostgreSQL" ? 1_000_000 : 100_000;
}

/** Trials in the queue; fewer where each takes a server a while. */
export function queuedIn(kind: string): number {
  return kind !== "PostgreSQL" ? 10_000 : 1000;
}

/** The seed of all that is random here. */
export const seed: string = Deno.env.get("ETUDE_SEED") ?? "moments";

import type { Judgement } from "./pruner.ts";

/** The trial goes on. */
export function keep(reason: string): Judgement {
  return { stop: false, reason };
}

/** The trial stops. */
export function stop(reason: string): Judgement {
  return { stop: true, reason };
}

/** Said of a trial that has not reported yet. */
export const nothingYet: Judgement = Object.freeze(
  keep("It has reported nothing yet."),
);

/** A number in a sentence. */
export function show(value: number): string {
  return String(Number(value.toPrecision(4)));
}

/** `1 trial`, `2 trials`. */
export function countOf(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

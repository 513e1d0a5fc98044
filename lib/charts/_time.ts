import { formatNumber } from "./_text.ts";

/** A unit that a span of time is said in. */
export interface TimeUnit {
  /** What an axis calls it. */
  readonly name: "seconds" | "minutes" | "hours" | "days";
  /** How many milliseconds it has. */
  readonly ms: number;
  /** A span in it: `12 min`. */
  say(ms: number): string;
}

const units: readonly (readonly [TimeUnit["name"], string, number])[] = [
  ["seconds", "s", 1000],
  ["minutes", "min", 60_000],
  ["hours", "h", 3_600_000],
  ["days", "days", 86_400_000],
];

/** The unit in which a span of some milliseconds reads well. */
export function timeUnit(ms: number): TimeUnit {
  const [name, short, unit] = units.findLast(([, , size]) => ms >= 3 * size) ??
    units[0]!;
  return {
    name,
    ms: unit,
    say: (span) => `${formatNumber(span / unit, 2)} ${short}`,
  };
}

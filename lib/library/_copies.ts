import type { TrialRecord } from "../records/mod.ts";

/** What tells a finished trial from others. */
function keyOf({ params, value }: TrialRecord): string {
  const entries = Object.entries(params as Record<string, unknown>)
    .sort(([a], [b]) => a < b ? -1 : 1);
  return JSON.stringify([entries, value]);
}

/**
 * Whether two lists of trials are of the same study, or of a copy: half of the
 * shorter one's complete trials, and at least three or all of them, are the
 * same in configuration and value.
 */
export function areCopies(
  a: readonly TrialRecord[],
  b: readonly TrialRecord[],
): boolean {
  const [left, right] = [a, b].map((trials) =>
    new Set(trials.filter(({ state }) => state === "complete").map(keyOf))
  );
  const shorter = Math.min(left!.size, right!.size);
  if (shorter === 0) return false;
  const common = left!.intersection(right!).size;
  return common >= Math.max(Math.min(3, shorter), shorter / 2);
}

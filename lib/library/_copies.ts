import type { TrialRecord } from "../records/mod.ts";

/** What tells a finished trial from others. */
function keyOf({ params, value }: TrialRecord): string {
  const entries = Object.entries(params as Record<string, unknown>)
    .sort(([a], [b]) => a < b ? -1 : 1);
  return JSON.stringify([entries, value]);
}

const known = new WeakMap<readonly TrialRecord[], ReadonlySet<string>>();

function keysOf(trials: readonly TrialRecord[]): ReadonlySet<string> {
  let keys = known.get(trials);
  if (keys === undefined) {
    keys = new Set(trials.map(keyOf));
    known.set(trials, keys);
  }
  return keys;
}

/**
 * Whether two lists of complete trials are of the same study, or of a copy: half of the
 * shorter one's trials, and at least three or all of them, are the
 * same in configuration and value.
 */
export function areCopies(
  a: readonly TrialRecord[],
  b: readonly TrialRecord[],
): boolean {
  const shorter = Math.min(a.length, b.length);
  if (shorter === 0) return false;
  const common = keysOf(a).intersection(keysOf(b)).size;
  return common >= Math.max(Math.min(3, shorter), shorter / 2);
}

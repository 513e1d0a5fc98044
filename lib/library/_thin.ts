import type { Curve, TrialRecord } from "../records/mod.ts";

/** The most trials of a study that are kept. */
const mostTrials = 256;
/** The most points of a curve that are kept. */
const mostPoints = 32;

/**
 * The trials worth keeping: the best quarter of what is kept, and others at
 * even distances over the ranking, so that the bad is known too. By number.
 *
 * @param sign 1 if smaller values are better, −1 if larger ones.
 * @param most How many are kept. Defaults to `256`.
 */
export function thinTrials(
  trials: readonly TrialRecord[],
  sign: 1 | -1,
  most = mostTrials,
): readonly TrialRecord[] {
  if (trials.length <= most) return trials;
  const ranked = trials.toSorted((a, b) =>
    sign * (a.value! - b.value!) || a.number - b.number
  );
  const best = Math.floor(most / 4);
  const rest = ranked.length - best;
  const others = most - best;
  return [
    ...ranked.slice(0, best),
    ...Array.from(
      { length: others },
      (_, i) => ranked[best + Math.floor((i * rest) / others)]!,
    ),
  ].sort((a, b) => a.number - b.number);
}

/** The steps at which a study's curves of a name are kept: denser at the beginning, with the last. */
export function thinSteps(curves: readonly Curve[]): readonly number[] {
  const steps = [...new Set(curves.flatMap(({ steps }) => steps))]
    .sort((a, b) => a - b);
  if (steps.length <= mostPoints) return steps;
  const last = steps.length - 1;
  const indices = Array.from(
    { length: mostPoints },
    (_, i) => Math.round((last + 1) ** (i / (mostPoints - 1)) - 1),
  );
  // Where the beginning is crowded, the next free ones.
  for (let i = 1; i < indices.length; i++) {
    indices[i] = Math.max(indices[i]!, indices[i - 1]! + 1);
  }
  return [...new Set(indices.map((index) => steps[Math.min(last, index)]!))];
}

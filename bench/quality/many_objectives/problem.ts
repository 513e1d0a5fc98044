/**
 * What a test problem of several objectives is, all of them to be minimized.
 *
 * @module
 */

/** A problem as its file defines it, without a dimension yet. */
export interface ProblemDefinition {
  /** How many objectives M. */
  readonly objectives: number;
  /** How many variables it has in its source. */
  readonly dimension: number;
  /** Where a variable begins. */
  readonly lower: (index: number) => number;
  /** Where it ends. */
  readonly upper: (index: number) => number;
  /** The worst of each objective on the front. */
  readonly nadir: readonly number[];
  /** The corner from which the volume of a short run is measured. */
  readonly reference: readonly number[];
  /** The objectives at a point. */
  readonly evaluate: (x: ArrayLike<number>) => number[];
  /**
   * The least value that the last objective has on the front where the others
   * are at most these; Infinity where there is none.
   */
  readonly lowest: (limits: readonly number[]) => number;
}

/** How many cells an axis is cut into. */
const cells = [0, 200_000, 700];

/**
 * The volume that the whole front dominates in front of a reference point: the
 * integral of r − lowest over the other objectives, by midpoints; of two
 * objectives to about 1e-5, of three to 1e-4. The front's other objectives are at
 * least 0.
 */
export function frontVolume(
  { objectives, nadir, lowest }: ProblemDefinition,
  reference: readonly number[],
): number {
  const m = objectives - 1;
  const last = reference[m]!;
  const axes = nadir.slice(0, m).map((end, i) => {
    const n = cells[m]!;
    const to = Math.min(end, reference[i]!);
    const inside = Array.from({ length: n }, (_, k) => ({
      at: to * (k + 0.5) / n,
      width: to / n,
    }));
    // Beyond the front's end nothing changes.
    const beyond = reference[i]! - to;
    return beyond > 0 ? [...inside, { at: end, width: beyond }] : inside;
  });
  let volume = 0;
  for (const a of axes[0]!) {
    if (m === 1) {
      volume += a.width * Math.max(0, last - lowest([a.at]));
      continue;
    }
    for (const b of axes[1]!) {
      volume += a.width * b.width * Math.max(0, last - lowest([a.at, b.at]));
    }
  }
  return volume;
}

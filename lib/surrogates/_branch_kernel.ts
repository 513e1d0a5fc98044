/**
 * The kernel over the configurations of a conditional space.
 *
 * | symbol | name in code | shape | meaning |
 * |---|---|---|---|
 * | X | `columns` | `[d, n]` | points, column after column |
 * | w | `weights` | `[d]` | 1 / ℓ² |
 * | S | `shared` | | the columns that are always active |
 * | B | `parts` | | columns that are active together, and the column that says whether they are |
 * | M(r) | | | (1 + √5 r + 5 r² / 3) e^(−√5 r) |
 * | ρ_B | | | e^(−w / 2), w of B's switch: how much configurations with B and without it have in common; ρ² is `common` |
 * | q_B | `likeness` | | a point's and another's likeness as far as B goes |
 *
 * (1) k = s² M(r_S) Π_B q_B
 *
 * (2) q_B = 1 where neither has B; ρ where one has; ρ² + (1 − ρ²) M(r_B) where both have
 *
 * (3) ∂k / ∂log ℓⱼ = k wⱼ δⱼ² g_S for j in S, where g_S = (5/3) (1 + √5 r) / (1 + √5 r + 5 r² / 3);
 *     the same with g_B = (1 − ρ²) (5/3) (1 + √5 r) e^(−√5 r) / q_B for j in B, where both have B
 *
 * (4) ∂k / ∂log ℓ of B's switch = k h_B; h_B = w where one has B, 2 w ρ² (1 − M) / q_B where both have
 *
 * (5) ∂k / ∂xⱼ = −k wⱼ (xⱼ − x'ⱼ) g
 *
 * q_B is what functions ρ a + √(1 − ρ²) b(x) with B, and a without it, have in
 * common, where a is one number of variance 1 and b a process with kernel M: so k
 * is a covariance. Its variance is s² everywhere, and one trial in a branch leaves
 * the branch's own 1 − ρ² unknown but near that trial.
 *
 * Source: our own; products over the parts of a tree as in Swersky, Duvenaud,
 * Snoek, Hutter and Osborne, Raiders of the lost architecture (2014), and a part
 * that branches share as in Jenatton, Archambeau, González and Seeger, Bayesian
 * optimization with tree-structured dependencies (2017).
 */

import type { Branches } from "./branches.ts";

/** What the kernel works with. */
export interface BranchSetting {
  /** The other points, `[d, n]`. */
  readonly columns: Float64Array;
  /** w, `[d]`. */
  readonly weights: Float64Array;
  /** How many columns are numbers, the first ones. */
  readonly numeric: number;
  /** s². */
  readonly outputScale: number;
  /** S and B. */
  readonly branches: Branches;
}

/** Where {@linkcode branchRow} writes. */
export interface BranchRow {
  /** k, from `at` on. */
  readonly out: Float64Array;
  readonly at: number;
  /** How many of the other points, the first ones. */
  readonly count: number;
  /** k g, `[1 + parts, n]`: of S, then of each B. Not asked for by default. */
  readonly slopes?: Float64Array;
}

const root5 = Math.sqrt(5);

/** k of equation (1) between a point, which stands from `p` on, and others. */
export function branchRow(
  points: Float64Array,
  p: number,
  setting: BranchSetting,
  { out, at, count, slopes }: BranchRow,
): void {
  const { columns, weights, outputScale, branches } = setting;
  const { shared, parts } = branches;
  const n = columns.length / weights.length;
  // Σ w over the switches that differ: −2 log of the product of their ρ.
  const apart = new Float64Array(count);
  for (const { switch: column } of parts) {
    const own = points[p + column]!;
    const weight = weights[column]!;
    const start = column * n;
    for (let i = 0; i < count; i++) {
      apart[i]! += weight * Math.abs(own - columns[start + i]!);
    }
  }
  const squares = new Float64Array(count);
  addSquares(points, p, setting, { squares, chosen: shared, count });
  for (let i = 0; i < count; i++) {
    const far = root5 * Math.sqrt(squares[i]!);
    const shape = 1 + far + 5 / 3 * squares[i]!;
    out[at + i] = outputScale * shape * Math.exp(-far - apart[i]! / 2);
    if (slopes !== undefined) slopes[i] = 5 / 3 * (1 + far) / shape;
  }
  for (let part = 0; part < parts.length; part++) {
    const { columns: chosen, switch: column } = parts[part]!;
    const own = points[p + column]!;
    const weight = weights[column]!;
    const start = column * n;
    const slopesAt = (1 + part) * n;
    slopes?.fill(0, slopesAt, slopesAt + count);
    if (own !== 1) continue;
    const common = Math.exp(-weight);
    squares.fill(0);
    addSquares(points, p, setting, { squares, chosen, count });
    for (let i = 0; i < count; i++) {
      if (columns[start + i] !== 1) continue;
      const far = root5 * Math.sqrt(squares[i]!);
      const decay = Math.exp(-far);
      const near = (1 + far + 5 / 3 * squares[i]!) * decay;
      const likeness = common + (1 - common) * near;
      out[at + i]! *= likeness;
      // Where both vanish the covariance does, and its slopes with it.
      if (slopes === undefined || likeness === 0) continue;
      slopes[slopesAt + i] = (1 - common) * 5 / 3 * (1 + far) * decay /
        likeness;
    }
  }
  if (slopes === undefined) return;
  for (let part = 0; part <= parts.length; part++) {
    for (let i = 0; i < count; i++) slopes[part * n + i]! *= out[at + i]!;
  }
}

/** Adds w δ² over some columns. */
function addSquares(
  points: Float64Array,
  p: number,
  { columns, weights, numeric }: BranchSetting,
  { squares, chosen, count }: {
    squares: Float64Array;
    chosen: readonly number[];
    count: number;
  },
): void {
  const n = columns.length / weights.length;
  for (const j of chosen) {
    const x = points[p + j]!;
    const weight = weights[j]!;
    const start = j * n;
    if (j < numeric) {
      for (let i = 0; i < count; i++) {
        const difference = x - columns[start + i]!;
        squares[i]! += weight * difference * difference;
      }
    } else {
      for (let i = 0; i < count; i++) {
        if (x !== columns[start + i]!) squares[i]! += weight;
      }
    }
  }
}

/**
 * Σ over pairs of points of pull × ∂k / ∂log ℓ: equations (3), (4).
 *
 * @param inputs The points, `[n, d]`.
 * @param pulls pull × k, `[n, n]`, only below the diagonal.
 * @returns `[d]`.
 */
export function branchSlopes(
  inputs: Float64Array,
  setting: BranchSetting,
  pulls: Float64Array,
): Float64Array {
  const { columns, weights, branches: { shared, parts } } = setting;
  const d = weights.length;
  const n = columns.length / d;
  const sums = new Float64Array(d);
  const squares = new Float64Array(n);
  const steps = new Float64Array(n);
  for (let a = 1; a < n; a++) {
    const p = a * d;
    const row = a * n;
    squares.fill(0, 0, a);
    addSquares(inputs, p, setting, { squares, chosen: shared, count: a });
    for (let b = 0; b < a; b++) {
      const far = root5 * Math.sqrt(squares[b]!);
      const slope = 5 / 3 * (1 + far) / (1 + far + 5 / 3 * squares[b]!);
      steps[b] = slope * pulls[row + b]!;
    }
    addSlopes(a, setting, { steps, chosen: shared, sums });
    for (const { columns: chosen, switch: column } of parts) {
      const start = column * n;
      const own = inputs[p + column]!;
      let bySwitch = 0;
      for (let b = 0; b < a; b++) {
        bySwitch += pulls[row + b]! * Math.abs(own - columns[start + b]!);
      }
      if (own === 1) {
        const common = Math.exp(-weights[column]!);
        squares.fill(0, 0, a);
        addSquares(inputs, p, setting, { squares, chosen, count: a });
        for (let b = 0; b < a; b++) {
          steps[b] = 0;
          if (columns[start + b] !== 1) continue;
          const far = root5 * Math.sqrt(squares[b]!);
          const decay = Math.exp(-far);
          const near = (1 + far + 5 / 3 * squares[b]!) * decay;
          const likeness = common + (1 - common) * near;
          if (likeness === 0) continue;
          const pull = pulls[row + b]! / likeness;
          steps[b] = pull * (1 - common) * 5 / 3 * (1 + far) * decay;
          bySwitch += 2 * pull * common * (1 - near);
        }
        addSlopes(a, setting, { steps, chosen, sums });
      }
      sums[column]! += weights[column]! * bySwitch;
    }
  }
  return sums;
}

/** Adds w Σ δ² × step over the points before the one of index `a`, for some columns. */
function addSlopes(
  a: number,
  { columns, weights, numeric }: BranchSetting,
  { steps, chosen, sums }: {
    steps: Float64Array;
    chosen: readonly number[];
    sums: Float64Array;
  },
): void {
  const n = steps.length;
  for (const j of chosen) {
    const start = j * n;
    const x = columns[start + a]!;
    let sum = 0;
    if (j < numeric) {
      for (let b = 0; b < a; b++) {
        const difference = x - columns[start + b]!;
        sum += steps[b]! * difference * difference;
      }
    } else {
      for (let b = 0; b < a; b++) {
        if (x !== columns[start + b]!) sum += steps[b]!;
      }
    }
    sums[j]! += weights[j]! * sum;
  }
}

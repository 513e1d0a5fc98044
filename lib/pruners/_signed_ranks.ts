/**
 * Wilcoxon's signed-rank test.
 *
 * | symbol | name in code | meaning |
 * |---|---|---|
 * | n | `n` | how many differences |
 * | d | `differences` | what is tested: is their middle above 0? |
 * | R | `ranks` | rank of \|d\| from 1, the mean rank of equals |
 * | T⁺ | `statistic` | sum of the ranks of positive d, plus half of those of zeros |
 *
 * Source: Wilcoxon (1945); zeros split (`zsplit`), the choice between the exact
 * distribution and the normal one as in SciPy 1.17's `wilcoxon(method="auto")`.
 *
 * @module
 */

import { normalCdf } from "../math/mod.ts";

/** With more differences than these, or with equals more than {@linkcode mostTied}, T⁺ is taken as normal. */
const mostExact = 50;
const mostTied = 13;

/**
 * The probability of differences so far on the positive side if they were
 * symmetric around 0: small if they are above it.
 *
 * @param differences At least one; finite.
 *
 * @example
 * ```ts
 * import { signedRankTail } from "@etude/etude";
 * signedRankTail([1, 2, 3, 4]); // 0.0625
 * ```
 */
export function probabilityAboveZero(differences: readonly number[]): number {
  const n = differences.length;
  const { ranks, ties } = ranksOf(differences.map(Math.abs));
  let statistic = 0;
  differences.forEach((d, i) => {
    if (d > 0) statistic += ranks[i]!;
    else if (d === 0) statistic += ranks[i]! / 2;
  });
  const zeros = differences.filter((d) => d === 0).length;
  const isPlain = ties === 0 && zeros === 0;
  if (n <= (isPlain ? mostExact : mostTied)) {
    const free = ranks.filter((_, i) => differences[i] !== 0);
    const fixed = ranks.reduce(
      (sum, rank, i) => differences[i] === 0 ? sum + rank / 2 : sum,
      0,
    );
    return exactTail(free, statistic - fixed);
  }
  const mean = n * (n + 1) / 4;
  const variance = (n * (n + 1) * (2 * n + 1) - ties / 2) / 24;
  return normalCdf((mean - statistic) / Math.sqrt(variance));
}

/** Ranks from 1, equals sharing the mean of theirs, and the sum of t³ − t over groups of t equals. */
function ranksOf(
  values: readonly number[],
): { ranks: Float64Array; ties: number } {
  const order = values.map((_, i) => i).sort((a, b) => values[a]! - values[b]!);
  const ranks = new Float64Array(values.length);
  let ties = 0;
  for (let start = 0; start < order.length;) {
    let end = start + 1;
    while (
      end < order.length && values[order[end]!] === values[order[start]!]
    ) end++;
    for (let i = start; i < end; i++) ranks[order[i]!] = (start + 1 + end) / 2;
    ties += (end - start) ** 3 - (end - start);
    start = end;
  }
  return { ranks, ties };
}

/** The share of the 2ⁿ choices of signs whose positive ranks sum to at least `statistic`. */
function exactTail(ranks: Float64Array, statistic: number): number {
  // Ranks of equals are halves: with two units a rank everything is whole.
  const units = ranks.every(Number.isInteger) ? 1 : 2;
  const steps = Array.from(ranks, (rank) => Math.round(units * rank));
  const total = steps.reduce((sum, step) => sum + step, 0);
  // By symmetry: as likely as a sum of at most what is missing to the total.
  const most = Math.floor(total - units * statistic + 1e-9);
  if (most < 0) return 0;
  const chances = new Float64Array(Math.min(most, total) + 1);
  chances[0] = 1;
  let top = 0;
  for (const step of steps) {
    top = Math.min(chances.length - 1, top + step);
    for (let sum = top; sum >= step; sum--) {
      chances[sum] = (chances[sum]! + chances[sum - step]!) / 2;
    }
    for (let sum = Math.min(top, step - 1); sum >= 0; sum--) chances[sum]! /= 2;
  }
  return chances.reduce((sum, chance) => sum + chance, 0);
}

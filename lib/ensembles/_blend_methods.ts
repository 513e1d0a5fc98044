/**
 * Ways to make one prediction of many.
 *
 * | symbol | name in code | shape | meaning |
 * |---|---|---|---|
 * | P | `members` | `[M][n × C]` | what each member predicts |
 * | y | `targets` | `[n × C]` | what is wanted |
 * | w | `weights` | `[M]` | what each member counts |
 *
 * (1) stacking: w = 1/M + δ, δ = (PᵀP + λI)⁻¹ Pᵀ(y − P 1/M): shrunk to the mean, not to 0
 *
 * (2) weights of the weighted mean: exponentiated gradient on the simplex
 *
 * Source: Caruana et al., Ensemble Selection from Libraries of Models (2004);
 * Wolpert, Stacked Generalization (1992); Breiman, Stacked Regressions (1996);
 * Kivinen and Warmuth (1997) for (2).
 *
 * @module
 */

import { cholesky, solveLower, solveLowerTransposed } from "../math/mod.ts";
import { type BlendData, lossesOf, samplesOf } from "./_blend_data.ts";
import { meanOf } from "./_means.ts";

/** A way to make one prediction of many. */
export type BlendMethod =
  | "greedy"
  | "average"
  | "weighted"
  | "hard voting"
  | "stacking";

/** What each member counts, and whether votes are counted rather than probabilities. */
export interface Blend {
  readonly weights: Float64Array;
  readonly isVote: boolean;
}

/** Members in the order of their quality, the best first: by the metric, then by a smoother one. */
export function ranking(data: BlendData): number[] {
  const losses = data.members.map((member) => criterion(member, data));
  return losses.map((_, i) => i).sort((a, b) => losses[a]! - losses[b]!);
}

/** The mean loss; of the accuracy, equals are told apart by their probabilities. */
export function criterion(predicted: Float64Array, data: BlendData): number {
  const main = meanOf([...lossesOf(predicted, data)]);
  return data.metric === "accuracy"
    ? main + 1e-6 * meanOf([...lossesOf(predicted, data, "log loss")])
    : main;
}

/** Fits a way to data. `size`: how many members, of greedy selection how many steps. */
export function fitBlend(
  method: BlendMethod,
  data: BlendData,
  size: number,
): Blend {
  const isVote = method === "hard voting";
  if (method === "greedy") return { weights: greedy(data, size), isVote };
  const chosen = ranking(data).slice(0, size);
  const part = { ...data, members: chosen.map((i) => data.members[i]!) };
  const inner = method === "weighted"
    ? simplexWeights(part)
    : method === "stacking"
    ? stackingWeights(part)
    : new Float64Array(chosen.length).fill(1 / chosen.length);
  const weights = new Float64Array(data.members.length);
  chosen.forEach((i, k) => weights[i] = inner[k]!);
  return { weights, isVote };
}

/** What a blend predicts, `[rows × columns]`. */
export function applyBlend(
  { weights, isVote }: Blend,
  members: readonly Float64Array[],
  columns: number,
): Float64Array {
  const sum = new Float64Array(members[0]!.length);
  members.forEach((member, m) => {
    const weight = weights[m]!;
    if (weight === 0) return;
    for (let at = 0; at < member.length; at += columns) {
      let best = at;
      for (let c = at; c < at + columns; c++) {
        if (member[c]! > member[best]!) best = c;
        // Ties of votes go to the larger probability.
        sum[c]! += (isVote && columns > 1 ? 1e-6 : 1) * weight * member[c]!;
      }
      if (isVote && columns > 1) sum[best]! += weight;
    }
  });
  if (columns > 1) normalize(sum, columns);
  return sum;
}

/** Rows become probabilities: none below 0, their sum 1. */
function normalize(values: Float64Array, columns: number): void {
  for (let at = 0; at < values.length; at += columns) {
    let total = 0;
    for (let c = at; c < at + columns; c++) {
      values[c] = Math.max(0, values[c]!);
      total += values[c]!;
    }
    for (let c = at; c < at + columns; c++) {
      values[c] = total > 0 ? values[c]! / total : 1 / columns;
    }
  }
}

/** Adds, with replacement, whichever member helps most; keeps the best of the sums on the way. */
function greedy(data: BlendData, steps: number): Float64Array {
  const { members } = data;
  const counts = new Float64Array(members.length);
  const sum = new Float64Array(members[0]!.length);
  let kept = { loss: Infinity, counts: counts.slice(), total: 1 };
  for (let step = 1; step <= steps; step++) {
    let [which, least] = [0, Infinity];
    members.forEach((member, m) => {
      const loss = criterion(
        sum.map((value, i) => (value + member[i]!) / step),
        data,
      );
      if (loss < least) [which, least] = [m, loss];
    });
    counts[which]!++;
    members[which]!.forEach((value, i) => sum[i]! += value);
    if (least < kept.loss) {
      kept = { loss: least, counts: counts.slice(), total: step };
    }
  }
  return kept.counts.map((count) => count / kept.total);
}

/** Equation (2), on the log loss or the squared error. */
function simplexWeights(data: BlendData): Float64Array {
  const { members, targets, rows, columns } = data;
  const count = members.length;
  let weights = new Float64Array(count).fill(1 / count);
  const mean = weights.slice();
  const scale = columns > 1 ? 1 : Math.max(
    1e-300,
    meanOf(
      members.map((member) =>
        meanOf([...member.map((p, i) => (p - targets[i]!) ** 2)])
      ),
    ),
  );
  const steps = 150;
  for (let step = 0; step < steps; step++) {
    const sum = applyBlend({ weights, isVote: false }, members, columns);
    const slope = members.map((member) => {
      let total = 0;
      for (let i = 0; i < member.length; i++) {
        if (columns === 1) {
          total += 2 * (sum[i]! - targets[i]!) * member[i]! / scale;
        } else if (targets[i] === 1) {
          total -= member[i]! / Math.max(sum[i]!, 1e-6);
        }
      }
      return total / rows;
    });
    const middle = meanOf(slope);
    weights = weights.map((weight, m) =>
      weight * Math.exp(-0.5 * Math.max(-4, Math.min(4, slope[m]! - middle)))
    );
    const total = weights.reduce((a, b) => a + b);
    weights = weights.map((weight) => weight / total);
    weights.forEach((weight, m) => mean[m]! += weight);
  }
  return mean.map((weight) => weight / (steps + 1));
}

const penalties = [1e-3, 1e-2, 0.1, 1, 10];
const stackingParts = 5;

/** Equation (1); the penalty by cross-validation over samples, none of it at all among the choices. */
function stackingWeights(data: BlendData): Float64Array {
  const { rows, members } = data;
  const equal = new Float64Array(members.length).fill(1 / members.length);
  if (rows < 2 * stackingParts) return equal;
  const losses = penalties.map(() => 0);
  let ofEqual = 0;
  for (let part = 0; part < stackingParts; part++) {
    const [inside, outside]: [number[], number[]] = [[], []];
    for (let i = 0; i < rows; i++) {
      (i % stackingParts === part ? outside : inside).push(i);
    }
    const train = samplesOf(data, inside);
    const test = samplesOf(data, outside);
    const loss = (weights: Float64Array) =>
      meanOf([
        ...lossesOf(
          applyBlend({ weights, isVote: false }, test.members, test.columns),
          test,
          test.columns > 1 ? "log loss" : "squared error",
        ),
      ]);
    penalties.forEach((penalty, k) =>
      losses[k]! += loss(ridge(train, penalty))
    );
    ofEqual += loss(equal);
  }
  const best = losses.indexOf(Math.min(...losses));
  return losses[best]! < ofEqual ? ridge(data, penalties[best]!) : equal;
}

/** δ of equation (1) added to the mean; the penalty in units of the mean of PᵀP's diagonal. */
function ridge(data: BlendData, penalty: number): Float64Array {
  const { members, targets } = data;
  const count = members.length;
  const rest = Float64Array.from(targets);
  for (const member of members) {
    member.forEach((p, i) => rest[i]! -= p / count);
  }
  const gram = new Float64Array(count * count);
  const right = new Float64Array(count);
  let trace = 0;
  members.forEach((a, i) => {
    for (let j = 0; j <= i; j++) {
      const b = members[j]!;
      let sum = 0;
      for (let k = 0; k < a.length; k++) sum += a[k]! * b[k]!;
      gram[i * count + j] = gram[j * count + i] = sum;
    }
    trace += gram[i * count + i]!;
    for (let k = 0; k < a.length; k++) right[i]! += a[k]! * rest[k]!;
  });
  for (let i = 0; i < count; i++) {
    gram[i * count + i]! += penalty * trace / count + 1e-12;
  }
  if (!cholesky(gram, count)) {
    return new Float64Array(count).fill(1 / count);
  }
  solveLower(gram, right);
  solveLowerTransposed(gram, right);
  return right.map((delta) => 1 / count + delta);
}

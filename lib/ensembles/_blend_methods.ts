/**
 * Ways to make one prediction of many.
 *
 * | symbol | name in code | shape | meaning |
 * |---|---|---|---|
 * | P | `members` | `[M][n × C]` | what each member predicts |
 * | y | `targets` | `[n × C]` | what is wanted |
 * | w | `weights` | `[M]` | what each member counts |
 *
 * | b | `bias` | `[C]` | what is added to each class; of stacked classes only |
 *
 * (1) stacking of values: w = 1/M + δ, δ = (PᵀP + λI)⁻¹ Pᵀ(y − P 1/M): shrunk to the mean, not to 0
 *
 * (2) weights of the weighted mean: exponentiated gradient on the simplex
 *
 * (3) stacking of classes: softmax(Σ w P + b), the w and b of the largest Σ log p(y) − λ (w² + b²) / 2, by Newton steps
 *
 * Source: Caruana et al., Ensemble Selection from Libraries of Models (2004);
 * Wolpert, Stacked Generalization (1992); Breiman, Stacked Regressions (1996);
 * Kivinen and Warmuth (1997) for (2); McFadden,
 * Conditional Logit Analysis (1974) for (3).
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
  /** b of equation (3), `[C]`; null where there is none. */
  readonly bias: Float64Array | null;
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
  if (method === "greedy") {
    return { weights: greedy(data, size), isVote, bias: null };
  }
  const chosen = ranking(data).slice(0, size);
  const part = { ...data, members: chosen.map((i) => data.members[i]!) };
  const inner: Omit<Blend, "isVote"> = method === "stacking" ? stacked(part) : {
    weights: method === "weighted"
      ? simplexWeights(part)
      : new Float64Array(chosen.length).fill(1 / chosen.length),
    bias: null,
  };
  const weights = new Float64Array(data.members.length);
  chosen.forEach((i, k) => weights[i] = inner.weights[k]!);
  return { weights, isVote, bias: inner.bias };
}

/** What a blend predicts, `[rows × columns]`. */
export function applyBlend(
  { weights, isVote, bias }: Blend,
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
  if (bias !== null) softmax(sum, bias);
  else if (columns > 1) normalize(sum, columns);
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

/** Rows plus b become probabilities: the last step of equation (3). */
function softmax(values: Float64Array, bias: Float64Array): void {
  const columns = bias.length;
  for (let at = 0; at < values.length; at += columns) {
    let most = -Infinity;
    for (let c = 0; c < columns; c++) {
      most = Math.max(most, values[at + c]! += bias[c]!);
    }
    let total = 0;
    for (let c = 0; c < columns; c++) {
      total += values[at + c] = Math.exp(values[at + c]! - most);
    }
    for (let c = 0; c < columns; c++) values[at + c]! /= total;
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
    const sum = applyBlend(plain(weights), members, columns);
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

/** λ of equation (1), in units of the mean of PᵀP's diagonal, and of equation (3). */
const penalties = {
  values: [1e-3, 1e-2, 0.1, 1, 10],
  classes: [0.3, 1, 3],
};
const stackingParts = 5;

type Linear = Omit<Blend, "isVote">;

function plain(weights: Float64Array): Blend {
  return { weights, isVote: false, bias: null };
}

/** Equation (1) or (3); λ by cross-validation over samples, the plain average among the choices. */
function stacked(data: BlendData): Linear {
  const { rows, columns, members } = data;
  const equal = plain(
    new Float64Array(members.length).fill(1 / members.length),
  );
  if (rows < 2 * stackingParts) return equal;
  const isClasses = columns > 1;
  const fit = isClasses ? conditionalLogit : ridge;
  const choices = isClasses ? penalties.classes : penalties.values;
  const losses = choices.map(() => 0);
  let ofEqual = 0;
  for (let part = 0; part < stackingParts; part++) {
    const [inside, outside]: [number[], number[]] = [[], []];
    for (let i = 0; i < rows; i++) {
      (i % stackingParts === part ? outside : inside).push(i);
    }
    const train = samplesOf(data, inside);
    const test = samplesOf(data, outside);
    const loss = (blend: Linear) =>
      meanOf([
        ...lossesOf(
          applyBlend({ ...blend, isVote: false }, test.members, columns),
          test,
          isClasses ? "log loss" : "squared error",
        ),
      ]);
    choices.forEach((penalty, k) => losses[k]! += loss(fit(train, penalty)));
    ofEqual += loss(equal);
  }
  const best = losses.indexOf(Math.min(...losses));
  return losses[best]! < ofEqual ? fit(data, choices[best]!) : equal;
}

const mostNewtonSteps = 12;

/** Equation (3). */
function conditionalLogit(data: BlendData, penalty: number): Linear {
  const { members, targets, rows, columns } = data;
  const count = members.length;
  const size = count + columns;
  const weights = new Float64Array(count).fill(1);
  const bias = new Float64Array(columns);
  for (let step = 0; step < mostNewtonSteps; step++) {
    const p = applyBlend({ weights, isVote: false, bias }, members, columns);
    const slope = new Float64Array(size);
    const curvature = new Float64Array(size * size);
    const mean = new Float64Array(count);
    for (let i = 0; i < rows; i++) {
      const at = i * columns;
      mean.fill(0);
      for (let m = 0; m < count; m++) {
        for (let c = 0; c < columns; c++) {
          mean[m]! += p[at + c]! * members[m]![at + c]!;
        }
      }
      for (let c = 0; c < columns; c++) {
        const share = p[at + c]!;
        const miss = targets[at + c]! - share;
        slope[count + c]! += miss;
        for (let m = 0; m < count; m++) {
          const away = members[m]![at + c]! - mean[m]!;
          slope[m]! += miss * members[m]![at + c]!;
          for (let k = 0; k <= m; k++) {
            curvature[m * size + k]! += share * away *
              (members[k]![at + c]! - mean[k]!);
          }
          curvature[(count + c) * size + m]! += share * away;
        }
        for (let k = 0; k <= c; k++) {
          curvature[(count + c) * size + count + k]! += (k === c ? share : 0) -
            share * p[at + k]!;
        }
      }
    }
    for (let a = 0; a < size; a++) {
      slope[a]! -= penalty * (a < count ? weights[a]! : bias[a - count]!);
      curvature[a * size + a]! += penalty;
    }
    if (!cholesky(curvature, size)) break;
    solveLower(curvature, slope);
    solveLowerTransposed(curvature, slope);
    // Far steps are shortened: the quadratic holds near by only.
    const far = slope.reduce((most, s) => Math.max(most, Math.abs(s)), 0);
    const scale = Math.min(1, 4 / far);
    for (let a = 0; a < size; a++) {
      if (a < count) weights[a]! += scale * slope[a]!;
      else bias[a - count]! += scale * slope[a]!;
    }
    if (far < 1e-6) break;
  }
  return { weights, bias };
}

/** δ of equation (1) added to the mean; the penalty in units of the mean of PᵀP's diagonal. */
function ridge(data: BlendData, penalty: number): Linear {
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
    return plain(new Float64Array(count).fill(1 / count));
  }
  solveLower(gram, right);
  solveLowerTransposed(gram, right);
  return plain(right.map((delta) => 1 / count + delta));
}

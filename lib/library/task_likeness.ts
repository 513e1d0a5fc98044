/**
 * How alike two tasks are.
 *
 * | symbol | name in code | meaning |
 * |---|---|---|
 * | tᵢ | `traits` | what is compared of a data set, each on a scale on which 1 is a large step |
 * | δ | `distance` | Σ wᵢ min(2, ‖aᵢ − bᵢ‖) / Σ wᵢ, over the traits that both have |
 * | ℓ | `likeness` | exp(−δ / 0.7) for data; shares of common words; in `[0, 1]` |
 *
 * The scales are fixed, so that a likeness does not hang on what else is in the
 * library. Evidence that meta-features find better sources than a portfolio over
 * all of them is thin: likeness only weighs sources, it never rules one out.
 *
 * Source: L1 distance of scaled meta-features as in auto-sklearn (Feurer et al.,
 * Efficient and robust automated machine learning, 2015); scales and weights are
 * ours.
 *
 * @module
 */

import type { DataFeatures, TaskDescription } from "./task.ts";

/** How alike two tasks are, and why. */
export interface TaskLikeness {
  /** From 0, nothing alike, to 1; 0.5 if nothing is known of one of them. */
  readonly value: number;
  /** What was compared, the most different first; empty if nothing is known. */
  readonly traits: readonly TraitComparison[];
}

/** A trait of two tasks side by side. */
export interface TraitComparison {
  /** What it is, e.g. `"rows"`. */
  readonly trait: string;
  /** The first task's value, as it is measured. */
  readonly a: number | string;
  /** The second task's value. */
  readonly b: number | string;
  /** How far they are apart, in `[0, 2]`: 1 is a large step. */
  readonly distance: number;
}

interface Trait {
  readonly name: string;
  readonly weight: number;
  /** The value as measured, and on its scale; null if not known. */
  readonly of: (data: DataFeatures) => readonly [number, number] | null;
}

function plain(
  name: keyof DataFeatures,
  scale: number,
  weight = 1,
  bend: (x: number) => number = (x) => x,
): Trait {
  return {
    name,
    weight,
    of: (data) => {
      const value = data[name];
      return typeof value === "number" && Number.isFinite(value)
        ? [value, bend(value) / scale]
        : null;
    },
  };
}

function landmark(
  name: "nearestNeighbor" | "stump" | "linear" | "naiveBayes",
): Trait {
  return {
    name,
    weight: 1,
    of: ({ landmarks }) => {
      const value = landmarks?.[name];
      // An R² far below 0 is no worse than one a little below.
      return typeof value === "number" && Number.isFinite(value)
        ? [value, Math.max(-0.5, value) / 0.25]
        : null;
    },
  };
}

const log = (x: number) => Math.log10(Math.max(1, x));
const root = (x: number) => Math.sign(x) * Math.log1p(Math.abs(x));

const traits: readonly Trait[] = [
  plain("rows", 1, 2, log),
  plain("columns", 1, 2, log),
  plain("classes", 0.7, 1, log),
  plain("majorityShare", 0.3),
  plain("classBalance", 0.4, 0.5),
  plain("missing", 0.3, 0.5),
  plain("skewMean", 1, 0.5, root),
  plain("kurtosisMean", 2, 0.5, root),
  plain("correlationMean", 0.2, 0.5),
  plain("pcaFirst", 0.25, 0.5),
  plain("pca95", 0.3, 0.5),
  landmark("nearestNeighbor"),
  landmark("stump"),
  landmark("linear"),
  landmark("naiveBayes"),
];

/**
 * How alike two tasks are, from what both descriptions have: data sets by their
 * traits, models by kind and size, words by how many are common.
 *
 * @param a A task, or null if nothing is known of it.
 *
 * @example
 * ```ts
 * import { describeTask, taskLikeness } from "@etude/etude";
 * const digits = describeTask(null, { tags: ["images", "digits"] });
 * taskLikeness(digits, digits).value; // 1
 * taskLikeness(digits, null).value; // 0.5
 * ```
 */
export function taskLikeness(
  a: TaskDescription | null,
  b: TaskDescription | null,
): TaskLikeness {
  const parts: { weight: number; likeness: number }[] = [];
  const compared: TraitComparison[] = [];
  if (a === null || b === null) return { value: 0.5, traits: [] };
  if (a.data !== null && b.data !== null) {
    const found = compareData(a.data, b.data);
    compared.push(...found.traits);
    if (found.traits.length > 0) {
      parts.push({ weight: 0.7, likeness: Math.exp(-found.distance / 0.7) });
    }
  }
  const words = [a, b].map(wordsOf);
  if (words.every(({ size }) => size > 0)) {
    const common = words[0]!.intersection(words[1]!).size;
    const likeness = common / words[0]!.union(words[1]!).size;
    parts.push({ weight: 0.15, likeness });
    compared.push({
      trait: "words",
      a: [...words[0]!].join(" "),
      b: [...words[1]!].join(" "),
      distance: 1 - likeness,
    });
  }
  const model = compareModels(a, b);
  if (model !== null) {
    parts.push({ weight: 0.15, likeness: model.likeness });
    compared.push(...model.traits);
  }
  const total = parts.reduce((sum, { weight }) => sum + weight, 0);
  const mean = total === 0
    ? 0.5
    : parts.reduce((sum, { weight, likeness }) => sum + weight * likeness, 0) /
      total;
  const isOtherKind = a.kind !== "other" && b.kind !== "other" &&
    a.kind !== b.kind;
  if (isOtherKind) {
    compared.push({ trait: "kind", a: a.kind, b: b.kind, distance: 2 });
  }
  return {
    value: mean * (isOtherKind ? 0.4 : 1),
    traits: compared.sort((x, y) => y.distance - x.distance),
  };
}

function compareData(a: DataFeatures, b: DataFeatures) {
  const found: TraitComparison[] = [];
  let [sum, total] = [0, 0];
  for (const { name, weight, of } of traits) {
    const [x, y] = [of(a), of(b)];
    if (x === null || y === null) continue;
    const distance = Math.min(2, Math.abs(x[1] - y[1]));
    sum += weight * distance;
    total += weight;
    found.push({ trait: name, a: x[0], b: y[0], distance });
  }
  return { distance: total === 0 ? 0 : sum / total, traits: found };
}

function compareModels(
  a: TaskDescription,
  b: TaskDescription,
): { likeness: number; traits: TraitComparison[] } | null {
  if (a.model === null || b.model === null) return null;
  const found: TraitComparison[] = [];
  if (a.model.kind !== null && b.model.kind !== null) {
    const same = a.model.kind.toLowerCase() === b.model.kind.toLowerCase();
    found.push({
      trait: "model",
      a: a.model.kind,
      b: b.model.kind,
      distance: same ? 0 : 1,
    });
  }
  if (a.model.parameters !== null && b.model.parameters !== null) {
    const [x, y] = [a.model.parameters, b.model.parameters];
    found.push({
      trait: "model's parameters",
      a: x,
      b: y,
      distance: Math.min(2, Math.abs(log(x) - log(y))),
    });
  }
  if (found.length === 0) return null;
  const mean = found.reduce((sum, { distance }) => sum + distance, 0) /
    found.length;
  return { likeness: Math.exp(-mean / 0.7), traits: found };
}

/** Words that tell nothing. */
const empty = new Set([
  "the",
  "a",
  "an",
  "of",
  "and",
  "in",
  "on",
  "for",
  "to",
  "with",
]);

function wordsOf({ tags, text }: TaskDescription): Set<string> {
  const words = [...tags, ...text.toLowerCase().split(/[^\p{L}\p{N}]+/u)];
  return new Set(words.filter((word) => word.length > 1 && !empty.has(word)));
}

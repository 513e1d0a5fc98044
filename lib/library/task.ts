/**
 * What a task is, as plain JSON values: a data set, a model, a few words. A
 * study keeps one, and by it the library finds studies that are alike.
 *
 * @module
 */

/** What is learned: a class, a number, or something that is neither. */
export type TaskKind = "classification" | "regression" | "other";

/**
 * How well simple learners do on a data set, from cross-validation on
 * standardized columns: the share of right answers for classes, for numbers
 * R², the share of the variance that is explained (below 0 if it does worse
 * than the mean). Null where a learner does not apply.
 */
export interface Landmarks {
  /** The nearest neighbor. */
  readonly nearestNeighbor: number | null;
  /** A decision tree with one split. */
  readonly stump: number | null;
  /** Linear discriminants; for numbers, ridge regression. */
  readonly linear: number | null;
  /** Gaussian naive Bayes; null for numbers. */
  readonly naiveBayes: number | null;
}

/**
 * What is measured of a data set. Statistics of columns are taken over the
 * columns of numbers, missing values left out; of large data sets, over a
 * sample of rows and columns that is always the same.
 */
export interface DataFeatures {
  /** How many examples. */
  readonly rows: number;
  /** How many inputs an example has, pictures and series laid flat. */
  readonly columns: number;
  /** How many inputs are categories: texts and booleans. */
  readonly categoricalColumns: number;
  /** How many classes there are; null if a number is learned. */
  readonly classes: number | null;
  /** The share of the most frequent class, in `(0, 1]`; null if a number is learned. */
  readonly majorityShare: number | null;
  /** The share of the rarest class, in `(0, 1]`; null if a number is learned. */
  readonly minorityShare: number | null;
  /** The entropy of the classes over that of equally frequent ones, in `[0, 1]`; null if a number is learned. */
  readonly classBalance: number | null;
  /** The share of values that are missing, in `[0, 1]`. */
  readonly missing: number;
  /** The mean skewness of the columns. */
  readonly skewMean: number | null;
  /** The standard deviation of the columns' skewness. */
  readonly skewSd: number | null;
  /** The mean kurtosis of the columns; 0 for normal ones. */
  readonly kurtosisMean: number | null;
  /** The standard deviation of the columns' kurtosis. */
  readonly kurtosisSd: number | null;
  /** The mean absolute correlation of two columns, in `[0, 1]`; null for fewer than two. */
  readonly correlationMean: number | null;
  /** The standard deviation of the absolute correlations. */
  readonly correlationSd: number | null;
  /** The share of the variance of standardized columns along their first principal component, in `(0, 1]`. */
  readonly pcaFirst: number | null;
  /** How many components hold 95 % of that variance, over the number of columns, in `(0, 1]`. */
  readonly pca95: number | null;
  /** (Σ λ)² / Σ λ² of the eigenvalues λ, over the number of columns, in `(0, 1]`: 1 if no columns hang together. */
  readonly pcaEvenness: number | null;
  /** The skewness of the number that is learned; null for classes. */
  readonly targetSkew: number | null;
  /** The kurtosis of the number that is learned; null for classes. */
  readonly targetKurtosis: number | null;
  /** How well simple learners do; null where there is no target, or it was not wanted. */
  readonly landmarks: Landmarks | null;
}

/** What is known of the model that is trained. */
export interface ModelDescription {
  /** What it is, e.g. `"mlp"`, `"cnn"`, `"boosted trees"`; null if nobody said. */
  readonly kind: string | null;
  /** How many numbers it learns, for a typical configuration; null if nobody said. */
  readonly parameters: number | null;
  /** How many layers with weights it has, or levels; null if nobody said. */
  readonly depth: number | null;
}

/** The description of a task: plain JSON, frozen. */
export interface TaskDescription {
  /** The version of this form. */
  readonly version: 1;
  /** What is learned. */
  readonly kind: TaskKind;
  /** What was measured of the data set; null if there was none. */
  readonly data: DataFeatures | null;
  /** The model; null if nothing is known of it. */
  readonly model: ModelDescription | null;
  /** Words to find it by, lower case, sorted, each once. */
  readonly tags: readonly string[];
  /** What it is, in the person's words; may be empty. */
  readonly text: string;
}

/**
 * Whether a value, read from a study, is a task description of a version that is known.
 *
 * @example
 * ```ts
 * import { describeTask, isTaskDescription } from "@etude/etude";
 * isTaskDescription(describeTask(null, { tags: ["digits"] })); // true
 * isTaskDescription("digits"); // false
 * ```
 */
export function isTaskDescription(value: unknown): value is TaskDescription {
  const { version, kind, data, tags, text } = (value ?? {}) as Record<
    string,
    unknown
  >;
  return version === 1 && typeof kind === "string" &&
    typeof data === "object" && Array.isArray(tags) && typeof text === "string";
}

/** The features of a data set of which nothing was measured. */
export const unknownData: DataFeatures = Object.freeze({
  rows: 0,
  columns: 0,
  categoricalColumns: 0,
  classes: null,
  majorityShare: null,
  minorityShare: null,
  classBalance: null,
  missing: 0,
  skewMean: null,
  skewSd: null,
  kurtosisMean: null,
  kurtosisSd: null,
  correlationMean: null,
  correlationSd: null,
  pcaFirst: null,
  pca95: null,
  pcaEvenness: null,
  targetSkew: null,
  targetKurtosis: null,
  landmarks: null,
});

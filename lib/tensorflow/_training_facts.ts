/**
 * What a training can say of itself before it begins: the loss of a constant
 * answer, by which the diagnosis of its curves measures levels.
 *
 * | symbol | name in code | shape | meaning |
 * |---|---|---|---|
 * | y | `targets` | `[n, k]` | the targets that the curve is measured on |
 * | ȳ | `means` | `[k]` | their means by column: the best constant answer, but for the absolute error |
 *
 * @module
 */

import type { TrainingFacts } from "../records/mod.ts";
import type { FitPlan } from "./_fit_plan.ts";
import type { LayersModel, TensorFlow } from "./tensorflow.ts";

/** Beyond so many numbers the targets are not read: that would cost a while. */
const mostTargets = 2_000_000;

/** What is known of a training from its plan. */
export async function trainingFacts(
  tf: TensorFlow,
  model: LayersModel,
  { train, validation, trainMetrics }: FitPlan,
): Promise<TrainingFacts> {
  const { y, rows } = validation ?? train;
  const columns = y.shape.length === 1 ? 1 : y.shape[1]!;
  const readable = y.shape.length <= 2 && y.size <= mostTargets;
  let baseline: number | null = null;
  if (readable && typeof model.loss === "string") {
    const part = tf.tidy(() => tf.gather(y, tf.tensor1d([...rows], "int32")));
    try {
      baseline = constantLoss(model.loss, await part.data(), columns);
    } finally {
      part.dispose();
    }
  }
  return {
    ...baseline !== null && baseline > 0 ? { baseline } : {},
    ...validation === null ? {} : { nValidation: validation.rows.length },
    trainAveraged: trainMetrics === "averaged",
  };
}

/**
 * The least loss that an answer has that is the same for all examples; null of a
 * loss that is not known here.
 *
 * @param loss Its name, as tfjs or Keras spells it.
 * @param targets `[n · k]`, row by row.
 * @param columns k.
 */
export function constantLoss(
  loss: string,
  targets: ArrayLike<number>,
  columns: number,
): number | null {
  const n = targets.length / columns;
  const column = (c: number) =>
    Array.from({ length: n }, (_, row) => targets[row * columns + c]!);
  const mean = (values: readonly number[]) =>
    values.reduce((sum, value) => sum + value, 0) / values.length;
  const each = (of: (values: number[]) => number) =>
    Array.from({ length: columns }, (_, c) => of(column(c)));
  const entropy = (p: number) => p > 0 ? -p * Math.log(p) : 0;
  switch (loss.toLowerCase().replaceAll("_", "")) {
    case "categoricalcrossentropy":
      return each((values) => entropy(mean(values)))
        .reduce((sum, part) => sum + part, 0);
    case "sparsecategoricalcrossentropy": {
      const counts = new Map<number, number>();
      for (const label of column(0)) {
        counts.set(label, (counts.get(label) ?? 0) + 1);
      }
      return [...counts.values()]
        .reduce((sum, count) => sum + entropy(count / n), 0);
    }
    case "binarycrossentropy":
      return mean(each((values) => {
        const p = mean(values);
        return entropy(p) + entropy(1 - p);
      }));
    case "meansquarederror":
    case "mse":
      return mean(each((values) => {
        const middle = mean(values);
        return mean(values.map((value) => (value - middle) ** 2));
      }));
    case "meanabsoluteerror":
    case "mae":
      return mean(each((values) => {
        const middle = values.toSorted((a, b) => a - b)[n >> 1]!;
        return mean(values.map((value) => Math.abs(value - middle)));
      }));
    default:
      return null;
  }
}

/**
 * The tumors of `data/breast_cancer.csv.gz`, for the notebooks. Origin and licence:
 * `data/README.md`.
 *
 * @module
 */

import { randomStream } from "@etude/etude";
import type { Tensor, TensorFlow } from "@etude/etude/tensorflow";

const measures = [
  "radius",
  "texture",
  "perimeter",
  "area",
  "smoothness",
  "compactness",
  "concavity",
  "concave points",
  "symmetry",
  "fractal dimension",
];

/** What was measured of each tumor: 30 names, in the order of the columns. */
export const featureNames: readonly string[] = ["mean", "error", "worst"]
  .flatMap((kind) => measures.map((measure) => `${kind} ${measure}`));

/** Some of the tumors as tensors. */
export interface Tumors {
  /** The measurements, each with mean 0 and standard deviation 1 in the training part, `[count, 30]`. */
  readonly x: Tensor;
  /** 1 for benign, 0 for malignant, `[count, 1]`. */
  readonly y: Tensor;
}

/**
 * Reads the tumors: shuffled, standardized, and split 50 : 25 : 25.
 *
 * @param seed How to shuffle. Defaults to `"tumors"`.
 */
export async function loadTumors(
  tf: TensorFlow,
  seed = "tumors",
): Promise<{ train: Tumors; validation: Tumors; test: Tumors }> {
  const rows = randomStream(seed, "split").shuffle(
    await readRows(new URL("data/breast_cancer.csv.gz", import.meta.url)),
  );
  const held = Math.floor(rows.length / 4);
  const known = rows.slice(2 * held);
  const scales = featureNames.map((_, j) => {
    const column = known.map((row) => row[j]!);
    const mean = column.reduce((sum, x) => sum + x, 0) / column.length;
    const squares = column.reduce((sum, x) => sum + (x - mean) ** 2, 0);
    return { mean, sd: Math.sqrt(squares / column.length) };
  });
  const part = (some: readonly (readonly number[])[]): Tumors => ({
    x: tf.tensor2d(
      some.map((row) => scales.map(({ mean, sd }, j) => (row[j]! - mean) / sd)),
    ),
    y: tf.tensor2d(some.map((row) => [row.at(-1)!])),
  });
  return {
    train: part(known),
    validation: part(rows.slice(held, 2 * held)),
    test: part(rows.slice(0, held)),
  };
}

async function readRows(url: URL): Promise<number[][]> {
  const bytes = new Blob([await Deno.readFile(url)]).stream();
  const text = await new Response(
    bytes.pipeThrough(new DecompressionStream("gzip")),
  ).text();
  return text.trimEnd().split("\n").slice(1)
    .map((line) => line.split(",").map(Number));
}

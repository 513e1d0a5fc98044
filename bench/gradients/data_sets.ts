/**
 * Breast cancer (`notebooks/data`) and diabetes (Efron, Hastie, Johnstone and Tibshirani
 * 2004), as scikit-learn ships them, split and standardized.
 *
 * @module
 */

import { randomStream } from "../../lib/math/mod.ts";
import type {
  Examples,
  Parts,
  RegressionKind,
} from "./penalized_regression.ts";

/** A table as it is read. */
export interface Table {
  /** `[rows][features]`. */
  readonly features: readonly (readonly number[])[];
  /** `[rows]`. */
  readonly targets: readonly number[];
}

/** The data sets' names. */
export type DataSetName = "breast cancer" | "diabetes";

/**
 * Reads a data set; diabetes from a folder. It gets the 64 columns of its quadratic model, as in the
 * paper that it comes from (Efron et al. 2004): 10 features, 9 squares (sex has none), 45 products.
 */
export async function readTable(
  name: DataSetName,
  folder = ".",
): Promise<Table> {
  if (name === "breast cancer") {
    const url = new URL(
      "../../notebooks/data/breast_cancer.csv.gz",
      import.meta.url,
    );
    const lines = (await unzipped(url)).trimEnd().split("\n").slice(1)
      .map((line) => line.split(",").map(Number));
    return {
      features: lines.map((line) => line.slice(0, -1)),
      targets: lines.map((line) => line.at(-1)!),
    };
  }
  const numbers = async (file: string) =>
    (await unzipped(`${folder}/${file}`)).trimEnd().split("\n")
      .map((line) => line.trim().split(/\s+/).map(Number));
  const features = await numbers("diabetes_data_raw.csv.gz");
  const targets = await numbers("diabetes_target.csv.gz");
  return {
    features: standardized(features, features).map(quadratic),
    targets: targets.map(([target]) => target!),
  };
}

const sexColumn = 1;

function quadratic(row: readonly number[]): number[] {
  const products = row.flatMap((a, i) =>
    row.slice(i).flatMap((b, k) => k === 0 && i === sexColumn ? [] : [a * b])
  );
  return [...row, ...products];
}

async function unzipped(path: string | URL): Promise<string> {
  const { body } = new Response(await Deno.readFile(path));
  return await new Response(
    body!.pipeThrough(new DecompressionStream("gzip")),
  ).text();
}

/**
 * Half of the rows to train on, a quarter each to validate and to test; features (and
 * targets of a linear regression) standardized by the training part. For a logistic
 * regression numbers become 0 and 1 at the training part's median.
 */
export function splitTable(
  { features, targets }: Table,
  kind: RegressionKind,
  seed: string,
): Parts {
  const order = randomStream(seed, "split").shuffle(features.map((_, i) => i));
  const quarter = Math.floor(order.length / 4);
  const rows = {
    test: order.slice(0, quarter),
    validation: order.slice(quarter, 2 * quarter),
    train: order.slice(2 * quarter),
  };
  const known = rows.train.map((i) => targets[i]!);
  const isBinary = targets.every((y) => y === 0 || y === 1);
  const median = [...known].sort((a, b) => a - b)[known.length >> 1]!;
  const mean = known.reduce((sum, y) => sum + y, 0) / known.length;
  const sd = Math.sqrt(
    known.reduce((sum, y) => sum + (y - mean) ** 2, 0) / known.length,
  );
  const target = (y: number) =>
    kind === "ridge" ? (y - mean) / sd : isBinary ? y : y > median ? 1 : 0;
  const trainRows = rows.train.map((i) => features[i]!);
  const part = (which: keyof typeof rows): Examples => ({
    features: Float64Array.from(
      standardized(rows[which].map((i) => features[i]!), trainRows).flat(),
    ),
    targets: Float64Array.from(rows[which], (i) => target(targets[i]!)),
  });
  return {
    train: part("train"),
    validation: part("validation"),
    test: part("test"),
  };
}

/** Rows less the mean of others by their standard deviation. */
function standardized(
  rows: readonly (readonly number[])[],
  by: readonly (readonly number[])[],
): number[][] {
  const scales = by[0]!.map((_, j) => {
    const column = by.map((row) => row[j]!);
    const mean = column.reduce((sum, x) => sum + x, 0) / column.length;
    const variance = column.reduce((sum, x) => sum + (x - mean) ** 2, 0) /
      column.length;
    return [mean, Math.sqrt(variance) || 1] as const;
  });
  return rows.map((row) =>
    row.map((x, j) => (x - scales[j]![0]) / scales[j]![1])
  );
}

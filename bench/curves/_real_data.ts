/**
 * Small real data sets as plain numbers, standardized, for the interventions.
 *
 * @module
 */

import type { RandomStream } from "../../lib/math/mod.ts";

/** A data set, split. */
export interface RealData {
  /** Its name. */
  readonly name: string;
  /** How many classes; null of a regression. */
  readonly classes: number | null;
  /** `[n][d]`, standardized by the training part's means and deviations. */
  readonly x: readonly number[][];
  /** `[n]`: the class, or the standardized target. */
  readonly y: readonly number[];
}

/** Which data sets rules may be revised by, and which are reported. */
export const realSets = {
  set: ["digits", "wine"],
  report: ["breast cancer", "diabetes", "iris"],
} as const;

/**
 * Reads a data set and shuffles it.
 *
 * @param folder Where the files lie.
 */
export async function readReal(
  name: string,
  folder: URL,
  random: RandomStream,
): Promise<RealData> {
  const { rows, classes } = await tableOf(name, folder);
  const shuffled = random.shuffle(rows);
  const x = shuffled.map((row) => row.slice(0, -1));
  const y = shuffled.map((row) => row.at(-1)!);
  const scaled = columnsScaled(x);
  return {
    name,
    classes,
    x: scaled,
    y: classes === null ? columnsScaled(y.map((v) => [v])).map(([v]) => v!) : y,
  };
}

async function tableOf(
  name: string,
  folder: URL,
): Promise<{ rows: number[][]; classes: number | null }> {
  switch (name) {
    case "digits":
      return { rows: await numbers("digits.csv.gz", folder), classes: 10 };
    case "wine":
      return { rows: await numbers("wine_data.csv", folder, 1), classes: 3 };
    case "iris":
      return { rows: await numbers("iris.csv", folder, 1), classes: 3 };
    case "breast cancer":
      return {
        rows: await numbers("breast_cancer.csv", folder, 1),
        classes: 2,
      };
    case "diabetes": {
      const x = await numbers("diabetes_data_raw.csv.gz", folder);
      const y = await numbers("diabetes_target.csv.gz", folder);
      return { rows: x.map((row, i) => [...row, y[i]![0]!]), classes: null };
    }
    default:
      throw new RangeError(`Cannot read the data set ${name}: not known`);
  }
}

/** The numbers of a table, a row a line; `skip` lines at the top left out. */
async function numbers(
  file: string,
  folder: URL,
  skip = 0,
): Promise<number[][]> {
  const opened = await Deno.open(new URL(file, folder));
  const text = await new Response(
    file.endsWith(".gz")
      ? opened.readable.pipeThrough(new DecompressionStream("gzip"))
      : opened.readable,
  ).text();
  return text.trim().split("\n").slice(skip)
    .map((line) => line.trim().split(/[ ,]+/).map(Number));
}

function columnsScaled(x: readonly number[][]): number[][] {
  const scales = x[0]!.map((_, c) => {
    const column = x.map((row) => row[c]!);
    const mean = column.reduce((a, b) => a + b, 0) / column.length;
    const sd = Math.sqrt(
      column.reduce((sum, v) => sum + (v - mean) ** 2, 0) / column.length,
    );
    return { mean, sd: sd || 1 };
  });
  return x.map((row) =>
    row.map((v, c) => (v - scales[c]!.mean) / scales[c]!.sd)
  );
}

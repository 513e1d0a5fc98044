import type { TrialRecord } from "../records/mod.ts";
import { shown } from "./_data.ts";

/** The attribute that keeps a trial's out-of-fold predictions. */
export const predictionsAttribute = "etude:predictions";

/**
 * What a model predicts: a number a sample, `[n]` (a regression, or the
 * probability of the second of two classes), or a row of probabilities a sample,
 * `[n, classes]`.
 */
export type Predictions =
  | ArrayLike<number>
  | readonly (ArrayLike<number>)[];

/** Predictions in the one form that all others are brought into. */
export interface PredictionTable {
  /** How many samples. */
  readonly rows: number;
  /** How many numbers a sample: 1, or the number of classes. */
  readonly columns: number;
  /** The numbers, `[rows, columns]`, row after row; NaN where nothing was predicted. */
  readonly values: Float64Array;
}

/** A table from what a person gives. */
export function tableOf(action: string, found: unknown): PredictionTable {
  if (
    typeof found !== "object" || found === null || !("length" in found)
  ) {
    throw new TypeError(
      `${action}: the predictions are ${
        shown(found)
      }, expected an array with a number, or a row of probabilities, a sample`,
    );
  }
  const list = Array.from(found as ArrayLike<unknown>);
  const first = list[0];
  const columns = typeof first === "object" && first !== null
    ? (first as ArrayLike<number>).length
    : 1;
  const values = new Float64Array(list.length * columns);
  list.forEach((row, i) => {
    const cells = typeof row === "number"
      ? [row]
      : Array.from((row ?? []) as ArrayLike<number>);
    if (cells.length !== columns) {
      throw new RangeError(
        `${action}: the prediction of sample ${i} has ${cells.length} numbers, that of sample 0 has ${columns}`,
      );
    }
    cells.forEach((cell, j) => {
      if (typeof cell !== "number" || !Number.isFinite(cell)) {
        throw new RangeError(
          `${action}: the prediction of sample ${i} is ${
            String(cell)
          }, expected a finite number`,
        );
      }
      values[i * columns + j] = cell;
    });
  });
  return { rows: list.length, columns, values };
}

/** What of the folds' predictions is kept: sums, to be divided where folds overlap. */
export class FoldPredictions {
  readonly #rows: number;
  #columns = 0;
  #sums = new Float64Array(0);
  readonly #times: Uint16Array;

  /** For so many samples. */
  constructor(rows: number) {
    this.#rows = rows;
    this.#times = new Uint16Array(rows);
  }

  /** Puts in what a fold predicts of the samples that it measures on. */
  add(action: string, test: readonly number[], found: Predictions): void {
    const { rows, columns, values } = tableOf(action, found);
    if (rows !== test.length) {
      throw new RangeError(
        `${action}: there are ${rows} predictions for the ${test.length} samples that it measures on`,
      );
    }
    if (this.#columns === 0) {
      this.#columns = columns;
      this.#sums = new Float64Array(this.#rows * columns);
    } else if (columns !== this.#columns) {
      throw new RangeError(
        `${action}: there are ${columns} numbers a sample, in the folds before ${this.#columns}`,
      );
    }
    test.forEach((sample, i) => {
      this.#times[sample]!++;
      for (let j = 0; j < columns; j++) {
        this.#sums[sample * columns + j]! += values[i * columns + j]!;
      }
    });
  }

  /** The means over the folds, to be stored; null if there is nothing. */
  packed(): PackedPredictions | null {
    const columns = this.#columns;
    if (columns === 0) return null;
    const means = Float32Array.from(
      this.#sums,
      (sum, i) => sum / this.#times[Math.floor(i / columns)]!,
    );
    return {
      shape: [this.#rows, columns],
      float32: base64Of(new Uint8Array(means.buffer)),
    };
  }
}

/** Predictions as they are stored: 4 bytes a number, in base64 a third more. */
export interface PackedPredictions {
  /** Samples, numbers a sample. */
  readonly shape: readonly [number, number];
  /** Base64 of the numbers, row after row, Float32, the low byte first. */
  readonly float32: string;
}

/**
 * The out-of-fold predictions kept with a trial: of each sample what was
 * predicted by a model that was not trained on it (with repeated folds the mean),
 * NaN where there is none. Null if the trial keeps none: the function given to
 * {@linkcode crossValidate} has to return them.
 *
 * They take 5⅓ bytes a number: for 1,000 samples of 10 classes 53 kB a trial.
 *
 * @param trial The trial.
 *
 * @example
 * ```ts
 * import { createStudy, float, minimize, space } from "@etude/etude";
 * import { crossValidate, folds, predictionsOf } from "@etude/etude/ensembles";
 * const study = await createStudy({ name: "oof", space: space({ x: float(0, 1) }), objective: minimize("loss"), storage: "memory" });
 * await study.optimize(
 *   crossValidate(study, (trial, fold) => ({ score: 1, predictions: fold.test.map(() => trial.params.x) }), { folds: folds(20) }),
 *   { trials: 1, progress: false },
 * );
 * predictionsOf(study.trial(0))!.rows; // 20
 * ```
 */
export function predictionsOf(
  trial: TrialRecord<unknown>,
): PredictionTable | null {
  const kept = trial.attributes[predictionsAttribute] as
    | PackedPredictions
    | undefined;
  if (typeof kept?.float32 !== "string" || !Array.isArray(kept.shape)) {
    return null;
  }
  const [rows, columns] = kept.shape;
  const bytes = Uint8Array.from(atob(kept.float32), (c) => c.charCodeAt(0));
  if (bytes.length !== 4 * rows * columns) return null;
  const values = Float64Array.from(new Float32Array(bytes.buffer));
  return { rows, columns, values };
}

function base64Of(bytes: Uint8Array): string {
  let text = "";
  for (let i = 0; i < bytes.length; i += 8192) {
    text += String.fromCharCode(...bytes.subarray(i, i + 8192));
  }
  return btoa(text);
}

import { patienceOf } from "../curves/mod.ts";
import { guessDirection } from "../records/mod.ts";
import type { EarlyStoppingOptions } from "./fit_options.ts";
import type { EpochValues } from "./epoch_values.ts";

/** {@linkcode EarlyStoppingOptions}, checked, in one form, with all defaults. */
export type EarlyStop = Required<EarlyStoppingOptions>;

/** Where a training stands. */
export interface EarlyStopState {
  /** The index of the best epoch; −1 if no value is finite. */
  readonly best: number;
  /** Why it should end, in a sentence; null if it should go on. */
  readonly why: string | null;
}

/**
 * Checks and completes what was asked for; null if nothing was.
 *
 * @param context How many epochs there are at most, and the series that there
 * will be, the default one first.
 * @throws {TypeError} If something is of the wrong kind.
 * @throws {RangeError} If something has the wrong value.
 */
export function earlyStopOf(
  given: boolean | EarlyStoppingOptions,
  { epochs, series }: {
    readonly epochs: number;
    readonly series: readonly string[];
  },
): EarlyStop | null {
  if (given === false) return null;
  if (given !== true && (typeof given !== "object" || given === null)) {
    throw new TypeError(
      `Cannot fit the model: earlyStopping is ${
        String(given)
      }, expected true, false or options such as { patience: 10 }`,
    );
  }
  const {
    watch = series[0]!,
    patience = Math.max(5, Math.round(epochs / 10)),
    noiseUnits = 2,
    restoreBest = true,
    direction = guessDirection(String(watch)) ?? "minimize",
  } = given === true ? {} : given;
  const refuse = (Kind: typeof TypeError, name: string, expected: string) => {
    const found = { watch, patience, noiseUnits, restoreBest, direction };
    throw new Kind(
      `Cannot fit the model: earlyStopping.${name} is ${
        JSON.stringify(found[name as keyof typeof found]) ?? "undefined"
      }, expected ${expected}`,
    );
  };
  if (!series.includes(watch)) {
    refuse(RangeError, "watch", `one of ${series.join(", ")}`);
  }
  if (!Number.isInteger(patience) || patience < 1) {
    refuse(RangeError, "patience", "a whole number of at least 1");
  }
  if (!(noiseUnits >= 0 && noiseUnits < Infinity)) {
    refuse(RangeError, "noiseUnits", "a number of at least 0");
  }
  if (typeof restoreBest !== "boolean") {
    refuse(TypeError, "restoreBest", "true or false");
  }
  if (direction !== "minimize" && direction !== "maximize") {
    refuse(RangeError, "direction", '"minimize" or "maximize"');
  }
  return { watch, patience, noiseUnits, restoreBest, direction };
}

/** How the epochs so far look to a plan of early stopping. */
export function stateOf(
  { watch, patience, noiseUnits, direction }: EarlyStop,
  history: readonly EpochValues[],
): EarlyStopState {
  const [part, metric] = watch.split(/ (.*)/) as ["train", string];
  const values = history.map((epoch) => epoch[part]![metric]!);
  const { best, reference, exhausted, noise } = patienceOf(values, {
    direction,
    patience,
    noiseUnits,
  });
  if (!exhausted) return { best, why: null };
  const since = reference < 0
    ? "has had no finite value"
    : `has not improved by more than its noise (${
      Number((noiseUnits * noise).toPrecision(2))
    }) since epoch ${history[reference]!.epoch}`;
  return {
    best,
    why: `The ${watch} ${since}, so it ended after ${history.length} epochs.`,
  };
}

import type { Curve } from "../records/mod.ts";
import { type EarlyStop, stateOf } from "./_early_stop.ts";
import type { EpochValues } from "./epoch_values.ts";

/** Since when the train loss is no number, as a sentence; nothing if it is one. */
export function notANumberNote(
  history: readonly EpochValues[],
  backend: string,
): string {
  const last = history.findLastIndex(({ train }) =>
    !Number.isNaN(train["loss"])
  );
  if (last === history.length - 1) return "";
  return ` The train loss on the backend ${backend} is NaN from epoch ${
    history[last + 1]!.epoch
  } on: the steps were too large, or the data hold NaN.`;
}

/** The epoch that a training counts as its best; null if it has none. */
export function bestEpoch(
  history: readonly EpochValues[],
  earlyStop: EarlyStop | null,
): EpochValues | null {
  if (earlyStop !== null) {
    return history[stateOf(earlyStop, history).best] ?? null;
  }
  let best: EpochValues | null = null;
  for (const values of history) {
    const loss = lossOf(values);
    if (!Number.isFinite(loss)) continue;
    if (best === null || loss < lossOf(best)) best = values;
  }
  return best;
}

function lossOf({ train, validation }: EpochValues): number {
  return (validation ?? train)["loss"]!;
}

/** What was measured, by series and metric. */
export function curvesOf(
  history: readonly EpochValues[],
): ReadonlyMap<string, Curve> {
  const curves = new Map<string, Curve>();
  const steps = Object.freeze(history.map(({ epoch }) => epoch));
  for (const series of ["train", "validation"] as const) {
    for (const metric of Object.keys(history[0]?.[series] ?? {})) {
      const name = `${series} ${metric}`;
      const values = history.map((values) => values[series]![metric]!);
      curves.set(
        name,
        Object.freeze({ name, steps, values: Object.freeze(values) }),
      );
    }
  }
  return curves;
}

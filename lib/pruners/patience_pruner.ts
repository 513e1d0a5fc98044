import { patienceOf } from "../curves/mod.ts";
import type { Curve, Direction } from "../records/mod.ts";
import { checkNames, checkNumbers } from "./_check.ts";
import { countOf, keep, nothingYet, show, stop } from "./_judgement.ts";
import { bestOf } from "./_points.ts";
import type { Pruner } from "./pruner.ts";

/** Options of {@linkcode patiencePruner}. */
export interface PatiencePrunerOptions {
  /** How many reports may pass without an improvement, at least 0. Defaults to `10`. */
  readonly patience?: number;
  /**
   * What counts. `"noise"`: a value better than the best that counted by more
   * than two standard deviations of the curve's noise is an improvement. A
   * number of at least 0, as in Optuna: the trial stops when the best of the
   * latest reports is *worse* than the best before them by more than that.
   * Defaults to `"noise"`.
   */
  readonly minDelta?: number | "noise";
  /** Who is asked when the patience is over; it decides then. Defaults to none: the trial stops. */
  readonly pruner?: Pruner;
}

/**
 * Stops a trial that has not improved for some reports. What is an improvement
 * is measured by the curve's own noise, so that lucky values do not keep a
 * trial alive, and a slow descent is not taken for an end.
 *
 * NaN is no improvement; a curve of nothing but NaN is not stopped. A trend of
 * the latest reports that is sure counts as an improvement, however small
 * ({@linkcode patienceOf}).
 *
 * With a number as `minDelta` it decides as Optuna 5's `PatientPruner` does.
 *
 * @param options The patience, what counts, and who decides then.
 * @throws {TypeError} If an option is unknown.
 * @throws {RangeError} If a number is out of its range.
 *
 * @example
 * ```ts
 * import { medianPruner, patiencePruner } from "@etude/etude";
 * patiencePruner({ patience: 15 });
 * patiencePruner({ patience: 5, pruner: medianPruner() }); // the median decides, but not while the curve improves
 * ```
 */
export function patiencePruner(options: PatiencePrunerOptions = {}): Pruner {
  checkNames("patience", options, ["patience", "minDelta", "pruner"]);
  const { patience = 10, minDelta = "noise", pruner } = options;
  checkNumbers("patience", {
    patience,
    minDelta: minDelta === "noise" ? 0 : minDelta,
  }, {
    patience: { least: 0, whole: true },
    minDelta: { least: 0 },
  });
  return Object.freeze<Pruner>({
    name: pruner === undefined ? "patience" : `patience, then ${pruner.name}`,
    judge: (request) => {
      const { curve, study } = request;
      if (curve.values.length === 0) return nothingYet;
      const { direction } = study.objectives[0]!;
      const tired = minDelta === "noise"
        ? tiredByNoise(curve, patience, direction)
        : tiredByDelta(curve.values, patience, { minDelta, direction });
      if (tired === null) {
        return keep(
          `It has improved within its last ${countOf(patience + 1, "report")}.`,
        );
      }
      return pruner?.judge(request) ?? stop(tired);
    },
  });
}

/** Why the patience is over; null while it is not. */
function tiredByNoise(
  { steps, values }: Curve,
  patience: number,
  direction: Direction,
): string | null {
  const { best, reference, waited, noise, exhausted } = patienceOf(values, {
    direction,
    patience: patience + 1,
  });
  if (!exhausted || best < 0) return null;
  return `No improvement ${
    noise > 0 ? `beyond the noise (${show(2 * noise)}) ` : ""
  }for ${countOf(waited, "report")}, since ${
    show(values[reference]!)
  } at step ${steps[reference]}.`;
}

/** Optuna's rule; null while the trial may go on. */
function tiredByDelta(
  values: readonly number[],
  patience: number,
  { minDelta, direction }: { minDelta: number; direction: Direction },
): string | null {
  if (values.length <= patience + 1) return null;
  const before = bestOf(values.slice(0, -patience - 1), direction);
  const after = bestOf(values.slice(-patience - 1), direction);
  const isWorse = direction === "minimize"
    ? before + minDelta < after
    : before - minDelta > after;
  if (!isWorse) return null;
  return `The best of its last ${countOf(patience + 1, "report")}, ${
    show(after)
  }, is worse than the best before, ${show(before)}${
    minDelta > 0 ? `, by more than ${show(minDelta)}` : ""
  }.`;
}

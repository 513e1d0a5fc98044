import type { Curve, Direction } from "../records/mod.ts";
import {
  fewestCurves,
  folds,
  learn,
  type PackedReading,
  type PriorAnswer,
  type PriorQuestion,
  type Reading,
  readReading,
} from "./_learn_prior.ts";
import { priorRows } from "./_prior_rows.ts";
import type { CurveAxis } from "./_shapes.ts";
import { median } from "./smooth.ts";

/** A curve that ran to its end. */
export interface FinishedCurve extends Curve {
  /**
   * What it belongs to, such as its data set: curves of one group are left out
   * together when the prior is checked. Defaults to a group of its own.
   */
  readonly group?: string;
  /**
   * What made it, such as the family of models: curves of a kind go on alike.
   * Defaults to nothing known.
   */
  readonly kind?: string;
}

/** Options of {@linkcode curvePrior}. */
export interface CurvePriorOptions {
  /** Which values are better. */
  readonly direction: Direction;
  /** How the steps lie: evenly, as epochs, or by their ratio, as sample sizes. Defaults to `"linear"`. */
  readonly axis?: CurveAxis;
  /** The step up to which the curves are read, where they go on. Defaults to each curve's last. */
  readonly at?: number;
  /**
   * At how many lengths each curve is looked at, from 2 to 9: fewer are quicker.
   * Defaults to 9, of very many curves to fewer.
   */
  readonly cuts?: number;
  /**
   * Whether it is to be kept as JSON: then it learns without the curves that look
   * most alike, which it would have to take along. Defaults to `false`.
   */
  readonly compact?: boolean;
}

/** What finished curves teach about unfinished ones; made by {@linkcode curvePrior}. */
export interface CurvePrior {
  /** How many curves it has learnt from. */
  readonly curves: number;
  /** How many curves were left out: with few points, without an end, or constant. */
  readonly skipped: number;
  /** Which values are better. */
  readonly direction: Direction;
  /** How the steps lie. */
  readonly axis: CurveAxis;
  /** How much of what it would correct is believed, in `[0, 1]`: what served best on curves left out. */
  readonly trust: number;
  /**
   * The median error on curves left out, as a share of the curve's range: of
   * the shapes alone, and with the prior; NaN without enough curves.
   */
  readonly error: { readonly shapes: number; readonly prior: number };
  /**
   * The typical magnitude of the curves' values, from the least to the largest
   * curve: a curve far from it is in another unit.
   */
  readonly magnitudes: readonly [low: number, high: number];
  /**
   * What a forecast is moved by, and how wide it is, in units that
   * {@linkcode forecastCurve} knows; null without enough curves.
   */
  readonly read: (question: PriorQuestion) => PriorAnswer | null;
  /**
   * It as JSON, some 100 kB: {@linkcode readCurvePrior} reads it.
   *
   * @throws {RangeError} If it was not made with `compact`, or of too few curves.
   */
  readonly toJSON: () => PackedCurvePrior;
}

/** A {@linkcode CurvePrior} as JSON. */
export interface PackedCurvePrior {
  /** The format's number. */
  readonly version: 1;
  /** As in {@linkcode CurvePrior}. */
  readonly curves: number;
  /** As in {@linkcode CurvePrior}. */
  readonly skipped: number;
  /** As in {@linkcode CurvePrior}. */
  readonly direction: Direction;
  /** As in {@linkcode CurvePrior}. */
  readonly axis: CurveAxis;
  /** As in {@linkcode CurvePrior}. */
  readonly magnitudes: readonly [low: number, high: number];
  /** What was learnt: trees, and how far bands are moved apart. */
  readonly reading: unknown;
}

/**
 * A prior that was kept: made once of many curves, read in a few milliseconds.
 *
 * @param packed What its `toJSON` gave.
 * @throws {SyntaxError} If it is of another form.
 *
 * @example
 * ```ts
 * import { curvePrior, readCurvePrior } from "@etude/etude";
 * const steps = Array.from({ length: 30 }, (_, i) => i + 1);
 * const finished = Array.from({ length: 12 }, (_, k) => ({
 *   name: "loss",
 *   steps,
 *   values: steps.map((t) => 0.2 + Math.exp(-t / (3 + k))),
 * }));
 * const text = JSON.stringify(curvePrior(finished, { direction: "minimize", compact: true }));
 * readCurvePrior(JSON.parse(text)).curves; // 12
 * ```
 */
export function readCurvePrior(packed: PackedCurvePrior): CurvePrior {
  if (packed?.version !== 1 || packed.reading === undefined) {
    throw new SyntaxError(
      "Cannot read the curves' prior: expected what toJSON() of a curve prior gave",
    );
  }
  let reading: Reading;
  try {
    reading = readReading(packed.reading as PackedReading);
  } catch (error) {
    throw new SyntaxError(
      `Cannot read the curves' prior: what was learnt is damaged (${
        error instanceof Error ? error.message : String(error)
      })`,
      { cause: error },
    );
  }
  return priorOf(packed, reading);
}

function priorOf(
  facts: Omit<PackedCurvePrior, "version" | "reading">,
  reading: Reading | null,
): CurvePrior {
  const { curves, skipped, direction, axis, magnitudes } = facts;
  const told = { curves, skipped, direction, axis, magnitudes } as const;
  return Object.freeze<CurvePrior>({
    ...told,
    trust: reading?.trust ?? 0,
    error: reading?.error ?? { shapes: NaN, prior: NaN },
    read: (question) => reading?.answer(question) ?? null,
    toJSON: () => {
      if (reading === null) {
        throw new RangeError(
          "Cannot keep the curves' prior: it has too few curves to have learnt anything",
        );
      }
      return { version: 1, ...told, reading: reading.pack() };
    },
  });
}

const mostRows = 30_000;

/**
 * Learns from finished curves how unfinished ones go on: what became of those
 * that looked most alike, then boosted trees, correct the average over shapes,
 * as far as that helped on curves left out, and the errors there make the bands. Takes about a second for 50 curves of 50 points
 * and a minute for thousands: make it once and hand it to many forecasts.
 *
 * @param curves Finished curves: trials of this study, or of the library. Their
 * steps rise; a curve that is constant, has fewer than 8 points, or does not
 * end in a number is skipped.
 * @throws {TypeError} If `curves` is no array of curves.
 * @throws {RangeError} If an option is none of what is allowed.
 *
 * @example
 * ```ts
 * import { curvePrior } from "@etude/etude";
 * const steps = Array.from({ length: 30 }, (_, i) => i + 1);
 * const finished = Array.from({ length: 12 }, (_, k) => ({
 *   name: "loss",
 *   steps,
 *   values: steps.map((t) => 0.2 + Math.exp(-t / (3 + k))),
 * }));
 * curvePrior(finished, { direction: "minimize" }).curves; // 12
 * ```
 *
 * Source: Friedman, "Greedy Function Approximation" (2001); Romano, Patterson,
 * Candès, "Conformalized Quantile Regression" (2019).
 */
export function curvePrior(
  curves: readonly FinishedCurve[],
  options: CurvePriorOptions,
): CurvePrior {
  const { direction, axis, at, cuts, compact } = checkOptions(curves, options);
  const usable = curves.flatMap((curve) => {
    const kept = finishedPart(curve, at);
    return kept === null ? [] : [kept];
  });
  const perCurve = Math.max(
    2,
    Math.min(cuts, Math.floor(mostRows / usable.length)),
  );
  const rows = priorRows(usable, direction, axis, perCurve);
  const known = new Set(rows.map(({ curve }) => curve)).size;
  const foldOf = foldsOf(usable);
  const reading = known < fewestCurves
    ? null
    : learn(rows, foldOf, known, !compact);
  const magnitudes = usable.map(({ values }) => magnitude(values));
  return priorOf({
    curves: known,
    skipped: curves.length - known,
    direction,
    axis,
    magnitudes: [
      magnitudes.reduce((a, b) => Math.min(a, b), Infinity),
      magnitudes.reduce((a, b) => Math.max(a, b), 0),
    ],
  }, reading);
}

/** The typical magnitude of values: the median of their sizes. */
export function magnitude(values: ArrayLike<number>): number {
  const sizes = Array.from(values, Math.abs).filter(Number.isFinite);
  return sizes.length === 0 ? 0 : median(sizes);
}

/** A curve's finite points up to a step, sorted; null if they are too few, or it does not end. */
function finishedPart(curve: FinishedCurve, at: number): FinishedCurve | null {
  const order = [...curve.steps.keys()].filter((i) =>
    Number.isFinite(curve.steps[i]!) && curve.steps[i]! <= at
  ).sort((a, b) => curve.steps[a]! - curve.steps[b]! || a - b);
  const newest = order.at(-1);
  if (newest === undefined || !Number.isFinite(curve.values[newest])) {
    return null;
  }
  const kept = order.filter((index, i) =>
    Number.isFinite(curve.values[index]) &&
    (i + 1 === order.length ||
      curve.steps[order[i + 1]!] !== curve.steps[index])
  );
  if (kept.length < 8) return null;
  return {
    name: curve.name,
    group: curve.group,
    kind: curve.kind,
    steps: kept.map((i) => curve.steps[i]!),
    values: kept.map((i) => curve.values[i]!),
  };
}

/** The fold of each curve: groups go around in the order in which they come. */
function foldsOf(curves: readonly FinishedCurve[]): number[] {
  const groups = new Map<string, number>();
  return curves.map(({ group }, index) => {
    const key = group === undefined ? `curve ${index}` : `group ${group}`;
    if (!groups.has(key)) groups.set(key, groups.size);
    return groups.get(key)! % folds;
  });
}

function checkOptions(
  curves: readonly FinishedCurve[],
  { direction, axis = "linear", at = Infinity, cuts = 9, compact = false }:
    CurvePriorOptions,
): Required<CurvePriorOptions> {
  if (
    !Array.isArray(curves) ||
    curves.some((one) =>
      !Array.isArray(one?.steps) || !Array.isArray(one.values)
    )
  ) {
    throw new TypeError(
      `Cannot make a prior: expected a list of curves such as { name: "loss", steps: [1, 2], values: [0.9, 0.7] }`,
    );
  }
  if (direction !== "minimize" && direction !== "maximize") {
    throw new RangeError(
      `Cannot make a prior: the direction is ${direction}, expected "minimize" or "maximize"`,
    );
  }
  if (axis !== "linear" && axis !== "log") {
    throw new RangeError(
      `Cannot make a prior: the axis is ${axis}, expected "linear" or "log"`,
    );
  }
  if (!(at > 0)) {
    throw new RangeError(
      `Cannot make a prior: at is ${at}, expected a step above 0`,
    );
  }
  if (!(Number.isInteger(cuts) && cuts >= 2 && cuts <= 9)) {
    throw new RangeError(
      `Cannot make a prior: cuts is ${cuts}, expected a whole number from 2 to 9`,
    );
  }
  return { direction, axis, at, cuts, compact };
}

import type { Direction } from "../records/mod.ts";

/** Larger numbers count as infinite on a chart: the width of an axis must not overflow. */
const largest = 1e300;

/** Whether a value has a place on an axis; a logarithmic one has none for 0 and less. */
export function drawable(
  value: number | null | undefined,
  log = false,
): value is number {
  return typeof value === "number" && Math.abs(value) <= largest &&
    (!log || value >= 1 / largest);
}

/** A number moved to where an axis can hold it. */
export function clamp(
  value: number,
  low: number = -largest,
  high: number = largest,
): number {
  return Math.min(high, Math.max(low, value));
}

/** A number with few digits, as the rows of a spec hold it. */
export function round(value: number, digits = 6): number {
  // -0 would come back as 0 from JSON.
  return Number.isSafeInteger(value)
    ? value + 0
    : Number(value.toPrecision(digits));
}

/** The part of an axis that values take. */
export interface Range {
  /** The smallest value shown. */
  readonly low: number;
  /** The largest value shown. */
  readonly high: number;
  /** How many values lie beyond, on the bad side. */
  readonly beyond: number;
}

/**
 * The range of an objective's values, `[low, high]`. Values far out on the bad
 * side (beyond the worst quarter by three times its distance from the best)
 * are left out, so that one diverged trial does not flatten all others.
 *
 * @param values The values; those that no axis can hold are passed over.
 * @param direction Which values are better.
 * @param log Whether the axis is logarithmic: then nothing is left out but values of 0 and less.
 */
export function valueRange(
  values: readonly number[],
  direction: Direction,
  log: boolean,
): Range | null {
  const sorted = Float64Array.from(
    values.filter((value) => drawable(value, log)),
  ).sort();
  const n = sorted.length;
  if (n === 0) return null;
  let low = sorted[0]!;
  let high = sorted[n - 1]!;
  let beyond = 0;
  if (!log && n >= 5) {
    const quarter = Math.floor((n - 1) / 4);
    if (direction === "minimize") {
      const worse = sorted[n - 1 - quarter]!;
      const limit = worse + 3 * (worse - low);
      if (high > limit && worse > low) {
        while (sorted[n - 1 - beyond]! > limit) beyond++;
        high = sorted[n - 1 - beyond]!;
      }
    } else {
      const worse = sorted[quarter]!;
      const limit = worse - 3 * (high - worse);
      if (low < limit && worse < high) {
        while (sorted[beyond]! < limit) beyond++;
        low = sorted[beyond]!;
      }
    }
  }
  return { low, high, beyond };
}

/**
 * The range of the values of curves, `[low, high]`; null if there are none.
 * What is a hundred times above nearly all else runs out of the plot.
 */
export function curveRange(
  values: readonly number[],
): readonly [number, number] | null {
  if (values.length === 0) return null;
  let low = Infinity;
  let high = -Infinity;
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  // A thousand values are enough to know what is usual.
  const stride = Math.ceil(values.length / 1000);
  const sorted = Float64Array.from(
    { length: Math.ceil(values.length / stride) },
    (_, index) => values[index * stride]!,
  ).sort();
  const usual = Math.abs(sorted[Math.floor((sorted.length - 1) * 0.9)]!);
  const cut = sorted.length >= 10 && usual > 0 && high > 100 * usual;
  return [low, cut ? 2 * usual : high];
}

/** The ends of an axis for a range: a little wider, and never of no width. */
export function axisDomain(
  low: number,
  high: number,
  log: boolean,
): [number, number] {
  if (log) {
    // A domain of a few last digits makes Vega count ticks for ever.
    const factor = high / low < 1 + 1e-6 ? 2 : (high / low) ** 0.04;
    return [
      Math.max(1 / largest, low / factor),
      Math.min(largest, high * factor),
    ];
  }
  const size = Math.max(Math.abs(low), Math.abs(high));
  // Steps between ticks must not vanish beside the values.
  const pad = high - low > Math.max(size * 1e-9, 1e-280)
    ? (high - low) * 0.04
    : size > 1e-280
    ? size * 0.1
    : 1;
  return [clamp(low - pad), clamp(high + pad)];
}

/** The ends of an axis of steps: exactly theirs, unless they are one. */
export function stepDomain(low: number, high: number): [number, number] {
  if (low < high) return [low, high];
  const pad = Math.max(0.5, Math.abs(low) * 0.01);
  return [low - pad, high + pad];
}

/** The channel of a curve's steps: from the first of the steps to the last. */
export function stepChannel(
  field: string,
  steps: readonly number[],
): Readonly<Record<string, unknown>> {
  return {
    field,
    type: "quantitative",
    title: "step",
    scale: {
      domain: stepDomain(
        steps.reduce((a, b) => Math.min(a, b)),
        steps.reduce((a, b) => Math.max(a, b)),
      ),
      nice: false,
      padding: 5,
    },
    axis: { grid: false, tickMinStep: 1 },
  };
}

/**
 * Round numbers inside `[low, high]`, about `wanted` of them, rising.
 *
 * Source: the steps 1, 2, 5 of d3-array's `ticks`.
 */
export function linearTicks(
  low: number,
  high: number,
  wanted: number,
): number[] {
  // Of a range too narrow for its place, steps could not be told apart.
  const least = 1e-14 * Math.max(Math.abs(low), Math.abs(high));
  if (!(high - low > Math.max(1e-290, least))) return [low];
  const rough = (high - low) / Math.max(1, wanted);
  const power = Math.floor(Math.log10(rough));
  const error = rough / 10 ** power;
  const factor = error >= 7.07 ? 10 : error >= 3.16 ? 5 : error >= 1.41 ? 2 : 1;
  // Below 1 a division by a whole number keeps 0.1, 0.2, 0.3 exact.
  const inverse = power < 0 && power > -300 ? 10 ** -power / factor : 0;
  const step = factor * 10 ** power;
  const first = Math.ceil(inverse > 0 ? low * inverse : low / step);
  const last = Math.floor(inverse > 0 ? high * inverse : high / step);
  const ticks: number[] = [];
  for (let i = first; i <= last && ticks.length < 100; i++) {
    ticks.push(inverse > 0 ? i / inverse : i * step);
  }
  return ticks;
}

/** Powers of ten inside `[low, high]`, with 2 and 5 between them where there is room; rising. */
export function logTicks(low: number, high: number, wanted: number): number[] {
  if (!(high > low) || low <= 0) return [low];
  const decades = Math.log10(high) - Math.log10(low);
  const first = Math.floor(Math.log10(low) + 1e-9);
  const last = Math.ceil(Math.log10(high) - 1e-9);
  const factors = decades * 3 <= wanted + 1
    ? [1, 2, 5]
    : decades * 2 <= wanted + 1
    ? [1, 3]
    : [1];
  const stride = Math.max(1, Math.ceil(decades / Math.max(1, wanted)));
  const ticks: number[] = [];
  for (let power = first; power <= last; power += stride) {
    for (const factor of factors) {
      const tick = Number(`${factor}e${power}`);
      if (tick >= low * (1 - 1e-9) && tick <= high * (1 + 1e-9)) {
        ticks.push(tick);
      }
    }
  }
  return ticks.length >= 2 ? ticks : linearTicks(low, high, wanted);
}

/** How d3 writes labels; with a precision, or it would write 10 as `1e+1`. */
export const tickFormat = ".6~g";

/** What a logarithmic axis of a spec needs beside its scale: a few round labels. */
export function logAxis(
  [low, high]: readonly [number, number],
): { readonly values: readonly number[]; readonly format: string } {
  return { values: logTicks(low, high, 6), format: tickFormat };
}

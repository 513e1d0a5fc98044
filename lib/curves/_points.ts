import type { Curve, Direction } from "../records/mod.ts";
import type { CurveAxis } from "./_shapes.ts";

/** More points than this are averaged in bins. */
const mostPoints = 64;
/** Points before this share of the forecast's step count as at 0, where there is no logarithm. */
const earliest = 1e-12;
/** Fewer points than this are not extrapolated. */
const fewestPoints = 4;

/** What is known of a curve up to now, made ready for a forecast. */
export interface CurvePoints {
  /** Step / step of the forecast, `[n]`, in (0, 1], rising. */
  readonly times: Float64Array;
  /** The values, `[n]`, smaller is better; lone spikes are taken out. */
  readonly values: Float64Array;
  /** How many usable points there were before they were averaged in bins. */
  readonly count: number;
  /** The last usable value, smaller is better. */
  readonly last: number;
  /** Whether the curve is at the forecast's step, or past it. */
  readonly passed: boolean;
  /** What was added to the steps, so that they begin above 0. */
  readonly shift: number;
  /** Why there can be no more than the last value; null if there can. */
  readonly problem: string | null;
}

/**
 * The usable points of a curve: sorted by step, of a repeated step the last
 * report, without what is not finite, without lone spikes, in bins if many.
 *
 * @returns The points, or in words why there is none that counts.
 */
export function curvePoints(
  { steps, values }: Curve,
  direction: Direction,
  at: number,
  axis: CurveAxis,
): CurvePoints | string {
  const sign = direction === "minimize" ? 1 : -1;
  const count = Math.min(steps.length, values.length);
  if (count === 0) return "the curve has no points";
  let order = Array.from({ length: count }, (_, i) => i)
    .filter((i) => Number.isFinite(steps[i]!));
  order.sort((a, b) => steps[a]! - steps[b]! || a - b);
  order = order.filter((index, i) =>
    i + 1 === order.length || steps[order[i + 1]!] !== steps[index]
  );
  if (order.length === 0) return "the curve has no step that is a number";
  const passed = steps[order.at(-1)!]! >= at;
  order = order.filter((i) => steps[i]! <= at);
  const newest = order.at(-1);
  if (newest === undefined) {
    return "the curve has no point up to the step of the forecast";
  }
  if (!Number.isFinite(values[newest]!)) {
    return `the curve ends in ${values[newest]} at step ${
      steps[newest]
    }: it has diverged, or was not measured`;
  }
  // Epochs may be counted from 0; a size on a logarithmic axis cannot be.
  const lowest = steps[order[0]!]!;
  const shift = axis === "linear" && lowest <= 0 ? 1 - lowest : 0;
  order = order.filter((i) =>
    Number.isFinite(values[i]!) && steps[i]! + shift > earliest * (at + shift)
  );
  if (order.length === 0) return "the curve has no step above 0";
  const end = at + shift;
  const raw = Float64Array.from(order, (i) => sign * values[i]!);
  const last = raw[raw.length - 1]!;
  const times = Float64Array.from(order, (i) => (steps[i]! + shift) / end);
  const calm = withoutSpikes(raw);
  const binned = calm.length > mostPoints
    ? inBins(times, calm, axis)
    : { times, values: calm };
  return {
    ...binned,
    count: raw.length,
    last,
    passed,
    shift,
    problem: problemOf(binned.values),
  };
}

function problemOf(values: Float64Array): string | null {
  if (values.length < fewestPoints) {
    return `it has ${values.length} usable point${
      values.length === 1 ? "" : "s"
    }, fewer than ${fewestPoints}`;
  }
  let low = Infinity;
  let high = -Infinity;
  for (const value of values) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  if (!Number.isFinite((high - low) ** 2)) {
    return "its values are too far apart";
  }
  return high - low >
      Math.max(1e-150, 1e-12 * Math.max(Math.abs(low), Math.abs(high)))
    ? null
    : "it is constant so far";
}

/** Points that leap past both neighbors by far more than the curve's steps do are put between them. */
function withoutSpikes(values: Float64Array): Float64Array {
  const calm = values.slice();
  if (values.length < 8) return calm;
  const leaps = Float64Array.from(
    { length: values.length - 1 },
    (_, i) => Math.abs(values[i + 1]! - values[i]!),
  ).sort();
  const limit = 10 * leaps[leaps.length >> 1]!;
  if (!(limit > 0)) return calm;
  for (let i = 1; i < values.length - 1; i++) {
    const [before, value, after] = [values[i - 1]!, values[i]!, values[i + 1]!];
    const leap = Math.min(value - before, value - after);
    const drop = Math.min(before - value, after - value);
    if (leap > limit || drop > limit) calm[i] = (before + after) / 2;
  }
  return calm;
}

function inBins(
  times: Float64Array,
  values: Float64Array,
  axis: CurveAxis,
): { times: Float64Array; values: Float64Array } {
  const place = (t: number) => axis === "log" ? Math.log(t) : t;
  const first = place(times[0]!);
  const width = (place(times[times.length - 1]!) - first) / mostPoints;
  const sums = new Float64Array(mostPoints);
  const times1 = new Float64Array(mostPoints);
  const counts = new Float64Array(mostPoints);
  for (let i = 0; i < times.length; i++) {
    const bin = Math.min(
      mostPoints - 1,
      Math.floor((place(times[i]!) - first) / width),
    );
    sums[bin]! += values[i]!;
    times1[bin]! += times[i]!;
    counts[bin]! += 1;
  }
  const full = [...counts.keys()].filter((bin) => counts[bin]! > 0);
  return {
    times: Float64Array.from(full, (bin) => times1[bin]! / counts[bin]!),
    values: Float64Array.from(full, (bin) => sums[bin]! / counts[bin]!),
  };
}

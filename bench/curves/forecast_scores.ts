import {
  type CurveAxis,
  type CurvePrior,
  forecastCurve,
} from "../../lib/curves/mod.ts";
import { randomStream } from "../../lib/math/mod.ts";
import type { BenchCurve } from "./curve_sets.ts";

/** How one forecast came out. */
export interface Score {
  /** The group of the curve. */
  readonly group: string;
  /** The share of the points that was seen. */
  readonly share: number;
  /** |forecast − truth| over the curve's range. */
  readonly error: number;
  /** The same of the last value. */
  readonly lastError: number;
  /** Whether the curve ends within a tenth of its range of its best: it did not overfit. */
  readonly healthy: boolean;
  /** Whether the truth lies in the band; null without one. */
  readonly covered: boolean | null;
  /** Whether the truth is better than the band. */
  readonly below: boolean;
  /** The band's width over the curve's range. */
  readonly width: number;
}

/** The score of a curve at a share seen; null where the curve is constant or does not end. */
export function scoreOf(
  { curve, direction, group, bounds, kind }: BenchCurve,
  share: number,
  axis: CurveAxis,
  prior: CurvePrior | null,
): Score | null {
  const { steps, values } = curve;
  const n = values.length;
  const tail = Math.max(1, Math.round(n / 20));
  const truth = values.slice(-tail).reduce((a, b) => a + b) / tail;
  const finite = values.filter(Number.isFinite);
  const range = Math.max(...finite) - Math.min(...finite);
  if (!Number.isFinite(truth) || !(range > 1e-9)) return null;
  const count = Math.round(n * share);
  const { value, band } = forecastCurve(
    {
      name: curve.name,
      steps: steps.slice(0, count),
      values: values.slice(0, count),
    },
    { direction, at: steps.at(-1)!, axis, prior, bounds, kind },
  );
  if (value === null) return null;
  const slack = 1e-9 * range;
  return {
    group,
    share,
    error: Math.abs(value - truth) / range,
    healthy:
      (direction === "minimize"
        ? truth - Math.min(...finite)
        : Math.max(...finite) - truth) <= 0.1 * range,
    lastError: Math.abs(values[count - 1]! - truth) / range,
    covered: band === null
      ? null
      : truth >= band.low - slack && truth <= band.high + slack,
    below: band !== null &&
      (direction === "minimize" ? truth < band.low : truth > band.high),
    width: band === null ? NaN : (band.high - band.low) / range,
  };
}

const resamples = 400;

/** A statistic of scores with its 95 % interval, whole groups drawn anew. */
function withInterval(
  scores: readonly Score[],
  statistic: (scores: readonly Score[]) => number,
): string {
  const groups = [...Map.groupBy(scores, ({ group }) => group).values()];
  // Of one group alone, curves are drawn.
  const units = groups.length > 2 ? groups : scores.map((one) => [one]);
  const random = randomStream("forecast scores", units.length);
  const drawn = Array.from(
    { length: resamples },
    () => statistic(units.flatMap(() => units[random.int(units.length)]!)),
  ).sort((a, b) => a - b);
  const show = (x: number) => x.toFixed(3).replace(/^0/, "");
  return `${show(statistic(scores))} (${
    show(drawn[Math.floor(0.025 * resamples)]!)
  }–${show(drawn[Math.ceil(0.975 * resamples) - 1]!)})`;
}

const quantile = (values: number[], q: number) =>
  values.sort((a, b) => a - b)[Math.floor(q * (values.length - 1))] ?? NaN;

/**
 * Prints scores as a Markdown table; the second error is that of the curves
 * which end near their best, as in research/curves.md, D.5.
 */
export function reportForecasts(title: string, scores: readonly Score[]): void {
  console.log(`\n${title}\n`);
  console.log(
    "| seen | curves | median error | of those that do not overfit | 90 % error | mean error | last value | coverage | better than the band | width |",
  );
  console.log("|---|---|---|---|---|---|---|---|---|---|");
  const medianError = (some: readonly Score[]) =>
    quantile(some.map(({ error }) => error), 0.5);
  const mean = (list: readonly Score[], of: (one: Score) => number) =>
    list.reduce((sum, one) => sum + of(one), 0) / list.length;
  for (const [share, some] of Map.groupBy(scores, ({ share }) => share)) {
    const banded = some.filter(({ covered }) => covered !== null);
    const cells = [
      `${Math.round(100 * share)} %`,
      some.length,
      withInterval(some, medianError),
      withInterval(some.filter(({ healthy }) => healthy), medianError),
      quantile(some.map(({ error }) => error), 0.9).toFixed(3),
      mean(some, ({ error }) => error).toFixed(3),
      quantile(some.map(({ lastError }) => lastError), 0.5).toFixed(3),
      withInterval(banded, (s) => mean(s, ({ covered }) => Number(covered))),
      mean(banded, ({ below }) => Number(below)).toFixed(3),
      quantile(banded.map(({ width }) => width), 0.5).toFixed(3),
    ];
    console.log(`| ${cells.join(" | ")} |`);
  }
}

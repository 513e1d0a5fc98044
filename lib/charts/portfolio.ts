import type { PortfolioPick } from "../library/mod.ts";
import type { Space } from "../space/mod.ts";
import type { ChartRow } from "./_field.ts";
import { checkOptions } from "./_options.ts";
import { round } from "./_scale.ts";
import { chartOf, type Part } from "./_spec.ts";
import {
  cleanText,
  count,
  countStudies,
  distinct,
  formatValue,
  shorten,
} from "./_text.ts";
import type { Chart } from "./chart.ts";
import { chartColors } from "./theme.ts";

/** Options of {@linkcode portfolioChart}. */
export interface PortfolioChartOptions {
  /** The title. Defaults to `"Where to begin, and why"`. */
  readonly title?: string;
}

/** What {@linkcode portfolioRows} gives. */
export interface PortfolioRows {
  /** The configurations' values: `k` the place in the portfolio from 1, `p` the parameter, `t` the value as text. */
  readonly values: readonly ChartRow[];
  /**
   * What each study says of each configuration: `k`, `s` the study as shown, `z` in standard
   * deviations over the space, better is larger, `q` its share of the weight, `b` 1 if it is
   * the best of the portfolio for the study.
   */
  readonly opinions: readonly ChartRow[];
  /** How good the portfolio is up to each configuration: `k`, `z` the mean over the studies of the best for each. */
  readonly reached: readonly ChartRow[];
  /** The parameters, in the order of the space. */
  readonly parameters: readonly string[];
  /** The studies as shown, those of the largest weight first; at most 14. */
  readonly studies: readonly string[];
  /** How many studies were asked. */
  readonly asked: number;
}

const mostStudies = 14;
const mostPicks = 12;
const mostParameters = 14;

/**
 * The data of {@linkcode portfolioChart}: at most 12 configurations, 14 studies.
 *
 * @param picks What `portfolio()` has chosen.
 * @param space The space of the new study.
 *
 * @example
 * ```ts
 * import { float, portfolioRows, space } from "@etude/etude";
 * portfolioRows([], space({ x: float(0, 1) })).values; // []
 * ```
 */
export function portfolioRows<C>(
  picks: readonly PortfolioPick[],
  space: Space<C>,
): PortfolioRows {
  const shown = picks.slice(0, mostPicks);
  const asked = shown[0]?.asked ?? [];
  const names = asked.slice(0, mostStudies).map(({ name }) => name);
  const parameters = space.names.slice(0, mostParameters);
  const titles = distinct(parameters.map((name) => shorten(name, 60)));
  const labels = names.map((name, i) => {
    const short = shorten(cleanText(name), 26);
    return names.indexOf(name) === i && short === name
      ? name
      : `${short} ${i + 1}`;
  });
  const bestFor = names.map((_, s) =>
    shown.reduce(
      (best, { asked }, k) => asked[s]!.z < shown[best]!.asked[s]!.z ? k : best,
      0,
    )
  );
  let best: number[] = [];
  return {
    values: shown.flatMap(({ params }, k) =>
      parameters.map((p, i): ChartRow => ({
        k: k + 1,
        p: titles[i]!,
        t: Object.hasOwn(params, p)
          ? shorten(formatValue(params[p]!), 14)
          : "–",
      }))
    ),
    opinions: shown.flatMap(({ asked }, k) =>
      asked.slice(0, labels.length).map(({ z, weight }, s): ChartRow => ({
        k: k + 1,
        s: labels[s]!,
        z: round(-z, 3),
        q: round(weight, 4),
        b: bestFor[s] === k ? 1 : 0,
      }))
    ),
    reached: shown.map(({ asked }, k) => {
      best = asked.map(({ z }, s) => Math.min(best[s] ?? 0, z));
      const mean = asked.reduce(
        (sum, { weight }, s) => sum - weight * best[s]!,
        0,
      );
      return { k: k + 1, z: round(mean, 2) };
    }),
    parameters: titles,
    studies: labels,
    asked: asked.length,
  };
}

/**
 * What a portfolio is, and why: a column a configuration, above its values,
 * below what each prior study expects of it. A ring marks the configuration that
 * is best for a study: a column with rings serves studies that those before it
 * did not.
 *
 * @param picks What `portfolio()` has chosen.
 * @param space The space of the new study.
 * @param options The title.
 * @throws {TypeError} If an option is unknown or of another kind.
 *
 * @example
 * ```ts
 * import { float, portfolioChart, space } from "@etude/etude";
 * portfolioChart([], space({ x: float(0, 1) })).title; // "Where to begin, and why"
 * ```
 */
export function portfolioChart<C>(
  picks: readonly PortfolioPick[],
  space: Space<C>,
  options: PortfolioChartOptions = {},
): Chart {
  checkOptions("portfolio", options, { title: "text" });
  return chartOf("Where to begin, and why", options, () => {
    const rows = portfolioRows(picks, space);
    return {
      title: "Where to begin, and why",
      lines: picks.length === 0 ? [] : [
        `${count(picks.length, "configuration")} chosen by ${
          countStudies(rows.asked, "prior ")
        }: the first is the best on average, each further one helps those not yet served`,
        `how good the best of them is for a study, in standard deviations: ${
          rows.reached.map(({ z }) => z).join(" → ")
        }`,
      ],
      message: picks.length === 0
        ? "No prior study says anything of this space"
        : null,
      part: () => panels(rows),
    };
  });
}

function panels(
  { values, opinions, parameters, studies }: PortfolioRows,
): Part {
  const columns = Math.max(...values.map(({ k }) => Number(k)));
  const width = Math.min(440, Math.max(180, 92 * columns));
  // Texts and cells stand in the same columns.
  const x = (axis: Part | null) => ({
    field: "k",
    type: "ordinal",
    title: null,
    axis,
    scale: { type: "band", paddingInner: 0.04, paddingOuter: 0.02 },
  });
  const rowAxis = {
    grid: false,
    ticks: false,
    domain: false,
    labelLimit: 170,
  };
  const z = opinions.map((row) => Number(row.z));
  const end = Math.max(1, ...z.map(Math.abs));
  return {
    spacing: 12,
    vconcat: [
      {
        width,
        height: 19 * parameters.length,
        data: { values },
        mark: { type: "text", fontSize: 11, color: chartColors.text },
        encoding: {
          x: x({
            orient: "top",
            grid: false,
            ticks: false,
            domain: false,
            labelAngle: 0,
            labelFontWeight: 600,
            labelExpr: "'start ' + datum.label",
          }),
          y: {
            field: "p",
            type: "nominal",
            title: null,
            sort: parameters,
            axis: rowAxis,
          },
          text: { field: "t", type: "nominal" },
        },
      },
      {
        width,
        height: 19 * studies.length,
        data: { values: opinions },
        encoding: {
          x: x(null),
          y: {
            field: "s",
            type: "nominal",
            title: null,
            sort: studies,
            axis: rowAxis,
          },
          tooltip: [
            { field: "s", type: "nominal", title: "study" },
            { field: "k", type: "ordinal", title: "start" },
            {
              field: "z",
              type: "quantitative",
              title: "better than average by, sd",
            },
            {
              field: "q",
              type: "quantitative",
              title: "its weight",
              format: ".1%",
            },
          ],
        },
        layer: [
          {
            mark: { type: "rect", cornerRadius: 2 },
            encoding: {
              color: {
                field: "z",
                type: "quantitative",
                title: ["sd better", "than average"],
                scale: {
                  domain: [round(-end, 3), 0, round(end, 3)],
                  range: [chartColors.best, "#f3f5f7", "#0b5a94"],
                  interpolate: "rgb",
                },
                legend: {
                  orient: "right",
                  gradientLength: Math.min(120, 16 * studies.length),
                  tickCount: 4,
                },
              },
            },
          },
          {
            transform: [{ filter: "datum.b === 1" }],
            mark: {
              type: "point",
              size: 70,
              filled: false,
              strokeWidth: 2,
              color: chartColors.text,
              opacity: 1,
            },
          },
        ],
      },
    ],
  };
}

/**
 * Plots of what is expected along parameters, a panel for each.
 *
 * @module
 */

import type { StudyView } from "../records/mod.ts";
import { type ChartRow, columnsOf } from "./_field.ts";
import { panelsHere } from "./_room.ts";
import { parameterAxis } from "./_parameter_axis.ts";
import { rankedTrials, thinTrials } from "./_parameters.ts";
import { axisDomain, clamp, round, valueRange } from "./_scale.ts";
import { messageView, objectiveOf, type Part } from "./_spec.ts";
import { shorten } from "./_text.ts";
import { chartColors, chartWidth } from "./theme.ts";

/** What is expected along one parameter. */
interface Panel {
  /** The parameter's name. */
  readonly name: string;
  /** Rows along it: `x`, the mean `m`, the ends of the interval `l` and `h`. */
  readonly rows: readonly ChartRow[];
  /** A value to mark; null where the parameter is not used, absent if none is marked. */
  readonly here?: number | string | null;
}

/** A plot for each panel: mean, interval, trials, and the configuration where there is one. */
export function panelsPart(
  view: StudyView,
  panels: readonly Panel[],
  height: number,
): Part {
  const { name, direction } = objectiveOf(view);
  const shown = panels.filter(({ here }) => here !== null);
  if (shown.length === 0) {
    return messageView(
      "None of these parameters is used in this configuration",
    );
  }
  const columns = columnsOf(view, shown.map((panel) => panel.name));
  const domain = valueDomain(view, shown);
  const columnsPerRow = panelsHere(3);
  const perRow = Math.min(columnsPerRow, shown.length);
  const width = Math.floor((chartWidth - 30 * (perRow - 1)) / perRow);
  const trials = thinTrials(rankedTrials(view), 300);
  const concat = shown.map((panel, index) => {
    const column = columns[index]!;
    const x = { ...parameterAxis(column, width), field: "x" };
    const y = (field: string) => ({
      field,
      type: "quantitative",
      title: index % columnsPerRow === 0
        ? [shorten(name, 26), `(${direction})`]
        : null,
      scale: { domain, zero: false, nice: false, clamp: true },
      axis: { domain: false, ticks: false, tickCount: 4 },
    });
    const isLine = column.labels === null;
    return {
      width,
      height,
      layer: [
        {
          data: { values: panel.rows },
          mark: isLine
            ? { type: "area", color: chartColors.complete, opacity: 0.2 }
            : {
              type: "bar",
              color: chartColors.complete,
              opacity: 0.2,
              size: 18,
            },
          encoding: { x, y: y("l"), y2: { field: "h" } },
        },
        {
          data: { values: panel.rows },
          mark: isLine
            ? { type: "line", color: chartColors.complete, strokeWidth: 2 }
            : {
              type: "tick",
              color: chartColors.complete,
              thickness: 2,
              size: 18,
            },
          encoding: { x, y: y("m") },
        },
        {
          data: {
            values: trials.flatMap((trial) => {
              const cell = column.cell(trial.params);
              return cell === null ? [] : [{
                x: cell,
                v: round(clamp(trial.value!), 7),
                n: trial.number,
              }];
            }),
          },
          mark: {
            type: "point",
            filled: true,
            size: 22,
            color: chartColors.muted,
            opacity: 0.55,
          },
          encoding: {
            x,
            y: y("v"),
            tooltip: [{ field: "n", type: "quantitative", title: "trial" }, {
              field: "v",
              type: "quantitative",
              title: "value",
            }],
          },
        },
        ...(panel.here === undefined ? [] : [{
          data: { values: [{ x: panel.here }] },
          mark: {
            type: "rule",
            color: chartColors.best,
            strokeDash: [4, 3],
            strokeWidth: 1.5,
          },
          encoding: { x },
        }]),
      ],
    };
  });
  return { columns: columnsPerRow, spacing: { row: 18, column: 16 }, concat };
}

/** What the vertical axis spans: the trials, and the expectations as far as they are not far beyond. */
function valueDomain(
  view: StudyView,
  panels: readonly Panel[],
): [number, number] {
  const { direction } = objectiveOf(view);
  const means = panels.flatMap(({ rows }) =>
    rows.flatMap(({ l, h }) => [Number(l), Number(h)])
  );
  const range = valueRange(
    rankedTrials(view).map(({ value }) => value!),
    direction,
    false,
  );
  const [low, high] = range === null
    ? [Math.min(...means), Math.max(...means)]
    : [range.low, range.high];
  const room = 0.3 * (high - low);
  return axisDomain(
    Math.max(low - room, Math.min(low, ...means)),
    Math.min(high + room, Math.max(high, ...means)),
    false,
  );
}

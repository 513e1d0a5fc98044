/**
 * Several specs as the parts of one. Names that must be a spec's own (of
 * parameters, data sets and views) get the number of their chart.
 *
 * @module
 */

import type { Part } from "./_spec.ts";
import type { Chart } from "./chart.ts";
import { chartColors } from "./theme.ts";

/** Every scale of its own: a color means something else in each chart. */
const channels = [
  "color",
  "fill",
  "stroke",
  "opacity",
  "size",
  "shape",
  "strokeDash",
  "strokeWidth",
];

/** The view of several charts, without title: for each row of charts one of their titles, so that both begin at the same height. */
export function joined(
  charts: readonly Chart[],
  columns: number,
  width: number,
): Part {
  const parts = charts.map((chart, index) => owned(chart.spec, index));
  const own = Object.fromEntries(
    channels.map((channel) => [channel, "independent"]),
  );
  const rows = Array.from(
    { length: Math.ceil(parts.length / columns) },
    (_, row) => parts.slice(row * columns, (row + 1) * columns),
  );
  return {
    datasets: Object.assign({}, ...parts.map(({ datasets }) => datasets)),
    params: parts.flatMap(({ params }) => params),
    columns,
    align: "each",
    spacing: { row: 16, column: 24 },
    resolve: { scale: own, legend: own },
    concat: rows.flatMap((row, index) => {
      const height = Math.max(...row.map(({ title }) => heightOf(title)));
      return [
        ...row.map(({ title }) =>
          headline(title, width, height, index === 0 ? 0 : 14)
        ),
        ...(row.length < columns && rows.length > 1
          ? Array.from(
            { length: columns - row.length },
            () => headline(noTitle, 1, height, 0),
          )
          : []),
        ...row.map(({ view }) => view),
      ];
    }),
  };
}

/** A chart's title and subtitle, a text a line. */
interface Title {
  readonly lines: readonly string[];
  readonly sublines: readonly string[];
}

const noTitle: Title = { lines: [], sublines: [] };
const [lineHeight, sublineHeight] = [19, 16];

function titleOf(title: unknown): Title {
  if (typeof title === "string") return { lines: [title], sublines: [] };
  if (typeof title !== "object" || title === null) return noTitle;
  const texts = (value: unknown) =>
    value === undefined ? [] : [value].flat().map(String);
  const { text, subtitle } = title as Part;
  return { lines: texts(text), sublines: texts(subtitle) };
}

function heightOf({ lines, sublines }: Title): number {
  return lineHeight * lines.length + sublineHeight * sublines.length + 2;
}

/** A view that is nothing but a title; it hangs from its upper edge. */
function headline(
  { lines, sublines }: Title,
  width: number,
  height: number,
  above: number,
): Part {
  const texts = [
    ...lines.map((text, line) => ({
      text,
      y: lineHeight * line + 12,
      style: { fontSize: 14, fontWeight: 600, color: chartColors.text },
    })),
    ...sublines.map((text, line) => ({
      text,
      y: lineHeight * lines.length + sublineHeight * line + 10,
      style: { fontSize: 11.5, color: chartColors.muted },
    })),
  ];
  return {
    width,
    height: height + above,
    data: { values: [{}] },
    layer: (texts.length === 0 ? [{ text: "", y: 0, style: {} }] : texts)
      .map(({ text, y, style }) => ({
        data: { values: [{ text }] },
        mark: { type: "text", align: "left", x: 0, y: y + above, ...style },
        encoding: { text: { field: "text", type: "nominal" } },
      })),
  };
}

interface Owned {
  readonly view: Part;
  readonly title: Title;
  readonly datasets: Part;
  /** Those that only the root of a spec may have. */
  readonly params: readonly unknown[];
}

function owned(spec: Part, index: number): Owned {
  const names = new Map<string, string>();
  collect(spec, names, `_c${index}`);
  const {
    $schema: _schema,
    config: _config,
    background: _background,
    description: _description,
    title,
    datasets = {},
    params = [],
    ...view
  } = spec;
  const isPlain = "mark" in spec || "layer" in spec;
  return {
    title: titleOf(title),
    view: renamed(isPlain ? { ...view, params } : view, names) as Part,
    datasets: Object.fromEntries(
      Object.entries(datasets as Part).map(([name, rows]) => [
        names.get(name) ?? name,
        rows,
      ]),
    ),
    params: isPlain ? [] : renamed(params, names) as unknown[],
  };
}

/** Where data stands, which names nothing. */
function isData(key: string, value: unknown): boolean {
  return key === "values" || key === "domain" ||
    (key === "title" && typeof value === "string");
}

function collect(
  part: unknown,
  names: Map<string, string>,
  suffix: string,
): void {
  if (typeof part !== "object" || part === null) return;
  if (Array.isArray(part)) {
    for (const item of part) collect(item, names, suffix);
    return;
  }
  for (const [key, value] of Object.entries(part)) {
    if (isData(key, value)) continue;
    if (key === "datasets") {
      for (const name of Object.keys(value as object)) {
        names.set(name, `${name}${suffix}`);
      }
    } else if (key === "name" && typeof value === "string") {
      names.set(value, `${value}${suffix}`);
    } else collect(value, names, suffix);
  }
}

/** A copy with the names of parameters, data sets and views exchanged. */
function renamed(part: unknown, names: ReadonlyMap<string, string>): unknown {
  if (typeof part !== "object" || part === null) return part;
  if (Array.isArray(part)) return part.map((item) => renamed(item, names));
  return Object.fromEntries(
    Object.entries(part).map(([key, value]) => {
      if (isData(key, value)) return [key, value];
      if ((key === "name" || key === "param") && typeof value === "string") {
        return [key, names.get(value) ?? value];
      }
      if (key === "views" && Array.isArray(value)) {
        return [key, value.map((view) => names.get(view) ?? view)];
      }
      return [key, renamed(value, names)];
    }),
  );
}

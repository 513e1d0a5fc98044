/**
 * What a user named, as columns of a chart's rows.
 *
 * Vega reads field names as paths (`a.b`, `a[0]`) and builds expressions from
 * them, so no name of the user's ever is one: parameter number 3 is the field
 * `f3`, and its name appears only as a title, which is data.
 *
 * @module
 */

import type { StudyView, TrialRecord } from "../records/mod.ts";
import {
  choicesOf,
  type Configuration,
  type Parameter,
  type ParameterValue,
} from "../space/mod.ts";
import { clamp, round } from "./_scale.ts";
import { cleanText, distinct, formatValue, shorten } from "./_text.ts";

/** A cell of a row: JSON, and never NaN or infinite. */
export type ChartCell = number | string | boolean | null;

/** A row of a chart's data: a value a field. */
export type ChartRow = Readonly<Record<string, ChartCell>>;

/** A parameter as a column. */
export interface Column {
  /** The field of the rows: `f0`, `f1`, … */
  readonly field: string;
  /** The parameter's name, clean, distinct among the columns. */
  readonly title: string;
  /** The parameter. */
  readonly parameter: Parameter;
  /** The labels of its values in their order, distinct; null for a number. */
  readonly labels: readonly string[] | null;
  /** The smallest value of the range and of all trials; of labels, 0. */
  readonly low: number;
  /** The largest value of the range and of all trials; of labels, how many less 1. */
  readonly high: number;
  /** Whether the axis is logarithmic. */
  readonly log: boolean;
  /** The cell of a configuration: a number, a label, or null where the parameter is not used. */
  cell(params: Configuration): number | string | null;
}

/** A parameter's value in a configuration; undefined where it is not used. */
function valueIn(
  params: Configuration,
  name: string,
): ParameterValue | undefined {
  return Object.hasOwn(params, name) ? params[name] : undefined;
}

/**
 * The columns of a space, in its order. Values of trials beyond a range, or
 * no longer among the choices, widen the column: spaces may change.
 */
export function columnsOf(
  view: StudyView,
  names: readonly string[] = view.space.names,
): readonly Column[] {
  const titles = distinct(names.map((name) => shorten(name, 60)));
  return names.map((name, index) => {
    const parameter = view.space.parameter(name);
    const values = view.trials.map(({ params }) => valueIn(params, name))
      .filter((value) => value !== undefined);
    const base = { field: `f${index}`, title: titles[index]!, parameter };
    return choicesOf(parameter) === null
      ? numberColumn(base, values)
      : labelColumn(base, values);
  });
}

type Base = Pick<Column, "field" | "title" | "parameter">;

function numberColumn(base: Base, values: readonly ParameterValue[]): Column {
  const { name, low, high, log } = base.parameter as Parameter & {
    kind: "float" | "int";
  };
  const fits = (value: ParameterValue | undefined): value is number =>
    typeof value === "number" && !Number.isNaN(value) && (!log || value > 0);
  const place = (value: number) => log ? clamp(value, 1e-300) : clamp(value);
  const seen = values.filter(fits).map(place);
  return {
    ...base,
    labels: null,
    low: seen.reduce(
      (a, b) => Math.min(a, b),
      log ? clamp(low, 1e-300) : clamp(low),
    ),
    high: seen.reduce((a, b) => Math.max(a, b), place(high)),
    log,
    cell: (params) => {
      const value = valueIn(params, name);
      return fits(value) ? round(place(value)) : null;
    },
  };
}

/** How many values that a space no longer has a column still names. */
const mostForeign = 20;

function labelColumn(base: Base, values: readonly ParameterValue[]): Column {
  const known = choicesOf(base.parameter)!;
  const foreign = [...new Set(values)].filter((value) => !known.includes(value))
    .slice(0, mostForeign);
  const all = [...known, ...foreign];
  const texts = all.map((value) => formatValue(value));
  // null and "null", 1 and "1", and the empty text must read as what they are.
  const labels = distinct(
    texts.map((text, index) =>
      text.trim() === "" || texts.indexOf(text) !== texts.lastIndexOf(text)
        ? shorten(JSON.stringify(all[index]), 40)
        : shorten(text, 40)
    ),
  );
  const byValue = new Map(all.map((value, index) => [value, labels[index]!]));
  return {
    ...base,
    labels,
    low: 0,
    high: labels.length - 1,
    log: false,
    cell: (params) => {
      const value = valueIn(params, base.parameter.name);
      return value === undefined ? null : byValue.get(value) ?? null;
    },
  };
}

/** The parameter's name of each column, by field. */
export function fieldsOf(columns: readonly Column[]): Record<string, string> {
  return Object.fromEntries(
    columns.map(({ field, parameter }) => [field, parameter.name]),
  );
}

/** The cells of a trial's parameters, by field. */
export function cellsOf(
  columns: readonly Column[],
  trial: TrialRecord,
): Record<string, ChartCell> {
  return Object.fromEntries(
    columns.map((column) => [column.field, column.cell(trial.params)]),
  );
}

/** A field that a tooltip shows beside the parameters. */
export interface TooltipField {
  /** The field. */
  readonly field: string;
  /** What it is called. */
  readonly title: string;
}

/**
 * The `tooltip` of an encoding: some fields, then every parameter. Needs
 * {@linkcode tooltipTransform}, which says "not used" instead of null.
 */
export function tooltipOf(
  first: readonly TooltipField[],
  columns: readonly Column[],
): readonly Record<string, string>[] {
  const all = [
    ...first,
    ...columns.map((column) => ({
      field: column.parameter.conditions.length > 0
        ? `${column.field}_text`
        : column.field,
      title: column.title,
    })),
  ];
  const titles = distinct(all.map(({ title }) => cleanText(title)));
  return all.map(({ field }, index) => ({
    field,
    // Vega-Lite puts titles of tooltips into an expression, between double
    // quotes of which it escapes those inside, but not a backslash before them.
    title: titles[index]!.replaceAll("\\", "\\\\"),
    type: "nominal",
  }));
}

/** The transforms that {@linkcode tooltipOf} needs. */
export function tooltipTransform(
  columns: readonly Column[],
): readonly Record<string, string>[] {
  return columns
    .filter(({ parameter }) => parameter.conditions.length > 0)
    .map(({ field }) => ({
      calculate: `isValid(datum.${field}) ? datum.${field} : 'not used'`,
      as: `${field}_text`,
    }));
}

/** How many rows with these columns fit into some bytes, between 100 and `most`. */
export function rowBudget(
  columns: number,
  bytes: number,
  most: number,
): number {
  return Math.max(
    100,
    Math.min(most, Math.floor(bytes / (60 + 18 * columns))),
  );
}

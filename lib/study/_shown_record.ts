import { formatNumber, formatValue, sparkline } from "../charts/mod.ts";
import type { TrialRecord } from "../records/mod.ts";
import {
  bundle,
  card,
  faint,
  line,
  paramsText,
  plain,
  predictionText,
  strong,
  table,
} from "./_card_parts.ts";

/** How many curves are listed. */
const mostCurves = 6;

/** The way a record shows itself: inherited, so that the record itself stays plain data. */
const shows = Object.freeze({
  /** What a Jupyter notebook shows: a card. */
  [Symbol.for("Jupyter.display")](this: TrialRecord): Record<string, string> {
    return bundle(recordText(this), () => recordHTML(this));
  },
  /** What the console shows. */
  [Symbol.for("Deno.customInspect")](this: TrialRecord): string {
    return recordText(this);
  },
  /** What the console shows in Node. */
  [Symbol.for("nodejs.util.inspect.custom")](this: TrialRecord): string {
    return recordText(this);
  },
});

/** The same record, which a notebook and the console show as a person reads it. */
export function shownRecord<C>(record: TrialRecord<C>): TrialRecord<C> {
  return Object.freeze(Object.assign(Object.create(shows), record));
}

function headline({ number, state, value, values }: TrialRecord): string {
  const result = values !== null && values.length > 1
    ? values.map((one) => formatNumber(one)).join(", ")
    : value === null
    ? null
    : formatNumber(value);
  return `Trial ${number}: ${state}${result === null ? "" : `, ${result}`}`;
}

/** What is known beside the configuration, a line each. */
function notes(record: TrialRecord): string[] {
  const { forecast, reason, error, durationMs } = record;
  return [
    ...(forecast === null
      ? []
      : [`${predictionText(forecast)} was expected of it`]),
    ...(durationMs === null ? [] : [`it took ${durationText(durationMs)}`]),
    ...(reason === null ? [] : [reason]),
    ...(error === null ? [] : [error.split("\n")[0]!]),
  ];
}

function durationText(ms: number): string {
  return ms < 1000
    ? `${Math.round(ms)} ms`
    : ms < 120_000
    ? `${formatNumber(ms / 1000, 3)} s`
    : `${formatNumber(ms / 60_000, 3)} min`;
}

/** Each curve on a line: name, a line of bars, from where to where. */
function curveLines({ curves }: TrialRecord): [string, string, string][] {
  return [...curves.values()].slice(0, mostCurves).map(
    ({ name, steps, values }) => [
      name,
      sparkline(values, 24),
      `${formatNumber(values[0]!)} → ${formatNumber(values.at(-1)!)} in step ${
        steps.at(-1)
      }`,
    ],
  );
}

function recordText(record: TrialRecord): string {
  return [
    headline(record),
    paramsText(record.params),
    ...notes(record),
    ...curveLines(record).map((parts) => parts.join("  ")),
  ].join("\n  ");
}

function recordHTML(record: TrialRecord): string {
  const curves = curveLines(record);
  return card(headline(record), {
    aside: record.origin === "sampler"
      ? "chosen by the sampler"
      : record.origin,
    parts: [
      table(
        ["parameter", "value"],
        Object.entries(record.params).map(([name, value]) => [
          plain(name),
          strong(formatValue(value!)),
        ]),
      ),
      ...(curves.length === 0 ? [] : [
        table(
          ["curve", "", ""],
          curves.map(([name, bars, ends]) => [
            plain(name),
            plain(bars),
            plain(ends),
          ]),
        ),
      ]),
      ...notes(record).map((note) => line(faint(note))),
    ],
  });
}

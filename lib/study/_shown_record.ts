import { formatNumber, formatValue, sparkline } from "../charts/mod.ts";
import {
  cleanText,
  noteOf,
  type OutcomeConstraint,
  type TrialRecord,
  violationText,
} from "../records/mod.ts";
import {
  bundle,
  card,
  faint,
  line,
  noteLine,
  paramsText,
  plain,
  predictionText,
  strong,
  table,
} from "./_card_parts.ts";

/** How many curves are listed. */
const mostCurves = 6;

/** A record that shows itself. A class, so that ten thousand of them share one shape and take little memory. */
class ShownRecord<C> implements TrialRecord<C> {
  readonly number;
  readonly state;
  readonly params;
  readonly value;
  readonly values;
  readonly constraints;
  readonly curves;
  readonly startedAt;
  readonly finishedAt;
  readonly durationMs;
  readonly error;
  readonly origin;
  readonly reason;
  readonly forecast;
  readonly attributes;
  readonly #bounds: readonly OutcomeConstraint[];

  constructor(record: TrialRecord<C>, bounds: readonly OutcomeConstraint[]) {
    this.#bounds = bounds;
    this.number = record.number;
    this.state = record.state;
    this.params = record.params;
    this.value = record.value;
    this.values = record.values;
    this.constraints = record.constraints;
    this.curves = record.curves;
    this.startedAt = record.startedAt;
    this.finishedAt = record.finishedAt;
    this.durationMs = record.durationMs;
    this.error = record.error;
    this.origin = record.origin;
    this.reason = record.reason;
    this.forecast = record.forecast;
    this.attributes = record.attributes;
    Object.freeze(this);
  }

  /** What a Jupyter notebook shows: a card. */
  [Symbol.for("Jupyter.display")](): Record<string, string> {
    const record = this as unknown as TrialRecord;
    const bounds = this.#bounds;
    return bundle(
      recordText(record, bounds),
      () => recordHTML(record, bounds),
    );
  }

  /** What the console shows. */
  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return recordText(this as unknown as TrialRecord, this.#bounds);
  }

  /** What the console shows in Node. */
  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return recordText(this as unknown as TrialRecord, this.#bounds);
  }
}

/** The same record, which a notebook and the console show as a person reads it. */
export function shownRecord<C>(
  record: TrialRecord<C>,
  constraints: readonly OutcomeConstraint[] = [],
): TrialRecord<C> {
  return new ShownRecord(record, constraints);
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
function notes(
  record: TrialRecord,
  constraints: readonly OutcomeConstraint[],
): string[] {
  const { forecast, reason, error, durationMs, state } = record;
  const violations = violationText({ constraints }, record);
  return [
    ...(constraints.length === 0 || state !== "complete"
      ? []
      : [violations === "" ? "feasible" : `not feasible: ${violations}`]),
    ...(forecast === null
      ? []
      : [`${predictionText(forecast)} was expected of it`]),
    ...(durationMs === null ? [] : [`it took ${durationText(durationMs)}`]),
    ...(reason === null ? [] : [reason]),
    ...noteLine(noteOf(record)),
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

function recordText(
  record: TrialRecord,
  constraints: readonly OutcomeConstraint[],
): string {
  return [
    headline(record),
    paramsText(record.params),
    ...notes(record, constraints),
    ...curveLines(record).map((parts) => parts.join("  ")),
  ].map(cleanText).join("\n  ");
}

function recordHTML(
  record: TrialRecord,
  constraints: readonly OutcomeConstraint[],
): string {
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
      ...notes(record, constraints).map((note) => line(faint(note))),
    ],
  });
}

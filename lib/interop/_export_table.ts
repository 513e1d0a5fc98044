import type { StudyView, TrialRecord } from "../records/mod.ts";
import type { Configuration, ParameterValue } from "../space/mod.ts";
import { csvRow } from "./_csv.ts";

/** A study as it is written: its trials are read, once or several times, one after the other. */
export interface WrittenStudy extends Omit<StudyView, "trials"> {
  /** What is attached to it. */
  readonly attributes: Readonly<Record<string, unknown>>;
  /** The trials from the first on. */
  trials(): Iterable<TrialRecord> | AsyncIterable<TrialRecord>;
}

/** A column of a study's table. */
export interface StudyColumn {
  readonly name: string;
  readonly kind: "number" | "text" | "boolean" | "time" | "any";
  /** The cell of a trial; null where there is none. */
  readonly cell: (trial: TrialRecord) => ParameterValue | Date;
}

function valueIn<T>(
  values: Readonly<Record<string, T>>,
  name: string,
): T | undefined {
  return Object.hasOwn(values, name) ? values[name] : undefined;
}

/** The columns of a study, a row a trial: names as in Optuna's `trials_dataframe()`, but the values under their objectives' names. */
async function studyColumns(study: WrittenStudy): Promise<StudyColumn[]> {
  const attributes = new Set<string>();
  for await (const trial of study.trials()) {
    for (const name of Object.keys(trial.attributes)) attributes.add(name);
  }
  return [
    { name: "number", kind: "number", cell: (trial) => trial.number },
    { name: "state", kind: "text", cell: (trial) => trial.state },
    ...study.objectives.map(({ name }, i): StudyColumn => ({
      name,
      kind: "number",
      cell: (trial) => trial.values?.[i] ?? null,
    })),
    ...study.space.parameters.map(({ name, kind }): StudyColumn => ({
      name: `params_${name}`,
      kind: kind === "float" || kind === "int"
        ? "number"
        : kind === "boolean"
        ? "boolean"
        : "any",
      cell: (trial) => valueIn(trial.params as Configuration, name) ?? null,
    })),
    {
      name: "datetime_start",
      kind: "time",
      cell: (trial) => trial.startedAt,
    },
    {
      name: "datetime_complete",
      kind: "time",
      cell: (trial) => trial.finishedAt,
    },
    { name: "error", kind: "text", cell: (trial) => trial.error },
    ...[...attributes].map((name): StudyColumn => ({
      name: `user_attrs_${name}`,
      kind: "any",
      cell: (trial) => {
        const value = valueIn(trial.attributes, name) ?? null;
        return typeof value === "object"
          ? value === null ? null : JSON.stringify(value)
          : value as ParameterValue;
      },
    })),
  ];
}

/** The lines of a study's table in CSV. */
export async function* csvLines(
  study: WrittenStudy,
): AsyncGenerator<string> {
  const columns = await studyColumns(study);
  yield csvRow(columns.map(({ name }) => name));
  for await (const trial of study.trials()) {
    yield csvRow(columns.map(({ cell }) => {
      const value = cell(trial);
      return value instanceof Date ? value.toISOString() : value;
    }));
  }
}

/** So many rows are written at a time. */
const batchRows = 10_000;

/** A study's table as Arrow's IPC file, which pandas, Polars and DuckDB read, batch by batch. Loads `apache-arrow`. */
export async function* arrowParts(
  study: WrittenStudy,
): AsyncGenerator<Uint8Array> {
  const {
    Bool,
    Field,
    Float64,
    makeData,
    RecordBatch,
    RecordBatchFileWriter,
    Schema,
    Struct,
    TimestampMillisecond,
    Utf8,
    vectorFromArray,
  } = await import("apache-arrow");
  const types = {
    number: () => new Float64(),
    text: () => new Utf8(),
    any: () => new Utf8(),
    boolean: () => new Bool(),
    time: () => new TimestampMillisecond(),
  };
  const columns = await typedColumns(study);
  const schema = new Schema(
    columns.map(({ name, kind }) => new Field(name, types[kind](), true)),
  );
  const batchOf = (trials: readonly TrialRecord[]) => {
    const children = columns.map(({ kind, cell }) => {
      const cells = trials.map(cell);
      const plain = kind === "any"
        ? cells.map((value) => value === null ? null : String(value))
        : cells;
      return vectorFromArray(plain, types[kind]()).data[0]!;
    });
    const type = new Struct(schema.fields);
    return new RecordBatch(
      schema,
      makeData({ type, length: trials.length, nullCount: 0, children }),
    );
  };
  async function* batches() {
    let trials: TrialRecord[] = [];
    for await (const trial of study.trials()) {
      if (trials.push(trial) < batchRows) continue;
      yield batchOf(trials);
      trials = [];
    }
    // A file without a batch would have no columns.
    yield batchOf(trials);
  }
  yield* await RecordBatchFileWriter.writeAll(batches());
}

/** The columns, those that hold anything as numbers where they hold nothing else. */
async function typedColumns(study: WrittenStudy): Promise<StudyColumn[]> {
  const columns = await studyColumns(study);
  const open = new Set(columns.filter(({ kind }) => kind === "any"));
  if (open.size === 0) return columns;
  for await (const trial of study.trials()) {
    for (const column of open) {
      const value = column.cell(trial);
      if (value !== null && typeof value !== "number") open.delete(column);
    }
  }
  return columns.map((column) =>
    open.has(column) ? { ...column, kind: "number" } : column
  );
}

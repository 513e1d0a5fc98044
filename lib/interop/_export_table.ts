import type { StudyView, TrialRecord } from "../records/mod.ts";
import type { Configuration, ParameterValue } from "../space/mod.ts";
import { csvRow } from "./_csv.ts";

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
export function studyColumns(study: StudyView): StudyColumn[] {
  const attributes = new Set(
    study.trials.flatMap((trial) => Object.keys(trial.attributes)),
  );
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
export function* csvLines(study: StudyView): Generator<string> {
  const columns = studyColumns(study);
  yield csvRow(columns.map(({ name }) => name));
  for (const trial of study.trials) {
    yield csvRow(columns.map(({ cell }) => {
      const value = cell(trial);
      return value instanceof Date ? value.toISOString() : value;
    }));
  }
}

/** A study's table as Arrow's IPC file, which pandas, Polars and DuckDB read. Loads `apache-arrow`. */
export async function arrowBytes(study: StudyView): Promise<Uint8Array> {
  const {
    Bool,
    Float64,
    tableToIPC,
    Table,
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
  const columns = Object.fromEntries(
    studyColumns(study).map(({ name, kind, cell }) => {
      const cells = study.trials.map(cell);
      const areNumbers = kind === "any" &&
        cells.every((value) => value === null || typeof value === "number");
      const type = areNumbers ? types.number() : types[kind]();
      const written = kind === "any" && !areNumbers
        ? cells.map((value) => value === null ? null : String(value))
        : cells;
      return [name, vectorFromArray(written, type)];
    }),
  );
  return tableToIPC(new Table(columns), "file");
}

/**
 * What is written beside the trials' own rows, with one statement for all tables
 * and any number of trials: one way there and back, and all of it or nothing.
 *
 * @module
 */

import { noteAttribute, type TrialState } from "../records/mod.ts";
import type { Configuration } from "../space/mod.ts";
import { emptyPiece, isNote, notePieces } from "./_notes.ts";
import { constraintsList, paramRows, valueColumns } from "./_optuna.ts";
import { plainText } from "./_plain_text.ts";
import { pythonJSON } from "./_python_json.ts";
import type { Report, StoredStudy } from "./storage.ts";

/** The columns of the rows by table, and the statement that writes them. */
const tables = {
  params: {
    columns: "name text, value float8, distribution text",
    // What stands there already is not written again: mostly all of it, when a trial ends.
    // Asked row by row, so that no plan made while the table was small reads all of it.
    write: (rows: string) =>
      `INSERT INTO trial_params (trial_id, param_name, param_value, distribution_json)
      SELECT trial_id, name, value, distribution FROM ${rows} WHERE NOT COALESCE((
        SELECT p.param_value = value AND p.distribution_json = distribution FROM trial_params p WHERE p.trial_id = these.trial_id AND p.param_name = name
      ), false)
      ON CONFLICT (trial_id, param_name) DO UPDATE SET param_value = excluded.param_value, distribution_json = excluded.distribution_json`,
  },
  values: {
    columns: "objective int, value float8, type text",
    write: (rows: string) =>
      `INSERT INTO trial_values (trial_id, objective, value, value_type)
      SELECT trial_id, objective, value, type::trialvaluetype FROM ${rows} ON CONFLICT DO NOTHING`,
  },
  intermediate: {
    columns: "step int, value float8, type text",
    write: (rows: string) =>
      `INSERT INTO trial_intermediate_values (trial_id, step, intermediate_value, intermediate_value_type)
      SELECT trial_id, step, value, type::trialintermediatevaluetype FROM ${rows}
      ON CONFLICT (trial_id, step) DO UPDATE SET intermediate_value = excluded.intermediate_value, intermediate_value_type = excluded.intermediate_value_type`,
  },
  curves: {
    columns: "name text",
    // An update that changes nothing, so that the ids of those that were there come back as well.
    write: (rows: string) =>
      `INSERT INTO etude_curves (trial_id, name) SELECT trial_id, name FROM ${rows}
      ON CONFLICT (trial_id, name) DO UPDATE SET name = excluded.name RETURNING curve_id, trial_id, name`,
  },
  points: {
    columns: "name text, step int, value float8",
    write: (rows: string) =>
      `INSERT INTO etude_curve_points (curve_id, step, value)
      SELECT curve_id, step, value FROM ${rows} JOIN curves USING (trial_id, name)
      ON CONFLICT (curve_id, step) DO UPDATE SET value = excluded.value`,
  },
  attributes: {
    columns: "key text, value text",
    write: (rows: string) =>
      `INSERT INTO trial_user_attributes (trial_id, key, value_json) SELECT trial_id, key, value FROM ${rows}
      ON CONFLICT (trial_id, key) DO UPDATE SET value_json = excluded.value_json`,
  },
  system: {
    columns: "key text, value text",
    write: (rows: string) =>
      `INSERT INTO trial_system_attributes (trial_id, key, value_json) SELECT trial_id, key, value FROM ${rows}
      ON CONFLICT (trial_id, key) DO UPDATE SET value_json = excluded.value_json`,
  },
  // Notes are attributes of the study; what a shorter one leaves over is emptied.
  notes: {
    columns: "study int",
    write: (rows: string) =>
      `INSERT INTO study_system_attributes AS a (study_id, key, value_json)
      SELECT study, 'dashboard:' || trial_id || ':note_ver', '1' FROM ${rows}
      ON CONFLICT (study_id, key) DO UPDATE SET value_json = (a.value_json::int + 1)::text`,
  },
  notePieces: {
    columns: "study int, piece int, value text",
    write: (rows: string) =>
      `INSERT INTO study_system_attributes (study_id, key, value_json)
      SELECT study, 'dashboard:' || trial_id || ':note_str:' || piece, value FROM ${rows}
      ON CONFLICT (study_id, key) DO UPDATE SET value_json = excluded.value_json`,
  },
  noteRests: {
    columns: "study int, count int",
    write: (rows: string) =>
      `UPDATE study_system_attributes a SET value_json = '${emptyPiece}' FROM ${rows}
      WHERE a.study_id = study AND starts_with(a.key, 'dashboard:' || trial_id || ':note_str:')
      AND substring(a.key FROM '[0-9]+$')::int >= count`,
  },
  noAttributes: {
    columns: "key text",
    write: (rows: string) =>
      `DELETE FROM trial_user_attributes WHERE (trial_id, key) IN (SELECT trial_id, key FROM ${rows})`,
  },
  noSystem: {
    columns: "key text",
    write: (rows: string) =>
      `DELETE FROM trial_system_attributes WHERE (trial_id, key) IN (SELECT trial_id, key FROM ${rows})`,
  },
} as const;

type Table = keyof typeof tables;

/** What is known of a trial beside its own row. */
export interface TrialFacts {
  /** The configuration. */
  readonly params?: Configuration;
  /** A value an objective. */
  readonly values?: readonly number[] | null;
  readonly reports?: readonly Report[];
  /** User attributes; `undefined` removes one. */
  readonly attributes?: Readonly<Record<string, unknown>>;
  /** Optuna's system attributes. */
  readonly system?: Readonly<Record<string, unknown>>;
  /** How it stands to the constraints, in the state in which it ends. */
  readonly constraints?: readonly (number | null)[];
  readonly state?: TrialState;
}

/** Rows that gather, for one statement. Each says by `at` of which trial it is. */
export class TrialRows {
  readonly #rows: { [T in Table]?: object[] } = {};

  #add(table: Table, row: object): void {
    (this.#rows[table] ??= []).push(row);
  }

  /**
   * Adds what is known of a trial.
   *
   * @param at Which trial it is, of those that the statement writes: counted from 0.
   */
  add(
    at: number,
    { id, space, objectives }: StoredStudy,
    facts: TrialFacts,
  ): this {
    const { params = {}, values, reports = [], attributes, system } = facts;
    for (const row of paramRows(space, params)) {
      this.#add("params", { at, ...row });
    }
    for (const [objective, one] of (values ?? []).entries()) {
      const [value, type] = valueColumns(one);
      this.#add("values", { at, objective, value, type });
    }
    this.#addReports(at, plainText(objectives[0]?.name ?? ""), reports);
    this.#addAttributes(at, "user", this.#addNote(at, id, attributes));
    this.#addAttributes(at, "system", system);
    if (facts.constraints !== undefined) {
      const { state = "complete", constraints } = facts;
      const list = constraintsList({ state, constraints });
      const value = list === null ? null : pythonJSON(list);
      if (value === null) this.#add("noSystem", { at, key: "constraints" });
      else this.#add("system", { at, key: "constraints", value });
    }
    return this;
  }

  #addReports(
    at: number,
    objective: string,
    reports: readonly Report[],
  ): void {
    // The last value for a step counts; one statement may not write a row twice.
    const curves = new Map<string, Map<number, number>>();
    for (const { name, step, value } of reports) {
      const plain = plainText(name);
      const points = curves.get(plain) ?? new Map<number, number>();
      curves.set(plain, points.set(step, value));
    }
    for (const [name, points] of curves) {
      if (name === objective) {
        for (const [step, one] of points) {
          const [value, type] = valueColumns(one);
          this.#add("intermediate", { at, step, value, type });
        }
        continue;
      }
      this.#add("curves", { at, name });
      for (const [step, value] of points) {
        this.#add("points", { at, name, step, value });
      }
    }
  }

  /** Adds the note among attributes, if there is one; gives back what else there is. */
  #addNote(
    at: number,
    study: number,
    attributes: Readonly<Record<string, unknown>> = {},
  ): Readonly<Record<string, unknown>> {
    const text = attributes[noteAttribute];
    if (!(noteAttribute in attributes) || !isNote(noteAttribute, text)) {
      return attributes;
    }
    const pieces = notePieces(text ?? "");
    this.#add("notes", { at, study });
    this.#add("noteRests", { at, study, count: pieces.length });
    for (const [piece, one] of pieces.entries()) {
      this.#add("notePieces", { at, study, piece, value: JSON.stringify(one) });
    }
    // Where notes were kept once.
    return { ...attributes, [noteAttribute]: undefined };
  }

  #addAttributes(
    at: number,
    kind: "user" | "system",
    attributes: Readonly<Record<string, unknown>> = {},
  ): void {
    const [set, removed] = kind === "user"
      ? ["attributes", "noAttributes"] as const
      : ["system", "noSystem"] as const;
    const plain = new Map(
      Object.entries(attributes).map(([key, value]) => [plainText(key), value]),
    );
    for (const [key, value] of plain) {
      if (value === undefined) this.#add(removed, { at, key });
      else this.#add(set, { at, key, value: pythonJSON(value) });
    }
  }

  /**
   * What writes them, to stand after `WITH`. The rows as JSON are the statement's
   * first parameter, `$1`.
   *
   * @param trials A statement that gives `trial_id` and `at` of the trials: the table `these`.
   * @param more Statements beside it, by name, which may ask `these`.
   */
  writes(
    trials: string,
    more: Readonly<Record<string, string>> = {},
  ): string {
    const written = Object.keys(this.#rows).map((name) => {
      const { columns, write } = tables[name as Table];
      return [name, write(`these JOIN ${givenRows(name, columns)} USING (at)`)];
    });
    return Object.entries({
      // Never run; it says what type the parameter has where there are no rows.
      sent: "SELECT $1::text",
      these: trials,
      ...more,
      ...Object.fromEntries(written),
    }).map(([name, sql]) => `${name} AS (${sql})`).join(", ");
  }

  /**
   * The rows as JSON; NaN and infinities as texts, which PostgreSQL reads as numbers.
   *
   * @param more Rows for other statements, by name.
   */
  json(more: Readonly<Record<string, readonly object[]>> = {}): string {
    return JSON.stringify(
      { ...this.#rows, ...more },
      (_, value) =>
        typeof value === "number" && !Number.isFinite(value)
          ? String(value)
          : typeof value === "string"
          ? plainText(value)
          : value,
    );
  }
}

/** Rows out of the statement's JSON, as a table `given`. */
export function givenRows(name: string, columns: string): string {
  return `json_to_recordset($1::text::json -> '${name}') AS given (at int, ${columns})`;
}

/**
 * The best trial of a study file, read straight from its tables.
 *
 * @module
 */

import { DatabaseSync } from "node:sqlite";

/** A study's best trial, as the file has it. */
export interface BestTrial {
  /** The trial's number, from 0. */
  readonly number: number;
  /** Its objective value. */
  readonly value: number;
  /** Its parameters. */
  readonly params: Readonly<Record<string, unknown>>;
  /** How many trials the study has, by state: `COMPLETE`, `PRUNED`, … */
  readonly trials: Readonly<Record<string, number>>;
}

/**
 * Reads a study's best trial from an SQLite file in Optuna's schema.
 *
 * @throws {Error} if the file has no such study, or the study no complete trial with a finite value
 */
export function readBestTrial(path: string, studyName: string): BestTrial {
  const database = new DatabaseSync(path, { readOnly: true });
  try {
    const study = database.prepare(`
      SELECT study_id, direction FROM studies JOIN study_directions USING (study_id)
      WHERE study_name = ? AND objective = 0
    `).get(studyName);
    if (study === undefined) {
      const names = database.prepare("SELECT study_name FROM studies").all();
      throw new Error(
        `Cannot find the study "${studyName}" in ${path}: it has ` +
          (names.map((row) => `"${row.study_name}"`).join(", ") ||
            "no studies"),
      );
    }
    const best = database.prepare(`
      SELECT trial_id, number, value FROM trials JOIN trial_values USING (trial_id)
      WHERE study_id = ? AND state = 'COMPLETE' AND objective = 0 AND value_type = 'FINITE'
      ORDER BY value ${
      study.direction === "MAXIMIZE" ? "DESC" : "ASC"
    }, number LIMIT 1
    `).get(study.study_id!);
    if (best === undefined) {
      throw new Error(
        `Cannot find a best trial in ${path}: "${studyName}" has no complete trial`,
      );
    }
    const params = database.prepare(`
      SELECT param_name, param_value, distribution_json FROM trial_params WHERE trial_id = ?
      ORDER BY param_id
    `).all(best.trial_id!);
    const states = database.prepare(
      "SELECT state, count(*) AS trials FROM trials WHERE study_id = ? GROUP BY state",
    ).all(study.study_id!);
    return {
      number: Number(best.number),
      value: Number(best.value),
      params: Object.fromEntries(params.map((row) => [
        String(row.param_name),
        decode(Number(row.param_value), String(row.distribution_json)),
      ])),
      trials: Object.fromEntries(
        states.map((row) => [String(row.state), Number(row.trials)]),
      ),
    };
  } finally {
    database.close();
  }
}

/** Optuna stores a choice as its index. */
function decode(value: number, distributionJSON: string): unknown {
  const { name, attributes } = JSON.parse(distributionJSON);
  return name === "CategoricalDistribution" ? attributes.choices[value] : value;
}

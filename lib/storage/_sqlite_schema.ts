/**
 * The tables: Optuna's relational schema at its head revision, as SQLAlchemy
 * makes it, and our own beside them for what Optuna cannot hold.
 *
 * @module
 */

/** The head revision of Optuna's schema, since Optuna 3.2. */
export const headRevision = "v3.2.0.a";

/** Revisions whose tables and columns are the head's; only indexes differ. */
export const readableRevisions: readonly string[] = ["v3.0.0.d", headRevision];

/** Older revisions, which Optuna itself can bring up to date. */
export const olderRevisions: readonly string[] = [
  "v0.9.0.a",
  "v1.2.0.a",
  "v1.3.0.a",
  "v2.4.0.a",
  "v2.6.0.a",
  "v3.0.0.a",
  "v3.0.0.b",
  "v3.0.0.c",
];

/** The version of our own tables. */
export const etudeSchemaVersion = 1;

/** The names of a schema's tables. */
export function tablesIn(schema: string): string[] {
  return [...schema.matchAll(/CREATE TABLE IF NOT EXISTS (\w+)/g)]
    .map(([, name]) => name!);
}

/** The triggers of a schema: what each does, by name, with single spaces. */
export function triggersIn(schema: string): ReadonlyMap<string, string> {
  return new Map(
    [...schema.matchAll(/CREATE TRIGGER IF NOT EXISTS (\w+)([\s\S]*?END);/g)]
      .map(([, name, text]) => [name!, text!.trim().replace(/\s+/g, " ")]),
  );
}

const attributeTable = (table: string, owner: "study" | "trial") => `
CREATE TABLE IF NOT EXISTS ${table}s (
	${table}_id INTEGER NOT NULL,
	${owner}_id INTEGER,
	"key" VARCHAR(512),
	value_json TEXT,
	PRIMARY KEY (${table}_id),
	UNIQUE (${owner}_id, "key"),
	FOREIGN KEY(${owner}_id) REFERENCES ${
  owner === "study" ? "studies" : "trials"
} (${owner}_id)
);`;

/** Makes what is missing of Optuna's tables. */
export const optunaSchema: string = `
CREATE TABLE IF NOT EXISTS studies (
	study_id INTEGER NOT NULL,
	study_name VARCHAR(512) NOT NULL,
	PRIMARY KEY (study_id)
);
CREATE UNIQUE INDEX IF NOT EXISTS ix_studies_study_name ON studies (study_name);
CREATE TABLE IF NOT EXISTS version_info (
	version_info_id INTEGER NOT NULL,
	schema_version INTEGER,
	library_version VARCHAR(256),
	PRIMARY KEY (version_info_id),
	CHECK (version_info_id=1)
);
CREATE TABLE IF NOT EXISTS study_directions (
	study_direction_id INTEGER NOT NULL,
	direction VARCHAR(8) NOT NULL,
	study_id INTEGER NOT NULL,
	objective INTEGER NOT NULL,
	PRIMARY KEY (study_direction_id),
	UNIQUE (study_id, objective),
	FOREIGN KEY(study_id) REFERENCES studies (study_id)
);
${attributeTable("study_user_attribute", "study")}
${attributeTable("study_system_attribute", "study")}
CREATE TABLE IF NOT EXISTS trials (
	trial_id INTEGER NOT NULL,
	number INTEGER,
	study_id INTEGER,
	state VARCHAR(8) NOT NULL,
	datetime_start DATETIME,
	datetime_complete DATETIME,
	PRIMARY KEY (trial_id),
	FOREIGN KEY(study_id) REFERENCES studies (study_id)
);
CREATE INDEX IF NOT EXISTS ix_trials_study_id ON trials (study_id);
${attributeTable("trial_user_attribute", "trial")}
${attributeTable("trial_system_attribute", "trial")}
CREATE TABLE IF NOT EXISTS trial_params (
	param_id INTEGER NOT NULL,
	trial_id INTEGER,
	param_name VARCHAR(512),
	param_value FLOAT,
	distribution_json TEXT,
	PRIMARY KEY (param_id),
	UNIQUE (trial_id, param_name),
	FOREIGN KEY(trial_id) REFERENCES trials (trial_id)
);
CREATE TABLE IF NOT EXISTS trial_values (
	trial_value_id INTEGER NOT NULL,
	trial_id INTEGER NOT NULL,
	objective INTEGER NOT NULL,
	value FLOAT,
	value_type VARCHAR(7) NOT NULL,
	PRIMARY KEY (trial_value_id),
	UNIQUE (trial_id, objective),
	FOREIGN KEY(trial_id) REFERENCES trials (trial_id)
);
CREATE TABLE IF NOT EXISTS trial_intermediate_values (
	trial_intermediate_value_id INTEGER NOT NULL,
	trial_id INTEGER NOT NULL,
	step INTEGER NOT NULL,
	intermediate_value FLOAT,
	intermediate_value_type VARCHAR(7) NOT NULL,
	PRIMARY KEY (trial_intermediate_value_id),
	UNIQUE (trial_id, step),
	FOREIGN KEY(trial_id) REFERENCES trials (trial_id)
);
CREATE TABLE IF NOT EXISTS trial_heartbeats (
	trial_heartbeat_id INTEGER NOT NULL,
	trial_id INTEGER NOT NULL,
	heartbeat DATETIME NOT NULL,
	PRIMARY KEY (trial_heartbeat_id),
	UNIQUE (trial_id),
	FOREIGN KEY(trial_id) REFERENCES trials (trial_id)
);
CREATE TABLE IF NOT EXISTS alembic_version (
	version_num VARCHAR(32) NOT NULL,
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
`;

/**
 * Makes what is missing of our own tables.
 *
 * Row ids are used again after a deletion, and Python's Optuna deletes without
 * knowing our tables: the triggers keep what is left of a deleted trial from
 * turning up in a later one.
 */
export const etudeSchema: string = `
CREATE TABLE IF NOT EXISTS etude_version (schema_version INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS etude_studies (
	study_id INTEGER PRIMARY KEY,
	space_json TEXT NOT NULL,
	task_json TEXT
);
CREATE TABLE IF NOT EXISTS etude_random_streams (
	study_id INTEGER PRIMARY KEY,
	seed TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS etude_trials (
	trial_id INTEGER PRIMARY KEY,
	origin TEXT NOT NULL,
	reason TEXT,
	error TEXT,
	forecast_json TEXT,
	worker TEXT
);
CREATE TABLE IF NOT EXISTS etude_curves (
	curve_id INTEGER PRIMARY KEY,
	trial_id INTEGER NOT NULL,
	name TEXT NOT NULL,
	UNIQUE (trial_id, name)
);
CREATE TABLE IF NOT EXISTS etude_curve_points (
	curve_id INTEGER NOT NULL,
	step INTEGER NOT NULL,
	value REAL,
	PRIMARY KEY (curve_id, step)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS etude_trials_by_number ON trials (study_id, number);
CREATE INDEX IF NOT EXISTS etude_waiting_trials ON trials (study_id, number) WHERE state = 'WAITING';
CREATE TRIGGER IF NOT EXISTS etude_trial_deleted AFTER DELETE ON trials BEGIN
	DELETE FROM etude_curve_points WHERE curve_id IN (SELECT curve_id FROM etude_curves WHERE trial_id = OLD.trial_id);
	DELETE FROM etude_curves WHERE trial_id = OLD.trial_id;
	DELETE FROM etude_trials WHERE trial_id = OLD.trial_id;
END;
CREATE TRIGGER IF NOT EXISTS etude_study_deleted AFTER DELETE ON studies BEGIN
	DELETE FROM etude_studies WHERE study_id = OLD.study_id;
	DELETE FROM etude_random_streams WHERE study_id = OLD.study_id;
END;
`;

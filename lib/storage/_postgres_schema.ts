/**
 * The tables in PostgreSQL: Optuna's relational schema at its head revision, as
 * SQLAlchemy makes it there, and our own beside them.
 *
 * @module
 */

const enums: Readonly<Record<string, readonly string[]>> = {
  studydirection: ["NOT_SET", "MINIMIZE", "MAXIMIZE"],
  trialstate: ["RUNNING", "COMPLETE", "PRUNED", "FAIL", "WAITING"],
  trialvaluetype: ["FINITE", "INF_POS", "INF_NEG"],
  trialintermediatevaluetype: ["FINITE", "INF_POS", "INF_NEG", "NAN"],
};

const attributeTable = (table: string, owner: "study" | "trial") => `
CREATE TABLE IF NOT EXISTS ${table}s (
	${table}_id SERIAL NOT NULL,
	${owner}_id INTEGER,
	key VARCHAR(512),
	value_json TEXT,
	PRIMARY KEY (${table}_id),
	UNIQUE (${owner}_id, key),
	FOREIGN KEY(${owner}_id) REFERENCES ${
  owner === "study" ? "studies" : "trials"
} (${owner}_id)
);`;

/** Makes what is missing of Optuna's types and tables. */
export const optunaPostgresSchema: string = `
${
  Object.entries(enums).map(([name, values]) => `
DO $$ BEGIN
	CREATE TYPE ${name} AS ENUM (${
    values.map((value) => `'${value}'`).join(", ")
  });
EXCEPTION WHEN duplicate_object THEN NULL; END $$;`).join("")
}
CREATE TABLE IF NOT EXISTS studies (
	study_id SERIAL NOT NULL,
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
	study_direction_id SERIAL NOT NULL,
	direction studydirection NOT NULL,
	study_id INTEGER NOT NULL,
	objective INTEGER NOT NULL,
	PRIMARY KEY (study_direction_id),
	UNIQUE (study_id, objective),
	FOREIGN KEY(study_id) REFERENCES studies (study_id)
);
${attributeTable("study_user_attribute", "study")}
${attributeTable("study_system_attribute", "study")}
CREATE TABLE IF NOT EXISTS trials (
	trial_id SERIAL NOT NULL,
	number INTEGER,
	study_id INTEGER,
	state trialstate NOT NULL,
	datetime_start TIMESTAMP WITHOUT TIME ZONE,
	datetime_complete TIMESTAMP WITHOUT TIME ZONE,
	PRIMARY KEY (trial_id),
	FOREIGN KEY(study_id) REFERENCES studies (study_id)
);
CREATE INDEX IF NOT EXISTS ix_trials_study_id ON trials (study_id);
${attributeTable("trial_user_attribute", "trial")}
${attributeTable("trial_system_attribute", "trial")}
CREATE TABLE IF NOT EXISTS trial_params (
	param_id SERIAL NOT NULL,
	trial_id INTEGER,
	param_name VARCHAR(512),
	param_value FLOAT(53),
	distribution_json TEXT,
	PRIMARY KEY (param_id),
	UNIQUE (trial_id, param_name),
	FOREIGN KEY(trial_id) REFERENCES trials (trial_id)
);
CREATE TABLE IF NOT EXISTS trial_values (
	trial_value_id SERIAL NOT NULL,
	trial_id INTEGER NOT NULL,
	objective INTEGER NOT NULL,
	value FLOAT(53),
	value_type trialvaluetype NOT NULL,
	PRIMARY KEY (trial_value_id),
	UNIQUE (trial_id, objective),
	FOREIGN KEY(trial_id) REFERENCES trials (trial_id)
);
CREATE TABLE IF NOT EXISTS trial_intermediate_values (
	trial_intermediate_value_id SERIAL NOT NULL,
	trial_id INTEGER NOT NULL,
	step INTEGER NOT NULL,
	intermediate_value FLOAT(53),
	intermediate_value_type trialintermediatevaluetype NOT NULL,
	PRIMARY KEY (trial_intermediate_value_id),
	UNIQUE (trial_id, step),
	FOREIGN KEY(trial_id) REFERENCES trials (trial_id)
);
CREATE TABLE IF NOT EXISTS trial_heartbeats (
	trial_heartbeat_id SERIAL NOT NULL,
	trial_id INTEGER NOT NULL,
	heartbeat TIMESTAMP WITHOUT TIME ZONE NOT NULL,
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
 * Makes what is missing of our own tables. Python's Optuna deletes without
 * knowing them: what hangs on a deleted trial or study goes with it.
 */
export const etudePostgresSchema: string = `
CREATE TABLE IF NOT EXISTS etude_version (schema_version INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS etude_studies (
	study_id INTEGER PRIMARY KEY REFERENCES studies (study_id) ON DELETE CASCADE,
	space_json TEXT NOT NULL,
	task_json TEXT
);
CREATE TABLE IF NOT EXISTS etude_random_streams (
	study_id INTEGER PRIMARY KEY REFERENCES studies (study_id) ON DELETE CASCADE,
	seed TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS etude_trials (
	trial_id INTEGER PRIMARY KEY REFERENCES trials (trial_id) ON DELETE CASCADE,
	origin TEXT NOT NULL,
	reason TEXT,
	error TEXT,
	forecast_json TEXT,
	worker TEXT,
	call_token TEXT
);
CREATE TABLE IF NOT EXISTS etude_curves (
	curve_id SERIAL PRIMARY KEY,
	trial_id INTEGER NOT NULL REFERENCES trials (trial_id) ON DELETE CASCADE,
	name TEXT NOT NULL,
	UNIQUE (trial_id, name)
);
CREATE TABLE IF NOT EXISTS etude_curve_points (
	curve_id INTEGER NOT NULL REFERENCES etude_curves (curve_id) ON DELETE CASCADE,
	step INTEGER NOT NULL,
	value FLOAT(53) NOT NULL,
	PRIMARY KEY (curve_id, step)
);
CREATE UNIQUE INDEX IF NOT EXISTS etude_trials_by_number ON trials (study_id, number);
CREATE INDEX IF NOT EXISTS etude_waiting_trials ON trials (study_id, number) WHERE state = 'WAITING';
CREATE INDEX IF NOT EXISTS etude_trials_by_call ON etude_trials (call_token) WHERE call_token IS NOT NULL;
`;

/**
 * Studies and trials from what the operations of a journal have made.
 *
 * @module
 */

import { type Curve, isFinished, type TrialRecord } from "../records/mod.ts";
import type { OutcomeConstraint } from "../records/mod.ts";
import { type ParameterValue, Space } from "../space/mod.ts";
import { noteIn } from "./_journal_notes.ts";
import { noteKey, studyKeys, type TrialNote } from "./_journal_operations.ts";
import type {
  JournalPoints,
  JournalStudy,
  JournalTrial,
} from "./_journal_replay.ts";
import { withNote } from "./_notes.ts";
import { spaceOfDistributions } from "./_optuna.ts";
import { curveOf, recordOf } from "./_record.ts";
import { objectivesNamed, studyConstraints } from "./_study_rows.ts";
import { arrangedParams, constraintValues } from "./_trial_rows.ts";
import type { StoredStudy } from "./storage.ts";

/** What was made last of each study. */
const studies = new WeakMap<
  JournalStudy,
  {
    readonly version: number;
    readonly json: unknown;
    readonly stored: StoredStudy;
  }
>();

/** The frozen study. */
export function studyOf(study: JournalStudy): StoredStudy {
  const known = studies.get(study);
  if (known?.version === study.version) return known.stored;
  const { id, name, system, version } = study;
  const json = system.get(studyKeys.space);
  const isOwn = json !== undefined;
  const attributes = Object.freeze(
    withNote(Object.fromEntries(study.attributes), noteIn(study, null)),
  );
  const constraints = studyConstraints(
    attributes,
    () => isOwn ? [] : study.constraintKeys,
  );
  const names = system.get("study:metric_names");
  const stored = Object.freeze<StoredStudy>({
    id,
    name,
    objectives: objectivesNamed(
      study.directions,
      Array.isArray(names) ? names.map(String) : [],
    ),
    // What is the same stays the same: trials were read in its light.
    constraints: sameConstraints(known?.stored.constraints, constraints),
    space: !isOwn
      ? spaceOfDistributions(
        [...study.distributions].flatMap(([name, texts]) =>
          [...texts].map((distribution) => ({ name, distribution }))
        ),
      )
      : json === known?.json
      ? known.stored.space
      : Space.fromJSON(json),
    spaceInferred: !isOwn,
    seed: String(system.get(studyKeys.seed) ?? name),
    task: system.get(studyKeys.task) ?? null,
    attributes,
  });
  studies.set(study, { version, json, stored });
  return stored;
}

function sameConstraints(
  before: readonly OutcomeConstraint[] | undefined,
  now: readonly OutcomeConstraint[],
): readonly OutcomeConstraint[] {
  return before?.length === now.length &&
      before.every(({ name, measure }, i) =>
        name === now[i]!.name && measure === now[i]!.measure
      )
    ? before
    : now;
}

/** What was made last of each trial, and in whose light. */
const trials = new WeakMap<
  JournalTrial,
  {
    readonly version: number;
    readonly study: StoredStudy;
    readonly record: TrialRecord;
  }
>();

/**
 * The frozen trial.
 *
 * @param owner Its study, as it is in the end. Defaults to what it is by now.
 */
export function trialOf(
  trial: JournalTrial,
  owner: JournalStudy = trial.study,
): TrialRecord {
  const study = studyOf(owner);
  const known = trials.get(trial);
  if (
    known?.version === trial.version &&
    (study.spaceInferred || study.space === known.study.space) &&
    study.constraints === known.study.constraints &&
    study.objectives[0]?.name === known.study.objectives[0]?.name
  ) return known.record;
  const { state, system } = trial;
  const constraints = study.constraints ?? [];
  const note = trialNoteOf(trial);
  const record = recordOf({
    number: trial.number,
    state,
    params: arrangedParams(
      study.spaceInferred ? null : study.space,
      // Fixed values count until the trial has its configuration.
      trial.params.size > 0 ? [...trial.params] : fixedParams(system),
    ),
    values: state === "failed" ? null : trial.values,
    ...constraints.length === 0
      ? {}
      : { constraints: constraintValues(constraints, system) },
    // Of a trial that is over only what is written about it changes.
    curves: known !== undefined && isFinished(known.record.state) &&
        study.objectives[0]?.name === known.study.objectives[0]?.name
      ? known.record.curves
      : curvesOf(trial, study.objectives[0]?.name ?? "value"),
    startedAtMs: trial.startedAtMs,
    finishedAtMs: trial.finishedAtMs,
    error: note.error ?? null,
    origin: note.origin,
    reason: note.reason ?? null,
    forecast: note.forecast ?? null,
    attributes: withNote(
      Object.fromEntries(trial.attributes),
      noteIn(owner, trial.id),
    ),
  });
  trials.set(trial, { version: trial.version, study, record });
  return record;
}

/** What was noted of a trial; of one that another program made, only that. */
export function trialNoteOf({ system }: JournalTrial): TrialNote {
  const note = system.get(noteKey);
  return typeof note === "object" && note !== null
    ? note as TrialNote
    : { origin: "other program" };
}

function fixedParams(
  system: ReadonlyMap<string, unknown>,
): [string, ParameterValue][] {
  const fixed = system.get("fixed_params");
  return typeof fixed === "object" && fixed !== null
    ? Object.entries(fixed as Record<string, ParameterValue>)
    : [];
}

function curvesOf(
  { points, curves }: JournalTrial,
  objectiveName: string,
): Map<string, Curve> {
  const all = new Map<string, Map<number, number>>();
  const add = (name: string, { steps, values }: JournalPoints) => {
    if (steps.length === 0) return;
    const known = all.get(name) ?? new Map<number, number>();
    steps.forEach((step, i) => known.set(step, values[i]!));
    all.set(name, known);
  };
  for (const [name, one] of curves) add(name, one);
  add(objectiveName, points);
  return new Map([...all].map(([name, one]) => [name, curveOf(name, one)]));
}

import type {
  Curve,
  Objective,
  OutcomeConstraint,
  TrialRecord,
  TrialState,
} from "../records/mod.ts";
import type { Configuration, ParameterValue, Space } from "../space/mod.ts";
import { space as makeSpace } from "../space/mod.ts";
import {
  type AnyBuilder,
  coveringBuilder,
  guessBuilder,
  withConditions,
} from "./_guess.ts";
import type { ImportedStudy } from "./imported_study.ts";

export type { AnyBuilder } from "./_guess.ts";

/** A trial as a reader found it. */
export interface TrialDraft {
  readonly state: TrialState;
  /** Values that are no parameter's (lists, objects) are written as JSON. */
  readonly params: Readonly<Record<string, unknown>>;
  readonly values?: readonly number[] | null;
  readonly constraints?: readonly (number | null)[];
  /** The points by step, by the curve's name. */
  readonly curves?: ReadonlyMap<string, ReadonlyMap<number, number>>;
  readonly startedAtMs?: number | null;
  readonly finishedAtMs?: number | null;
  readonly error?: string | null;
  readonly reason?: string | null;
  readonly attributes?: Readonly<Record<string, unknown>>;
}

/** A study as a reader found it. */
export interface StudyDraft {
  readonly tool: string;
  readonly path: string;
  readonly name: string;
  readonly objectives: readonly Objective[];
  readonly constraints?: readonly OutcomeConstraint[];
  /** The parameters that the file declares; the others are guessed. */
  readonly declared?: ReadonlyMap<string, AnyBuilder>;
  /** The whole space, where the file has it in our form. */
  readonly space?: Space;
  readonly trials: readonly TrialDraft[];
  readonly attributes?: Readonly<Record<string, unknown>>;
  readonly notes?: readonly string[];
}

/** Points that grow, by step and curve. */
export type Points = Map<string, Map<number, number>>;

/** Adds a point. */
export function addPoint(
  points: Points,
  name: string,
  step: number,
  value: number,
): void {
  let curve = points.get(name);
  if (curve === undefined) points.set(name, curve = new Map());
  curve.set(step, value);
}

/** The study of a draft; null if neither it nor a trial of it has a parameter. */
export function importedStudy(
  draft: StudyDraft,
  given: Space | undefined,
): ImportedStudy | null {
  const params = draft.trials.map((trial) => plainParams(trial.params));
  const space = given ?? draft.space ?? spaceOf(draft, params);
  if (space === null) return null;
  const trials = draft.trials.map((trial, number) =>
    recordOf(draft, trial, number, params[number]!, space)
  );
  const isInferred = given === undefined && draft.space === undefined &&
    draft.declared === undefined;
  return Object.freeze({
    tool: draft.tool,
    path: draft.path,
    name: draft.name,
    objectives: Object.freeze([...draft.objectives]),
    ...draft.constraints === undefined || draft.constraints.length === 0
      ? {}
      : { constraints: Object.freeze([...draft.constraints]) },
    space,
    isSpaceInferred: isInferred,
    trials: Object.freeze(trials),
    attributes: Object.freeze({ ...draft.attributes }),
    notes: Object.freeze([
      ...draft.notes ?? [],
      ...isInferred
        ? [
          "The space was guessed from the trials; give space: to say it better.",
        ]
        : [],
    ]),
  });
}

function spaceOf(
  { declared = new Map(), trials }: StudyDraft,
  params: readonly Configuration[],
): Space | null {
  const values = new Map<string, Set<ParameterValue>>();
  for (const one of params) {
    for (const [name, value] of Object.entries(one)) {
      let seen = values.get(name);
      if (seen === undefined) values.set(name, seen = new Set());
      seen.add(value!);
    }
  }
  const names = [...new Set([...declared.keys(), ...values.keys()])];
  if (names.length === 0) return null;
  const builders = new Map<string, AnyBuilder>(names.map((name) => {
    const seen = [...values.get(name) ?? []];
    const builder = declared.get(name);
    return [
      name,
      builder === undefined
        ? guessBuilder(seen)
        : coveringBuilder(builder, seen),
    ];
  }));
  const whole = params.filter((_, i) =>
    ["complete", "pruned"].includes(trials[i]!.state)
  );
  return makeSpace(
    Object.fromEntries(withConditions(builders, whole)),
  ) as unknown as Space;
}

/** What is a parameter's value as it is; lists and objects as JSON; nothing of what is missing. */
function plainParams(
  params: Readonly<Record<string, unknown>>,
): Configuration {
  return Object.fromEntries(
    Object.entries(params).flatMap(([name, value]) => {
      if (value === undefined) return [];
      if (typeof value === "number" && !Number.isFinite(value)) {
        return Number.isNaN(value) ? [] : [[name, String(value)]];
      }
      return [[
        name,
        typeof value === "object" && value !== null
          ? JSON.stringify(value)
          : value as ParameterValue,
      ]];
    }),
  );
}

function recordOf(
  draft: StudyDraft,
  trial: TrialDraft,
  number: number,
  params: Configuration,
  space: Space,
): TrialRecord {
  const { state, startedAtMs = null, finishedAtMs = null } = trial;
  const counts = state === "complete" || state === "pruned";
  const values = counts && trial.values?.every((value) => !Number.isNaN(value))
    ? trial.values
    : null;
  // A complete trial has a value for each objective.
  const isShort = state === "complete" &&
    values?.length !== draft.objectives.length;
  const known = Object.fromEntries(
    Object.entries(params).filter(([name]) => space.has(name)),
  );
  return Object.freeze<TrialRecord>({
    number,
    state: isShort ? "failed" : state,
    params: space.arrange(known) as Configuration,
    value: isShort ? null : values?.[0] ?? null,
    values: isShort || values === null ? null : Object.freeze([...values]),
    ...trial.constraints === undefined
      ? {}
      : { constraints: Object.freeze([...trial.constraints]) },
    curves: new Map(
      [...trial.curves ?? []].map(([name, points]) => [
        name,
        curveOf(name, points),
      ]),
    ),
    startedAt: dateOf(startedAtMs),
    finishedAt: dateOf(finishedAtMs),
    // Null also where their clock was set back.
    durationMs: startedAtMs === null || finishedAtMs === null ||
        finishedAtMs < startedAtMs
      ? null
      : finishedAtMs - startedAtMs,
    error: trial.error ??
      (isShort ? "It ended without a value for each objective" : null),
    origin: "other program",
    reason: trial.reason ?? null,
    forecast: null,
    attributes: Object.freeze({ ...trial.attributes }),
  });
}

function dateOf(ms: number | null): Date | null {
  return ms === null ? null : new Date(ms);
}

function curveOf(name: string, points: ReadonlyMap<number, number>): Curve {
  const steps = [...points.keys()].sort((a, b) => a - b);
  return Object.freeze({
    name,
    steps: Object.freeze(steps),
    values: Object.freeze(steps.map((step) => points.get(step)!)),
  });
}

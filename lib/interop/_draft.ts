import type {
  Curve,
  Objective,
  OutcomeConstraint,
  TrialRecord,
  TrialState,
} from "../records/mod.ts";
import type { Configuration, ParameterValue, Space } from "../space/mod.ts";
import { space as makeSpace } from "../space/mod.ts";
import { unreadable } from "./_files.ts";
import { type AnyBuilder, SpaceGuess } from "./_guess.ts";
import { listOf, objectOf } from "./_values.ts";
import type { StudyStream } from "./imported_study.ts";

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
  /** The trials; of a file that may be huge, what reads them from its beginning. */
  readonly trials: readonly TrialDraft[] | (() => AsyncIterable<TrialDraft>);
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
export async function studyStream(
  draft: StudyDraft,
  given: Space | undefined,
): Promise<StudyStream | null> {
  checkObjectives(draft);
  const space = given ?? draft.space ?? await spaceOf(draft);
  if (space === null) return null;
  const isInferred = given === undefined && draft.space === undefined &&
    draft.declared === undefined;
  const { tool, path, name, objectives, constraints = [] } = draft;
  return Object.freeze({
    tool,
    path,
    name,
    objectives: Object.freeze([...objectives]),
    ...constraints.length === 0
      ? {}
      : { constraints: Object.freeze([...constraints]) },
    space,
    isSpaceInferred: isInferred,
    async *trials() {
      let number = 0;
      for await (const trial of draftsOf(draft)) {
        yield recordOf(draft, trial, number++, space);
      }
    },
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

function checkObjectives({ path, objectives }: StudyDraft): void {
  const isObjective = (one: Objective) =>
    typeof objectOf(one)?.name === "string" &&
    ["minimize", "maximize"].includes(one.direction);
  if (
    Array.isArray(objectives) && objectives.length > 0 &&
    objectives.every(isObjective)
  ) return;
  throw unreadable(
    path,
    `its objectives are ${JSON.stringify(objectives)?.slice(0, 200)}`,
    "at least one, each with a name, and a direction to minimize or maximize",
  );
}

function draftsOf({ trials }: StudyDraft) {
  return typeof trials === "function" ? trials() : trials;
}

async function spaceOf(draft: StudyDraft): Promise<Space | null> {
  const guess = new SpaceGuess();
  for await (const { state, params } of draftsOf(draft)) {
    guess.add(plainParams(params), state === "complete" || state === "pruned");
  }
  const builders = guess.builders(draft.declared ?? new Map());
  return builders.size === 0
    ? null
    : makeSpace(Object.fromEntries(builders)) as unknown as Space;
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
  space: Space,
): TrialRecord {
  const state = states.includes(trial.state) ? trial.state : "failed";
  const [startedAt, finishedAt] = [trial.startedAtMs, trial.finishedAtMs]
    .map(dateOf) as [Date | null, Date | null];
  const counts = state === "complete" || state === "pruned";
  const listed = listOf(trial.values);
  const values = counts && listed.length > 0 && listed.every(isKnown)
    ? listed
    : null;
  // A complete trial has a value for each objective.
  const isShort = state === "complete" &&
    values?.length !== draft.objectives.length;
  const known = Object.fromEntries(
    Object.entries(plainParams(trial.params)).filter(([name]) =>
      space.has(name)
    ),
  );
  return Object.freeze<TrialRecord>({
    number,
    state: isShort ? "failed" : state,
    params: space.arrange(known) as Configuration,
    value: isShort ? null : values?.[0] ?? null,
    values: isShort || values === null ? null : Object.freeze([...values]),
    ...trial.constraints === undefined ? {} : {
      constraints: Object.freeze(
        listOf(trial.constraints).map((one) => isKnown(one) ? one : null),
      ),
    },
    curves: new Map(
      [...trial.curves ?? []].map(([name, points]) => [
        name,
        curveOf(name, points),
      ]),
    ),
    startedAt,
    finishedAt,
    // Null also where their clock was set back.
    durationMs: startedAt === null || finishedAt === null ||
        finishedAt < startedAt
      ? null
      : finishedAt.getTime() - startedAt.getTime(),
    error: textOf(trial.error) ??
      (isShort ? "It ended without a value for each objective" : null),
    origin: "other program",
    reason: textOf(trial.reason),
    forecast: null,
    attributes: Object.freeze({ ...objectOf(trial.attributes) }),
  });
}

const states: readonly TrialState[] = [
  "waiting",
  "running",
  "complete",
  "pruned",
  "failed",
];

/** A number that says something. */
function isKnown(value: unknown): value is number {
  return typeof value === "number" && !Number.isNaN(value);
}

function textOf(value: unknown): string | null {
  return value === null || value === undefined ? null : String(value);
}

/** A time; null for none, and for one that no calendar has. */
function dateOf(ms: number | null | undefined): Date | null {
  const date = new Date(typeof ms === "number" ? ms : NaN);
  return Number.isNaN(date.getTime()) ? null : date;
}

function curveOf(name: string, points: ReadonlyMap<number, number>): Curve {
  const steps = [...points.keys()].filter(Number.isFinite)
    .sort((a, b) => a - b);
  return Object.freeze({
    name,
    steps: Object.freeze(steps),
    values: Object.freeze(steps.map((step) => {
      const value: unknown = points.get(step);
      return typeof value === "number" ? value : NaN;
    })),
  });
}

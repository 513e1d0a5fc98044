import { dirname, join } from "node:path";
import type { Objective, TrialState } from "../records/mod.ts";
import {
  choice,
  float,
  int,
  ordinal,
  type ParameterValue,
} from "../space/mod.ts";
import type { AnyBuilder, StudyDraft, TrialDraft } from "./_draft.ts";
import { exists, readJSON, unreadable } from "./_files.ts";
import { listOf, numberOf, objectOf } from "./_values.ts";

/** Whether JSON is SMAC3's `runhistory.json`. */
export function isSmac(json: unknown): boolean {
  const history = objectOf(json);
  return history !== null && Array.isArray(history.data) &&
    objectOf(history.configs) !== null;
}

const statuses: readonly [TrialState, string | null][] = [
  ["running", null],
  ["complete", null],
  ["failed", "It crashed"],
  ["failed", "It ran out of time"],
  ["failed", "It ran out of memory"],
];

/** A SMAC3 run history, with `scenario.json` and `configspace.json` beside it where they are there. */
export async function readSmac(
  path: string,
  json: unknown,
): Promise<StudyDraft[]> {
  const folder = dirname(path);
  const beside = async (name: string) =>
    await exists(join(folder, name))
      ? objectOf(await readJSON(join(folder, name)))
      : null;
  const scenario = await beside("scenario.json");
  const declared = spaceOf(await beside("configspace.json"));
  const history = objectOf(json)!;
  const configs = objectOf(history.configs)!;
  const names = scenario === null
    ? ["cost"]
    : [scenario.objectives].flat().map(String);
  const objectives: Objective[] = names.map((name) => ({
    name,
    direction: "minimize",
  }));
  const trials = listOf(history.data).map((run) => {
    // Versions before 2.3 write a run as a list.
    const row = Array.isArray(run) ? fromList(run) : objectOf(run);
    const params = objectOf(configs[String(row?.config_id)]);
    if (row === null || params === null) {
      throw unreadable(
        path,
        `the run ${JSON.stringify(run)?.slice(0, 80)} has no configuration`,
        "one of those in configs",
      );
    }
    return trialOf(row, params);
  });
  return [{
    tool: "SMAC3",
    path,
    name: String(scenario?.name ?? "smac"),
    objectives,
    ...declared === null ? {} : { declared },
    trials,
  }];
}

function fromList(run: readonly unknown[]): Readonly<Record<string, unknown>> {
  const keys = [
    "config_id",
    "instance",
    "seed",
    "budget",
    "cost",
    "time",
    "cpu_time",
    "status",
    "starttime",
    "endtime",
    "additional_info",
  ];
  // Before `cpu_time` came, there was one less.
  const known = run.length === keys.length
    ? keys
    : keys.filter((key) => key !== "cpu_time");
  return Object.fromEntries(known.map((key, i) => [key, run[i]]));
}

function trialOf(
  row: Readonly<Record<string, unknown>>,
  params: Readonly<Record<string, unknown>>,
): TrialDraft {
  const [state, word] = statuses[Number(row.status)] ?? ["failed", null];
  const { traceback } = objectOf(row.additional_info) ?? {};
  const error = typeof traceback === "string" ? traceback.trim() : word;
  const start = numberOf(row.starttime);
  const end = numberOf(row.endtime);
  const attributes = Object.fromEntries(
    ["config_id", "instance", "seed", "budget"].flatMap(
      (key) => {
        const value = row[key];
        const isEmpty = value === null || value === undefined ||
          JSON.stringify(value) === "{}";
        return isEmpty ? [] : [[key, value]];
      },
    ),
  );
  return {
    state,
    params,
    values: [row.cost].flat().map((value) => numberOf(value) ?? NaN),
    startedAtMs: start ? start * 1000 : null,
    finishedAtMs: end && state !== "running" ? end * 1000 : null,
    error,
    attributes,
  };
}

/** The parameters of a ConfigSpace in JSON, of either generation. */
function spaceOf(
  json: Readonly<Record<string, unknown>> | null,
): Map<string, AnyBuilder> | null {
  if (json === null) return null;
  const builders = new Map<string, AnyBuilder>();
  for (const one of listOf(json.hyperparameters)) {
    const given = objectOf(one) ?? {};
    const builder = builderOf(given);
    if (builder !== null) builders.set(String(given.name), builder);
  }
  for (const one of listOf(json.conditions)) addCondition(builders, one);
  return builders;
}

function builderOf(
  one: Readonly<Record<string, unknown>>,
): AnyBuilder | null {
  const values = (list: unknown) => [...listOf(list)] as ParameterValue[];
  const [low, high] = [numberOf(one.lower), numberOf(one.upper)];
  const log = one.log === true;
  switch (one.type) {
    case "categorical":
      return choice(values(one.choices)) as AnyBuilder;
    case "ordinal":
      return ordinal(
        values(one.values ?? one.sequence) as (number | string)[],
      ) as AnyBuilder;
    case "constant":
    case "unparametrized":
      return choice([one.value as ParameterValue]) as AnyBuilder;
    default:
      if (low === null || high === null) return null;
      return String(one.type).endsWith("int")
        ? int(low, high, { log })
        : float(low, high, { log });
  }
}

/** Equalities, memberships and orders, and several of them at once; others are left to the trials. */
function addCondition(
  builders: Map<string, AnyBuilder>,
  condition: unknown,
): void {
  const one = objectOf(condition) ?? {};
  if (one.type === "AND") {
    for (const part of listOf(one.conditions)) addCondition(builders, part);
    return;
  }
  const builder = builders.get(String(one.child));
  const parent = builders.get(String(one.parent));
  if (builder === undefined || parent === undefined) return;
  const value = one.value as ParameterValue;
  const wanted = one.type === "EQ"
    ? [value]
    : one.type === "IN"
    ? listOf(one.values ?? one.value) as ParameterValue[]
    : one.type === "NEQ"
    ? (parent.draft.choices ?? []).filter((other) => other !== value)
    : [];
  if (wanted.length === 0) return;
  builders.set(
    String(one.child),
    builder.when({ [String(one.parent)]: wanted }) as AnyBuilder,
  );
}

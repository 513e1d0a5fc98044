import { basename, dirname, join } from "node:path";
import type { Objective, TrialState } from "../records/mod.ts";
import {
  boolean,
  choice,
  float,
  int,
  ordinal,
  type ParameterValue,
} from "../space/mod.ts";
import {
  addPoint,
  type AnyBuilder,
  type Points,
  type StudyDraft,
  type TrialDraft,
} from "./_draft.ts";
import { filesUnder, readJSON, unreadable } from "./_files.ts";
import { chooseObjectives, type ReadingOptions } from "./_reading.ts";
import { entryOf, listOf, numberOf, objectOf, timeMs } from "./_values.ts";

type Fields = Readonly<Record<string, unknown>>;

const states: Readonly<Record<string, TrialState>> = {
  RUNNING: "running",
  IDLE: "waiting",
  INVALID: "failed",
  STOPPED: "pruned",
  COMPLETED: "complete",
  FAILED: "failed",
};

/** A folder of Keras Tuner: `oracle.json` and `trial_<id>/trial.json`. */
export async function readKerasTuner(
  path: string,
  options: ReadingOptions,
): Promise<StudyDraft[]> {
  const files = await filesUnder(path, 1);
  const oracle = objectOf(await readJSON(join(path, "oracle.json")));
  const display = objectOf(oracle?.display);
  const startOrder = listOf(oracle?.start_order).map(String);
  const read = await Promise.all(
    files.filter((file) => basename(file) === "trial.json").map(
      async (file) => {
        const json = objectOf(await readJSON(join(path, file)));
        if (json === null) {
          throw unreadable(join(path, file), "it has no object", "a trial");
        }
        return { json, id: String(json.trial_id ?? dirname(file)) };
      },
    ),
  );
  const place = ({ id }: { id: string }) => {
    const at = startOrder.indexOf(id);
    return at < 0 ? startOrder.length : at;
  };
  read.sort((a, b) => place(a) - place(b));
  const declared = new Map<string, AnyBuilder>();
  const spaces = [oracle, ...read.map(({ json }) => json)].flatMap((one) =>
    listOf(objectOf(one?.hyperparameters)?.space)
  );
  for (const one of spaces) addParameter(declared, objectOf(one) ?? {});
  const directions = new Map<string, Objective>();
  const scored: Objective[] = [];
  for (const { json } of read) {
    const metrics = objectOf(objectOf(json.metrics)?.metrics) ?? {};
    for (const [name, metric] of Object.entries(metrics)) {
      const direction = objectOf(metric)?.direction === "max"
        ? "maximize"
        : "minimize";
      directions.set(name, { name, direction });
      if (scored.length === 0 && isScore(json, objectOf(metric) ?? {})) {
        scored.push({ name, direction });
      }
    }
  }
  const only = directions.size === 1 ? [...directions.values()] : null;
  const objectives = chooseObjectives(
    path,
    [...directions.keys()],
    options,
    // The oracle does not name its objective: it is what the scores are of.
    only ?? (scored.length > 0 ? scored : null),
  );
  return [{
    tool: "Keras Tuner",
    path,
    name: basename(path) || "keras-tuner",
    objectives,
    declared,
    trials: read.map(({ json, id }) =>
      trialOf(json, objectives, {
        startedAtMs: timeMs(objectOf(display?.trial_start)?.[id]),
        seconds: numberOf(objectOf(oracle?.run_times)?.[id]),
      })
    ),
  }];
}

/** Whether a trial's score is a value of a metric. */
function isScore({ score }: Fields, metric: Fields): boolean {
  return typeof score === "number" &&
    listOf(metric.observations).some((one) =>
      meanOf(objectOf(one)?.value) === score
    );
}

/** Several executions of a trial give several values: the mean is what Keras Tuner takes. */
function meanOf(list: unknown): number {
  const values = listOf(list).map((value) => numberOf(value) ?? NaN);
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function addParameter(declared: Map<string, AnyBuilder>, one: Fields): void {
  const config = objectOf(one.config) ?? {};
  const name = String(config.name);
  let builder = builderOf(String(one.class_name), config);
  if (builder === null || declared.has(name)) return;
  for (const condition of listOf(config.conditions)) {
    const parent = objectOf(objectOf(condition)?.config);
    const values = listOf(parent?.values) as ParameterValue[];
    const parentName = String(parent?.name);
    if (values.length > 0 && declared.has(parentName)) {
      builder = builder.when({ [parentName]: values }) as AnyBuilder;
    }
  }
  declared.set(name, builder);
}

function builderOf(kind: string, config: Fields): AnyBuilder | null {
  const [low, high] = [config.min_value, config.max_value].map(numberOf);
  const log = /log/i.test(String(config.sampling));
  // On a logarithmic scale a step is a factor there: the range alone is kept.
  const step = log ? undefined : numberOf(config.step) ?? undefined;
  const values = listOf(config.values) as ParameterValue[];
  switch (kind) {
    case "Float":
      return low === null || high === null
        ? null
        : float(low!, high!, { log, step });
    case "Int":
      return low === null || high === null
        ? null
        : int(low!, high!, { log, step });
    case "Choice":
      return config.ordered === true
        ? ordinal(values as number[]) as AnyBuilder
        : choice(values) as AnyBuilder;
    case "Boolean":
      return boolean();
    case "Fixed":
      return choice([config.value as ParameterValue]) as AnyBuilder;
    default:
      return null;
  }
}

function trialOf(
  json: Fields,
  objectives: readonly Objective[],
  time: {
    readonly startedAtMs: number | null;
    readonly seconds: number | null;
  },
): TrialDraft {
  const curves: Points = new Map();
  const metrics = objectOf(objectOf(json.metrics)?.metrics) ?? {};
  for (const [name, metric] of Object.entries(metrics)) {
    for (const one of listOf(objectOf(metric)?.observations)) {
      const observation = objectOf(one);
      const step = numberOf(observation?.step) ?? 0;
      addPoint(curves, name, step, meanOf(observation?.value));
    }
  }
  const [first, ...others] = objectives.map(({ name }) => {
    const points = [...curves.get(name) ?? []];
    const best = numberOf(json.best_step);
    return points.find(([step]) => step === best)?.[1] ??
      points.at(-1)?.[1] ?? NaN;
  });
  const score = objectives.length === 1 ? numberOf(json.score) : null;
  const state = entryOf(states, String(json.status)) ?? "failed";
  const { startedAtMs, seconds } = time;
  return {
    state,
    params: objectOf(objectOf(json.hyperparameters)?.values) ?? {},
    values: [score ?? first!, ...others],
    curves: new Map([...curves].filter(([, points]) => points.size > 1)),
    startedAtMs,
    finishedAtMs: startedAtMs === null || seconds === null
      ? null
      : startedAtMs + seconds * 1000,
    error: state === "failed"
      ? String(json.message ?? "It failed in Keras Tuner")
      : null,
  };
}

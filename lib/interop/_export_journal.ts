import { constraintsKey, type TrialRecord } from "../records/mod.ts";
import { choicesOf, type Configuration } from "../space/mod.ts";
import type { WrittenStudy } from "./_export_table.ts";
import { writeDistribution } from "./_optuna_distribution.ts";
import { curvesKey, spaceKey, stateNumber } from "./_optuna_journal.ts";

/** Who writes: every line of a journal says it. */
const worker = "etude-export";

/** JSON as Python writes and reads it: numbers that JSON lacks stand bare. */
export function pythonJSON(value: unknown): string {
  if (typeof value === "number") return String(value);
  if (Array.isArray(value)) return `[${value.map(pythonJSON).join(",")}]`;
  if (typeof value !== "object" || value === null) {
    return JSON.stringify(value) ?? "null";
  }
  const plain = "toJSON" in value && typeof value.toJSON === "function"
    ? value.toJSON()
    : value;
  if (plain !== value) return pythonJSON(plain);
  return `{${
    Object.entries(plain).filter(([, one]) => one !== undefined).map((
      [key, one],
    ) => `${JSON.stringify(key)}:${pythonJSON(one)}`).join(",")
  }}`;
}

/** The lines of a study in Optuna's journal: the study, what is attached to it, a trial each. */
export async function* journalLines(
  study: WrittenStudy,
): AsyncGenerator<string> {
  const line = (op_code: number, fields: object) =>
    `${pythonJSON({ op_code, worker_id: worker, ...fields })}\n`;
  const { objectives, constraints = [] } = study;
  yield line(0, {
    study_name: study.name,
    directions: objectives.map(({ direction }) =>
      direction === "minimize" ? 1 : 2
    ),
  });
  const names = objectives.map(({ name }) => name);
  for (const key of ["study:metric_names", "dashboard:objective_names"]) {
    yield line(3, { study_id: 0, system_attr: { [key]: names } });
  }
  const attributes = {
    ...study.attributes,
    [spaceKey]: study.space,
    ...constraints.length === 0 ? {} : { [constraintsKey]: constraints },
  };
  for (const [key, value] of Object.entries(attributes)) {
    yield line(2, { study_id: 0, user_attr: { [key]: value } });
  }
  const distributions = new Map(
    study.space.parameters.map((
      parameter,
    ) => [parameter.name, writeDistribution(parameter)]),
  );
  for await (const trial of study.trials()) {
    yield line(4, trialFields(study, trial, distributions));
  }
}

function trialFields(
  { space, objectives }: WrittenStudy,
  trial: TrialRecord,
  distributions: ReadonlyMap<string, string>,
): object {
  const { curves, state, values, constraints = [] } = trial;
  const isWaiting = state === "waiting";
  const params = Object.entries(trial.params as Configuration).filter((
    [name, value],
  ) => value !== undefined && space.has(name));
  const objective = curves.get(objectives[0]!.name);
  const others = [...curves.values()].filter((curve) => curve !== objective);
  const isJudged = constraints.some((value) => value !== null);
  return {
    study_id: 0,
    datetime_start: isWaiting ? null : timeText(trial.startedAt),
    ...trial.finishedAt === null
      ? {}
      : { datetime_complete: timeText(trial.finishedAt) },
    state: stateNumber(state),
    value: values?.length === 1 ? values[0] : null,
    values: values !== null && values.length > 1 ? values : null,
    distributions: isWaiting ? {} : Object.fromEntries(
      params.map(([name]) => [name, distributions.get(name)]),
    ),
    params: isWaiting ? {} : Object.fromEntries(
      params.map(([name, value]) => {
        const choices = choicesOf(space.parameter(name));
        return [name, choices === null ? value : choices.indexOf(value!)];
      }),
    ),
    user_attrs: {
      ...trial.attributes,
      ...others.length === 0 ? {} : {
        [curvesKey]: Object.fromEntries(
          others.map(({ name, steps, values }) => [name, [steps, values]]),
        ),
      },
    },
    system_attrs: {
      ...isWaiting ? { fixed_params: Object.fromEntries(params) } : {},
      // What is not known is infinitely violated for Optuna.
      ...isJudged
        ? { constraints: constraints.map((value) => value ?? Infinity) }
        : {},
    },
    intermediate_values: Object.fromEntries(
      objective?.steps.map((step, i) => [step, objective.values[i]]) ?? [],
    ),
  };
}

function timeText(date: Date | null): string | null {
  return date === null ? null : date.toISOString().replace("Z", "000+00:00");
}

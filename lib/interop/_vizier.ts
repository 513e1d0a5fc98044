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
import { nameOfPath } from "./_files.ts";
import { entryOf, listOf, numberOf, objectOf, timeMs } from "./_values.ts";

type Fields = Readonly<Record<string, unknown>>;

/** Whether JSON is of Vizier: `{ study, trials }` in proto3-JSON, or a study alone. */
export function isVizier(json: unknown): boolean {
  return specOf(json) !== null;
}

/** A field by its name in proto3-JSON or in the file `.proto`. */
function field(fields: Fields | null, name: string): unknown {
  return fields?.[name] ??
    fields?.[name.replace(/[A-Z]/g, (sign) => `_${sign.toLowerCase()}`)];
}

function specOf(json: unknown): Fields | null {
  const whole = objectOf(json);
  const study = objectOf(whole?.study) ?? whole;
  return objectOf(field(study, "studySpec"));
}

const states: Readonly<Record<string, TrialState>> = {
  REQUESTED: "waiting",
  ACTIVE: "running",
  STOPPING: "running",
  SUCCEEDED: "complete",
  INFEASIBLE: "failed",
};

/** A study of Vizier's and its trials. */
export function readVizier(path: string, json: unknown): StudyDraft[] {
  const whole = objectOf(json)!;
  const study = objectOf(whole.study) ?? whole;
  const spec = specOf(json)!;
  const objectives = listOf(spec.metrics).flatMap((one): Objective[] => {
    const metric = objectOf(one);
    if (field(metric, "safetyConfig") !== undefined) return [];
    return [{
      name: String(field(metric, "metricId")),
      direction: metric?.goal === "MINIMIZE" ? "minimize" : "maximize",
    }];
  });
  const declared = new Map<string, AnyBuilder>();
  for (const one of listOf(spec.parameters)) {
    addParameter(declared, objectOf(one) ?? {}, null);
  }
  const name = field(study, "displayName") ?? study.name;
  return [{
    tool: "Vizier",
    path,
    name: String(name ?? nameOfPath(path)),
    objectives,
    declared,
    trials: listOf(whole.trials).map((one) =>
      trialOf(objectOf(one) ?? {}, objectives, declared)
    ),
  }];
}

function addParameter(
  declared: Map<string, AnyBuilder>,
  spec: Fields,
  under: { parent: string; values: ParameterValue[] } | null,
): void {
  const name = String(field(spec, "parameterId"));
  const plain = builderOf(spec);
  if (plain === null) return;
  declared.set(
    name,
    under === null
      ? plain
      : plain.when({ [under.parent]: under.values }) as AnyBuilder,
  );
  for (const one of listOf(field(spec, "conditionalParameterSpecs"))) {
    const conditional = objectOf(one);
    const child = objectOf(field(conditional, "parameterSpec"));
    const values = ["Categorical", "Int", "Discrete"].flatMap((kind) =>
      listOf(
        objectOf(field(conditional, `parent${kind}Values`))?.values,
      )
    ).map((value) => valueLike(plain, value));
    if (child !== null && values.length > 0) {
      addParameter(declared, child, { parent: name, values });
    }
  }
}

function builderOf(spec: Fields): AnyBuilder | null {
  const log = /LOG/.test(String(field(spec, "scaleType"))) &&
    !/REVERSE/.test(String(field(spec, "scaleType")));
  for (const [kind, make] of [["double", float], ["integer", int]] as const) {
    const range = objectOf(field(spec, `${kind}ValueSpec`));
    if (range === null) continue;
    // proto3-JSON leaves out what is 0.
    const low = numberOf(field(range, "minValue")) ?? 0;
    const high = numberOf(field(range, "maxValue")) ?? 0;
    return make(low, high, { log: log && low > 0 });
  }
  const categorical = objectOf(field(spec, "categoricalValueSpec"));
  if (categorical !== null) {
    const values = listOf(categorical.values).map(String);
    const isBoolean = field(spec, "externalType") === "AS_BOOLEAN";
    return isBoolean ? boolean() : choice(values) as AnyBuilder;
  }
  const discrete = objectOf(field(spec, "discreteValueSpec"));
  return discrete === null ? null : ordinal(
    listOf(discrete.values).map((value) => numberOf(value) ?? 0),
  ) as AnyBuilder;
}

/** A value of proto3-JSON as the parameter takes it: whole numbers come as texts there. */
function valueLike(
  builder: AnyBuilder | undefined,
  value: unknown,
): ParameterValue {
  const kind = builder?.draft.kind;
  if (kind === "boolean") {
    return value === true || /^true$/i.test(String(value));
  }
  if (kind === "choice") return String(value);
  return numberOf(value) ?? value as ParameterValue;
}

function trialOf(
  trial: Fields,
  objectives: readonly Objective[],
  declared: ReadonlyMap<string, AnyBuilder>,
): TrialDraft {
  const params = Object.fromEntries(
    listOf(trial.parameters).map((one) => {
      const parameter = objectOf(one);
      const name = String(field(parameter, "parameterId"));
      return [name, valueLike(declared.get(name), parameter?.value)];
    }),
  );
  const curves: Points = new Map();
  listOf(trial.measurements).forEach((one, place) => {
    const measurement = objectOf(one);
    const step = numberOf(field(measurement, "stepCount")) ?? place;
    for (const [name, value] of metricsOf(measurement)) {
      addPoint(curves, name, step, value);
    }
  });
  const final = new Map(
    metricsOf(objectOf(field(trial, "finalMeasurement"))),
  );
  const reason = field(trial, "infeasibleReason");
  const state = entryOf(states, String(trial.state)) ?? "waiting";
  return {
    state: reason === undefined ? state : "failed",
    params,
    values: objectives.map(({ name }) => final.get(name) ?? NaN),
    curves,
    startedAtMs: timeMs(field(trial, "startTime")),
    finishedAtMs: timeMs(field(trial, "endTime")),
    error: reason === undefined && state !== "failed"
      ? null
      : String(reason ?? "It was infeasible"),
    attributes: {
      ...Object.fromEntries(
        listOf(trial.metadata).flatMap((one) => {
          const entry = objectOf(one);
          return entry === null ? [] : [[String(entry.key), entry.value]];
        }),
      ),
    },
  };
}

function metricsOf(measurement: Fields | null): [string, number][] {
  return listOf(measurement?.metrics).map((one) => {
    const metric = objectOf(one);
    return [
      String(field(metric, "metricId")),
      numberOf(metric?.value) ?? 0,
    ];
  });
}

import type { TrialState } from "../records/mod.ts";
import { choice, float, int } from "../space/mod.ts";
import type { ParameterValue } from "../space/mod.ts";
import type { AnyBuilder, StudyDraft, TrialDraft } from "./_draft.ts";
import { nameOfPath, unreadable } from "./_files.ts";
import { listOf, numberOf, objectOf, timeMs } from "./_values.ts";

/** Hyperopt's trials by the snippet of docs/migration.md: `{ tool: "hyperopt", labels, trials }`, or its list of trials alone. */
export function readHyperopt(path: string, json: unknown): StudyDraft[] {
  const bridge = objectOf(json);
  const docs = listOf(bridge?.trials ?? json);
  const labels = objectOf(bridge?.labels) ?? {};
  const options = new Map(
    Object.entries(labels).flatMap(([name, label]) => {
      const listed = objectOf(label)?.options;
      return Array.isArray(listed) ? [[name, listed] as const] : [];
    }),
  );
  return [{
    tool: "Hyperopt",
    path,
    name: String(bridge?.name ?? nameOfPath(path)),
    objectives: [{ name: "loss", direction: "minimize" }],
    ...bridge?.labels === undefined ? {} : {
      declared: new Map(
        Object.entries(labels).flatMap(([name, label]) => {
          const builder = builderOf(objectOf(label) ?? {});
          return builder === null ? [] : [[name, builder] as const];
        }),
      ),
    },
    trials: docs.map((doc) => trialOf(path, objectOf(doc), options)),
  }];
}

/** Whether JSON is a list of Hyperopt's trials. */
export function isHyperopt(json: unknown): boolean {
  const bridge = objectOf(json);
  if (bridge?.tool === "hyperopt") return true;
  const first = objectOf(listOf(json)[0]);
  return first !== null && "misc" in first && "tid" in first;
}

/** A label's parameter; null where its bounds are not known, and the values have to tell. */
function builderOf(
  label: Readonly<Record<string, unknown>>,
): AnyBuilder | null {
  if (Array.isArray(label.options) && label.options.length > 0) {
    return choice(plainOptions(label.options)) as AnyBuilder;
  }
  const numbers = listOf(label.numbers).map(numberOf);
  const [a = null, b = null, q = null] = numbers;
  switch (label.kind) {
    case "randint":
      if (a === null) return null;
      return b === null ? int(0, a - 1) : int(a, b - 1);
    case "uniform":
      return a === null || b === null ? null : float(a, b);
    case "uniformint":
      return a === null || b === null ? null : int(a, b);
    case "quniform":
      if (a === null || b === null) return null;
      return q === 1
        ? int(Math.round(a), Math.round(b))
        : float(a, b, { step: q ?? undefined });
    case "loguniform":
    case "qloguniform":
      // The bounds are those of the logarithm.
      return a === null || b === null
        ? null
        : float(Math.exp(a), Math.exp(b), { log: true });
    default:
      return null;
  }
}

/** What stands for the branches of a choice: their values where they are plain and distinct, else their places. */
function plainOptions(options: readonly unknown[]): ParameterValue[] {
  const arePlain = options.every((one) =>
    one === null || ["string", "number", "boolean"].includes(typeof one)
  );
  return arePlain && new Set(options).size === options.length
    ? [...options] as ParameterValue[]
    : options.map((_, place) => place);
}

const states: readonly TrialState[] = [
  "waiting",
  "running",
  "complete",
  "failed",
  "failed",
];

function trialOf(
  path: string,
  doc: Readonly<Record<string, unknown>> | null,
  options: ReadonlyMap<string, readonly unknown[]>,
): TrialDraft {
  const vals = objectOf(objectOf(doc?.misc)?.vals);
  if (doc === null || vals === null) {
    throw unreadable(
      path,
      `a trial is ${JSON.stringify(doc)?.slice(0, 80)}`,
      "what trials.trials holds, with misc and vals",
    );
  }
  const params = Object.fromEntries(
    Object.entries(vals).flatMap(([name, list]) => {
      const [value] = listOf(list);
      if (value === undefined) return [];
      const listed = options.get(name);
      return [[
        name,
        listed === undefined ? value : plainOptions(listed)[Number(value)],
      ]];
    }),
  );
  const { status, loss, attachments: _, ...rest } = objectOf(doc.result) ?? {};
  const isFailed = status === "fail";
  const state = isFailed ? "failed" : states[Number(doc.state)] ?? "failed";
  const value = numberOf(loss);
  return {
    state,
    params,
    values: value === null ? null : [value],
    startedAtMs: timeMs(doc.book_time),
    finishedAtMs: state === "complete" || state === "failed"
      ? timeMs(doc.refresh_time)
      : null,
    error: state === "failed"
      ? String(rest.status_fail ?? "It failed in Hyperopt")
      : null,
    attributes: rest,
  };
}

import {
  guessDirection,
  type Objective,
  type TrialState,
} from "../records/mod.ts";
import type { StudyDraft, TrialDraft } from "./_draft.ts";
import { nameOfPath, unreadable } from "./_files.ts";
import { chooseObjectives, type ReadingOptions } from "./_reading.ts";
import type { Cell, RowTable } from "./_table.ts";
import { entryOf, numberOf, timeMs } from "./_values.ts";

const states: Readonly<Record<string, TrialState>> = {
  waiting: "waiting",
  running: "running",
  complete: "complete",
  completed: "complete",
  finished: "complete",
  pruned: "pruned",
  fail: "failed",
  failed: "failed",
  crashed: "failed",
};

/** Columns that say something of a trial other than what it was and gave. */
const aboutTrial =
  /^(number|state|status|(datetime_)?(start|complete)|duration|created|runtime|name|id|notes|user|tags|trial|error|system_attrs_.*)$/i;

/**
 * The study of any table with a row a trial: what is not the objective, nor
 * says something of the trial, is a parameter. Columns `params_…` and
 * `user_attrs_…`, as Optuna's `trials_dataframe()` and our export name them, say it themselves.
 */
export function plainTableOf(
  table: RowTable,
  options: ReadingOptions,
): StudyDraft[] {
  const all = [...table.columns.keys()];
  if (table.rows === 0) {
    throw unreadable(
      table.path,
      all.length === 0 ? "it is empty" : "it has a header and no rows",
      "a table with a row a trial",
    );
  }
  const isPrefixed = all.some((name) => name.startsWith("params_"));
  const numeric = all.filter((name) => table.columns.get(name)!.isNumeric);
  const candidates = numeric.filter((name) =>
    !/^(params_|user_attrs_)/.test(name) && !aboutTrial.test(name)
  );
  // Optuna writes `value_accuracy` where the metric has a name.
  const columnsByLabel = new Map(
    candidates.map((name) => [
      isPrefixed ? name.replace(/^values?_(?!\d+$)/, "") : name,
      name,
    ]),
  );
  const assumed = isPrefixed ? optunaObjectives(columnsByLabel) : null;
  const objectives = chooseObjectives(
    table.path,
    [...columnsByLabel.keys()],
    options,
    assumed,
  );
  const valueNames = objectives.map(({ name }) => columnsByLabel.get(name)!);
  const isParameter = (name: string) =>
    options.params !== null
      ? options.params.includes(name)
      : isPrefixed
      ? name.startsWith("params_")
      : !valueNames.includes(name) && !aboutTrial.test(name);
  const params = all.filter(isParameter);
  if (params.length === 0) {
    throw unreadable(
      table.path,
      `beside ${valueNames.join(", ")} it has no column`,
      "at least one parameter",
    );
  }
  const place = (...names: readonly string[]) =>
    names.map((name) => all.indexOf(name)).find((at) => at >= 0) ?? -1;
  const places: Places = {
    values: valueNames.map((name) => place(name)),
    params: params.map((name) => [
      isPrefixed ? name.replace(/^params_/, "") : name,
      place(name),
    ]),
    attributes: all.filter((name) => name.startsWith("user_attrs_")).map((
      name,
    ) => [name.slice("user_attrs_".length), place(name)]),
    state: place("state", "State", "status"),
    start: place("datetime_start"),
    end: place("datetime_complete"),
    error: place("error"),
  };
  return [{
    tool: table.tool,
    path: table.path,
    name: nameOfPath(table.path),
    objectives,
    async *trials() {
      for await (const cells of table.values()) yield trialOf(cells, places);
    },
    notes: [
      ...table.notes,
      ...objectives === assumed
        ? [
          "The table does not say which way is better: that was told by names, and where they do not tell, smaller values were taken to be. Say objective: otherwise.",
        ]
        : [],
    ],
  }];
}

/** The values in a table of Optuna's; which way is better it does not say, but a metric's name may. */
function optunaObjectives(
  columns: ReadonlyMap<string, string>,
): Objective[] | null {
  const found = [...columns].filter(([, column]) =>
    /^values?(_|$)/.test(column)
  );
  return found.length === 0 ? null : found.map(([name]) => ({
    name,
    direction: guessDirection(name) ?? "minimize",
  }));
}

/** In which columns what stands; −1 where there is none. */
interface Places {
  readonly values: readonly number[];
  readonly params: readonly (readonly [name: string, place: number])[];
  readonly attributes: readonly (readonly [name: string, place: number])[];
  readonly state: number;
  readonly start: number;
  readonly end: number;
  readonly error: number;
}

function trialOf(cells: readonly Cell[], places: Places): TrialDraft {
  const values = places.values.map((at) => numberOf(cells[at]) ?? NaN);
  const hasValues = values.every((value) => !Number.isNaN(value));
  const said = entryOf(states, String(cells[places.state] ?? "").toLowerCase());
  const error = cells[places.error];
  return {
    state: said ?? (hasValues ? "complete" : "failed"),
    params: valuesIn(cells, places.params),
    values: hasValues ? values : null,
    startedAtMs: timeMs(cells[places.start]),
    finishedAtMs: timeMs(cells[places.end]),
    error: error === undefined
      ? said === undefined && !hasValues
        ? "The table has no value for it"
        : null
      : String(error),
    attributes: valuesIn(cells, places.attributes),
  };
}

function valuesIn(
  cells: readonly Cell[],
  columns: Places["params"],
): Record<string, unknown> {
  const found: Record<string, unknown> = {};
  for (const [name, at] of columns) {
    if (cells[at] !== undefined) found[name] = cells[at];
  }
  return found;
}

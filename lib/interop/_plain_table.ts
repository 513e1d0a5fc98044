import {
  guessDirection,
  type Objective,
  type TrialState,
} from "../records/mod.ts";
import type { StudyDraft } from "./_draft.ts";
import { nameOfPath, unreadable } from "./_files.ts";
import { chooseObjectives, type ReadingOptions } from "./_reading.ts";
import { columnOf, type Table, valuesOf } from "./_table.ts";
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
  table: Table,
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
  const numeric = all.filter((name) => {
    const cells = table.columns.get(name)!;
    return cells.some((cell) => cell !== "") &&
      cells.every((cell) => cell === "" || numberOf(cell) !== null);
  });
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
  const params = all.filter(isParameter).map((name) => ({
    name: isPrefixed ? name.replace(/^params_/, "") : name,
    cells: valuesOf(table.columns.get(name)!),
  }));
  if (params.length === 0) {
    throw unreadable(
      table.path,
      `beside ${valueNames.join(", ")} it has no column`,
      "at least one parameter",
    );
  }
  const attributes = all.filter((name) => name.startsWith("user_attrs_")).map((
    name,
  ) => ({
    name: name.slice("user_attrs_".length),
    cells: valuesOf(table.columns.get(name)!),
  }));
  const stateCells = columnOf(table, "state", "State", "status");
  const starts = columnOf(table, "datetime_start");
  const ends = columnOf(table, "datetime_complete");
  const errors = columnOf(table, "error");
  return [{
    tool: "CSV",
    path: table.path,
    name: nameOfPath(table.path),
    objectives,
    trials: Array.from({ length: table.rows }, (_, row) => {
      const values = valueNames.map((name) =>
        numberOf(table.columns.get(name)![row]!) ?? NaN
      );
      const hasValues = values.every((value) => !Number.isNaN(value));
      const said = entryOf(states, stateCells?.[row]?.toLowerCase() ?? "");
      return {
        state: said ?? (hasValues ? "complete" : "failed"),
        params: valuesIn(params, row),
        values: hasValues ? values : null,
        startedAtMs: timeMs(starts?.[row]),
        finishedAtMs: timeMs(ends?.[row]),
        error: errors?.[row] ||
          (said === undefined && !hasValues
            ? "The table has no value for it"
            : null),
        attributes: valuesIn(attributes, row),
      };
    }),
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

function valuesIn(
  columns: readonly {
    readonly name: string;
    readonly cells: readonly unknown[];
  }[],
  row: number,
): Record<string, unknown> {
  return Object.fromEntries(
    columns.flatMap(({ name, cells }) =>
      cells[row] === undefined ? [] : [[name, cells[row]]]
    ),
  );
}

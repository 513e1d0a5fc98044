import { randomStream } from "../math/mod.ts";
import { evenly, sampleOf } from "./_columns.ts";
import {
  columnFeatures,
  landmarkFeatures,
  targetFeatures,
} from "./_data_features.ts";
import { describeModel, type ModelInput } from "./_model.ts";
import {
  isArrow,
  readTable,
  splitColumn,
  type TableReader,
} from "./_read_table.ts";
import { readTarget, type Target } from "./_target.ts";
import type { DataFeatures, TaskDescription, TaskKind } from "./task.ts";

/**
 * A data set: inputs and what is to be learned from them. Each may be an array
 * of rows, a typed array, a tensor, an array of records, or columns by name; of
 * `{ train: { x, y } }`, as `fitTrial` takes it, the training part counts.
 */
export interface TaskData {
  /** The inputs, `[n, …]`. */
  readonly x: unknown;
  /** What is to be learned, `[n]`, or `[n, classes]` with a 1 in each row. May be absent. */
  readonly y?: unknown;
}

/** Options of {@linkcode describeTask}. */
export interface DescribeTaskOptions {
  /** What is learned. Defaults to a guess from the target. */
  readonly kind?: TaskKind;
  /** Of a table, the name of the column that is to be learned. Defaults to none. */
  readonly target?: string;
  /**
   * The model: what is known of it, or a tfjs model, whose parameters and
   * layers are counted. Defaults to none.
   */
  readonly model?: ModelInput;
  /** Words to find it by, e.g. `["images", "handwriting"]`. Defaults to none. */
  readonly tags?: readonly string[];
  /** What it is, in your words. Defaults to none. */
  readonly text?: string;
  /** Whether to try simple learners on it. Defaults to `true`. */
  readonly landmarks?: boolean;
  /** How many rows are looked at for the columns' statistics, at least 2. Defaults to `2000`. */
  readonly maxRows?: number;
  /** How many rows the simple learners see, at least 2. Defaults to `1000`. */
  readonly landmarkRows?: number;
  /** How many columns are looked at, at least 1. Defaults to `128`. */
  readonly maxColumns?: number;
  /** In how many parts the data are cross-validated, at least 2. Defaults to `5`. */
  readonly folds?: number;
}

const known = [
  "kind",
  "target",
  "model",
  "tags",
  "text",
  "landmarks",
  "maxRows",
  "landmarkRows",
  "maxColumns",
  "folds",
];

/**
 * Describes a task, so that a study can keep it (`createStudy({ task })`) and
 * the library can find studies of tasks that are alike.
 *
 * It hangs on the data alone and draws no numbers but those that choose rows,
 * always the same ones. Of large data sets it looks at a part, so that it takes
 * a fraction of a second.
 *
 * @param data The data set; null to describe the model and the words alone.
 * @returns Plain JSON, frozen.
 * @throws {TypeError} If the data or an option are of the wrong kind.
 * @throws {RangeError} If inputs and targets differ in length, or a number is out of range.
 *
 * @example
 * ```ts
 * import { describeTask } from "@etude/etude";
 * const task = describeTask({ x: [[0, 1], [1, 0], [2, 1], [3, 1]], y: ["a", "b", "a", "b"] }, { tags: ["toy"] });
 * task.data!.classes; // 2
 * ```
 */
export function describeTask(
  data: TaskData | { readonly train: TaskData } | null,
  options: DescribeTaskOptions = {},
): TaskDescription {
  check(options);
  const { kind, model, tags = [], text = "" } = options;
  const parts = data === null ? null : partsOf(data, options);
  const target = parts === null || parts.y === null || kind === "other"
    ? null
    : readTarget(parts.y, kind ?? null);
  return Object.freeze<TaskDescription>({
    version: 1,
    kind: kind ?? target?.kind ?? "other",
    data: parts === null ? null : dataFeatures(parts.x, target, options),
    model: model === undefined ? null : describeModel(model),
    tags: Object.freeze(
      [...new Set(tags.map((tag) => tag.trim().toLowerCase()))].filter((tag) =>
        tag !== ""
      ).sort(),
    ),
    text,
  });
}

interface Parts {
  readonly x: TableReader;
  readonly y: TableReader | null;
}

function partsOf(
  data: TaskData | { readonly train: TaskData },
  { target }: DescribeTaskOptions,
): Parts {
  const whole = "train" in data ? data.train : data;
  if (isArrow(whole) || !(typeof whole === "object" && "x" in whole)) {
    const table = readTable(whole, null);
    if (target === undefined) return { x: table, y: null };
    const { rest, column } = splitColumn(table, target);
    return { x: rest, y: column };
  }
  const y = whole.y === undefined || whole.y === null
    ? null
    : readTable(whole.y, null);
  const table = readTable(whole.x, y?.rows ?? null);
  if (y !== null && y.rows !== table.rows) {
    throw new RangeError(
      `Cannot describe the task: it has ${table.rows} inputs and ${y.rows} targets, expected as many of one as of the other`,
    );
  }
  if (y === null && target !== undefined) {
    const { rest, column } = splitColumn(table, target);
    return { x: rest, y: column };
  }
  return { x: table, y };
}

function dataFeatures(
  table: TableReader,
  target: Target | null,
  options: DescribeTaskOptions,
): DataFeatures {
  const {
    landmarks = true,
    maxRows = 2000,
    landmarkRows = 1000,
    maxColumns = 128,
    folds = 5,
  } = options;
  const columns = evenly(table.columns, maxColumns);
  // Rows are often sorted by class: they are chosen at random, not evenly.
  const chosen = chooseRows(table.rows, Math.max(maxRows, landmarkRows));
  const first = (count: number) => chosen.slice(0, count).sort();
  const sample = sampleOf(table, first(maxRows), columns);
  return Object.freeze({
    rows: table.rows,
    columns: table.columns,
    categoricalColumns: Math.round(
      sample.columns.filter(({ levels }) => levels > 0).length *
        (columns.length === 0 ? 0 : table.columns / columns.length),
    ),
    missing: sample.missing,
    ...targetFeatures(target),
    ...columnFeatures(sample),
    landmarks: target === null || !landmarks ? null : landmarkFeatures(
      sampleOf(table, first(landmarkRows), columns),
      target,
      folds,
    ),
  });
}

function chooseRows(rows: number, most: number): Int32Array {
  const all = Int32Array.from({ length: rows }, (_, row) => row);
  if (rows <= most) return all;
  const random = randomStream("étude task", rows);
  for (let i = 0; i < most; i++) {
    const j = i + random.int(rows - i);
    [all[i], all[j]] = [all[j]!, all[i]!];
  }
  return all.slice(0, most);
}

function check(options: DescribeTaskOptions): void {
  const about = "Cannot describe the task";
  const unknown = Object.keys(options).filter((key) => !known.includes(key));
  if (unknown.length > 0) {
    throw new TypeError(
      `${about}: there is no option ${
        unknown.map((key) => JSON.stringify(key)).join(", ")
      }; there are ${known.join(", ")}`,
    );
  }
  const { kind, tags, text } = options;
  if (
    kind !== undefined &&
    !["classification", "regression", "other"].includes(kind)
  ) {
    throw new RangeError(
      `${about}: the kind is ${
        JSON.stringify(kind)
      }, expected "classification", "regression" or "other"`,
    );
  }
  if (
    tags !== undefined &&
    !(Array.isArray(tags) && tags.every((tag) => typeof tag === "string"))
  ) {
    throw new TypeError(
      `${about}: the tags are ${
        JSON.stringify(tags)
      }, expected a list of texts such as ["images"]`,
    );
  }
  if (text !== undefined && typeof text !== "string") {
    throw new TypeError(
      `${about}: the text is ${JSON.stringify(text)}, expected a text`,
    );
  }
  const least = { maxRows: 2, landmarkRows: 2, maxColumns: 1, folds: 2 };
  for (const key of Object.keys(least) as (keyof typeof least)[]) {
    const value = options[key];
    const isWhole = Number.isInteger(value) ||
      (value === Infinity && key !== "folds");
    if (value !== undefined && !(isWhole && value >= least[key])) {
      throw new RangeError(
        `${about}: ${key} is ${value}, expected a whole number of at least ${
          least[key]
        }`,
      );
    }
  }
}

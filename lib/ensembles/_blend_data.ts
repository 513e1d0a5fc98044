import { readLabels, shown } from "./_data.ts";
import type { PredictionTable } from "./predictions.ts";

/** What is measured of predictions; smaller is better for all but the accuracy. */
export type BlendMetric =
  | "accuracy"
  | "log loss"
  | "squared error"
  | "absolute error";

/** Members' predictions and the truth, in one form. */
export interface BlendData {
  /** Members' predictions, `[members][rows × columns]`. */
  readonly members: readonly Float64Array[];
  /** What is wanted: one column of ones a class, or the values; `[rows × columns]`. */
  readonly targets: Float64Array;
  readonly rows: number;
  readonly columns: number;
  /** The classes in the columns' order; null of a regression. */
  readonly classes: readonly (number | string | boolean)[] | null;
  readonly metric: BlendMetric;
}

/** Which metrics are for classes. */
const forClasses: readonly BlendMetric[] = ["accuracy", "log loss"];
const forValues: readonly BlendMetric[] = ["squared error", "absolute error"];

/** Reads predictions and labels. */
export function blendData(
  about: string,
  tables: readonly {
    readonly name: string;
    readonly table: PredictionTable;
  }[],
  labels: unknown,
  options: { readonly metric?: BlendMetric; readonly classes?: unknown },
): BlendData {
  const truth = readLabels(about, "labels", labels);
  const [first] = tables;
  for (const { name, table } of tables) {
    if (
      table.rows === first!.table.rows && table.columns === first!.table.columns
    ) continue;
    throw new RangeError(
      `${about}: ${name} has predictions of ${table.rows} × ${table.columns} numbers, ${
        first!.name
      } of ${first!.table.rows} × ${first!.table.columns}`,
    );
  }
  const { rows, columns } = first!.table;
  if (truth.length !== rows) {
    throw new RangeError(
      `${about}: there are ${truth.length} labels for predictions of ${rows} samples`,
    );
  }
  const isClasses = columns > 1 ||
    truth.every((label) => typeof label !== "number") ||
    (options.metric !== undefined && forClasses.includes(options.metric));
  const metric = options.metric ?? (isClasses ? "accuracy" : "squared error");
  const allowed = isClasses ? forClasses : forValues;
  if (!allowed.includes(metric)) {
    throw new TypeError(
      `${about}: the metric is ${shown(metric)}, expected ${
        allowed.map(shown).join(" or ")
      }`,
    );
  }
  const classes = isClasses
    ? classesOf(about, truth, Math.max(2, columns), options.classes)
    : null;
  // Only samples that all have a prediction of: in time series the first have none.
  const kept = Array.from({ length: rows }, (_, i) => i).filter((i) =>
    tables.every(({ table }) => Number.isFinite(table.values[i * columns]!))
  );
  if (kept.length < 2) {
    throw new RangeError(
      `${about}: ${kept.length} samples have a prediction of every member, expected two or more`,
    );
  }
  const width = classes?.length ?? 1;
  const targets = new Float64Array(kept.length * width);
  kept.forEach((i, row) => {
    if (classes === null) targets[row] = Number(truth[i]);
    else targets[row * width + classes.indexOf(truth[i]!)] = 1;
  });
  return {
    members: tables.map(({ table }) =>
      widened(
        Float64Array.from(
          kept.flatMap((i) =>
            Array.from(table.values.subarray(i * columns, (i + 1) * columns))
          ),
        ),
        columns,
        width,
      )
    ),
    targets,
    rows: kept.length,
    columns: width,
    classes,
    metric,
  };
}

/** One probability, of the second of two classes, becomes two. */
export function widened(
  values: Float64Array,
  columns: number,
  width: number,
): Float64Array {
  if (columns === width) return values;
  const both = new Float64Array(2 * values.length);
  values.forEach((p, i) => {
    both[2 * i] = 1 - p;
    both[2 * i + 1] = p;
  });
  return both;
}

function classesOf(
  about: string,
  truth: readonly (number | string | boolean)[],
  count: number,
  given: unknown,
): readonly (number | string | boolean)[] {
  const areIndices = truth.every((label) =>
    typeof label === "number" && Number.isInteger(label) && label >= 0 &&
    label < count
  );
  const classes = given !== undefined
    ? readLabels(about, "classes", given)
    : areIndices
    ? Array.from({ length: count }, (_, i) => i)
    : [...new Set(truth)].sort((a, b) => a < b ? -1 : a > b ? 1 : 0);
  const odd = truth.find((label) => !classes.includes(label));
  if (classes.length !== count || odd !== undefined) {
    throw new RangeError(
      `${about}: there are ${classes.length} classes (${
        classes.slice(0, 5).map(shown).join(", ")
      }${classes.length > 5 ? ", …" : ""}) for ${count} probabilities a sample${
        odd === undefined ? "" : `, and a label ${shown(odd)}`
      }; say { classes: […] } in the order of the probabilities`,
    );
  }
  return Object.freeze([...classes]);
}

/** The loss of each sample, `[rows]`, smaller is better: of the accuracy 1 for a wrong class. */
export function lossesOf(
  predicted: Float64Array,
  data: BlendData,
  metric: BlendMetric = data.metric,
): Float64Array {
  const { targets, rows, columns } = data;
  const losses = new Float64Array(rows);
  for (let i = 0; i < rows; i++) {
    const at = i * columns;
    if (columns === 1) {
      const error = predicted[at]! - targets[at]!;
      losses[i] = metric === "absolute error" ? Math.abs(error) : error * error;
      continue;
    }
    let [best, total, right] = [0, 0, 0];
    for (let c = 0; c < columns; c++) {
      const p = predicted[at + c]!;
      if (p > predicted[at + best]!) best = c;
      total += Math.max(0, p);
      if (targets[at + c] === 1) right = c;
    }
    losses[i] = metric === "accuracy"
      ? Number(best !== right)
      : -Math.log(Math.max(predicted[at + right]! / (total || 1), 1e-15));
  }
  return losses;
}

/** Some samples of the data. */
export function samplesOf(
  data: BlendData,
  samples: readonly number[],
): BlendData {
  const { columns } = data;
  const part = (values: Float64Array) => {
    const taken = new Float64Array(samples.length * columns);
    samples.forEach((i, row) =>
      taken.set(
        values.subarray(i * columns, (i + 1) * columns),
        row * columns,
      )
    );
    return taken;
  };
  return {
    ...data,
    members: data.members.map(part),
    targets: part(data.targets),
    rows: samples.length,
  };
}

import { randomStream } from "../math/mod.ts";
import type { StudyView } from "../records/mod.ts";
import type { Study } from "../study/mod.ts";
import {
  type BlendData,
  blendData,
  type BlendMetric,
  lossesOf,
  samplesOf,
} from "./_blend_data.ts";
import {
  applyBlend,
  type Blend,
  type BlendMethod,
  fitBlend,
  ranking,
} from "./_blend_methods.ts";
import { type Labels, shown } from "./_data.ts";
import { Ensemble, type EnsembleScore } from "./ensemble_card.ts";
import { meanOf, varianceOf } from "./_means.ts";
import {
  type Predictions,
  predictionsOf,
  type PredictionTable,
  tableOf,
} from "./predictions.ts";

/** Options of {@linkcode ensemble} and {@linkcode blend}. */
export interface EnsembleOptions {
  /** The truth, one entry a sample, in the samples' order: classes, or numbers for a regression. */
  readonly labels: Labels;
  /** How many members at most; of greedy selection how many steps, a member may be taken several times. At least 1. Defaults to `10`. */
  readonly size?: number;
  /**
   * How: `"greedy"` selection with replacement, the `"average"` (of probabilities:
   * soft voting), a `"weighted"` average, `"hard voting"`, or `"stacking"` with a
   * regularized linear model: of classes a logistic one. Defaults to `"greedy"`.
   */
  readonly method?: BlendMethod;
  /** What is measured. Defaults to `"accuracy"` for classes, to `"squared error"` for numbers. */
  readonly metric?: BlendMetric;
  /** The classes in the order of the probabilities. Defaults to 0, 1, …, or to the labels sorted. */
  readonly classes?: Labels;
  /** Of how many of the best trials members are chosen, at least 2. Defaults to `40`. */
  readonly candidates?: number;
}

/** One that may become a member. */
export interface BlendMember {
  /** What it is called: what `predict` is given its predictions by. */
  readonly name: string;
  /** What it predicts of each sample, out of fold. */
  readonly predictions: Predictions;
}

const about = "Cannot make an ensemble";
const known = ["labels", "size", "method", "metric", "classes", "candidates"];
const methods: readonly BlendMethod[] = [
  "greedy",
  "average",
  "weighted",
  "hard voting",
  "stacking",
];
/** Weights are fitted on the other parts of the samples than they are measured on. */
const parts = 5;

/**
 * An ensemble of a study's configurations, from the out-of-fold predictions that
 * {@linkcode crossValidate} keeps if its function gives them.
 *
 * What it expects is measured on samples that neither its members were trained
 * on, nor its weights fitted to; so is the single best, chosen on the same
 * samples as the weights. It is proposed only where it is the better of the two.
 * The random numbers that divide the samples hang on their number alone.
 *
 * @param study The study, or a view of one.
 * @param options The truth, and how members are put together.
 * @throws {TypeError} If an option is unknown or of another kind.
 * @throws {RangeError} If fewer than two complete trials keep predictions, these
 * or the labels are of different lengths, or an option is out of its range.
 *
 * @example
 * ```ts
 * import { createStudy, float, minimize, space } from "@etude/etude";
 * import { crossValidate, ensemble, folds } from "@etude/etude/ensembles";
 * const labels = Array.from({ length: 30 }, (_, i) => i % 7);
 * const study = await createStudy({ name: "shifts", space: space({ shift: float(-1, 1) }), objective: minimize("squared error"), storage: "memory" });
 * await study.optimize(
 *   crossValidate(study, ({ params }, { test }) => ({ score: params.shift ** 2, predictions: test.map((i) => labels[i]! + params.shift) }), { folds: folds(30), race: false }),
 *   { trials: 10, progress: false },
 * );
 * ensemble(study, { labels, size: 5 }).isProposed; // true: shifts up and down even out
 * ```
 */
export function ensemble<C>(
  study: Study<C> | StudyView<C>,
  options: EnsembleOptions,
): Ensemble {
  const { candidates } = check(options);
  const view = ("view" in study ? study.view() : study) as StudyView<unknown>;
  const sign = view.objectives[0]!.direction === "minimize" ? 1 : -1;
  const tables = view.trials.flatMap((trial) => {
    if (trial.state !== "complete" || trial.value === null) return [];
    const table = predictionsOf(trial);
    return table === null
      ? []
      : [{ name: String(trial.number), table, value: trial.value }];
  }).sort((a, b) => sign * (a.value - b.value)).slice(0, candidates);
  if (tables.length < 2) {
    throw new RangeError(
      `${about}: ${
        tables.length === 1
          ? "one complete trial keeps"
          : "no complete trials keep"
      } predictions, expected two or more; let the function of crossValidate(…) return { score, predictions }`,
    );
  }
  return made(tables, options, view.name);
}

/**
 * Like {@linkcode ensemble}, of members from elsewhere: other models, or snapshots
 * of one training at the ends of its learning-rate cycles.
 *
 * @param members At least two, with predictions that they were not trained on.
 * @param options The truth, and how they are put together.
 * @throws {TypeError} As {@linkcode ensemble}.
 * @throws {RangeError} As {@linkcode ensemble}; if a prediction is not finite.
 *
 * @example
 * ```ts
 * import { blend } from "@etude/etude/ensembles";
 * const labels = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];
 * const made = blend([
 *   { name: "low", predictions: labels.map((y) => y - 1) },
 *   { name: "high", predictions: labels.map((y) => y + 1) },
 * ], { labels, method: "average" });
 * made.predict({ low: [4], high: [6] }); // [5]
 * ```
 */
export function blend(
  members: readonly BlendMember[],
  options: EnsembleOptions,
): Ensemble {
  check(options);
  if (!Array.isArray(members) || members.length < 2) {
    throw new RangeError(
      `${about}: found ${
        Array.isArray(members) ? `${members.length} members` : shown(members)
      }, expected two or more`,
    );
  }
  return made(
    members.map(({ name, predictions }: BlendMember) => ({
      name,
      table: tableOf(`${about}, member ${shown(name)}`, predictions),
    })),
    options,
    "members",
  );
}

function made(
  tables: readonly { readonly name: string; readonly table: PredictionTable }[],
  options: EnsembleOptions,
  source: string,
): Ensemble {
  const { size, method } = check(options);
  const data = blendData(about, tables, options.labels, options);
  const single = outOfSample(data, (part) => {
    const weights = new Float64Array(data.members.length);
    weights[ranking(part)[0]!] = 1;
    return { weights, isVote: false, bias: null };
  });
  const usable = data.classes === null
    ? methods.filter((one) => one !== "hard voting")
    : methods;
  if (!usable.includes(method)) {
    throw new RangeError(
      `${about}: numbers cannot be voted on; methods are ${
        usable.map(shown).join(", ")
      }`,
    );
  }
  const compared = Object.fromEntries(
    usable.map((one) => [
      one,
      scoreOf(
        outOfSample(data, (part) => fitBlend(one, part, size)),
        single,
        data.metric,
      ),
    ]),
  );
  const fitted = fitBlend(method, data, size);
  const best = scoreOf(single, single, data.metric);
  return new Ensemble({
    source,
    method,
    metric: data.metric,
    classes: data.classes,
    names: tables.map(({ name }) => name),
    weights: fitted.weights,
    isVote: fitted.isVote,
    bias: fitted.bias,
    single: { ...best, name: tables[ranking(data)[0]!]!.name },
    score: compared[method]!,
    compared: Object.freeze(compared),
    samples: data.rows,
  });
}

/** The loss of each sample, by what was fitted to the other parts. */
function outOfSample(
  data: BlendData,
  fit: (part: BlendData) => Blend,
): Float64Array {
  const { rows, columns } = data;
  const losses = new Float64Array(rows);
  const order = randomStream("ensemble", rows)
    .shuffle(Array.from({ length: rows }, (_, i) => i));
  const count = Math.min(parts, rows);
  for (let part = 0; part < count; part++) {
    const outside = order.filter((_, place) => place % count === part);
    const fitted = fit(
      samplesOf(data, order.filter((_, place) => place % count !== part)),
    );
    const test = samplesOf(data, outside);
    const found = lossesOf(applyBlend(fitted, test.members, columns), test);
    outside.forEach((i, k) => losses[i] = found[k]!);
  }
  return losses;
}

function scoreOf(
  losses: Float64Array,
  single: Float64Array,
  metric: BlendMetric,
): EnsembleScore {
  const gains = Array.from(losses, (loss, i) => single[i]! - loss);
  const mean = meanOf([...losses]);
  return Object.freeze({
    value: metric === "accuracy" ? 1 - mean : mean,
    gain: meanOf(gains),
    error: gains.length < 2 ? 0 : Math.sqrt(varianceOf(gains) / gains.length),
  });
}

function check(options: EnsembleOptions): {
  readonly size: number;
  readonly method: BlendMethod;
  readonly candidates: number;
} {
  const isObject = typeof options === "object" && options !== null;
  const odd = isObject
    ? Object.keys(options).find((key) => !known.includes(key))
    : undefined;
  if (!isObject || odd !== undefined || options.labels === undefined) {
    throw new TypeError(
      `${about}: found ${
        odd === undefined
          ? `options without labels`
          : `the option ${shown(odd)}`
      }; there are ${known.join(", ")}`,
    );
  }
  const { size = 10, method = "greedy", candidates = 40 } = options;
  for (
    const [name, value, least] of [["size", size, 1], [
      "candidates",
      candidates,
      2,
    ]] as const
  ) {
    if (Number.isInteger(value) && value >= least) continue;
    throw new RangeError(
      `${about}: ${name} is ${
        shown(value)
      }, expected a whole number of at least ${least}`,
    );
  }
  if (!methods.includes(method)) {
    throw new TypeError(
      `${about}: the method is ${shown(method)}, expected ${
        methods.map(shown).join(", ")
      }`,
    );
  }
  return { size, method, candidates };
}

import { type Chart, learningRateChart } from "../charts/mod.ts";
import { type RandomStream, randomStream } from "../math/mod.ts";
import { backendNameOf } from "./_backend.ts";
import { Breather } from "./_breather.ts";
import { disposeModel } from "./dispose_model.ts";
import { computing } from "./_computation_error.ts";
import { fitPlan } from "./_fit_plan.ts";
import type { Examples } from "./fit_options.ts";
import { LearningRate } from "./_learning_rate.ts";
import {
  type LearningRateRange,
  learningRateRange,
} from "./learning_rate_range.ts";
import { importTensorFlow, type LayersModel } from "./tensorflow.ts";

/** Options of {@linkcode findLearningRate}. */
export interface FindLearningRateOptions {
  /** The smallest rate tried, above 0. Defaults to `1e-6`. */
  readonly low?: number;
  /** The largest rate tried, above `low`. Defaults to `10`. */
  readonly high?: number;
  /** How many rates are tried, each on one batch; a whole number of at least 20. Defaults to `100`. */
  readonly steps?: number;
  /** Examples a batch, at least 1; take the one that you will train with. Defaults to `32`. */
  readonly batchSize?: number;
  /** Where the order of the examples comes from. Defaults to `"étude"`. */
  readonly seed?: string;
  /** Asked about every 50 ms whether to end. Defaults to never. */
  readonly shouldStop?: () => boolean;
}

/** A range test of the learning rate. As the last expression of a notebook's cell it shows its chart. */
export interface LearningRateFinder extends LearningRateRange {
  /** The rates tried, rising, `[n]`. */
  readonly rates: readonly number[];
  /** The loss of the batch met at each rate, before it was learned from, `[n]`. */
  readonly losses: readonly number[];
  /** The losses over the rates, the range marked. */
  readonly chart: Chart;
  /** What was found, in a sentence. */
  toString(): string;
}

/** What {@linkcode findLearningRate} gives: shows its chart in notebooks. */
class Finder implements LearningRateFinder {
  readonly rates: readonly number[];
  readonly losses: readonly number[];
  readonly smoothed: readonly number[];
  readonly range: readonly [number, number];
  readonly steepest: number | null;
  readonly reason: string;

  constructor(rates: readonly number[], losses: readonly number[]) {
    this.rates = Object.freeze(rates);
    this.losses = Object.freeze(losses);
    const found = learningRateRange(rates, losses);
    this.smoothed = found.smoothed;
    this.range = found.range;
    this.steepest = found.steepest;
    this.reason = found.reason;
    Object.freeze(this);
  }

  get chart(): Chart {
    return learningRateChart(this);
  }

  toString(): string {
    return this.reason;
  }

  [Symbol.for("Jupyter.display")](): unknown {
    const { chart } = this;
    return (chart as unknown as Record<symbol, () => unknown>)[
      Symbol.for("Jupyter.display")
    ]!();
  }

  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return this.reason;
  }
}

/**
 * Finds which learning rates are worth searching: trains a fresh model on batch
 * after batch, with a rate that grows from one to the next, and looks where the
 * loss begins to fall and where it blows up. It costs about as much as `steps`
 * batches, and takes training examples only.
 *
 * The test favors rates that are rather large, since each of them gets one
 * batch; the range goes far below where the loss falls fastest for that reason.
 * It holds for the architecture, the optimizer and the batch size of `build`.
 *
 * Source: Smith, "Cyclical learning rates for training neural networks", 2017,
 * section 3.3.
 *
 * @param build Makes a compiled model; it and its optimizer are disposed afterwards.
 * @param examples The training examples.
 * @param options The rates, the batches, the seed.
 * @throws {TypeError} If the model is not compiled, its optimizer has no
 * learning rate, or the examples are no tensors.
 * @throws {RangeError} If an option is out of range.
 * @throws {Error} If the loss is NaN before anything was learned, or the backend
 * cannot compute.
 *
 * @example
 * ```ts
 * import { float, space } from "@etude/etude";
 * import { findLearningRate, loadTensorFlow } from "@etude/etude/tensorflow";
 *
 * const { tf } = await loadTensorFlow();
 * const x = tf.linspace(-1, 1, 100).reshape([100, 1]);
 * const build = () => {
 *   const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [1] })] });
 *   model.compile({ optimizer: tf.train.sgd(0.1), loss: "meanSquaredError" });
 *   return model;
 * };
 * const finder = await findLearningRate(build, { x, y: x.mul(3) });
 * space({ learningRate: float(...finder.range, { log: true }) });
 * finder; // in a notebook: the chart
 * ```
 */
export async function findLearningRate(
  build: () => LayersModel,
  examples: Examples,
  options: FindLearningRateOptions = {},
): Promise<LearningRateFinder> {
  const { low = 1e-6, high = 10, steps = 100 } = options;
  const { batchSize = 32, seed = "étude", shouldStop = () => false } = options;
  checkSweep(low, high, steps);
  const tf = await importTensorFlow();
  const model = build();
  try {
    const plan = fitPlan(model, { train: examples }, {
      epochs: 1,
      batchSize,
      seed,
    });
    const rate = new LearningRate(model);
    const batches = new Batches(
      plan.train.rows,
      batchSize,
      randomStream(seed, "learning rate finder"),
    );
    const breather = new Breather();
    const rates: number[] = [];
    const losses: number[] = [];
    for (let step = 0; step < steps && !hasBlownUp(losses); step++) {
      if (await breather.breathe() && shouldStop()) break;
      rate.value = low * (high / low) ** (step / (steps - 1));
      const loss = await computing(
        tf,
        `test the learning rate ${rate.value.toPrecision(2)}`,
        async () => {
          const indices = tf.tensor1d(batches.next(), "int32");
          const { x, y } = plan.train;
          const [inputs, targets] = [
            tf.gather(x, indices),
            tf.gather(y, indices),
          ];
          try {
            const values = await model.trainOnBatch(inputs!, targets!);
            return Array.isArray(values) ? values[0]! : values;
          } finally {
            tf.dispose([indices, inputs!, targets!]);
          }
        },
      );
      if (!Number.isFinite(loss)) break;
      rates.push(rate.value);
      losses.push(loss);
    }
    if (rates.length === 0) {
      throw new Error(
        `Cannot test learning rates on the backend ${
          backendNameOf(tf)
        }: there is no loss that is a number even before the model learns; look for NaN in the examples and the model's initial weights`,
      );
    }
    return new Finder(rates, losses);
  } finally {
    disposeModel(model);
  }
}

function checkSweep(low: number, high: number, steps: number): void {
  const refuse = (name: string, value: unknown, expected: string) => {
    throw new RangeError(
      `Cannot test learning rates: ${name} is ${value}, expected ${expected}`,
    );
  };
  if (!(low > 0 && low < Infinity)) refuse("low", low, "a number above 0");
  if (!(high > low && high < Infinity)) {
    refuse("high", high, `a number above low, which is ${low}`);
  }
  if (!Number.isInteger(steps) || steps < 20) {
    refuse("steps", steps, "a whole number of at least 20");
  }
}

/** Whether the last five losses are all further above the first ones than the loss fell, and than a quarter of it. */
function hasBlownUp(losses: readonly number[]): boolean {
  if (losses.length < 20) return false;
  const start = losses.slice(0, 10).reduce((sum, loss) => sum + loss, 0) / 10;
  const fall = Math.max(0, start - Math.min(...losses));
  const last = losses.slice(-5);
  return last.every((loss) =>
    loss > start + Math.max(fall, Math.abs(start) / 4)
  );
}

/** The rows of a training, batch after batch, in another order each time round. */
class Batches {
  readonly #rows: readonly number[];
  readonly #size: number;
  readonly #random: RandomStream;
  #left: number[] = [];

  constructor(rows: readonly number[], size: number, random: RandomStream) {
    this.#rows = rows;
    this.#size = size;
    this.#random = random;
  }

  next(): number[] {
    if (this.#left.length < Math.min(this.#size, this.#rows.length)) {
      this.#left = [...this.#random.shuffle(this.#rows)];
    }
    return this.#left.splice(0, this.#size);
  }
}

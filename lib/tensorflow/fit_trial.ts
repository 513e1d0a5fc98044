import { type RandomStream, randomStream } from "../math/mod.ts";
import { type Curve, trainingFactsKey } from "../records/mod.ts";
import { Breather } from "./_breather.ts";
import { backendNameOf } from "./_backend.ts";
import { BestWeights } from "./_best_weights.ts";
import { computing } from "./_computation_error.ts";
import { DropoutSeeds } from "./_dropout_seeds.ts";
import { stateOf } from "./_early_stop.ts";
import type { EpochValues } from "./epoch_values.ts";
import type { FitData, FitTrialOptions } from "./fit_options.ts";
import { type FitPlan, fitPlan, type Rows } from "./_fit_plan.ts";
import { bestEpoch, curvesOf, notANumberNote } from "./_history.ts";
import { LayerSteps } from "./_layer_steps.ts";
import { LearningRate } from "./_learning_rate.ts";
import { scheduleFactor } from "./learning_rate_schedule.ts";
import { MetricAverage } from "./_metrics.ts";
import { trainingFacts } from "./_training_facts.ts";
import {
  importTensorFlow,
  type LayersModel,
  type Tensor,
  type TensorFlow,
} from "./tensorflow.ts";

/** What {@linkcode fitTrial} needs of a trial; a study's trials have it. */
export interface ReportingTrial {
  /** The number in the study, from 0. */
  readonly number: number;
  /** A number that hangs on the study's seed and the trial's number. Defaults to none. */
  readonly seed?: number;
  /**
   * The epochs that the model has been trained before, where a trial goes on
   * that was paused: the next one is the first here. Defaults to `0`.
   */
  readonly startStep?: number;
  /**
   * Takes the values of a step.
   *
   * @param step The epoch, from 1.
   * @param values A value, or values by series and metric.
   */
  report(
    step: number,
    values:
      | number
      | { [name: string]: number | { [metric: string]: number } },
  ): Promise<void>;
  /** Whether the training should end now. */
  shouldStop(): boolean;
  /**
   * Keeps a value with the trial. If it is there, it is told once, under
   * `"training facts"`, what the diagnosis of the curves likes to know: the loss
   * of a constant answer and the number of validation examples.
   */
  setAttribute?(key: string, value: unknown): Promise<void>;
}

/** What {@linkcode fitTrial} gives back. */
export interface FitResult {
  /** How many epochs were finished and reported here. */
  readonly epochs: number;
  /** Whether it was told to stop before the last epoch was finished. */
  readonly stopped: boolean;
  /** Why it ended, in a sentence. */
  readonly reason: string;
  /**
   * The epoch in which the series watched by `earlyStopping` was best; else that
   * of the lowest validation loss (without validation data, of the lowest train
   * loss). The earliest of equals; null if no value is finite.
   */
  readonly best: EpochValues | null;
  /** The epoch whose weights the model ends with: that of the last finished one, or the best where `earlyStopping` restored it; null if none was finished. */
  readonly weightsOf: number | null;
  /** What was reported, by name, e.g. `"validation loss"`; the steps are epochs from 1. */
  readonly curves: ReadonlyMap<string, Curve>;
}

/**
 * Trains a compiled model and reports each epoch to the trial, as
 * `{ train: { loss, … }, validation: { loss, … } }` with the model's metrics
 * (tfjs's `acc` as `accuracy`, `ce` as `crossentropy`). A loss that is NaN is
 * reported as NaN, and the training goes on.
 *
 * It ends early when `trial.shouldStop()` says so: asked after each epoch, and
 * about every 50 ms between batches; an epoch cut short is not reported. With
 * `earlyStopping` it also ends by itself when the validation loss has not
 * improved by more than its own noise for a while, and then the model has the
 * weights of its best epoch. As
 * often, it lets the event loop run, so that the notebook stays alive (a
 * single batch is never interrupted).
 *
 * A trial that was paused goes on after its `startStep`, if it is given the
 * model that it was paused with (`trial.resumeFrom`): an epoch has the same
 * order of examples whether the training was paused before it or not.
 *
 * Equal initial weights, data, options, trial numbers and trial seeds give
 * equal curves on the same backend: the order of the examples and the units
 * that `dropout` and `spatialDropout1d` layers drop come from those. A seed of
 * such a layer is set aside while the training runs, since with it tfjs would
 * drop the same units at each batch. Other random layers (`gaussianNoise`,
 * `gaussianDropout`, `alphaDropout`, dropout within recurrent layers) tfjs
 * cannot seed. Metrics that are no average over examples, such as precision,
 * are averaged over batches nevertheless.
 *
 * All tensors that it makes are disposed, also after an error. The model's own
 * weights and optimizer state stay: `disposeModel(model)` frees them.
 *
 * @param trial Who hears of it.
 * @param model A model with one input and one output, compiled.
 * @param data The examples.
 * @throws {TypeError} If the model is not compiled or has several inputs or
 * outputs, data are no tensors or disposed, or an option is of the wrong kind.
 * @throws {RangeError} If x and y differ in length or are empty, or an option
 * is out of range, or names a layer that the model lacks.
 * @throws {Error} If the backend cannot compute, for want of memory for
 * example; the message names the backend, the operation and the batch.
 *
 * @example
 * ```ts
 * import { fitTrial, loadTensorFlow } from "@etude/etude/tensorflow";
 *
 * const { tf } = await loadTensorFlow();
 * const x = tf.linspace(-1, 1, 100).reshape([100, 1]);
 * const y = x.mul(3);
 * const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [1] })] });
 * model.compile({ optimizer: tf.train.sgd(0.5), loss: "meanSquaredError" });
 *
 * const trial = { // in a study, the trial that the objective is given
 *   number: 0,
 *   report: async (step: number, values: unknown) => console.log(step, values),
 *   shouldStop: () => false,
 * };
 * const { best } = await fitTrial(trial, model, { train: { x, y } }, { epochs: 3, validationSplit: 0.2 });
 * best?.validation?.loss; // below 0.1
 * ```
 */
export async function fitTrial(
  trial: ReportingTrial,
  model: LayersModel,
  data: FitData,
  options: FitTrialOptions,
): Promise<FitResult> {
  const plan = fitPlan(model, data, options);
  const tf = await importTensorFlow();
  const fit = new Fit(tf, trial, model, plan);
  return await fit.run();
}

/** Which batch it is. */
interface Batch {
  /** Its number in the epoch, from 0. */
  readonly batch: number;
  /** How many examples it has. */
  readonly count: number;
}

/** A training in progress. */
class Fit {
  readonly #tf: TensorFlow;
  readonly #trial: ReportingTrial;
  readonly #model: LayersModel;
  readonly #plan: FitPlan;
  readonly #breather = new Breather();
  readonly #dropout: DropoutSeeds;
  /** Null if nothing changes the learning rate. */
  readonly #rate: LearningRate | null;
  readonly #layers: LayerSteps | null;
  #stopped = false;

  constructor(
    tf: TensorFlow,
    trial: ReportingTrial,
    model: LayersModel,
    plan: FitPlan,
  ) {
    this.#tf = tf;
    this.#trial = trial;
    this.#model = model;
    this.#plan = plan;
    this.#dropout = new DropoutSeeds(
      model,
      this.#stream("dropout"),
    );
    const { layers, schedule } = plan;
    this.#rate = layers === null && schedule === null
      ? null
      : new LearningRate(model);
    this.#layers = layers === null
      ? null
      : new LayerSteps(tf, model, layers, this.#rate!);
  }

  async run(): Promise<FitResult> {
    const { epochs, earlyStop } = this.#plan;
    const history: EpochValues[] = [];
    const kept = earlyStop?.restoreBest
      ? new BestWeights(this.#tf, this.#model)
      : null;
    let reason = `All ${epochs} epochs are done.`;
    try {
      await this.#trial.setAttribute?.(
        trainingFactsKey,
        await trainingFacts(this.#tf, this.#model, this.#plan),
      );
      const { startStep = 0 } = this.#trial;
      for (let epoch = startStep + 1; epoch <= epochs; epoch++) {
        this.#stopped = this.#trial.shouldStop();
        const values = this.#stopped ? null : await this.#epoch(epoch);
        if (values === null) {
          reason = `Told to stop in epoch ${epoch}.`;
          break;
        }
        history.push(values);
        const { train, validation } = values;
        await this.#trial.report(epoch, {
          train: { ...train },
          ...validation === null ? {} : { validation: { ...validation } },
        });
        if (earlyStop === null) continue;
        const state = stateOf(earlyStop, history);
        if (state.best === history.length - 1) kept?.keep(epoch);
        if (state.why === null || epoch === epochs) continue;
        reason = state.why;
        break;
      }
      kept?.restore();
    } finally {
      this.#dropout.restore();
      this.#rate?.restore();
      kept?.dispose();
    }
    return Object.freeze({
      epochs: history.length,
      stopped: this.#stopped,
      reason: reason + notANumberNote(history, backendNameOf(this.#tf)),
      best: bestEpoch(history, earlyStop),
      weightsOf: kept?.epoch ?? history.at(-1)?.epoch ?? null,
      curves: curvesOf(history),
    });
  }

  /** Trains an epoch and measures; null if told to stop. */
  async #epoch(epoch: number): Promise<EpochValues | null> {
    const { train, validation, trainMetrics } = this.#plan;
    const order = this.#stream("order", epoch);
    const averages = await this.#overBatches(
      { ...train, rows: order.shuffle(train.rows) },
      this.#plan.batchSize,
      `train the model in epoch ${epoch}`,
      async (x, y, { batch }) => {
        this.#dropout.next();
        this.#setRate(epoch, batch);
        const train = () => this.#model.trainOnBatch(x, y);
        const values = await (this.#layers?.step(epoch, train) ?? train());
        return Array.isArray(values) ? values : [values];
      },
    );
    const measured = trainMetrics === "averaged"
      ? averages
      : await this.#evaluate(train, epoch);
    const checked = validation === null
      ? null
      : await this.#evaluate(validation, epoch);
    if (measured === null || this.#stopped) return null;
    return Object.freeze({ epoch, train: measured, validation: checked });
  }

  /** Gives the optimizer the learning rate of a batch, from 0 in its epoch. */
  #setRate(epoch: number, batch: number): void {
    const { schedule, epochs, train, batchSize } = this.#plan;
    if (schedule === null) return;
    const batches = Math.ceil(train.rows.length / batchSize);
    const last = epochs * batches - 1;
    const progress = last === 0 ? 0 : ((epoch - 1) * batches + batch) / last;
    this.#rate!.value = this.#rate!.base * scheduleFactor(schedule, progress);
  }

  #evaluate(
    part: Rows,
    epoch: number,
  ): Promise<Readonly<Record<string, number>> | null> {
    return this.#overBatches(
      part,
      this.#plan.evaluationBatchSize,
      `evaluate the model in epoch ${epoch}`,
      async (x, y, { count }) => {
        const found = this.#model.evaluate(x, y, { batchSize: count });
        const scalars = Array.isArray(found) ? found : [found];
        try {
          const values = await Promise.all(scalars.map((one) => one.data()));
          return values.map((value) => value[0]!);
        } finally {
          this.#tf.dispose(scalars);
        }
      },
    );
  }

  /**
   * Averages what `work` measures on the batches of some rows; null if told to stop.
   *
   * @param what What is done, for errors.
   */
  async #overBatches(
    { x, y, rows }: Rows,
    batchSize: number,
    what: string,
    work: (x: Tensor, y: Tensor, batch: Batch) => Promise<number[]>,
  ): Promise<Readonly<Record<string, number>> | null> {
    const average = new MetricAverage(this.#plan.metricNames);
    for (let from = 0; from < rows.length; from += batchSize) {
      if (this.#stopped || await this.#toldToStop()) return null;
      const batch = rows.slice(from, from + batchSize);
      const { length: count } = batch;
      const values = await computing(
        this.#tf,
        `${what}, batch ${from / batchSize + 1}`,
        async () => {
          const tensors: Tensor[] = [];
          try {
            const indices = this.#tf.tensor1d(batch, "int32");
            tensors.push(indices);
            for (const all of [x, y]) {
              tensors.push(this.#tf.gather(all, indices));
            }
            const [, inputs, targets] = tensors as [Tensor, Tensor, Tensor];
            return await work(inputs, targets, {
              batch: from / batchSize,
              count,
            });
          } finally {
            this.#tf.dispose(tensors);
          }
        },
      );
      average.add(values, count);
    }
    return average.result();
  }

  #stream(...purpose: readonly (string | number)[]): RandomStream {
    const { number, seed = "none" } = this.#trial;
    return randomStream(this.#plan.seed, seed, number, ...purpose);
  }

  /** Takes a breath if it is time, and then asks the trial. */
  async #toldToStop(): Promise<boolean> {
    if (await this.#breather.breathe()) {
      this.#stopped = this.#trial.shouldStop();
    }
    return this.#stopped;
  }
}

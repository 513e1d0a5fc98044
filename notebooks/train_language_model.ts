/**
 * The training of a language model as a trial: what the notebook's studies and
 * the bench run.
 *
 * @module
 */

import { randomStream } from "@etude/etude";
import {
  type LayerSettings,
  type ReportingTrial,
  scheduleFactor,
  type Tensor,
  type TensorFlow,
} from "@etude/etude/tensorflow";
import type { LanguageModel } from "./language_model.ts";
import {
  evenWindows,
  frequencyBits,
  randomWindows,
  type Text,
} from "./paradise_lost.ts";

/** How a language model is trained. */
export interface TrainingPlan {
  /** How often it is reported: the steps of the trial's curves, and its budget. */
  readonly reports: number;
  /** Training steps between two reports. Defaults to `10`. */
  readonly stepsPerReport?: number;
  /** Windows a training step. Defaults to `8`. */
  readonly batch?: number;
  /** The learning rate at its height. */
  readonly learningRate: number;
  /** The share of the training in which it rises; then it falls along a cosine to a tenth. Defaults to `0.1`. */
  readonly warmup?: number;
  /** Learning rates of layers that differ. Defaults to none. */
  readonly layers?: LayerSettings;
  /** Where the windows come from, the same for trials to be compared. Defaults to `"windows"`. */
  readonly seed?: string;
  /** Windows that the validation loss is measured on. Defaults to `64`. */
  readonly validationWindows?: number;
}

/**
 * Trains a model and reports the losses in bits per character, `train` as the
 * mean over the steps since the last report. A trial that was paused goes on
 * after its `startStep`, with the model that it was paused with.
 */
export async function trainLanguageModel(
  tf: TensorFlow,
  trial: ReportingTrial,
  model: LanguageModel,
  text: Text,
  plan: TrainingPlan,
): Promise<void> {
  const { reports, stepsPerReport = 10, batch = 8, warmup = 0.1 } = plan;
  const { context } = model.size;
  const factors = factorsOf(plan);
  const validation = evenWindows(tf, text.validation, {
    count: plan.validationWindows ?? 64,
    context,
  });
  try {
    await trial.setAttribute?.("training facts", {
      baseline: frequencyBits(text),
      nValidation: validation.size,
      trainAveraged: true,
    });
    const { startStep = 0 } = trial;
    for (let report = startStep + 1; report <= reports; report++) {
      if (trial.shouldStop()) return;
      const random = randomStream(plan.seed ?? "windows", report);
      let sum = 0;
      for (let step = 0; step < stepsPerReport; step++) {
        const windows = randomWindows(tf, text.train, {
          count: batch,
          context,
          random,
        });
        const done = (report - 1) * stepsPerReport + step;
        const rate = plan.learningRate * scheduleFactor(
          { shape: "cosine", warmup, end: 0.1 },
          done / (reports * stepsPerReport),
        );
        const loss = model.step(windows, rate, factors);
        sum += await scalarOf(loss);
        windows.dispose();
      }
      await trial.report(report, {
        train: { loss: sum / stepsPerReport },
        validation: { loss: await lossOn(tf, model, validation) },
      });
    }
  } finally {
    validation.dispose();
  }
}

/** The loss of a model on a part of the text, in bits per character. */
export async function bitsPerCharacter(
  tf: TensorFlow,
  model: LanguageModel,
  part: Int32Array,
  count = 512,
): Promise<number> {
  const windows = evenWindows(tf, part, { count, context: model.size.context });
  try {
    return await lossOn(tf, model, windows);
  } finally {
    windows.dispose();
  }
}

/** What a model writes after a beginning of at least `context` characters. */
export function write(
  tf: TensorFlow,
  model: LanguageModel,
  { characters }: Text,
  { after, length, seed = "write" }: {
    after: Int32Array;
    length: number;
    seed?: string;
  },
): string {
  const random = randomStream(seed, "write");
  const { context, vocabulary } = model.size;
  const written = [...after];
  for (let i = 0; i < length; i++) {
    const chances = tf.tidy(() => {
      const seen = tf.tensor2d(written.slice(-context), [1, context], "int32");
      return tf.softmax(model.logits(seen)).dataSync()
        .slice(-vocabulary) as Float32Array;
    });
    let left = random.uniform();
    const next = chances.findIndex((chance) => (left -= chance) < 0);
    written.push(next < 0 ? vocabulary - 1 : next);
  }
  return written.slice(-length).map((number) => characters[number]).join("");
}

async function lossOn(
  tf: TensorFlow,
  model: LanguageModel,
  windows: Tensor,
): Promise<number> {
  return await scalarOf(tf.tidy(() => model.loss(windows)));
}

async function scalarOf(loss: Tensor): Promise<number> {
  const [value] = await loss.data();
  loss.dispose();
  return value!;
}

/** Each layer's learning rate as a multiple of the whole's. */
function factorsOf(
  { layers = {}, learningRate }: TrainingPlan,
): Record<string, number> {
  return Object.fromEntries(
    Object.values(layers).flatMap((group) =>
      group.layers.map((layer) => [
        layer,
        (group.learningRate ?? learningRate) / learningRate,
      ])
    ),
  );
}

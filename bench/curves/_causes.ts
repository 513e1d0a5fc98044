/**
 * Trainings that go wrong for a known reason: a cause is put in, and kept only
 * where the loss on a large unseen set shows that it did harm.
 *
 * @module
 */

import { type RandomStream, randomStream } from "../../lib/math/mod.ts";
import {
  type Examples,
  type TrainingConfig,
  type TrainingCurves,
  trainNetwork,
} from "./_network.ts";
import type { Task } from "./_tasks.ts";

/** What can be put in; the names are those of the shared data set. */
export const causes = [
  "healthy",
  "lr_too_large",
  "lr_too_small",
  "too_few_epochs",
  "underfit_capacity",
  "underfit_regularised",
  "overfit",
  "noisy_validation",
  "late_step_noise",
  "leak_duplicates",
  "leak_label",
  "validation_shift",
  "dead_plateau",
] as const;

/** The name of a cause. */
export type Cause = typeof causes[number];

/** A training with its cause. Runs of one `study` differ in their parameters only. */
export interface LabelledRun extends TrainingCurves {
  readonly task: string;
  readonly use: "set" | "report";
  readonly study: string;
  readonly seed: number;
  readonly cause: Cause;
  readonly attempt: number;
  readonly params: {
    readonly learningRate: number;
    readonly momentum: number;
    readonly batch: number;
    readonly epochs: number;
    readonly width: number;
    readonly weightDecay: number;
    readonly dropout: number;
  };
  /** The loss of the best constant answer. */
  readonly baseline: number;
  /** How many examples a validation value is a mean over. */
  readonly nValidation: number;
}

interface Setting {
  readonly config: TrainingConfig;
  readonly trainCount: number;
  readonly validationCount: number;
}

/** What may be changed of a training when it is run again. */
export type Params = LabelledRun["params"];

interface OpenStudy {
  /** A training with a cause put in. */
  run(cause: Cause, attempt: number): LabelledRun;
  /** The same training, from the same random numbers, with other parameters. */
  again(before: LabelledRun, params: Params): LabelledRun;
}

/** A study's data and its settings; `rate` is looked for if it is not given. */
function openStudy(task: Task, seed: number, rate?: number): OpenStudy {
  const random = randomStream("curves", task.name, seed);
  const draw = task.prepare(random);
  const truth = draw(600, random);
  const base = healthySetting(random);
  const pool = draw(base.trainCount, random);
  const good = rate ?? bestRate(base.config, { train: pool, truth }, random);
  const train = (
    cause: Cause,
    attempt: number,
    change: Partial<TrainingConfig>,
  ): LabelledRun => {
    const stream = randomStream("curves", task.name, seed, cause, attempt);
    const own = settingOf(cause, base, good, stream);
    const config = { ...own.config, ...change };
    const data = dataFor(cause, own, { draw, truth, pool }, stream);
    const curves = trainNetwork(config, data, stream);
    return {
      task: task.name,
      use: task.use,
      study: `${task.name} ${seed}`,
      seed,
      cause,
      attempt,
      params: {
        learningRate: config.learningRate,
        momentum: config.momentum,
        batch: config.batch,
        epochs: config.epochs,
        width: config.layers[0]!,
        weightDecay: config.weightDecay,
        dropout: config.dropout,
      },
      baseline: baselineOf(data.train),
      nValidation: config.validationSample || data.validation.count,
      ...curves,
    };
  };
  return {
    run: (cause, attempt) => train(cause, attempt, {}),
    again: ({ cause, attempt }, params) => {
      const { width, ...rest } = params;
      return train(cause, attempt, {
        ...rest,
        layers: base.config.layers.map(() => width),
      });
    },
  };
}

/** Runs a training again, with the same data and other parameters. */
export function runAgain(
  task: Task,
  before: LabelledRun,
  params: Params,
): LabelledRun {
  // The good rate is not needed: the parameters say the rate.
  return openStudy(task, before.seed, 1).again(before, params);
}

/** The trainings of one study: some healthy ones, and one of each cause where it took effect. */
export function* makeStudy(
  task: Task,
  seed: number,
): Generator<LabelledRun> {
  const { run } = openStudy(task, seed);
  // What a healthy training reaches is what harm is measured by.
  let goal = NaN;
  for (let attempt = 0; attempt < 5; attempt++) {
    const healthy = run("healthy", attempt);
    const end = endOf(healthy.truth);
    const lowest = Math.min(...healthy.truth);
    if (!(end < 0.8 * healthy.baseline) || end > 1.03 * lowest) continue;
    goal = Number.isNaN(goal) ? end : Math.min(goal, end);
    yield healthy;
  }
  if (Number.isNaN(goal)) return;
  for (const cause of causes.slice(1)) {
    for (let attempt = 0; attempt < 5; attempt++) {
      const made = run(cause, attempt);
      if (!tookEffect(made, goal)) continue;
      yield made;
      break;
    }
  }
}

function pick<T>(items: readonly T[], random: RandomStream): T {
  return items[random.int(items.length)]!;
}

function logBetween(low: number, high: number, random: RandomStream): number {
  return low * (high / low) ** random.uniform();
}

function healthySetting(random: RandomStream): Setting {
  const depth = 1 + random.int(3);
  const width = Math.round(logBetween(14, 40, random));
  return {
    config: {
      layers: Array.from({ length: depth }, () => width),
      activation: pick(["relu", "relu", "tanh"] as const, random),
      optimizer: pick(["sgd", "adam"] as const, random),
      learningRate: 0.01,
      momentum: pick([0, 0.8, 0.9], random),
      batch: pick([16, 32, 64], random),
      epochs: Math.round(logBetween(20, 120, random)),
      weightDecay: logBetween(3e-4, 3e-3, random),
      dropout: pick([0, 0, 0, 0.1, 0.2], random),
      schedule: pick(
        ["cosine", "cosine", "steps", "constant"] as const,
        random,
      ),
      biasStart: 0,
      validationSample: 0,
      lossWithPenalty: random.uniform() < 0.25,
    },
    trainCount: Math.round(logBetween(400, 1000, random)),
    validationCount: Math.round(logBetween(150, 600, random)),
  };
}

/** The rate that learns most in ten epochs, of a coarse grid. */
function bestRate(
  config: TrainingConfig,
  { train, truth }: { train: Examples; truth: Examples },
  random: RandomStream,
): number {
  let best = { rate: NaN, loss: Infinity };
  for (let k = 0; k < 7; k++) {
    const rate = (config.optimizer === "adam" ? 1e-3 : 3e-3) * 2.5 ** (k - 1);
    const { truth: losses } = trainNetwork(
      { ...config, learningRate: rate, epochs: 10, schedule: "cosine" },
      { train, validation: slice(truth, 10), truth: slice(truth, 400) },
      random,
    );
    const loss = losses.at(-1)!;
    if (loss < best.loss) best = { rate, loss };
  }
  return best.rate;
}

function settingOf(
  cause: Cause,
  base: Setting,
  rate: number,
  random: RandomStream,
): Setting {
  const vary = {
    ...base.config,
    learningRate: rate * logBetween(0.4, 1.3, random),
    weightDecay: base.config.weightDecay * logBetween(0.5, 2, random),
  };
  const withConfig = (change: Partial<TrainingConfig>): Setting => ({
    ...base,
    config: { ...vary, ...change },
  });
  const layersOf = (width: number) => vary.layers.map(() => width);
  switch (cause) {
    case "lr_too_large":
      return withConfig({
        learningRate: rate * logBetween(15, 200, random),
        schedule: "constant",
      });
    case "lr_too_small":
      return withConfig({
        learningRate: rate / logBetween(80, 800, random),
        schedule: pick(["constant", "cosine"] as const, random),
      });
    case "too_few_epochs":
      return withConfig({
        learningRate: rate / logBetween(3, 10, random),
        epochs: 8 + random.int(10),
        schedule: "constant",
      });
    case "underfit_capacity":
      return withConfig({ layers: layersOf(1 + random.int(2)) });
    case "underfit_regularised":
      return random.uniform() < 0.6
        ? withConfig({ weightDecay: logBetween(0.01, 0.2, random) })
        : withConfig({ dropout: 0.6 + 0.2 * random.uniform() });
    case "overfit":
    case "leak_duplicates":
      return {
        ...withConfig({
          layers: layersOf(Math.round(logBetween(48, 96, random))),
          // Small batches and wide layers want smaller steps.
          learningRate: vary.learningRate * logBetween(0.15, 0.5, random),
          weightDecay: 0,
          dropout: 0,
          epochs: Math.round(logBetween(60, 240, random)),
          schedule: "constant",
          batch: 16,
        }),
        trainCount: Math.round(logBetween(100, 300, random)),
      };
    case "noisy_validation":
      return random.uniform() < 0.5
        ? withConfig({ validationSample: 20 + random.int(40) })
        : {
          ...withConfig({ schedule: "constant" }),
          validationCount: 10 + random.int(16),
        };
    case "late_step_noise":
      return withConfig({
        learningRate: rate * logBetween(5, 30, random),
        batch: 8,
        schedule: "constant",
        momentum: Math.min(vary.momentum, 0.5),
      });
    case "dead_plateau":
      return withConfig({
        biasStart: -7 - 4 * random.uniform(),
      });
    default:
      return withConfig({});
  }
}

function dataFor(
  cause: Cause,
  { trainCount, validationCount }: Setting,
  { draw, truth, pool }: {
    draw: (count: number, random: RandomStream) => Examples;
    truth: Examples;
    pool: Examples;
  },
  random: RandomStream,
): { train: Examples; validation: Examples; truth: Examples } {
  const train = slice(pool, trainCount);
  const validation = draw(validationCount, random);
  if (cause === "leak_duplicates") {
    const copies = slice(train, Math.min(trainCount, validationCount));
    return { train, validation: copies, truth };
  }
  if (cause === "leak_label") {
    const strength = 1 + random.uniform();
    const leak = (data: Examples) => withLabels(data, strength, random);
    return {
      train: leak(train),
      validation: leak(validation),
      truth: leak(truth),
    };
  }
  if (cause === "validation_shift") {
    const direction = Array.from(
      { length: train.inputs },
      () => (random.uniform() < 0.5 ? -1 : 1) * (0.6 + random.uniform()),
    );
    const x = validation.x.map((v, i) => v + direction[i % train.inputs]!);
    return { train, validation: { ...validation, x }, truth };
  }
  return { train, validation, truth };
}

/** The first examples. */
function slice(data: Examples, count: number): Examples {
  const kept = Math.min(count, data.count);
  return {
    ...data,
    count: kept,
    x: data.x.subarray(0, kept * data.inputs),
    y: data.y.subarray(0, kept),
  };
}

/** The answer as one more input, nearly plain. */
function withLabels(
  data: Examples,
  strength: number,
  random: RandomStream,
): Examples {
  const extra = Math.max(1, data.classes);
  const inputs = data.inputs + extra;
  const x = new Float64Array(data.count * inputs);
  for (let row = 0; row < data.count; row++) {
    for (let i = 0; i < data.inputs; i++) {
      x[row * inputs + i] = data.x[row * data.inputs + i]!;
    }
    for (let c = 0; c < extra; c++) {
      x[row * inputs + data.inputs + c] = data.classes === 0
        ? strength * data.y[row]! + 0.02 * random.normal()
        : (data.y[row] === c ? 2 * strength : 0) + 0.1 * random.normal();
    }
  }
  return { ...data, x, inputs };
}

function baselineOf(data: Examples): number {
  const { y, classes, count } = data;
  if (classes === 0) {
    const mean = y.reduce((a, b) => a + b, 0) / count;
    return y.reduce((sum, v) => sum + (v - mean) ** 2, 0) / count;
  }
  let entropy = 0;
  for (let c = 0; c < classes; c++) {
    const p = y.filter((v) => v === c).length / count;
    if (p > 0) entropy -= p * Math.log(p);
  }
  return entropy;
}

const endOf = (values: readonly number[]) => {
  const tail = values.slice(-Math.max(3, Math.round(values.length / 10)));
  return tail.reduce((a, b) => a + b, 0) / tail.length;
};

/** Whether the cause did the harm that its name says. */
function tookEffect(run: LabelledRun, goal: number): boolean {
  const { baseline, truth, validation } = run;
  const end = endOf(truth);
  const lowest = Math.min(...truth);
  const descent = (baseline - end) / (baseline - goal);
  switch (run.cause) {
    case "lr_too_large":
      return !(end < goal + 0.5 * (baseline - goal));
    case "lr_too_small":
      return descent < 0.5;
    case "too_few_epochs":
      return descent > 0.25 && descent < 0.85;
    case "underfit_capacity":
    case "underfit_regularised":
      return end > 1.35 * goal && descent > 0.1;
    case "overfit":
      return end > 1.1 * lowest && lowest < 0.95 * baseline &&
        endOf(run.train) < 0.7 * lowest;
    case "late_step_noise": {
      const late = truth.slice(-Math.round(truth.length / 2));
      const mean = late.reduce((a, b) => a + b, 0) / late.length;
      const sd = Math.sqrt(
        late.reduce((sum, v) => sum + (v - mean) ** 2, 0) / late.length,
      );
      return sd > 0.03 * mean && end > 1.1 * goal &&
        end < goal + 0.5 * (baseline - goal);
    }
    case "noisy_validation": {
      // What the small sample says beside what is true, late in the training.
      const off = validation.map((v, i) => v - truth[i]!)
        .slice(validation.length >> 1);
      const mean = off.reduce((a, b) => a + b, 0) / off.length;
      const sd = Math.sqrt(
        off.reduce((sum, v) => sum + (v - mean) ** 2, 0) / off.length,
      );
      return sd > 0.04 * end;
    }
    case "leak_label":
      return end < 0.5 * goal;
    case "leak_duplicates":
      return endOf(validation) < 0.5 * end &&
        endOf(run.train) < 0.1 * baseline;
    case "validation_shift":
      return endOf(validation) > 1.3 * end;
    case "dead_plateau":
      return Math.abs(descent) < 0.05;
    default:
      return true;
  }
}

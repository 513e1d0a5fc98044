/**
 * Makes the pictures of README.md and docs/, a few kilobytes each, from real
 * trainings on the digits of `notebooks/data/`:
 *
 *     deno run -A tools/pictures.ts           train anew (some minutes) and draw
 *     deno run -A tools/pictures.ts --draw    draw what was trained before
 *
 * @module
 */

import { join } from "node:path";
import {
  audited,
  type Chart,
  choice,
  type ConfigurationOf,
  createStudy,
  describeTask,
  float,
  int,
  maximize,
  medianPruner,
  minimize,
  row,
  savingsChart,
  space,
  type Study,
  type Trial,
} from "../mod.ts";
import {
  disposeModel,
  fitTrial,
  loadTensorFlow,
  type Tensor,
} from "../lib/tensorflow/mod.ts";
import { type DigitsPart, loadDigits } from "../notebooks/digits.ts";
import { exists, freshFolder, inProject, outFolder } from "./project.ts";

/** Where the pictures lie. */
export const picturesFolder: string = inProject("docs", "pictures");

const folder = join(outFolder, "pictures");
const quiet = { progress: false } as const;

const searchSpace = space({
  learningRate: float(1e-4, 1e-1, { log: true }),
  units: int(8, 512, { log: true }),
  dropout: float(0, 0.8),
  batchSize: int(16, 128, { log: true }),
  optimizer: choice(["adam", "sgd"]),
  momentum: float(0.5, 0.99).when({ optimizer: "sgd" }),
});
type Params = ConfigurationOf<typeof searchSpace>;

/** Few digits to learn from: a wide network soon knows them by heart. */
const LEARNT = 300;

interface Examples {
  readonly x: Tensor;
  readonly y: Tensor;
}

/** What is asked of a digit; the answers are numbered from 0. */
type Question = (digit: number) => number;
const whichDigit: Question = (digit) => digit;
const earlier: Readonly<Record<string, Question>> = {
  "even or odd": (digit) => digit % 2,
  "with a loop or without": (digit) => [0, 6, 8, 9].includes(digit) ? 1 : 0,
  "below five or not": (digit) => digit < 5 ? 0 : 1,
};

/** The studies that are drawn. */
interface Studies {
  readonly digits: Study<Params>;
  readonly curves: Study<Params>;
  readonly warm: Study<Params>;
  readonly cold: Study<Params>;
}

/** Opens the studies, and trains what they lack. */
async function openStudies(): Promise<Studies> {
  const { tf } = await loadTensorFlow({ prefer: "wasm", only: true });
  const digits = await loadDigits();

  const examples = (part: DigitsPart, ask: Question, count: number) => {
    const labels = [...part.labels.slice(0, count)].map(ask);
    return {
      x: tf.tensor2d(part.images.slice(0, 64 * count), [count, 64]),
      y: tf.oneHot(tf.tensor1d(labels, "int32"), Math.max(...labels) + 1),
      labels,
    };
  };

  const train = async (
    trial: Trial<Params>,
    data: { readonly train: Examples; readonly validation: Examples },
    epochs: number,
  ) => {
    const { units, dropout, learningRate, batchSize } = trial.params;
    const weights = (layer: number) =>
      tf.initializers.glorotUniform({ seed: trial.seed + layer });
    const model = tf.sequential({
      layers: [
        tf.layers.dense({
          units,
          activation: "relu",
          inputShape: [64],
          kernelInitializer: weights(0),
        }),
        tf.layers.dropout({ rate: dropout }),
        tf.layers.dense({
          units: data.train.y.shape[1]!,
          activation: "softmax",
          kernelInitializer: weights(1),
        }),
      ],
    });
    model.compile({
      optimizer: trial.params.optimizer === "sgd"
        ? tf.train.momentum(learningRate, trial.params.momentum)
        : tf.train.adam(learningRate),
      loss: "categoricalCrossentropy",
      metrics: ["accuracy"],
    });
    try {
      await fitTrial(trial, model, data, { epochs, batchSize });
    } finally {
      disposeModel(model);
    }
  };

  const onDigits = {
    train: examples(digits.train, whichDigit, LEARNT),
    validation: examples(digits.validation, whichDigit, 360),
  };
  const study = await createStudy({
    name: "digits",
    space: searchSpace,
    objective: minimize("validation loss"),
    pruner: audited(medianPruner({ startupTrials: 8, warmupSteps: 5 })),
    storage: join(folder, "digits.db"),
    seed: "pictures",
    library: false,
  });
  const objective = async (trial: Trial<Params>) => {
    await train(trial, onDigits, 40);
    return trial.best("validation loss");
  };
  while (study.trials.length < 50) {
    await study.optimize(objective, {
      trials: 50 - study.trials.length,
      ...quiet,
    });
  }
  // With sixty digits a wide network learns by heart: for the page on curves.
  const few = {
    train: examples(digits.train, whichDigit, 60),
    validation: onDigits.validation,
  };
  const curves = await createStudy({
    name: "sixty digits",
    space: searchSpace,
    objective: minimize("validation loss"),
    storage: join(folder, "curves.db"),
    seed: "pictures",
    library: false,
  });
  const onFew = async (trial: Trial<Params>) => {
    await train(trial, few, 100);
    return trial.best("validation loss");
  };
  if (curves.trials.length === 0) {
    await curves.optimize(onFew, { trials: 12, ...quiet });
    await curves.try(
      {
        learningRate: 0.02,
        units: 256,
        dropout: 0,
        batchSize: 32,
        optimizer: "adam",
      },
      onFew,
      quiet,
    );
  }

  const search = async (
    name: string,
    ask: Question,
    file: string,
    trials: number,
    library: false | string[],
  ) => {
    const data = {
      train: examples(digits.train, ask, LEARNT),
      validation: examples(digits.validation, ask, 360),
    };
    const rows = data.train.labels.map((_, i) => [
      ...digits.train.images.slice(64 * i, 64 * (i + 1)),
    ]);
    const one = await createStudy({
      name,
      space: searchSpace,
      objective: maximize("validation accuracy"),
      storage: join(folder, file),
      seed: "pictures",
      task: await describeTask({ x: rows, y: data.train.labels.map(String) }, {
        tags: ["images", "digits"],
        model: { kind: "mlp" },
      }),
      library,
    });
    if (one.trials.length < trials) {
      await one.optimize(async (trial) => {
        await train(trial, data, 10);
        return trial.best("validation accuracy");
      }, { trials: trials - one.trials.length, ...quiet });
    }
    return one;
  };
  for (const [question, ask] of Object.entries(earlier)) {
    await search(question, ask, "past.db", 20, false);
  }
  const cold = await search("cold", whichDigit, "cold.db", 20, false);
  const warm = await search("which digit", whichDigit, "warm.db", 20, [
    join(folder, "past.db"),
  ]);
  return { digits: study, curves, warm, cold };
}

/** The pictures by name. */
function picturesOf(
  { digits, curves, warm, cold }: Studies,
): Readonly<Record<string, Chart>> {
  const { charts } = digits;
  const byHeart = curves.diagnose(curves.trials.length - 1);
  return {
    overview: row([charts.optimizationHistory(), byHeart.chart]),
    diagnosis: byHeart.chart,
    parallel: charts.parallelCoordinates(),
    "what-if": charts.whatIf({
      parameters: ["learningRate", "units", "dropout"],
    }),
    map: charts.searchMap(),
    importance: charts.importance(),
    pruning: charts.pruning(),
    "warm-start": savingsChart(warm, [
      cold.trials.map(({ value }) => value ?? NaN),
    ], { isReal: true }),
    sources: warm.charts.warmStart(),
  };
}

/** A picture without what nobody sees: places to a tenth of a pixel, no labels of single marks. */
function slim(svg: string): string {
  return svg
    .replaceAll(/ (aria-[a-z]+|role)="[^"]*"/g, "")
    .replaceAll(
      / (d|transform|x|y|x1|y1|x2|y2|width|height)="[^"]*"/g,
      (attribute) =>
        attribute.replaceAll(
          /-?\d+\.\d{2,}(?:e-?\d+)?/g,
          (number) => String(Number(Number(number).toFixed(1))),
        ),
    );
}

if (import.meta.main) {
  if (!Deno.args.includes("--draw") || !await exists(folder)) {
    await freshFolder(folder);
  }
  const studies = await openStudies();
  await freshFolder(picturesFolder);
  let total = 0;
  for (const [name, chart] of Object.entries(picturesOf(studies))) {
    const svg = slim(await chart.withTheme("light").toSVG());
    total += svg.length;
    await Deno.writeTextFile(join(picturesFolder, `${name}.svg`), svg);
    console.log(`${name}: ${(svg.length / 1000).toFixed(0)} kB`);
  }
  console.log(`${(total / 1000).toFixed(0)} kB in all`);
}

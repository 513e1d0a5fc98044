/**
 * Whether advice helps on real trainings: `deno run -A bench/curves/intervention_tfjs.ts`.
 *
 * tfjs networks on real data sets. A study has six trials that are about right and
 * six with a trouble put in; each of the latter is diagnosed by `study.diagnose(n)`,
 * as a user would, and the suggestion is trained: from the same first weights and
 * order of examples, and from others. The same is done with a random parameter
 * moved as far in the unit cube. Compared is the best validation loss.
 *
 * Rules may be revised by what the sets `set` show (digits, wine); `report`
 * (breast cancer, diabetes, iris) only tells.
 *
 * `--use report`, `--studies 4` of each data set, `--data ../shared/data`.
 *
 * @module
 */

import { parseArgs } from "node:util";
import {
  choice,
  type Configuration,
  type ConfigurationOf,
  createStudy,
  float,
  int,
  minimize,
  space,
  type Trial,
} from "../../mod.ts";
import { type RandomStream, randomStream } from "../../lib/math/mod.ts";
import { median } from "../../lib/curves/mod.ts";
import { fromUnit, type Space, toUnit } from "../../lib/space/mod.ts";
import {
  fitTrial,
  loadTensorFlow,
  type Tensor,
} from "../../lib/tensorflow/mod.ts";
import { readReal, realSets } from "./_real_data.ts";
import { signTest } from "./_score.ts";

const { values: options } = parseArgs({
  options: {
    use: { type: "string", default: "report" },
    studies: { type: "string", default: "4" },
    data: { type: "string", default: "../shared/data" },
  },
});
const folder = new URL(
  `${options.data}/datasets/`,
  new URL("../../", import.meta.url),
);
const { tf } = await loadTensorFlow();

const searched = space({
  optimizer: choice(["adam", "sgd"]),
  learningRate: float(1e-6, 30, { log: true }),
  batchSize: int(8, 128, { log: true }),
  units: int(1, 256, { log: true }),
  dropout: float(0, 0.8),
  l2: float(1e-6, 1, { log: true }),
  epochs: int(4, 250, { log: true }),
});
type Params = ConfigurationOf<typeof searched>;

interface Part {
  readonly x: Tensor;
  readonly y: Tensor;
}

/** What a study's trainings have in common. */
interface Setting {
  readonly name: string;
  readonly classes: number | null;
  readonly inputs: number;
  readonly depth: number;
  readonly activation: "relu" | "tanh";
  readonly train: Part;
  readonly validation: Part;
}

async function settingOf(set: string, study: number): Promise<Setting> {
  const random = randomStream("interventions", set, study);
  const { x, y, classes } = await readReal(set, folder, random);
  const held = Math.min(200, Math.floor(x.length * 0.4));
  // Every other study has few examples to learn from.
  const count = Math.min(
    x.length - held,
    study % 2 === 1 ? 30 + random.int(40) : 150,
  );
  const part = (from: number, to: number): Part => ({
    x: tf.tensor2d(x.slice(from, to)),
    y: classes === null
      ? tf.tensor2d(y.slice(from, to).map((v) => [v]))
      : tf.tidy(() =>
        tf.oneHot(tf.tensor1d(y.slice(from, to), "int32"), classes)
          .toFloat() as Tensor
      ),
  });
  return {
    name: `${set}-${study}`,
    classes,
    inputs: x[0]!.length,
    depth: 1 + random.int(2),
    activation: random.uniform() < 0.5 ? "relu" : "tanh",
    train: part(held, held + count),
    validation: part(0, held),
  };
}

function build(setting: Setting, params: Params, seed: number) {
  const { units, l2, dropout, learningRate } = params;
  const model = tf.sequential();
  for (let layer = 0; layer <= setting.depth; layer++) {
    const last = layer === setting.depth;
    model.add(tf.layers.dense({
      units: last ? setting.classes ?? 1 : units,
      activation: !last
        ? setting.activation
        : setting.classes === null
        ? "linear"
        : "softmax",
      inputShape: layer === 0 ? [setting.inputs] : undefined,
      kernelInitializer: tf.initializers.glorotUniform({ seed: seed + layer }),
      kernelRegularizer: tf.regularizers.l2({ l2 }),
    }));
    if (!last) model.add(tf.layers.dropout({ rate: dropout }));
  }
  model.compile({
    optimizer: params.optimizer === "adam"
      ? tf.train.adam(learningRate)
      : tf.train.sgd(learningRate),
    loss: setting.classes === null
      ? "meanSquaredError"
      : "categoricalCrossentropy",
  });
  return model;
}

type Guest = Pick<Trial<Params>, "report" | "setAttribute">;

/** The best validation loss of a training. */
async function train(
  setting: Setting,
  params: Params,
  seed: number,
  guest?: Guest,
): Promise<number> {
  const model = build(setting, params, 1000 * seed + 1);
  try {
    const { curves } = await fitTrial(
      {
        number: 0,
        seed,
        shouldStop: () => false,
        report: async (epoch, values) => await guest?.report(epoch, values),
        setAttribute: async (key, value) =>
          await guest?.setAttribute(key, value),
      },
      model,
      setting,
      { epochs: params.epochs, batchSize: params.batchSize },
    );
    const values = curves.get("validation loss")!.values;
    return Math.min(...values.filter(Number.isFinite), 1e9);
  } finally {
    model.optimizer.dispose();
    model.dispose();
  }
}

/** One that is about right. */
function rightOne(random: RandomStream): Params {
  const about = (value: number, factor: number) =>
    value * factor ** (2 * random.uniform() - 1);
  return {
    optimizer: "adam",
    learningRate: about(0.006, 2),
    batchSize: Math.round(about(24, 1.5)),
    units: Math.round(about(32, 2)),
    dropout: 0.2 * random.uniform(),
    l2: about(3e-5, 3),
    epochs: Math.round(about(35, 1.25)),
  };
}

/** The troubles, each of its own strength. */
const troubles: Readonly<
  Record<string, (params: Params, random: RandomStream) => Params>
> = {
  "rate too large": (params, random) => ({
    ...params,
    learningRate: params.learningRate * 30 * 10 ** random.uniform(),
  }),
  "rate far too large": (params, random) => ({
    ...params,
    optimizer: "sgd",
    dropout: 0,
    learningRate: 2 * 10 ** random.uniform(),
  }),
  "rate too small": (params, random) => ({
    ...params,
    learningRate: params.learningRate / (20 * 10 ** random.uniform()),
  }),
  "too few epochs": (params, random) => ({
    ...params,
    epochs: 8 + random.int(5),
    learningRate: params.learningRate / 3,
  }),
  "too small or held back": (params, random) =>
    random.uniform() < 0.5
      ? { ...params, units: 1 + random.int(2) }
      : { ...params, l2: 0.05 * 6 ** random.uniform() },
  "no restraint": (params, random) => ({
    ...params,
    learningRate: params.learningRate * 3,
    units: 128 + random.int(100),
    dropout: 0,
    l2: 1e-6,
    epochs: 80 + random.int(60),
  }),
};

/** Another parameter or the same, as far away as the advised one, either way. */
function randomMove(
  params: Params,
  distance: number,
  random: RandomStream,
): Params {
  const all = searched as unknown as Space;
  for (;;) {
    const one = all.parameters[random.int(all.dimension)]!;
    if (one.kind === "choice") {
      if (distance < 0.2) continue;
      return {
        ...params,
        optimizer: params.optimizer === "adam" ? "sgd" : "adam",
      };
    }
    const place = toUnit(one, (params as Configuration)[one.name]!) +
      (random.uniform() < 0.5 ? -distance : distance);
    if (place < 0 || place > 1) continue;
    return { ...params, [one.name]: fromUnit(one, place) } as Params;
  }
}

interface Outcome {
  readonly study: string;
  readonly kind: string;
  readonly cause: string;
  /** Log ratios of the best validation loss, after over before. */
  readonly advised: number;
  readonly random: number;
  readonly advisedElsewhere: readonly number[];
  readonly randomElsewhere: readonly number[];
}

async function playStudy(setting: Setting): Promise<Outcome[]> {
  const random = randomStream("interventions", setting.name, "trials");
  const study = await createStudy({
    name: setting.name,
    space: searched,
    objective: minimize("validation loss"),
    storage: "memory",
    library: false,
    seed: setting.name,
  });
  const causes: string[] = [];
  const run = async (cause: string, params: Params) => {
    causes.push(cause);
    await study.try(
      params,
      (trial) => train(setting, params, causes.length, trial),
    );
  };
  for (let i = 0; i < 6; i++) await run("right", rightOne(random));
  for (const [cause, spoil] of Object.entries(troubles)) {
    await run(cause, spoil(rightOne(random), random));
  }
  const outcomes: Outcome[] = [];
  for (const [number, cause] of causes.entries()) {
    if (cause === "right") continue;
    const params = study.trials[number]!.params;
    const diagnosis = study.diagnose(number);
    const [move] = diagnosis.advice.moves;
    const kind = diagnosis.advice.finding?.kind;
    console.error(`${setting.name} ${cause}: ${kind ?? "nothing"}`);
    if (move === undefined || kind === undefined) continue;
    const advised = move.suggestion as Params;
    const parameter = (searched as unknown as Space).parameter(move.parameter);
    const other = randomMove(
      params,
      Math.abs(toUnit(parameter, move.to) - toUnit(parameter, move.from)),
      random,
    );
    const [same, ...elsewhere] = [number + 1, 101];
    const before = Math.min(study.trials[number]!.value ?? 1e9, 1e9);
    const change = async (seed: number, before: number, to: Params) =>
      Math.log(await train(setting, to, seed) / before);
    const outcome = {
      study: setting.name,
      kind,
      cause,
      advised: await change(same!, before, advised),
      random: await change(same!, before, other),
      advisedElsewhere: [] as number[],
      randomElsewhere: [] as number[],
    };
    for (const seed of elsewhere) {
      const before = await train(setting, params, seed);
      outcome.advisedElsewhere.push(await change(seed, before, advised));
      outcome.randomElsewhere.push(await change(seed, before, other));
    }
    outcomes.push(outcome);
    const percent = (log: number) => `${(100 * Math.expm1(log)).toFixed(1)} %`;
    console.error(
      `  ${move.parameter} ${move.from} → ${move.to}: ${
        percent(outcome.advised)
      } (random ${percent(outcome.random)})`,
    );
  }
  return outcomes;
}

/** Less than this is no change: 0.2 %. */
const least = -0.002;

function row(name: string, of: readonly Outcome[]): string {
  const better = (values: readonly number[]) =>
    `${
      (100 * values.filter((v) => v < least).length / values.length).toFixed(0)
    } %`;
  const middle = (values: readonly number[]) =>
    `${(100 * Math.expm1(median(values))).toFixed(1)} %`;
  const columns = [
    of.map((o) => o.advised),
    of.map((o) => o.random),
    of.flatMap((o) => o.advisedElsewhere),
    of.flatMap((o) => o.randomElsewhere),
  ];
  return `| ${
    [
      name,
      of.length,
      ...columns.map(better),
      middle(columns[0]!),
      middle(columns[1]!),
    ].join(" | ")
  } |`;
}

const outcomes: Outcome[] = [];
for (const set of realSets[options.use as keyof typeof realSets]) {
  for (let study = 0; study < Number(options.studies); study++) {
    const setting = await settingOf(set, study);
    outcomes.push(...await playStudy(setting));
    tf.dispose(
      [setting.train, setting.validation].flatMap(({ x, y }) => [x, y]),
    );
  }
}

console.log(
  `# Advice followed on real trainings (data sets: ${options.use})\n\n` +
    "| | trainings | better by advice | by a random move | advice, other seeds | random, other seeds | median change, advice | random |\n" +
    "|---|---|---|---|---|---|---|---|",
);
for (const by of ["kind", "cause"] as const) {
  for (const name of [...new Set(outcomes.map((o) => o[by]))].sort()) {
    const prefix = by === "kind" ? "found: " : "trouble: ";
    console.log(row(prefix + name, outcomes.filter((o) => o[by] === name)));
  }
}
for (const set of realSets[options.use as keyof typeof realSets]) {
  console.log(
    row(`on ${set}`, outcomes.filter((o) => o.study.startsWith(set))),
  );
}
console.log(row("**all**", outcomes));

const differences = outcomes.map((o) => o.advised - o.random);
const studies = [...new Set(outcomes.map((o) => o.study))].map((study) => {
  const own = outcomes.filter((o) => o.study === study);
  const wins = (of: keyof Pick<Outcome, "advised" | "random">) =>
    own.filter((o) => o[of] < least).length;
  return wins("random") - wins("advised");
});
for (
  const [what, values] of [
    ["trainings, by the change of the loss", differences],
    ["studies, by how many got better", studies],
  ] as const
) {
  const better = values.filter((v) => v < 0).length;
  const worse = values.filter((v) => v > 0).length;
  console.log(
    `\nOf the ${what}: advice ahead in ${better} of ${
      better + worse
    } (sign test: p = ${signTest(better, worse).toPrecision(2)}).`,
  );
}

import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import {
  choice,
  createStudy,
  float,
  int,
  minimize,
  randomSampler,
  space,
} from "../../mod.ts";
import {
  discriminativeLayers,
  disposeModel,
  fitTrial,
  type FitTrialOptions,
  layerSettings,
  type LayersModel,
  perLayer,
} from "../../lib/tensorflow/mod.ts";
import { data, free, line, tf, trialOf } from "./fixtures.ts";

const groups = { body: ["hidden"], norm: ["norm"], head: ["output"] };

/** A net for the digits whose layers have names. */
function named(
  optimizer: Parameters<LayersModel["compile"]>[0]["optimizer"],
): LayersModel {
  const kernelInitializer = tf.initializers.heNormal({ seed: 1 });
  const { layers } = tf;
  const model = tf.sequential({
    layers: [
      layers.dense({
        name: "hidden",
        units: 16,
        activation: "relu",
        inputShape: [64],
        kernelInitializer,
      }),
      layers.batchNormalization({ name: "norm" }),
      layers.dense({
        name: "output",
        units: 10,
        activation: "softmax",
        kernelInitializer,
      }),
    ],
  });
  model.compile({ optimizer, loss: "categoricalCrossentropy" });
  return model;
}

/** All weights of a layer, biases and averages too. */
function weightsOf(model: LayersModel, layer: string): number[] {
  return model.getLayer(layer).getWeights().flatMap((weight) =>
    Array.from(weight.dataSync())
  );
}

/** Trains on some of the digits; returns the weights before and after, by layer. */
async function moves(
  optimizer: Parameters<typeof named>[0],
  options: Partial<FitTrialOptions>,
): Promise<Record<string, { before: number[]; after: number[] }>> {
  const model = named(optimizer);
  const all = () =>
    ["hidden", "norm", "output"].map((layer) =>
      [layer, weightsOf(model, layer)] as const
    );
  const before = all();
  const few = {
    x: data.train.x.slice(0, 64),
    y: data.train.y.slice(0, 64),
  };
  await fitTrial(trialOf(), model, { train: few }, {
    epochs: 1,
    batchSize: 64,
    ...options,
  });
  const after = new Map(all());
  free(model);
  tf.dispose([few.x, few.y]);
  return Object.fromEntries(
    before.map((
      [layer, values],
    ) => [layer, { before: values, after: after.get(layer)! }]),
  );
}

const difference = (
  { before, after }: { before: number[]; after: number[] },
) => after.map((value, i) => value - before[i]!);

/** The factor between two moves, where they are proportional. */
function ratio(a: readonly number[], b: readonly number[]): number {
  const dot = (u: readonly number[], v: readonly number[]) =>
    u.reduce((sum, value, i) => sum + value * v[i]!, 0);
  const factor = dot(a, b) / dot(b, b);
  const off = a.map((value, i) => value - factor * b[i]!);
  expect(dot(off, off)).toBeLessThan(1e-6 * dot(a, a));
  return factor;
}

describe("perLayer()", () => {
  it("makes a parameter of each knob for each group, with roles", () => {
    const searchSpace = space({
      units: int(1, 8),
      ...perLayer(groups, {
        learningRate: float(1e-5, 1e-1, { log: true }),
        frozenEpochs: int(0, 3),
      }),
    });
    expect(searchSpace.parameters.map(({ name, role }) => [name, role]))
      .toEqual([
        ["units", "capacity"],
        ["bodyLearningRate", "learning rate"],
        ["bodyFrozenEpochs", "schedule"],
        ["normLearningRate", "learning rate"],
        ["normFrozenEpochs", "schedule"],
        ["headLearningRate", "learning rate"],
        ["headFrozenEpochs", "schedule"],
      ]);
  });

  it("knows its parameters' types", () => {
    const searchSpace = space(perLayer({ body: ["hidden"] }, {
      weightDecay: float(0, 0.1),
    }));
    const configuration: { readonly bodyWeightDecay: number } = searchSpace
      .validate({ bodyWeightDecay: 0.01 });
    expect(configuration.bodyWeightDecay).toBe(0.01);
  });

  it("refuses other knobs", () => {
    const knobs = { units: int(1, 4) } as unknown as { learningRate?: never };
    expect(() => perLayer(groups, knobs)).toThrow(
      "Cannot make parameters of the layers: found units, expected learningRate, weightDecay, frozenEpochs",
    );
  });
});

describe("layerSettings()", () => {
  it("takes what a configuration says, and leaves the rest to the optimizer", () => {
    expect(layerSettings(groups, {
      units: 3,
      bodyLearningRate: 0.1,
      headFrozenEpochs: 0,
      headWeightDecay: undefined,
    })).toEqual({
      body: { layers: ["hidden"], learningRate: 0.1 },
      norm: { layers: ["norm"] },
      head: { layers: ["output"], frozenEpochs: 0 },
    });
  });
});

describe("discriminativeLayers()", () => {
  it("divides the rate by 2.6 a group, as Howard and Ruder do", () => {
    const { body, norm, head } = discriminativeLayers(groups, {
      learningRate: 0.01,
      unfreezeEvery: 2,
    });
    expect([head, norm, body].map((group) => group!.learningRate)).toEqual(
      [0.01, 0.01 / 2.6, 0.01 / 2.6 ** 2],
    );
    expect([head, norm, body].map((group) => group!.frozenEpochs)).toEqual(
      [0, 2, 4],
    );
  });

  it("refuses what makes no sense", () => {
    const set = (options: object) => () =>
      discriminativeLayers(groups, { learningRate: 0.1, ...options });
    expect(set({ learningRate: 0 })).toThrow(RangeError);
    expect(set({ ratio: 0.5 })).toThrow("ratio is 0.5");
    expect(set({ unfreezeEvery: 1.5 })).toThrow("unfreezeEvery is 1.5");
  });
});

describe("fitTrial() with layers", () => {
  it("changes nothing where the groups say what the optimizer does", async () => {
    const plain = await moves(tf.train.adam(0.01), { epochs: 2 });
    const grouped = await moves(tf.train.adam(0.01), {
      epochs: 2,
      layers: { all: { layers: ["hidden", "output"], learningRate: 0.01 } },
    });
    expect(grouped).toEqual(plain);
  });

  it("moves no weight of a frozen layer, nor its averages, under any optimizer", async () => {
    for (
      const optimizer of [
        tf.train.sgd(0.1),
        tf.train.momentum(0.1, 0.9),
        tf.train.adam(0.01),
        tf.train.rmsprop(0.01, 0.9, 0.5),
      ]
    ) {
      const { hidden, norm, output } = await moves(optimizer, {
        epochs: 3,
        layers: {
          body: {
            layers: ["hidden", "norm"],
            frozenEpochs: Infinity,
            weightDecay: 0.1,
          },
        },
      });
      expect(hidden!.after).toEqual(hidden!.before);
      expect(norm!.after).toEqual(norm!.before);
      expect(output!.after).not.toEqual(output!.before);
    }
  });

  it("scales a step by the rates, under any optimizer", async () => {
    for (
      const optimizer of [
        () => tf.train.sgd(0.1),
        () => tf.train.momentum(0.1, 0.9),
        () => tf.train.adam(0.1),
        () => tf.train.adamax(0.1),
        () => tf.train.rmsprop(0.1),
        () => tf.train.adagrad(0.1),
        () => tf.train.adadelta(0.1),
      ]
    ) {
      const plain = await moves(optimizer(), {});
      const scaled = await moves(optimizer(), {
        layers: { body: { layers: ["hidden"], learningRate: 0.02 } },
      });
      expect(ratio(difference(scaled["hidden"]!), difference(plain["hidden"]!)))
        .toBeCloseTo(0.2, 3);
      expect(scaled["output"]).toEqual(plain["output"]);
    }
  });

  it("equals an optimizer of that rate where all layers have it, over many steps", async () => {
    const all = ["hidden", "norm", "output"];
    const scaled = await moves(tf.train.momentum(0.1, 0.9), {
      epochs: 4,
      batchSize: 16,
      layers: { all: { layers: all, learningRate: 0.02 } },
    });
    const plain = await moves(tf.train.momentum(0.02, 0.9), {
      epochs: 4,
      batchSize: 16,
    });
    for (const layer of all) {
      const error = scaled[layer]!.after.map((value, i) =>
        Math.abs(value - plain[layer]!.after[i]!)
      );
      expect(Math.max(...error)).toBeLessThan(1e-5);
    }
  });

  it("unfreezes a group after its epochs", async () => {
    const trained = async (epochs: number) =>
      await moves(tf.train.adam(0.01), {
        epochs,
        layers: { body: { layers: ["hidden"], frozenEpochs: 2 } },
      });
    const [two, three] = [await trained(2), await trained(3)];
    expect(two["hidden"]!.after).toEqual(two["hidden"]!.before);
    expect(three["hidden"]!.after).not.toEqual(three["hidden"]!.before);
  });

  it("decays matrices by rate times decay, and spares vectors", async () => {
    const { model, train } = line({ learningRate: 0.5 });
    const layer = model.layers[0]!.name;
    // The gradient is 0 where the targets are what the model says.
    const same = { x: train.x, y: train.x };
    await fitTrial(trialOf(), model, { train: same }, {
      epochs: 1,
      batchSize: 10,
      layers: { all: { layers: [layer], learningRate: 0.1, weightDecay: 0.2 } },
    });
    const weight = model.getWeights()[0]!.dataSync()[0]!;
    expect(weight).toBeCloseTo(1 - 0.1 * 0.2, 6);
    free(model);
    const { output } = await moves(tf.train.sgd(1e-9), {
      layers: {
        head: { layers: ["output"], learningRate: 1e-9, weightDecay: 1e8 },
      },
    });
    const kernel = output!.after.slice(0, 160);
    kernel.forEach((value, i) =>
      expect(value).toBeCloseTo(0.9 * output!.before[i]!, 5)
    );
    output!.after.slice(160).forEach((value) => expect(value).toBeCloseTo(0));
  });

  it("refuses layers that the model lacks, layers named twice and other numbers", async () => {
    const refuses = async (layers: unknown, message: string) => {
      await expect(
        moves(tf.train.sgd(0.1), {
          layers: layers as NonNullable<FitTrialOptions["layers"]>,
        }),
      ).rejects.toThrow(`Cannot fit the model: ${message}`);
    };
    await refuses(7, "layers is 7, expected groups such as");
    await refuses(
      { body: { layers: ["conv"] } },
      'layers.body names the layer "conv", expected one of hidden, norm, output',
    );
    await refuses(
      { body: { layers: ["hidden"] }, head: { layers: ["hidden"] } },
      "layers.head has the layer hidden, as body has",
    );
    await refuses(
      { body: { layers: ["hidden"], learningRate: -1 } },
      "layers.body.learningRate is -1, expected a number of at least 0",
    );
    await refuses(
      { body: { layers: ["hidden"], frozenEpochs: 0.5 } },
      "layers.body.frozenEpochs is 0.5, expected a whole number",
    );
    await refuses(
      { body: ["hidden"] },
      "layers.body.layers is undefined, expected names of layers",
    );
  });
});

describe("a study of layers and schedules", () => {
  it("tries them, and a frozen body is seen in the trial's weights", async () => {
    const study = await createStudy({
      name: "layers",
      space: space({
        ...perLayer(groups, {
          learningRate: float(1e-3, 1e-1, { log: true }),
          frozenEpochs: int(0, 2),
        }),
        schedule: choice(["constant", "one-cycle"]),
      }),
      objective: minimize("train loss"),
      sampler: randomSampler(),
      storage: "memory",
    });
    await study.optimize(async (trial) => {
      const model = named(tf.train.adam(0.01));
      const before = weightsOf(model, "hidden");
      await fitTrial(trial, model, { train: data.train }, {
        epochs: 2,
        batchSize: 256,
        schedule: trial.params.schedule,
        layers: layerSettings(groups, trial.params),
      });
      const moved = weightsOf(model, "hidden")
        .some((weight, i) => weight !== before[i]);
      expect(moved).toBe(trial.params.bodyFrozenEpochs < 2);
      disposeModel(model);
      return trial.best("train loss");
    }, { trials: 6, stopOnError: true });
    const frozen = study.trials.map(({ params }) => params.bodyFrozenEpochs);
    expect(new Set(frozen).size).toBeGreaterThan(1);
  });
});

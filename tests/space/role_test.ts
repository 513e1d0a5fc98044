import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import { float, guessRole, type Role, space } from "../../lib/space/mod.ts";

const names: Readonly<Record<Role, readonly string[]>> = {
  "learning rate": [
    "learningRate",
    "learning_rate",
    "lr",
    "lr0",
    "LR",
    "headLr",
    "lr_backbone",
    "optimizer.lr",
    "model/eta",
    "stepSize",
  ],
  regularization: [
    "weightDecay",
    "weight_decay",
    "wd",
    "dropout",
    "dropout_rate",
    "l2",
    "l1Ratio",
    "kernel_l2",
    "C",
    "lambda",
    "reg_alpha",
    "labelSmoothing",
  ],
  capacity: [
    "units",
    "units2",
    "hiddenSize",
    "numLayers",
    "layers",
    "max_depth",
    "num_leaves",
    "filters",
    "pool1Size",
    "channel1_filters",
    "embeddingDim",
  ],
  budget: [
    "epochs",
    "maxSteps",
    "iterations",
    "n_estimators",
    "num_boost_round",
    "rounds",
  ],
  "batch size": ["batchSize", "batch_size", "batch"],
  momentum: ["momentum", "beta1", "adam.beta_1", "nesterov"],
  optimizer: ["optimizer", "optimiser", "solver", "optimizer.kind"],
  schedule: ["warmupSteps", "scheduler", "lrDecay", "lr_schedule", "cosine"],
  augmentation: ["mixupAlpha", "augment", "randomCrop", "colorJitter"],
  seed: ["seed", "random_state"],
  other: [
    "flavour",
    "x",
    "activation",
    "kernel1",
    "model1",
    "background",
    "c2",
  ],
};

describe("guessRole()", () => {
  for (const [role, examples] of Object.entries(names)) {
    it(`takes ${examples.slice(0, 3).join(", ")} and the like for "${role}"`, () => {
      for (const name of examples) {
        expect(`${name}: ${guessRole(name)}`).toBe(`${name}: ${role}`);
      }
    });
  }

  it("is overruled by a role that is given", () => {
    const s = space({ lr: float(0, 1), eta: float(0, 1, { role: "other" }) });
    expect(s.parameters.map(({ role }) => role)).toEqual([
      "learning rate",
      "other",
    ]);
  });
});

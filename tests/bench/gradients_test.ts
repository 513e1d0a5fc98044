import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import { readTable, splitTable } from "../../bench/gradients/data_sets.ts";
import { PenalizedRegression } from "../../bench/gradients/penalized_regression.ts";
import {
  createStudy,
  float,
  gradientSampler,
  type Sampler,
  space as makeSpace,
  tpeSampler,
} from "../../mod.ts";

const table = await readTable("breast cancer");

describe("gradientSampler() on the breast cancer data, a penalty a feature", () => {
  for (const kind of ["ridge", "logistic"] as const) {
    it(`finds for ${kind} regression in 20 trainings what TPE finds in 200`, async () => {
      const model = new PenalizedRegression(
        kind,
        splitTable(table, kind, "split 0"),
      );
      const names = Array.from({ length: model.dimension }, (_, j) => `p${j}`);
      const best = async (sampler: Sampler, trials: number) => {
        const study = await createStudy({
          name: "penalties",
          library: false,
          storage: "memory",
          space: makeSpace(
            Object.fromEntries(
              names.map((name) => [name, float(1e-5, 100, { log: true })]),
            ),
          ),
          sampler,
          seed: "split 0",
        });
        await study.optimize(async (trial) => {
          const penalties = Float64Array.from(
            names,
            (name) => trial.params[name]!,
          );
          const weights = model.train(penalties);
          if (sampler.name === "gradient") {
            const slope = await model.gradient(weights, penalties);
            await trial.gradient(
              Object.fromEntries(names.map((name, j) => [name, slope[j]!])),
            );
          }
          return model.loss("validation", weights);
        }, { trials, progress: false });
        return study.best!.value!;
      };
      expect(await best(gradientSampler(), 20))
        .toBeLessThan(await best(tpeSampler(), 200));
    });
  }
});

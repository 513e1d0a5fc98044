import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import { randomStream } from "../../lib/math/mod.ts";
import { float, space } from "../../lib/space/mod.ts";
import {
  CopulaProcess,
  featuresOf,
  GaussianProcess,
  type Prior,
  PriorFunctions,
  RankEnsemble,
  rankWeights,
  takePrior,
  TransferProcess,
} from "../../lib/surrogates/mod.ts";

const line = space({ x: float(0, 1) });
const features = featuresOf(line);
const units = [0.1, 0.35, 0.6, 0.9].map((x) => Float64Array.of(x));

// Two sources: m ± φ, in halves; B = ½ is what makes D = φ B (z − m = ± φ).
const prior: Prior = {
  strategy: "rgpe",
  sources: [{ name: "a", weight: 0.5 }, { name: "b", weight: 0.5 }],
  lengthscales: Float64Array.of(0.3),
  units,
  coefficients: Float64Array.of(-1, 0.5, 0.2, 1, 0.4, -1, 0.8, 0.3),
  loadings: Float64Array.of(1, -1),
  coherence: 3,
  likeness: 1,
  level: null,
};
const functions = new PriorFunctions(prior, features);

/** A process of n points whose values are what `value` makes of the sources. */
function ownOf(n: number, value: (a: number, b: number, x: number) => number) {
  const random = randomStream("ensemble", n);
  const inputs = Float64Array.from({ length: n }, () => random.uniform());
  const said = functions.sourcesAt(inputs);
  const process = new GaussianProcess(
    {
      inputs,
      values: inputs.map((x, i) => value(said[2 * i]!, said[2 * i + 1]!, x)),
      dimension: 1,
      numeric: 1,
    },
    { lengthscales: Float64Array.of(0.3), outputScale: 1, noise: 1e-4 },
  );
  return { inputs, process };
}

const weightsOf = (
  { inputs, process }: ReturnType<typeof ownOf>,
  seed = "weights",
) => rankWeights(functions, process, { inputs, random: randomStream(seed) });

describe("PriorFunctions.sourcesAt()", () => {
  it("is m and what each source has beside it", () => {
    const at = Float64Array.of(0.2, 0.7);
    const rows = functions.at(at);
    const said = functions.sourcesAt(at);
    for (const i of [0, 1]) {
      const [m, phi] = [rows[2 * i]!, rows[2 * i + 1]!];
      // √(1 − ½) / √½ = 1.
      expect(said[2 * i]).toBeCloseTo(m + phi, 12);
      expect(said[2 * i + 1]).toBeCloseTo(m - phi, 12);
    }
  });
});

describe("rankWeights()", () => {
  it("of fewer than three values are the sources' own", () => {
    for (const n of [0, 1, 2]) {
      expect(weightsOf(ownOf(n, (a) => a))).toEqual(
        Float64Array.of(0.5, 0.5, 0),
      );
    }
  });

  it("go to the source that orders the values as they are, on any scale", () => {
    const weights = weightsOf(ownOf(12, (a) => 100 + Math.exp(a)));
    expect(weights[0]).toBeGreaterThan(0.9);
    expect(weights.reduce((sum, w) => sum + w, 0)).toBeCloseTo(1, 12);
  });

  it("go to the own process where sources say the contrary", () => {
    const against = ownOf(14, (a, b) => -a - b);
    expect(weightsOf(against)[2]).toBeGreaterThan(0.9);
  });

  it("are not diluted by sources that are worse than the own process mostly is", () => {
    const away = ownOf(16, (_a, _b, x) => Math.sin(9 * x));
    expect(weightsOf(away)[2]).toBe(1);
  });

  it("are the same for the same stream", () => {
    const own = ownOf(9, (a, b) => a + b);
    expect(weightsOf(own)).toEqual(weightsOf(own));
  });
});

describe("RankEnsemble", () => {
  it("with all weight on the own process is that process", () => {
    const { inputs, process } = ownOf(8, (_a, _b, x) => x);
    const ensemble = new RankEnsemble(functions, process, {
      inputs,
      weights: Float64Array.of(0, 0, 1),
    });
    const at = Float64Array.of(0.15, 0.5, 0.95);
    expect(ensemble.predict(at)).toEqual(process.predict(at));
    expect(ensemble.trust).toBe(0);
    expect(ensemble.shares()).toEqual([
      { name: "a", share: 0.5 },
      { name: "b", share: 0.5 },
    ]);
  });

  it("with all weight on a source is that source, on the values' scale", () => {
    const { inputs, process } = ownOf(200, (a) => 5 + 3 * a);
    const ensemble = new RankEnsemble(functions, process, {
      inputs,
      weights: Float64Array.of(1, 0, 0),
    });
    const at = Float64Array.of(0.15, 0.5);
    const said = functions.sourcesAt(at);
    const { mean } = ensemble.predict(at);
    for (const i of [0, 1]) {
      expect(mean[i]! / (5 + 3 * said[2 * i]!)).toBeCloseTo(1, 1);
    }
  });

  it("believes that points brought what is expected of them, with the same weights", () => {
    const { inputs, process } = ownOf(8, (a, _b, x) => a + x);
    const weights = Float64Array.of(0.3, 0.2, 0.5);
    const ensemble = new RankEnsemble(functions, process, { inputs, weights });
    const point = Float64Array.of(0.97);
    const after = ensemble.believing(point);
    expect(after.weights).toEqual(weights);
    expect(after.predict(point).sd[0]).toBeLessThan(
      ensemble.predict(point).sd[0]!,
    );
    expect(ensemble.believing(new Float64Array(0))).toBe(ensemble);
  });
});

describe("takePrior()", () => {
  it("takes it in the way that its strategy names, and says how far", () => {
    const { inputs, process } = ownOf(6, (a) => a);
    const { strategy: _, ...unnamed } = prior;
    const taken = (strategy?: Prior["strategy"]) =>
      takePrior(
        new PriorFunctions(
          strategy === undefined ? unnamed : { ...prior, strategy },
          features,
        ),
        {
          inputs,
          own: process,
          raw: process.values,
          success: 0,
          random: randomStream("process"),
        },
      );
    const { process: ensemble, trust } = taken("rgpe");
    expect(ensemble).toBeInstanceOf(RankEnsemble);
    expect(trust).toBe((ensemble as RankEnsemble).trust);
    expect(taken("copula").process).toBeInstanceOf(CopulaProcess);
    for (const transfer of [taken(), taken("transfer")]) {
      expect(transfer.process).toBeInstanceOf(TransferProcess);
      expect(transfer.trust).toBeGreaterThan(0.5);
    }
  });
});

import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import { randomStream } from "../../lib/math/mod.ts";
import { maximize, minimize } from "../../lib/records/mod.ts";
import {
  boolean,
  choice,
  type Configuration,
  float,
  int,
  type Space,
  space,
} from "../../lib/space/mod.ts";
import { featuresOf, fitSurrogate } from "../../lib/surrogates/mod.ts";
import { fitSize } from "../../lib/surrogates/_fit_schedule.ts";
import { chooseSubset } from "../../lib/surrogates/_subset.ts";
import { floats, networkSpace } from "../support/spaces.ts";
import { rebuilt, trialOf, viewOf } from "../support/views.ts";

/** A study of random trials with a known function. */
function studyOf<C>(
  space: Space<C>,
  count: number,
  f: (params: C & Configuration) => number,
) {
  const { uniform } = randomStream("surrogate");
  return viewOf(
    space,
    Array.from({ length: count }, (_, number) => {
      const params = space.sample(uniform);
      return trialOf(number, params, {
        value: f(params as C & Configuration),
      });
    }),
  );
}

const bowl = ({ x0, x1 }: Configuration) =>
  100 + (Number(x0) - 0.3) ** 2 + 0.2 * Number(x1);

describe("featuresOf()", () => {
  it("puts numbers first, categories by number, inactive ones apart", () => {
    const s = space({
      kind: choice(["a", "b", "c"]),
      on: boolean(),
      n: int(1, 4),
      x: float(0, 1).when({ kind: "a" }),
    });
    const { axes, numeric, categories, encode } = featuresOf(s);
    expect(axes).toEqual([2, 3, 0, 1]);
    expect(numeric).toBe(2);
    expect(categories).toEqual([0, 0, 3, 2]);
    expect([...encode(s.encode({ kind: "c", on: true, n: 2 }))])
      .toEqual([0.375, 0.5, 2, 1]);
    const child = space({ a: boolean(), b: boolean().when({ a: true }) });
    expect([...featuresOf(child).encode(child.encode({ a: false }))])
      .toEqual([0, -1]);
  });
});

describe("fitSurrogate()", () => {
  it("refuses a study without a finite value", () => {
    expect(() => fitSurrogate(viewOf(floats(1)))).toThrow(
      /none of the 0 trials has a finite value/,
    );
    const failed = trialOf(0, { x0: 0.5 }, { state: "failed" });
    expect(() => fitSurrogate(viewOf(floats(1), [failed]))).toThrow(RangeError);
    expect(() => fitSurrogate(studyOf(floats(2), 3, bowl), { maxTrials: 1 }))
      .toThrow(/maxTrials is 1/);
  });

  it("expects one trial's value everywhere, and knows little", () => {
    const surrogate = fitSurrogate(studyOf(floats(2), 1, () => 5));
    expect(surrogate.predict({ x0: 0, x1: 0 }).mean).toBeCloseTo(5, 6);
    expect(surrogate.predict({ x0: 0, x1: 0 }).sd).toBeGreaterThan(0.1);
  });

  it("learns a smooth function, in its units", () => {
    const surrogate = fitSurrogate(studyOf(floats(2), 40, bowl));
    const { mean, sd } = surrogate.predict({ x0: 0.5, x1: 0.5 });
    expect(mean).toBeCloseTo(100.14, 2);
    expect(sd).toBeLessThan(0.02);
    expect(surrogate.predict({ x0: 0.5, x1: 0.5 }, { noise: false }).sd)
      .toBeLessThan(sd);
  });

  it("expects the opposite of the opposite", () => {
    const view = studyOf(floats(2), 20, bowl);
    const opposite = viewOf(
      view.space,
      view.trials.map((trial) =>
        trialOf(trial.number, trial.params, { value: -trial.value! })
      ),
      [maximize()],
    );
    const at = { x0: 0.2, x1: 0.9 };
    const expected = fitSurrogate(view).predict(at);
    expect(fitSurrogate(opposite).predict(at))
      .toEqual({ mean: -expected.mean, sd: expected.sd });
  });

  it("tells which parameters matter", () => {
    const { importance, lengthscales } = fitSurrogate(
      studyOf(floats(3), 40, (p) => Math.sin(5 * Number(p.x1))),
    );
    expect(importance.x1).toBeGreaterThan(0.8);
    expect(lengthscales.x1).toBeLessThan(lengthscales.x0!);
    expect(importance.x0! + importance.x1! + importance.x2!)
      .toBeCloseTo(1, 12);
  });

  it("learns over all branches of a conditional space", () => {
    const surrogate = fitSurrogate(
      studyOf(networkSpace(), 60, (p) =>
        Math.log10(Number(p.learningRate)) +
        (p.optimizer === "sgd" ? 2 * Number(p.momentum) : 0)),
    );
    expect(surrogate.crossValidation().r2).toBeGreaterThan(0.9);
  });

  it("is right about how right it is", () => {
    const random = randomStream("noise");
    const view = studyOf(
      floats(2),
      80,
      (p) => 3 * Math.sin(4 * Number(p.x0)) + 0.5 * random.normal(),
    );
    const surrogate = fitSurrogate(view);
    const { coverage95, zRms, r2, rmse, trials } = surrogate.crossValidation();
    expect(trials.map(({ number }) => number))
      .toEqual(view.trials.map(({ number }) => number));
    expect(coverage95).toBeGreaterThan(0.88);
    expect(zRms).toBeGreaterThan(0.8);
    expect(zRms).toBeLessThan(1.25);
    expect(r2).toBeGreaterThan(0.8);
    expect(rmse).toBeLessThan(0.7);
    expect(surrogate.noiseSd).toBeGreaterThan(0.35);
    expect(surrogate.noiseSd).toBeLessThan(0.65);
  });

  it("has no explained share where values are equal", () => {
    const { r2 } = fitSurrogate(studyOf(floats(1), 6, () => 2))
      .crossValidation();
    expect(r2).toBeNaN();
  });

  it("hangs on the history alone, whatever was fitted before", () => {
    const view = studyOf(networkSpace(), 70, (p) => Number(p.dropout));
    for (const count of [20, 69, 35]) {
      fitSurrogate({ ...view, trials: view.trials.slice(0, count) });
    }
    const copy = rebuilt(view);
    const params = view.trials[3]!.params;
    expect(fitSurrogate(view).predict(params))
      .toEqual(fitSurrogate(copy).predict(copy.trials[3]!.params as never));
  });

  it("leaves out trials of another space", () => {
    const stranger = trialOf(0, { y: 3 }, { value: 1 });
    const view = viewOf(floats(1), [
      stranger,
      trialOf(1, { x0: 0.5 }, { value: 2 }),
    ], [minimize()]);
    expect(fitSurrogate(view).size).toBe(1);
  });

  it("learns from no more trials than it is allowed", () => {
    const view = studyOf(floats(2), 50, bowl);
    expect(fitSurrogate(view, { maxTrials: 30 }).size).toBe(30);
  });

  it("chosenOnly changes nothing where all trials are chosen", () => {
    const view = studyOf(floats(2), 25, bowl);
    const chosen = fitSurrogate(view, { chosenOnly: true });
    expect(chosen.lengthscales).toEqual(fitSurrogate(view).lengthscales);
  });

  it("chosenOnly sees a study of the chosen trials: the best, the latest, and others", () => {
    const view = studyOf(floats(2), 80, bowl);
    const chosen = fitSurrogate(view, { maxTrials: 30, chosenOnly: true });
    const losses = view.trials.map(({ value }) => value!);
    const trials = chooseSubset(losses, 30).map((index) => view.trials[index]!);
    const alone = fitSurrogate({ ...view, trials });
    expect(chosen.size).toBe(30);
    expect(chosen.lengthscales).toEqual(alone.lengthscales);
    expect(chosen.predict({ x0: 0.3, x1: 0.6 }))
      .toEqual(alone.predict({ x0: 0.3, x1: 0.6 }));
  });

  it("chosenOnly takes failed trials and trials without a value for the worst", () => {
    const trials = Array.from({ length: 40 }, (_, n) =>
      trialOf(
        n,
        { x0: (n % 20) / 20 },
        n % 4 === 0
          ? { state: "failed", value: null }
          : { value: n === 21 ? NaN : n % 20 },
      ));
    const view = viewOf(floats(1), trials, [minimize()]);
    const { size } = fitSurrogate(view, { maxTrials: 12, chosenOnly: true });
    expect(size).toBe(12);
  });
});

describe("fitSize()", () => {
  it("is every number up to 40, then grows by a tenth", () => {
    expect([1, 17, 40, 41, 43, 44, 45, 1000].map(fitSize))
      .toEqual([1, 17, 40, 40, 40, 44, 44, 942]);
  });
});

describe("chooseSubset()", () => {
  it("takes all where they are few", () => {
    expect(chooseSubset([3, 1, 2], 3)).toEqual([0, 1, 2]);
  });

  it("takes the best, the latest, and some between", () => {
    const values = Array.from({ length: 90 }, (_, i) => (i * 37) % 90);
    const chosen = chooseSubset(values, 30);
    expect(chosen).toHaveLength(30);
    for (let best = 0; best < 10; best++) {
      expect(chosen).toContain(values.indexOf(best));
    }
    expect(chosen.slice(-10)).toEqual(
      Array.from({ length: 10 }, (_, i) => 80 + i),
    );
  });
});

import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import { maximize, minimize } from "../../lib/records/mod.ts";
import { float, int, space } from "../../lib/space/mod.ts";
import {
  createStudy,
  type Trial,
  type TrialDiagnosis,
} from "../../lib/study/mod.ts";

interface Params {
  readonly learningRate: number;
  readonly units: number;
  readonly weightDecay: number;
}

/** A made-up training: few units learn little, many learn by heart. */
async function train(trial: Trial<Params>): Promise<number> {
  const { learningRate, units } = trial.params;
  const noise = trial.random("noise");
  for (let epoch = 1; epoch <= 30; epoch++) {
    const fall = Math.exp(-epoch * learningRate * 15);
    const harm = units > 100 ? 0.02 * Math.max(0, epoch - 8) : 0;
    await trial.report(epoch, {
      train: { loss: 2.3 * fall + 2 / units },
      validation: {
        loss: 2.35 * fall + 4 / units + harm + 0.004 * noise.normal(),
      },
    });
  }
  return trial.best("validation loss");
}

/** A study of such trainings. */
async function studyOf(trials: number) {
  const study = await createStudy({
    name: "made-up <b>",
    space: space({
      learningRate: float(1e-3, 1e-1, { log: true }),
      units: int(8, 512, { log: true }),
      weightDecay: float(1e-6, 1e-2, { log: true }),
    }),
    objective: minimize("validation loss"),
    storage: "memory",
  });
  if (trials > 0) await study.optimize(train, { trials, progress: false });
  return study;
}

const display = Symbol.for("Jupyter.display");
const shown = (value: object) =>
  (value as Record<symbol, () => Promise<Record<string, unknown>>>)[display]!();

describe("study.diagnose()", () => {
  it("of no trials says so, and refuses a trial that is not there", async () => {
    const study = await studyOf(0);
    expect(String(study.diagnose())).toMatch(/0 finished trials say little/);
    expect(() => study.diagnose(3)).toThrow(RangeError);
  });

  it("of a trial without curves says so, and advises nothing", async () => {
    const study = await studyOf(0);
    study.tell(await study.ask(), 1);
    const diagnosis = study.diagnose(0);
    expect(diagnosis.main).toBe(null);
    expect(diagnosis.suggestion).toBe(null);
    expect(diagnosis.forecast).toBe(null);
    expect(String(diagnosis)).toContain("no curves");
  });

  it("of an overfitting trial names a parameter of the space, and suggests a whole configuration that can be queued", async () => {
    const study = await studyOf(16);
    const params = { learningRate: 0.03, units: 300, weightDecay: 1e-5 };
    const { number } = await study.try(params, train);
    const diagnosis = study.diagnose(number);
    expect(diagnosis.find("overfitting")).not.toBe(null);
    const [move] = diagnosis.advice.moves;
    expect(study.space.names).toContain(move!.parameter);
    const suggestion = diagnosis.suggestion as { units: number };
    await study.enqueue(suggestion);
    const next = await study.ask();
    expect(next.params).toEqual(suggestion);
    expect(String(diagnosis)).toContain("→ ");
  });

  it("shows itself in a notebook as a picture with the sentences", async () => {
    const study = await studyOf(12);
    const bundle = await shown(study.diagnose(11));
    expect(Object.keys(bundle)).toEqual([
      "application/vnd.vegalite.v5+json",
      "image/svg+xml",
      "text/plain",
    ]);
    expect(bundle["text/plain"]).toMatch(/^Trial 11: /);
  });

  it("takes the baseline that the training told, also while it runs", async () => {
    const study = await studyOf(0);
    const params = { learningRate: 0.01, units: 8, weightDecay: 1e-6 };
    let running = "";
    const { number, attributes } = await study.try(params, async (trial) => {
      await trial.setAttribute("training facts", { baseline: 1 });
      for (let epoch = 1; epoch <= 12; epoch++) {
        await trial.report(epoch, { train: { loss: 3 + epoch % 2 } });
      }
      running = String(trial.diagnose());
      return 3;
    }, { progress: false });
    expect(attributes).toEqual({ "training facts": { baseline: 1 } });
    expect(running).toContain("3 × what a constant answer would give");
    const { main, diagnosis } = study.diagnose(number);
    expect(main!.sentence).toMatch(/constant answer/);
    expect(diagnosis.notes.join()).not.toContain("guessed");
  });

  it("forecasts scores of a study without finished curves by what prior studies' curves teach", async () => {
    const forecastOf = async (library: false | undefined) => {
      const study = await createStudy({
        name: "scores",
        space: space({ x: float(0, 1) }),
        objective: maximize("validation accuracy"),
        storage: "memory",
        ...(library === undefined ? {} : { library }),
      });
      // One training that went on longer says how far to look, and no more.
      for (const epochs of [30, 8]) {
        const trial = await study.ask({ fixed: { x: 0.5 } });
        for (let epoch = 1; epoch <= epochs; epoch++) {
          await trial.report(epoch, 0.9 - 0.6 * Math.exp(-epoch / 5));
        }
        if (epochs === 8) return trial.diagnose().forecast!;
        await study.tell(trial, 0.9);
      }
    };
    const [cold, warm] = [await forecastOf(false), await forecastOf(undefined)];
    expect(cold!.priorCurves).toBe(0);
    expect(warm!.priorCurves).toBeGreaterThan(1000);
    expect(warm!.at).toBe(30);
    expect(warm!.band!.high - warm!.band!.low)
      .toBeLessThan(cold!.band!.high - cold!.band!.low);
  });

  it("forecasts a running trial as far as the finished ones went", async () => {
    const study = await studyOf(12);
    const trial = await study.ask();
    let live: TrialDiagnosis | null = null;
    for (let epoch = 1; epoch <= 15; epoch++) {
      const loss = 2 * Math.exp(-epoch / 5) + 0.1;
      await trial.report(epoch, {
        train: { loss },
        validation: { loss: loss + 0.02 },
      });
      live = trial.diagnose();
    }
    expect(live!.trial).toBe(trial.number);
    expect(live!.forecast!.at).toBe(30);
    expect(live!.forecast!.value).toBeGreaterThan(0);
    expect(live!.forecast!.value).toBeLessThan(0.3);
    expect(live!.find("divergence")).toBe(null);
    await study.tell(trial, 0.1);
    // What was said of 15 epochs stays what it was.
    expect(live!.forecast!.seen).toBeCloseTo(0.5, 1);
  });
});

describe("study.compare()", () => {
  it("names the parameters that differ, and each trial's diagnosis", async () => {
    const study = await studyOf(3);
    const { units } = study.trial(0).params;
    await study.try(
      { ...study.trial(0).params, weightDecay: 1e-5 },
      async (trial) => {
        await trial.report(1, { train: { loss: 1 }, validation: { loss: 1 } });
        return 1;
      },
    );
    const comparison = study.compare([0, 3, 3]);
    expect(comparison.trials.length).toBe(2);
    expect(comparison.differing).toEqual(["weightDecay"]);
    expect(String(comparison)).not.toContain(String(units));
    expect(String(comparison)).toMatch(/Trial 3 \(1\): weightDecay 1e-5/);
    expect(String(study.compare([0, 0]))).toContain("the same configuration");
  });

  it("shows itself in a notebook as a card, with no markup of a name let through", async () => {
    const study = await studyOf(3);
    const bundle = await shown(study.compare([0, 1, 2]));
    expect(Object.keys(bundle)).toEqual(["text/html", "text/plain"]);
    expect(bundle["text/html"]).toContain("<svg");
    expect(bundle["text/html"]).not.toContain("<b> ");
    expect(bundle["text/html"]).not.toContain("made-up <b>");
  });

  it("refuses what is no list of trials", async () => {
    const study = await studyOf(2);
    expect(() => study.compare(3 as unknown as number[])).toThrow(
      "Cannot compare trials: found 3, expected the trials' numbers, such as [3, 7, 12]",
    );
    expect(() => study.compare([])).toThrow(RangeError);
    expect(() => study.compare([0, 9])).toThrow(
      /Cannot find trial 9/,
    );
  });
});

import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import { diagnoseStudy, diagnoseTrial } from "../../lib/curves/mod.ts";
import { randomStream } from "../../lib/math/mod.ts";
import { maximize, minimize } from "../../lib/records/mod.ts";
import { float, int, space } from "../../lib/space/mod.ts";
import { trialOf, viewOf } from "../support/views.ts";
import { example } from "./curves.ts";

const searched = space({
  learningRate: float(1e-5, 1, { log: true }),
  width: int(8, 512, { log: true }),
});
const objective = [minimize("validation loss")];

/** A complete trial with the curves of an example. */
function trial(
  number: number,
  kind: string,
  params = { learningRate: 0.01, width: 64 },
  n = 60,
) {
  const { train, validation } = example(kind, n, 0.005 + number * 1e-5);
  return trialOf(number, params, {
    value: Math.min(...validation),
    curves: { "train loss": train, "validation loss": validation },
  });
}

describe("diagnoseTrial()", () => {
  it("says plainly that a trial has no curves, or failed before it had any", () => {
    const view = viewOf(searched, [
      trialOf(0, { learningRate: 0.1, width: 8 }),
      trialOf(1, { learningRate: 0.1, width: 8 }, { state: "failed" }),
    ], objective);
    expect(String(diagnoseTrial(view, view.trials[0]!)))
      .toBe("Trial 0: it has no curves: nothing to be seen.");
    expect(String(diagnoseTrial(view, view.trials[1]!))).toContain("it failed");
  });

  it("reads the loss's curves by their names, Keras' too", () => {
    const { train, validation } = example("overfitting");
    const of = (curves: Record<string, number[]>) => {
      const view = viewOf(searched, [
        trialOf(7, { learningRate: 0.1, width: 8 }, { curves }),
      ], objective);
      return String(diagnoseTrial(view, view.trials[0]!));
    };
    const expected = of({ "train loss": train, "validation loss": validation });
    expect(expected).toContain("Trial 7: Overfitting since epoch");
    expect(of({ loss: train, val_loss: validation })).toBe(expected);
  });

  it("looks at the objective too: an accuracy that holds makes it overconfidence", () => {
    const { train, validation } = example("overfitting");
    const accuracy = validation.map((_, i) => 0.9 - 0.5 * Math.exp(-i / 15));
    const curves = {
      "train loss": train,
      "validation loss": validation,
      "validation accuracy": accuracy,
    };
    const view = viewOf(searched, [
      trialOf(0, { learningRate: 0.1, width: 8 }, { curves, value: 0.9 }),
    ], [maximize("validation accuracy")]);
    expect(diagnoseTrial(view, view.trials[0]!).main?.kind)
      .toBe("overconfidence");
  });

  it("compares with the study's other finished trials", () => {
    const view = viewOf(searched, [
      ...Array.from({ length: 6 }, (_, k) => trial(k, "healthy")),
      trial(6, "underfitting"),
    ], objective);
    expect(diagnoseTrial(view, view.trials[6]!).main).toMatchObject({
      kind: "underfitting",
      severity: "problem",
    });
  });

  it("treats a running trial as one that goes on", () => {
    const { train, validation } = example("not converged");
    const curves = { "train loss": train, "validation loss": validation };
    const of = (state: "running" | "complete") => {
      const view = viewOf(searched, [
        trialOf(0, { learningRate: 0.1, width: 8 }, { state, curves }),
      ], objective);
      return diagnoseTrial(view, view.trials[0]!, { baseline: 1 });
    };
    expect(of("complete").main?.kind).toBe("not converged");
    expect(of("running").main).toBe(null);
  });
});

describe("diagnoseStudy()", () => {
  const random = randomStream("study");
  const anywhere = () => ({
    learningRate: 10 ** (-5 + 5 * random.uniform()),
    width: 8 + random.int(500),
  });

  it("says that few trials say little", () => {
    expect(String(diagnoseStudy(viewOf(searched, [], objective))))
      .toBe('Study "study": 0 finished trials say little of the search yet.');
  });

  it("finds nothing wrong with a search whose best lie inside", () => {
    const trials = Array.from({ length: 40 }, (_, k) => {
      const params = anywhere();
      return trialOf(k, params, {
        value: Math.abs(Math.log10(params.learningRate) + 2.5),
      });
    });
    expect(diagnoseStudy(viewOf(searched, trials, objective)).findings)
      .toEqual([]);
  });

  it("sees the best at the edge of the space", () => {
    const trials = Array.from({ length: 40 }, (_, k) => {
      const params = anywhere();
      return trialOf(k, params, { value: -Math.log10(params.learningRate) });
    });
    const [finding] = diagnoseStudy(viewOf(searched, trials, objective))
      .findings;
    expect(finding!.kind).toBe("edge of the space");
    expect(finding!.sentence).toContain("upper end of learningRate (1)");
    expect(finding!.evidence[0]!.p!).toBeLessThan(0.05);
  });

  it("sees a region that fails", () => {
    const trials = Array.from({ length: 30 }, (_, k) => {
      const params = anywhere();
      return params.learningRate > 0.1
        ? trialOf(k, params, { state: "failed" })
        : trialOf(k, params, { value: random.uniform() });
    });
    const finding = diagnoseStudy(viewOf(searched, trials, objective))
      .find("failing region");
    expect(finding!.sentence).toContain("learningRate from 0.");
    expect(finding!.sentence).toContain("warm-up");
  });

  it("sees a budget that is too small, or too large", () => {
    const of = (kind: string) =>
      diagnoseStudy(
        viewOf(
          searched,
          Array.from({ length: 12 }, (_, k) => trial(k, kind)),
          objective,
        ),
        { baseline: 1 },
      ).findings.map(({ kind }) => kind);
    expect(of("not converged")).toContain("budget too small");
    expect(of("underfitting")).toContain("budget too large");
  });

  it("sees that noise hides which trial is best, and what many share", () => {
    const view = viewOf(
      searched,
      Array.from({ length: 12 }, (_, k) =>
        trialOf(k, anywhere(), {
          value: 0.3 + k * 1e-4,
          curves: {
            "train loss": example("noisy validation", 60, 0.05 + k / 1e4).train,
            "validation loss":
              example("noisy validation", 60, 0.05 + k / 1e4).validation,
          },
        })),
      objective,
    );
    const kinds = diagnoseStudy(view, { baseline: 1 }).findings;
    expect(kinds.map(({ kind }) => kind)).toContain("noise above differences");
    expect(kinds.find(({ kind }) => kind === "common finding")!.sentence)
      .toContain("noisy validation");
  });

  it("sees trainings that diverge all over the study", () => {
    const view = viewOf(
      searched,
      Array.from(
        { length: 12 },
        (_, k) => trial(k, k % 2 === 0 ? "divergence" : "healthy", anywhere()),
      ),
      objective,
    );
    expect(
      diagnoseStudy(view, { baseline: 1 }).find("instability across trials")!
        .sentence,
    ).toContain("6 of 12 trainings");
  });
});

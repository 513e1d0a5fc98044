import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import fc from "fast-check";
import { diagnose, Diagnosis, type FindingKind } from "../../lib/curves/mod.ts";
import { float, int, space } from "../../lib/space/mod.ts";
import { example } from "./curves.ts";

const kindsOf = (...input: Parameters<typeof diagnose>) =>
  diagnose(...input).findings.map(({ kind }) => kind);

describe("diagnose()", () => {
  it("says plainly when there is nothing to read", () => {
    expect(String(diagnose({}))).toBe(
      "This training: there are no values to read.",
    );
    expect(String(diagnose({ train: [], validation: [] }))).toContain(
      "no values",
    );
    expect(String(diagnose({ train: [1], validation: [1] }))).toContain(
      "one value says nothing yet",
    );
    expect(String(diagnose({ train: [2, 1], validation: [2, 1] }))).toContain(
      "2 values say nothing yet",
    );
  });

  it("finds nothing wrong in a healthy training", () => {
    const diagnosis = diagnose(example("healthy"), { baseline: 1 });
    expect(diagnosis.findings.filter(({ severity }) => severity !== "hint"))
      .toEqual([]);
    expect(diagnosis.main?.kind ?? "early plateau").toBe("early plateau");
  });

  for (
    const kind of [
      "overfitting",
      "generalization gap",
      "divergence",
      "learning rate too large",
      "learning rate too small",
      "not converged",
      "no learning",
      "noisy validation",
      "late step noise",
      "leakage",
      "shift",
      "underfitting",
    ] satisfies FindingKind[]
  ) {
    it(`sees ${kind}, with evidence and steps`, () => {
      for (const n of [40, 60, 300]) {
        const diagnosis = diagnose(example(kind, n), { baseline: 1 });
        const main = diagnosis.main!;
        expect(main?.kind).toBe(kind);
        expect(main.evidence.length).toBeGreaterThan(0);
        expect(main.steps!.from).toBeGreaterThanOrEqual(1);
        expect(main.steps!.to).toBe(n);
        expect(main.sentence).not.toMatch(/NaN|undefined|Infinity/);
      }
    });
  }

  it("needs no baseline for most of it", () => {
    for (
      const kind of [
        "overfitting",
        "divergence",
        "not converged",
        "noisy validation",
        "leakage",
      ]
    ) {
      expect(diagnose(example(kind)).main?.kind).toBe(kind);
    }
  });

  it("says since when a training overfits, and by how much", () => {
    const train = [0.9, 0.7, 0.5, 0.4, 0.3, 0.24, 0.19, 0.15, 0.12, 0.1, 0.08];
    const validation = [
      0.92,
      0.75,
      0.6,
      0.55,
      0.53,
      0.54,
      0.57,
      0.61,
      0.66,
      0.7,
      0.76,
    ];
    const { main, marks } = diagnose({ train, validation });
    expect(main!.sentence).toMatch(
      /^Overfitting since epoch 5: the validation loss has risen from 0\.53 to 0\.7/,
    );
    expect(main!.steps).toEqual({ from: 5, to: 11 });
    expect(marks.map(({ label }) => label)).toEqual(["lowest", "end"]);
  });

  it("reads accuracies as larger is better: by name, direction, or shape", () => {
    const { train, validation } = example("overfitting");
    const upside = (values: number[]) => values.map((v) => 1 - v / 1.5);
    const [t, v] = [upside(train), upside(validation)];
    const named = diagnose({
      train: { values: t, name: "train accuracy" },
      validation: { values: v, name: "validation accuracy" },
    });
    expect(named.main?.kind).toBe("overfitting");
    expect(named.main!.sentence).toContain("has fallen from");
    expect(
      diagnose({ train: t, validation: v }, { direction: "maximize" }).main
        ?.kind,
    ).toBe("overfitting");
    const rising = Array.from({ length: 20 }, (_, i) => 0.9 - 0.8 / (i + 1));
    const guessed = diagnose({
      train: rising,
      validation: rising.map((x) => x - 0.02),
    });
    expect(guessed.notes.join()).toContain(
      "larger values were taken for better",
    );
    const asked = diagnose(
      { train: rising, validation: rising.map((x) => x - 0.02) },
      { direction: "minimize" },
    );
    expect(asked.notes.join()).toContain('say direction: "maximize"');
  });

  it("reads percent as it reads fractions, and says so where they are mixed", () => {
    const { train, validation } = example("overfitting");
    const t = train.map((v) => 1 - v / 1.5);
    const v = validation.map((v) => 1 - v / 1.5);
    const direction = "maximize";
    const one = diagnose({ train: t, validation: v }, { direction });
    const hundred = diagnose({
      train: t.map((x) => 100 * x),
      validation: v.map((x) => 100 * x),
    }, { direction });
    expect(hundred.main?.kind).toBe(one.main?.kind);
    expect(hundred.main!.evidence[0]!.value)
      .toBeCloseTo(one.main!.evidence[0]!.value, 9);
    const mixed = diagnose(
      { train: t, validation: v.map((x) => 100 * x) },
      { direction },
    );
    expect(mixed.notes.join()).toContain("percent");
    expect(mixed.main?.kind).toBe("overfitting");
  });

  it("leaves NaN in the middle out, and calls NaN to the end a divergence", () => {
    const { train, validation } = example("healthy");
    const holed = diagnose({
      train: train.with(20, NaN),
      validation: validation.with(31, NaN),
    }, { baseline: 1 });
    expect(holed.notes).toEqual(["no value at step 21 and 32 (NaN): left out"]);
    expect(holed.find("divergence")).toBe(null);
    const broken = diagnose({
      train: train.map((v, i) => i < 30 ? v : NaN),
      validation,
    });
    expect(broken.main!.kind).toBe("divergence");
    expect(broken.main!.steps).toEqual({ from: 31, to: 60 });
    const infinite = diagnose({ train: train.with(9, Infinity), validation });
    expect(infinite.find("early instability")!.sentence).toContain("epoch 10");
  });

  it("puts steps in order, takes the last of repeated ones, and compares where both are", () => {
    const { train, validation } = example("overfitting");
    const steps = train.map((_, i) => i + 1);
    const plain = diagnose({ train, validation });
    const shuffled = diagnose({
      train: { steps: steps.toReversed(), values: train.toReversed() },
      validation: { steps: [1, ...steps], values: [99, ...validation] },
    });
    expect(shuffled.main!.sentence).toBe(plain.main!.sentence);
    expect(shuffled.notes.length).toBe(2);
    // Validated every third epoch only.
    const every = steps.filter((step) => step % 3 === 0);
    const seldom = diagnose({
      train,
      validation: {
        steps: every,
        values: every.map((step) => validation[step - 1]!),
      },
    });
    expect(seldom.main?.kind).toBe("overfitting");
    expect(diagnose({ train, validation: validation.slice(0, 50) }).notes[0])
      .toContain("60 training values and 50 validation values");
  });

  it("reads a million values at once", () => {
    const n = 1_000_000;
    const values = new Float64Array(n);
    for (let i = 0; i < n; i++) values[i] = 0.2 + Math.exp(-i / 1e5);
    const start = performance.now();
    const diagnosis = diagnose({ train: values, validation: values });
    expect(performance.now() - start).toBeLessThan(5000);
    expect(diagnosis.findings.map(({ severity }) => severity))
      .not.toContain("critical");
  });

  it("does with one curve alone what it can", () => {
    const { train, validation } = example("overfitting");
    expect(kindsOf({ validation })).toContain("overfitting");
    expect(kindsOf({ train }, { baseline: 1 })).not.toContain("overfitting");
    expect(kindsOf({ train: example("no learning").train }, { baseline: 1 }))
      .toEqual(["no learning"]);
  });

  it("refuses what is no list of numbers", () => {
    expect(() => diagnose({ train: 3 as unknown as number[] })).toThrow(
      TypeError,
    );
    expect(() => diagnose({ train: {} as unknown as number[] })).toThrow(
      "expected a list of numbers",
    );
  });

  it("never throws and never says NaN, whatever the numbers", () => {
    const any = fc.oneof(
      fc.double(),
      fc.double({ min: 0, max: 3, noNaN: true }),
      fc.constantFrom(NaN, Infinity, -Infinity, 0, -0, 1e308, -1e308, 5e-324),
    );
    const list = fc.array(any, { maxLength: 40 });
    const input = fc.oneof(
      list,
      fc.record({ steps: list, values: list }),
      fc.constant(null),
    );
    fc.assert(
      fc.property(
        input,
        input,
        input,
        fc.option(any, { nil: undefined }),
        fc.constantFrom(undefined, "minimize" as const, "maximize" as const),
        fc.boolean(),
        (train, validation, metric, baseline, direction, running) => {
          const text = String(diagnose(
            { train, validation, metric: { validation: metric } },
            { baseline, direction, running },
          ));
          expect(text).not.toMatch(/NaN:|: NaN|NaN %|undefined|null/);
        },
      ),
      { numRuns: 400 },
    );
  });

  it("gives the same for the same, and leaves what it is given alone", () => {
    const { train, validation } = example("overfitting");
    const [t, v] = [[...train], [...validation]];
    const first = JSON.stringify(diagnose({ train, validation }));
    expect(JSON.stringify(diagnose({ train, validation }))).toBe(first);
    expect(train).toEqual(t);
    expect(validation).toEqual(v);
  });
});

describe("diagnose(), the traps", () => {
  it("a loss that rises while the accuracy still improves is overconfidence", () => {
    const { train, validation } = example("overfitting");
    const accuracy = validation.map((_, i) => 0.9 - 0.5 * Math.exp(-i / 15));
    const calibrated = diagnose({
      train,
      validation,
      metric: { validation: accuracy },
    });
    expect(calibrated.main).toMatchObject({
      kind: "overconfidence",
      severity: "hint",
    });
    const worse = accuracy.map((a, i) => i < 25 ? a : a - 0.004 * (i - 25));
    expect(
      diagnose({ train, validation, metric: { validation: worse } }).main?.kind,
    ).toBe("overfitting");
  });

  it("a validation below the training is normal in the first epochs and with dropout", () => {
    // Train is averaged within its epoch: it lags by half an epoch.
    const model = (epoch: number) => 0.2 + 0.8 * Math.exp(-epoch / 6);
    const validation = Array.from({ length: 50 }, (_, i) => model(i + 1));
    const train = Array.from({ length: 50 }, (_, i) => model(i + 0.5));
    expect(kindsOf({ train, validation }, { baseline: 1 }))
      .not.toContain("leakage");
    const dropped = train.map((v) => v + 0.15);
    expect(
      kindsOf({ train: dropped, validation }, {
        baseline: 1,
        trainHandicapped: true,
      }),
    ).not.toContain("leakage");
  });

  it("a step of the schedule is no convergence problem, and no rise", () => {
    const of = (floor: number) =>
      Array.from(
        { length: 60 },
        (_, i) =>
          (i < 30 ? floor + 0.2 : floor) +
          0.7 * Math.exp(-i / 5) + 0.0005 * Math.sin(i * 9),
      );
    const kinds = kindsOf({ train: of(0.2), validation: of(0.23) }, {
      baseline: 1,
      scheduleSteps: [30],
    });
    expect(kinds).not.toContain("not converged");
    expect(kinds).not.toContain("overfitting");
  });

  it("a rise that is coming back is told from one that stays (double descent)", () => {
    const bump = (i: number) => 0.4 * Math.exp(-(((i - 50) / 12) ** 2));
    const train = Array.from({ length: 90 }, (_, i) => Math.exp(-i / 12));
    const validation = train.map((_, i) =>
      0.3 + 0.7 * Math.exp(-i / 8) + bump(i)
    );
    // All the way back: nothing wrong at the end.
    expect(kindsOf({ train, validation })).not.toContain("overfitting");
    const half = diagnose({
      train: train.slice(0, 70),
      validation: validation.slice(0, 70),
    });
    expect(half.main!.sentence).toContain("longer training may undo it");
  });

  it("does not cry wolf over a running training, looked at every epoch", () => {
    let cried = 0;
    for (let run = 0; run < 25; run++) {
      const { train, validation } = example("healthy", 60, 0.05 + run * 1e-4);
      for (let n = 1; n <= 60; n++) {
        const kinds = kindsOf({
          train: train.slice(0, n),
          validation: validation.slice(0, n),
        }, { baseline: 1, running: true });
        if (kinds.includes("overfitting") || kinds.includes("divergence")) {
          cried++;
          break;
        }
      }
    }
    expect(cried).toBe(0);
  });

  it("sees overfitting in a running training well before its end", () => {
    const { train, validation } = example("overfitting", 60, 0.005);
    let seen = 0;
    for (let n = 1; n <= 60 && seen === 0; n++) {
      const kinds = kindsOf({
        train: train.slice(0, n),
        validation: validation.slice(0, n),
      }, { running: true });
      if (kinds.includes("overfitting")) seen = n;
    }
    expect(seen).toBeGreaterThan(15);
    expect(seen).toBeLessThan(40);
  });
});

describe("diagnose(), beside siblings", () => {
  const siblings = Array.from({ length: 6 }, (_, k) => ({
    ...example("healthy", 60, 0.004 + k * 1e-4),
    number: k,
    params: { learningRate: 0.01 * (1 + k / 10), width: 64 },
  }));

  it("calls a converged training underfit only where others reached more", () => {
    const alone = diagnose(example("underfitting"), { baseline: 1 });
    expect(alone.main).toMatchObject({
      kind: "underfitting",
      severity: "question",
    });
    const beside = diagnose(example("underfitting"), { baseline: 1, siblings });
    expect(beside.main).toMatchObject({
      kind: "underfitting",
      severity: "problem",
    });
    expect(beside.main!.sentence).toContain("the better trials");
    expect(
      diagnose(example("healthy"), { baseline: 1, siblings }).find(
        "underfitting",
      ),
    ).toBe(null);
  });

  it("tells a learning rate that is too small from too few epochs by the others'", () => {
    const context = {
      baseline: 1,
      siblings,
      space: space({
        learningRate: float(1e-6, 1, { log: true }),
        width: int(8, 512),
      }),
    };
    const small = diagnose(example("not converged"), {
      ...context,
      params: { learningRate: 1e-4, width: 64 },
    });
    expect(small.main!.kind).toBe("learning rate too small");
    expect(small.main!.sentence).toContain("as large");
    const few = diagnose(example("not converged"), {
      ...context,
      params: { learningRate: 0.01, width: 64 },
    });
    expect(few.main!.kind).toBe("not converged");
  });

  it("takes the baseline from them", () => {
    const { train, validation } = example("learning rate too large");
    expect(kindsOf({ train, validation }, { siblings }))
      .toContain("learning rate too large");
  });
});

describe("diagnose() is not misled", () => {
  const falls = (n: number, from: number, pace: number, to: number) =>
    Array.from({ length: n }, (_, t) => to + from * Math.exp(-(t + 1) / pace));

  it("by a bend: a fall without noise has no noise", () => {
    for (const n of [12, 15, 20, 30]) {
      for (const pace of [3, 6, 12]) {
        const curve = falls(n, 2, pace, 0.02);
        expect(kindsOf({ train: curve, validation: curve }))
          .not.toContain("late step noise");
      }
    }
  });

  it("by a validation that was bad from the start and only rises: it asks for a shift", () => {
    const train = falls(25, 1.6, 4, 0.1);
    const validation = train.map((_, t) => 2.4 + 0.2 * t);
    const alone = diagnose({ train, validation });
    expect(alone.main!.kind).toBe("shift");
    expect(alone.main!.severity).toBe("question");
    const told = diagnose({ train, validation }, { baseline: Math.log(10) });
    expect(told.main!.kind).toBe("shift");
    expect(told.main!.severity).toBe("problem");
  });

  it("by a memorizing that begins at the second epoch: that is overfitting", () => {
    const train = falls(25, 1.6, 4, 0.05);
    const validation = train.map((_, t) => 0.9 * train[0]! + 0.05 * t);
    expect(diagnose({ train, validation }).main!.kind).toBe("overfitting");
  });

  it("by dropout, which holds the training back to the validation's level", () => {
    const train = falls(25, 1.8, 3, 0.15).map((v, t) => v + 0.012 * (t % 2));
    const validation = falls(25, 1.9, 3, 0.16);
    const context = { baseline: Math.log(10), params: { dropout: 0.3 } };
    expect(kindsOf({ train, validation }, context)).not.toContain("leakage");
  });

  it("by a baseline that nobody told: it says that it was guessed", () => {
    const curves = example("generalization gap");
    const guessed = diagnose(curves);
    expect(guessed.notes.join()).toMatch(/constant answer was guessed/);
    expect(diagnose(curves, { baseline: 1 }).notes.join())
      .not.toContain("guessed");
  });

  it("by the learning rates of another optimizer", () => {
    const of = (optimizer: string, learningRate: number, end: number) => ({
      params: { optimizer, learningRate },
      train: falls(30, 1 - end, 4, end),
      validation: falls(30, 1 - end, 4, end + 0.02),
    });
    const siblings = Array.from(
      { length: 6 },
      (_, i) => of("adam", 0.001 * (1 + i / 10), 0.1 + i / 100),
    );
    const sick = example("learning rate too large");
    const said = (optimizer: string) =>
      String(diagnose(sick, {
        baseline: 1,
        siblings,
        params: { optimizer, learningRate: 0.5 },
      }));
    expect(said("adam")).toContain("that of the better trials");
    expect(said("sgd")).not.toContain("that of the better trials");
  });
});

describe("Diagnosis", () => {
  it("is a frozen value with sentences, data, and a notebook's form", () => {
    const diagnosis = diagnose(example("overfitting"));
    expect(Object.isFrozen(diagnosis)).toBe(true);
    expect(diagnosis.toJSON().findings[0]!.kind).toBe("overfitting");
    const shown = (diagnosis as unknown as Record<
      symbol,
      () => Record<string, string>
    >)[Symbol.for("Jupyter.display")]!();
    expect(shown["text/plain"]).toBe(String(diagnosis));
    expect(shown["text/markdown"]).toBe(diagnosis.toMarkdown());
    expect(diagnosis.find("shift")).toBe(null);
  });

  it("is Markdown that lists the evidence and lets no markup through", () => {
    const { findings } = diagnose(example("overfitting"));
    const text = new Diagnosis({
      subject: 'Study "<img src=x> *a* [b](c)"',
      findings,
    }).toMarkdown();
    expect(text).toContain("- **Problem.** Overfitting since");
    expect(text).toMatch(/\n {2}- rise of the validation .*: \d+ % of the/);
    expect(text).not.toMatch(/<img|[^\\]\*a|[^\\]\]\(c\)/);
  });
});

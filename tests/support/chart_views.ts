/**
 * Studies for the tests of charts: some that look real, some as awkward as a
 * user's names and values can be, and random ones.
 *
 * @module
 */

import fc from "fast-check";
import { randomStream } from "../../lib/math/mod.ts";
import {
  maximize,
  minimize,
  type Objective,
  type StudyView,
  type TrialState,
} from "../../lib/records/mod.ts";
import {
  boolean,
  choice,
  float,
  int,
  ordinal,
  type Space,
  space,
} from "../../lib/space/mod.ts";
import { arbitrarySpace } from "./arbitrary_space.ts";
import { type TrialDetails, trialOf, viewOf } from "./views.ts";

/** A space with a parameter of each kind, one of them under a condition. */
export function sampleSpace(): Space {
  return space({
    learningRate: float(1e-4, 1e-1, { log: true }),
    units: int(16, 512, { log: true }),
    dropout: float(0, 0.5),
    optimizer: choice(["adam", "sgd", "rmsprop"]),
    momentum: float(0.5, 0.99).when({ optimizer: "sgd" }),
    batchNorm: boolean(),
  }) as unknown as Space;
}

/** Options of {@linkcode makeView}. */
export interface ViewOptions {
  /** How many trials. */
  readonly trials: number;
  /** How many steps their curves have. Defaults to `20`. */
  readonly steps?: number;
  /** The objective. Defaults to `maximize("validation accuracy")`. */
  readonly objective?: Objective;
}

/** A study that looks real: noisy, slowly better, with pruned, failed and running trials. */
export function makeView(options: ViewOptions): StudyView {
  const { trials: total, steps = 20 } = options;
  const { objective = maximize("validation accuracy") } = options;
  const searched = sampleSpace();
  const random = randomStream("charts", total);
  const trials = Array.from({ length: total }, (_, number) => {
    const params = searched.sample(random.uniform);
    const skill = 0.93 - 0.25 * random.uniform() ** 2 -
      0.3 * Math.exp(-number / 15) * random.uniform();
    const draw = random.uniform();
    const state: TrialState = number === total - 1 && total > 3
      ? "running"
      : draw < 0.04 && number > 0
      ? "failed"
      : draw < 0.25 && number > 3
      ? "pruned"
      : "complete";
    const length = state === "complete" ? steps : Math.ceil(steps * 0.4);
    const speed = 3 + 5 * random.uniform();
    const curve = (scale: number, floor: number, noise: number) =>
      Array.from(
        { length },
        (_, step) =>
          floor + scale * Math.exp(-step / speed) +
          noise * random.normal() * scale,
      );
    const trainLoss = curve(2, 1 - skill, 0.01);
    const validationLoss = curve(1.9, 1.15 - skill, 0.02).map((value, step) =>
      value + 0.004 * step * step / steps
    );
    const accuracy = (losses: readonly number[], gap: number) =>
      losses.map((loss) =>
        Math.max(0.1, Math.min(1, skill + gap - loss * 0.3))
      );
    return trialOf(number, params, {
      state,
      ...(state === "complete"
        ? { value: objective.direction === "maximize" ? skill : 1 - skill }
        : {}),
      curves: {
        "train loss": trainLoss,
        "validation loss": validationLoss,
        "train accuracy": accuracy(trainLoss, 0.1),
        "validation accuracy": accuracy(validationLoss, 0.06),
      },
    });
  });
  return { ...viewOf(searched, trials, [objective]), name: "digits-mlp" };
}

/** A study over a space, its configurations drawn at random. */
export function studyOver(
  searched: Space,
  trials: number,
  details: (number: number) => TrialDetails,
  objective: Objective = minimize("loss"),
): StudyView {
  const random = randomStream("charts", "over", trials);
  return viewOf(
    searched,
    Array.from(
      { length: trials },
      (_, number) =>
        trialOf(number, searched.sample(random.uniform), details(number)),
    ),
    [objective],
  );
}

/** Names that break fields, expressions, markup, JSON in a script, or a terminal. */
export const awkwardNames: readonly string[] = [
  "a.b[0]",
  "q\"uo'te\\back",
  "</script><script>alert(1)</script>",
  "常数🙂",
  "constructor",
  "__proto__ ",
  "title",
  "line\u2028break\u0000\ud800\u202e",
  "trial",
  "${datum.n}",
  '\\": datum.n, "',
];

/** A study of which every name and many values are awkward. */
export function awkwardStudy(): StudyView {
  const kinds = [
    float(1e-6, 1, { log: true }),
    int(1, 5),
    choice([
      "<b>x</b>",
      "",
      "常数",
      null,
      "null",
      1,
      "1",
      "a very long choice ".repeat(5),
    ]),
    boolean(),
    float(0, 1),
    float(-5, 5).when({ "常数🙂": true }),
    ordinal([1, 2, 3]),
    float(-1.7e308, 1.7e308),
    float(5e-324, 1e308, { log: true }),
    int(1, 1),
    float(2, 2),
  ];
  const searched = space(
    Object.fromEntries(awkwardNames.map((name, i) => [name, kinds[i]!])),
  ) as unknown as Space;
  const name = "</script>\u2028lo\"ss' [0].y";
  const study = studyOver(searched, 40, (i) => ({
    value: [1e308, -1e308, Infinity, -Infinity, 5e-324][i] ?? i / 7,
    curves: {
      'a.b["loss"]': [3, NaN, 2, Infinity, 1e308, 1],
      "val </script>": [i],
      [name]: [-1e308, 1e308, 5e-324],
      valueOf: [1, 2],
    },
  }), minimize(name));
  return { ...study, name: "st<udy>&\"'\u0007</title>" };
}

/** A study with names that every object has, for its name, its objective and all else. */
export function prototypeStudy(): StudyView {
  const study = studyOver(
    space({
      valueOf: float(0, 1),
      toString: choice(["constructor", "hasOwnProperty"]),
    }) as unknown as Space,
    12,
    (i) => ({
      value: i,
      curves: { constructor: [1, 2], "train isPrototypeOf": [1, 2] },
    }),
    minimize("hasOwnProperty"),
  );
  return { ...study, name: "constructor" };
}

/** Studies at the edges: nothing there, nothing to see, nothing but one thing. */
export const edgeStudies: Readonly<Record<string, () => StudyView>> = {
  "no trial": () => makeView({ trials: 0 }),
  "one trial": () => makeView({ trials: 1 }),
  "only waiting trials": () =>
    studyOver(sampleSpace(), 3, () => ({ state: "waiting" })),
  "only failed trials": () =>
    studyOver(sampleSpace(), 5, () => ({ state: "failed" })),
  "only infinite values": () =>
    studyOver(sampleSpace(), 5, () => ({ value: Infinity })),
  "equal values": () =>
    studyOver(sampleSpace(), 9, () => ({
      value: 0.5,
      curves: { loss: [1, 1] },
    })),
  "values of 0": () => studyOver(sampleSpace(), 9, () => ({ value: 0 })),
  "only pruned trials": () =>
    studyOver(sampleSpace(), 12, () => ({
      state: "pruned",
      curves: { loss: [3, 2, 1] },
    })),
  "NaN and infinite values": () =>
    studyOver(sampleSpace(), 20, (i) => ({
      value: [NaN, Infinity, -Infinity, 1, 2][i % 5]!,
      curves: { loss: [NaN, Infinity, 1, -Infinity] },
    })),
  "200 parameters": () =>
    studyOver(
      space(Object.fromEntries(
        Array.from({ length: 200 }, (_, i) => [
          `parameter ${i}`,
          i % 3 === 0 ? choice(["a", "b"]) : float(0, 1),
        ]),
      )) as unknown as Space,
      40,
      (i) => ({ value: (i * 7) % 11, curves: { loss: [3, 2, 1 + i] } }),
    ),
  "1,000 choices": () =>
    studyOver(
      space({
        word: choice(
          Array.from({ length: 1000 }, (_, i) => `choice ${i} 常数`),
        ),
        x: float(0, 1),
      }) as unknown as Space,
      60,
      (i) => ({ value: (i * 7) % 13, curves: { loss: [3, 2, 1 + i] } }),
    ),
  "parameters of one value": () =>
    studyOver(
      space({ a: int(3, 3), b: choice(["x"]) }) as unknown as Space,
      6,
      (i) => ({ value: i }),
    ),
  "a parameter that no trial uses": () =>
    studyOver(
      space({
        a: choice(["x", "y"]),
        b: float(0, 1).when({ a: "y" }),
      }) as unknown as Space,
      0,
      () => ({}),
    ),
  "one diverged trial": () =>
    studyOver(sampleSpace(), 30, (i) => ({
      value: i === 7 ? 1e12 : 1 + i / 30,
      curves: { loss: [3, 2, i === 7 ? 1e20 : 1, 1, 1, 1, 1, 1, 1, 1, 1, 1] },
    })),
  "awkward names and values": awkwardStudy,
  "names of what every object has": prototypeStudy,
};

const anyNumber: fc.Arbitrary<number> = fc.oneof(
  fc.double(),
  fc.double({ min: -10, max: 10, noNaN: true }),
  fc.constantFrom(0, -0, Infinity, -Infinity, NaN, 1e308, 5e-324),
);

/** Random studies: any space, any states, any values, any curves. */
export function arbitraryView(): fc.Arbitrary<StudyView> {
  const details: fc.Arbitrary<TrialDetails> = fc.record({
    state: fc.constantFrom<TrialState>(
      "complete",
      "complete",
      "pruned",
      "failed",
      "running",
      "waiting",
    ),
    value: anyNumber,
    curves: fc.dictionary(
      fc.oneof(
        fc.constantFrom("loss", "val_loss", "train accuracy"),
        fc.string({ maxLength: 8 }),
      ),
      fc.array(anyNumber, { maxLength: 30 }),
      { maxKeys: 4 },
    ),
  });
  return fc.tuple(
    arbitrarySpace(),
    fc.array(details, { minLength: 1, maxLength: 30 }),
    fc.boolean(),
    fc.string({ maxLength: 20 }),
  ).map(([searched, all, minimizing, name]) => {
    const random = randomStream("arbitrary", all.length);
    return {
      name,
      space: searched,
      objectives: [(minimizing ? minimize : maximize)(name || "value")],
      trials: all.map((detail, number) =>
        trialOf(number, searched.sample(random.uniform), detail)
      ),
    };
  });
}

/** A study of several objectives that pull against each other, with pruned and failed trials. */
export function tradeOffStudy(
  trials: number,
  objectives: readonly Objective[] = [
    maximize("accuracy"),
    minimize("latency (ms)"),
  ],
): StudyView {
  const searched = sampleSpace();
  const random = randomStream("trade-offs", trials, objectives.length);
  return {
    ...viewOf(
      searched,
      Array.from({ length: trials }, (_, number) => {
        const params = searched.sample(random.uniform);
        const draw = random.uniform();
        const state = draw < 0.03
          ? "failed"
          : draw < 0.1
          ? "pruned"
          : "complete";
        const values = objectives.map(({ direction }, i) => {
          const size = Math.log(Number(params.units) / 16) / Math.log(32);
          const loss = i % 2 === 0
            ? 0.1 + 0.5 * (1 - size) ** 2 + 0.2 * random.uniform() ** 2
            : 2 + 20 * size ** 2 + 8 * random.uniform() ** 2;
          return direction === "minimize" ? loss : 1 - loss;
        });
        return trialOf(number, params, {
          state,
          ...(state === "complete" ? { value: values[0]!, values } : {}),
        });
      }),
      objectives,
    ),
    name: "small and good",
  };
}

/** The study as if it had been cross-validated on five folds, its pruned trials stopped after two. */
export function folded(view: StudyView): StudyView {
  const name = `${view.objectives[0]!.name} by fold`;
  return {
    name: view.name,
    objectives: view.objectives,
    space: view.space,
    // Read late: a study that cannot be read must say so in the chart.
    get trials() {
      return view.trials.map((trial) => {
        const { state, value, number } = trial;
        const count = state === "complete" ? 5 : state === "pruned" ? 2 : 0;
        if (count === 0) return trial;
        const steps = Array.from({ length: count }, (_, f) => f + 1);
        const values = steps.map((f) =>
          (value ?? 0.5) *
          (1 + 0.02 * Math.sin(2 * f) + 0.01 * Math.sin(number * f))
        );
        const curves = new Map(trial.curves).set(name, { name, steps, values });
        return { ...trial, curves };
      });
    },
  };
}

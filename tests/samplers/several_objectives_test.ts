import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { hypervolume } from "../../lib/math/mod.ts";
import {
  maximize,
  minimize,
  type StudyView,
  type TrialRecord,
} from "../../lib/records/mod.ts";
import {
  gpSampler,
  randomSampler,
  type Sampler,
  tpeSampler,
} from "../../lib/samplers/mod.ts";
import { goodTrials } from "../../lib/samplers/_tpe_fronts.ts";
import { type Configuration, float, space } from "../../lib/space/mod.ts";
import { createStudy } from "../../lib/study/mod.ts";
import { samplerConformance } from "../conformance/sampler.ts";
import { requestOf, trialOf, viewOf } from "../support/views.ts";

/** A second value of every trial: it hangs on the configuration, and is NaN now and then. */
function secondValue({ number, params }: TrialRecord): number {
  if (number % 9 === 8) return NaN;
  return Object.values(params as Configuration).reduce<number>(
    (sum, value) => sum + Number(typeof value === "number" ? value : 1),
    0,
  );
}

/** A sampler that sees two objectives, or more, where the study has one. */
function seeing(count: number, sampler: Sampler): Sampler {
  const several = new WeakMap<TrialRecord, TrialRecord>();
  const study = <C>(view: StudyView<C>): StudyView<C> => ({
    ...view,
    objectives: [
      minimize("loss"),
      maximize("speed"),
      ...Array.from({ length: count - 2 }, (_, k) => minimize(`more ${k}`)),
    ],
    trials: view.trials.map((trial) => {
      const known = trial as unknown as TrialRecord;
      if (trial.value === null) return trial;
      const second = secondValue(known);
      const values = [
        trial.value,
        second,
        ...Array.from({ length: count - 2 }, (_, k) => Math.sin(second + k)),
      ];
      const made = several.get(known) ?? { ...known, values };
      several.set(known, made);
      return made as unknown as TrialRecord<C>;
    }),
  });
  return {
    ...sampler,
    suggest: (request) =>
      sampler.suggest({ ...request, study: study(request.study) }),
  };
}

samplerConformance(
  "gpSampler() of two objectives",
  () => seeing(2, gpSampler({ initialTrials: 2 })),
  { runs: 5, manyTrials: 500 },
);
samplerConformance(
  "gpSampler() of four objectives",
  () => seeing(4, gpSampler({ initialTrials: 2 })),
  { runs: 3, manyTrials: 100 },
);
samplerConformance(
  "tpeSampler() of three objectives",
  () => seeing(3, tpeSampler({ initialTrials: 2 })),
  { runs: 20 },
);

const line = space({ x: float(0, 1) });
const both = [minimize("a"), minimize("b")];

/** Complete trials at places in a row, with values of two objectives. */
function trialsOf(values: readonly (readonly number[])[]): TrialRecord[] {
  return values.map((pair, n) =>
    trialOf(n, { x: n / values.length }, { value: pair[0]!, values: pair })
  );
}

describe("the good trials of several objectives", () => {
  const good = (values: readonly (readonly number[])[], count: number) =>
    goodTrials({ trials: trialsOf(values), objectives: both }, count);

  it("are none without trials, and none where each lacks a value or is infinitely bad", () => {
    expect(good([], 3)).toEqual([]);
    expect(good([[NaN, 1], [1, Infinity], [1]], 3)).toEqual([]);
  });

  it("are those of the first fronts; of one too large those that dominate most", () => {
    const values = [[5, 5], [0, 3], [1, 1], [3, 0], [2, 2], [0.9, 1.5]];
    expect(good(values, 1)).toEqual([2]);
    expect(good(values, 3)).toEqual([2, 1, 3]);
    expect(good(values, 5)).toEqual([1, 2, 3, 5, 4]);
  });

  it("are the same on any scale, and with equal ones among them", () => {
    const values = [[5, 5], [0, 3], [1, 1], [1, 1], [3, 0], [2, 2]];
    for (const [a, b] of [[1, 1], [1e-12, 1e12], [1e300, 1e-300]] as const) {
      expect(good(values.map(([x, y]) => [a * x!, b * y!]), 3)).toEqual(
        good(values, 3),
      );
    }
  });

  it("keep to the constraints before all else", () => {
    const trials = trialsOf([[0, 0], [1, 1], [2, 2]]).map((trial, n) => ({
      ...trial,
      constraints: [n === 0 ? 1 : -1],
    }));
    expect(goodTrials({ trials, objectives: both }, 1)).toEqual([1]);
  });
});

/** How much a sampler finds of the front between two bowls, in 4 dimensions. */
async function volumeOf(
  sampler: Sampler,
  trials: number,
  scale: readonly [number, number] = [1, 1],
): Promise<number> {
  const study = await createStudy({
    name: "bowls",
    space: space({
      x: float(0, 1),
      y: float(0, 1),
      z: float(0, 1),
      w: float(0, 1),
    }),
    objectives: [minimize("near"), maximize("far")],
    sampler,
    storage: "memory",
  });
  const bowl = (point: readonly number[], middle: number) =>
    point.reduce((sum, u) => sum + (u - middle) ** 2, 0);
  await study.optimize(({ params }) => {
    const point = Object.values(params) as number[];
    return [scale[0] * bowl(point, 0.2), -scale[1] * bowl(point, 0.8)];
  }, { trials, progress: false });
  const points = study.trials.map(({ values }) => [
    values![0]! / scale[0],
    -values![1]! / scale[1],
  ]);
  return hypervolume(points, [1.5, 1.5]);
}

describe("gpSampler() of several objectives", () => {
  // On the line √near + √far = 1.2: 1.5² − ∫ (1.2 − √a)² da from 0 to 1.44 = 1.9044.
  it("finds most of a front in 26 trials, far more than chance, on scales of 1e-12 and 1e12 too", async () => {
    const chance = await volumeOf(randomSampler(), 60);
    expect(chance).toBeLessThan(1.7);
    for (const scale of [[1, 1], [1e-12, 1e12]] as const) {
      expect(await volumeOf(gpSampler(), 26, scale)).toBeGreaterThan(1.8);
    }
  });

  it("goes on where all but one are dominated, and where all are equal", async () => {
    for (
      const values of [
        Array.from({ length: 12 }, (_, n) => [n, n]),
        Array.from({ length: 12 }, () => [1, 1]),
        Array.from({ length: 12 }, (_, n) => [n, 1]),
      ]
    ) {
      const view = viewOf(line, trialsOf(values), both);
      const suggestion = (await gpSampler().suggest(requestOf(view)))!;
      expect(suggestion.reason).toMatch(/1?\d on the front so far/);
    }
  });

  it("looks at feasible places alone, and for one while there is none", async () => {
    const trials = (bound: number) =>
      Array.from({ length: 12 }, (_, n) => {
        const x = 0.3 + 0.05 * n;
        return trialOf(n, { x }, {
          value: x,
          values: [x, 1 - x],
          constraints: [x - bound],
        });
      });
    const ask = async (bound: number) =>
      (await gpSampler().suggest(requestOf({
        ...viewOf(line, trials(bound), both),
        constraints: [{
          name: `x ≤ ${bound}`,
          measure: "x",
          side: "max" as const,
          bound,
        }],
      })))!;
    const inside = await ask(0.6);
    expect(inside.reason).toMatch(/^Expected hypervolume improvement/);
    expect(inside.params.x).toBeLessThan(0.62);
    const nothing = await ask(0.2);
    expect(nothing.reason).toMatch(/^Most probably feasible/);
    expect(nothing.params.x).toBeLessThan(0.2);
  });

  it("of four objectives improves a trade-off, and says which", async () => {
    const values = Array.from(
      { length: 12 },
      (_, n) => [n / 12, 1 - n / 12, (n / 12 - 0.3) ** 2, 3],
    );
    const view = viewOf(
      line,
      trialsOf(values),
      ["a", "b", "c", "d"].map((name) => minimize(name)),
    );
    const { reason } = (await gpSampler().suggest(requestOf(view)))!;
    expect(reason).toMatch(
      /^Expected improvement of a trade-off that weighs a 0\.\d\d, b 0\.\d\d, c/,
    );
  });
});

describe("tpeSampler() of several objectives", () => {
  it("finds more of a front in 60 trials than chance", async () => {
    expect(await volumeOf(tpeSampler(), 60)).toBeGreaterThan(
      await volumeOf(randomSampler(), 60) + 0.1,
    );
  });
});

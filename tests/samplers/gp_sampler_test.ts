import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import fc from "fast-check";
import { randomStream } from "../../lib/math/mod.ts";
import {
  maximize,
  minimize,
  type StudyView,
  type TrialState,
} from "../../lib/records/mod.ts";
import {
  gpSampler,
  type GpSamplerOptions,
  sobolSampler,
  type Suggestion,
} from "../../lib/samplers/mod.ts";
import {
  boolean,
  choice,
  type Configuration,
  float,
  int,
  type Space,
  space,
} from "../../lib/space/mod.ts";
import { samplerConformance } from "../conformance/sampler.ts";
import { arbitrarySpace } from "../support/arbitrary_space.ts";
import { floats, networkSpace } from "../support/spaces.ts";
import { requestOf, trialOf, viewOf, withTrials } from "../support/views.ts";

samplerConformance("gpSampler()", () => gpSampler(), {
  runs: 15,
  manyTrials: 2000,
});
samplerConformance(
  'gpSampler({ acquisition: "Thompson", initialTrials: 1 })',
  () => gpSampler({ acquisition: "Thompson", initialTrials: 1 }),
  { runs: 10, manyTrials: 500 },
);

const ask = async (
  view: StudyView,
  options: GpSamplerOptions = {},
  fixed: Configuration = {},
  seed = "seed",
): Promise<Suggestion> =>
  (await gpSampler(options).suggest(requestOf(view, { fixed, seed })))!;

/** Asks and tells `count` times. */
async function optimize(
  space: Space,
  f: (params: Configuration) => number,
  { count, options = {}, seed = "seed", objective = minimize() }: {
    count: number;
    options?: GpSamplerOptions;
    seed?: string;
    objective?: ReturnType<typeof minimize>;
  },
): Promise<StudyView> {
  let view: StudyView = viewOf(space, [], [objective]);
  for (let number = 0; number < count; number++) {
    const { params } = await ask(view, options, {}, seed);
    view = withTrials(view, trialOf(number, params, { value: f(params) }));
  }
  return view;
}

const valuesOf = (view: StudyView) => view.trials.map(({ value }) => value!);

const branin = ({ a, b }: Configuration) => {
  const [x, y] = [Number(a), Number(b)];
  return (y - 5.1 / (4 * Math.PI ** 2) * x * x + 5 / Math.PI * x - 6) ** 2 +
    10 * (1 - 1 / (8 * Math.PI)) * Math.cos(x) + 10;
};
const braninSpace = space({ a: float(-5, 10), b: float(0, 15) });

describe("gpSampler()", () => {
  it("begins near the middle, with any category", async () => {
    const s = space({ x: float(0, 1), kind: choice(["a", "b", "c", "d"]) });
    const kinds = new Set<unknown>();
    for (let seed = 0; seed < 20; seed++) {
      const { params } = await ask(viewOf(s), {}, {}, `${seed}`);
      expect(Math.abs(Number(params.x) - 0.5)).toBeLessThanOrEqual(0.1);
      kinds.add(params.kind);
    }
    expect(kinds.size).toBe(4);
  });

  it("begins with the defaults where there are some", async () => {
    const s = space({
      rate: float(1e-4, 1, { log: true, default: 0.003 }),
      units: int(1, 9, { default: 8 }),
    });
    const { params } = await ask(viewOf(s));
    expect(params.rate).toBeCloseTo(0.003, 12);
    expect(params.units).toBe(8);
  });

  it("goes on with the points of a Sobol sequence", async () => {
    const params = (await ask(viewOf(floats(3)))).params;
    const view = viewOf(floats(3), [trialOf(0, params, { state: "running" })]);
    expect((await ask(view)).params).toEqual(
      (await sobolSampler().suggest(requestOf(view)))!.params,
    );
  });

  it("draws another point where the sequence's has been tried", async () => {
    const s = space({ x: boolean() });
    const first = (await ask(viewOf(s))).params;
    const view = viewOf(s, [trialOf(0, first, { state: "running" })]);
    const again = await gpSampler().suggest(requestOf(view, { number: 0 }));
    expect(again!.params).toEqual({ x: !first.x });
  });

  it("finds the minimum of Branin's function within 30 trials", async () => {
    const view = await optimize(braninSpace, branin, { count: 30 });
    expect(Math.min(...valuesOf(view)) - 0.397887).toBeLessThan(0.01);
  });

  it("does the same upside down", async () => {
    const up = await optimize(braninSpace, branin, { count: 12 });
    const down = await optimize(braninSpace, (p) => -branin(p), {
      count: 12,
      objective: maximize(),
    });
    expect(down.trials.map((trial) => trial.params))
      .toEqual(up.trials.map((trial) => trial.params));
  });

  it("reaches a corner exactly", async () => {
    const view = await optimize(
      floats(4),
      (p) => Number(p.x0) + Number(p.x1) - Number(p.x2) - Number(p.x3),
      { count: 15 },
    );
    expect(Math.min(...valuesOf(view))).toBe(-2);
  });

  it("finds the best of a mixed, conditional space", async () => {
    const s = space({
      kind: choice(["a", "b", "c"]),
      n: int(1, 20),
      x: float(0, 1).when({ kind: "b" }),
    });
    const f = (p: Configuration) =>
      (Number(p.n) - 13) ** 2 / 100 +
      (p.kind === "b" ? (Number(p.x) - 0.3) ** 2 : 0.4);
    const view = await optimize(s, f, { count: 35 });
    expect(Math.min(...valuesOf(view))).toBeLessThan(0.01);
  });

  for (const acquisition of ["PI", "UCB", "Thompson"] as const) {
    it(`finds a good place by ${acquisition}`, async () => {
      const view = await optimize(
        floats(2),
        (p) => (Number(p.x0) - 0.3) ** 2 + (Number(p.x1) - 0.8) ** 2,
        { count: 20, options: { acquisition } },
      );
      expect(Math.min(...valuesOf(view))).toBeLessThan(0.01);
    });
  }

  it("tries every configuration before it repeats one, and then says so", async () => {
    const s = space({ n: int(1, 3), on: boolean() });
    const f = (p: Configuration) => Number(p.n) + (p.on ? 0.5 : 0);
    let view = await optimize(s, f, { count: 6 });
    const texts = view.trials.map(({ params }) => JSON.stringify(params));
    expect(new Set(texts).size).toBe(6);
    const { params, reason } = await ask(view);
    expect(params).toEqual({ n: 1, on: false });
    expect(reason).toMatch(/every other configuration has been tried\.$/);
    view = withTrials(view, trialOf(6, params, { value: f(params) }));
    expect(await ask(view)).not.toBeNull();
  });

  it("may repeat one where it is told so", async () => {
    const s = space({ n: int(1, 1000) });
    const view = viewOf(
      s,
      [500, 250, 750, 100, 900, 1].map((n, number) =>
        trialOf(number, { n }, { value: n })
      ),
    );
    const repeated = await ask(view, { repeats: true, acquisition: "PI" });
    const taken = view.trials.map(({ params }) => params.n);
    expect(taken).not.toContain((await ask(view)).params.n);
    expect(repeated.prediction!.mean).toBeLessThan(200);
  });

  it("tries one again by itself where values are noisy, and says so", async () => {
    const noise = randomStream("noise");
    const s = space({ n: int(1, 12), m: int(1, 60) });
    const view = await optimize(
      s,
      (p) => Math.abs(Number(p.n) - 4) / 4 + 0.5 * noise.normal(),
      { count: 40 },
    );
    const texts = view.trials.map(({ params }) => JSON.stringify(params));
    expect(new Set(texts).size).toBeLessThan(texts.length);
    const last = texts.findLastIndex((text, n) => texts.indexOf(text) < n);
    const { reason } = await ask(viewOf(s, view.trials.slice(0, last)));
    expect(reason).toMatch(/tried again, as values may be noisy\.$/);
    const once = await optimize(
      s,
      (p) => Math.abs(Number(p.n) - 4) / 4 + 0.5 * noise.normal(),
      { count: 40, options: { repeats: false } },
    );
    const different = once.trials.map(({ params }) => JSON.stringify(params));
    expect(new Set(different).size).toBe(40);
  });

  it("believes a lucky value less where it is told of outliers", async () => {
    const s = floats(2);
    const { uniform } = randomStream("lucky");
    const place = { x0: 0.9, x1: 0.9 };
    const trials = Array.from({ length: 30 }, (_, n) => {
      const params = s.sample(uniform);
      const value = Number(params.x0) ** 2 + Number(params.x1) ** 2;
      return n === 17
        ? trialOf(n, place, { value: -3 })
        : trialOf(n, params, { value });
    });
    const expected = async (options: GpSamplerOptions) =>
      (await ask(viewOf(s, trials), options, place)).prediction!.mean;
    const plain = await expected({});
    expect(await expected({ outliers: false })).toBe(plain);
    expect(await expected({ outliers: true })).toBeGreaterThan(plain + 0.1);
  });

  it("trusts its surrogate less where trials bring nothing, and says so", async () => {
    const s = floats(2);
    const { uniform } = randomStream("stuck");
    const trials = Array.from({ length: 18 }, (_, n) => {
      const params = s.sample(uniform);
      return trialOf(n, params, {
        value: n < 6 ? 6 - n : 1 + Number(params.x0),
      });
    });
    const reasonAfter = async (count: number) =>
      (await ask(viewOf(s, trials.slice(0, count)))).reason;
    expect(await reasonAfter(13)).not.toMatch(/without a gain/);
    expect(await reasonAfter(14)).toMatch(/^Exp.*8 trials without a gain/);
    expect(await reasonAfter(15)).not.toMatch(/without a gain/);
    expect(await reasonAfter(18)).toMatch(/^Conf.*12 trials without a gain/);
  });

  it("says what it expects, in the objective's units and direction", async () => {
    const view = await optimize(
      floats(1),
      (p) => 100 - (Number(p.x0) - 0.5) ** 2,
      { count: 10, objective: maximize("accuracy") },
    );
    const { prediction, reason } = await ask(view);
    expect(prediction!.mean).toBeGreaterThan(99);
    expect(prediction!.mean).toBeLessThan(101);
    expect(prediction!.sd).toBeGreaterThan(0);
    expect(reason).toMatch(
      /^Expected improvement: 100 ± \S+ expected, 100 is the best so far\.$/,
    );
  });

  it("keeps away from where trials fail", async () => {
    let view: StudyView = viewOf(floats(2));
    for (let number = 0; number < 25; number++) {
      const { params } = await ask(view);
      const isBad = Number(params.x0) > 0.5;
      view = withTrials(
        view,
        isBad
          ? trialOf(number, params, { state: "failed" })
          : trialOf(number, params, { value: 1 - Number(params.x0) }),
      );
    }
    const late = view.trials.slice(10);
    expect(late.filter(({ state }) => state === "failed").length)
      .toBeLessThan(late.length / 2);
  });

  it("spreads trials that run side by side", async () => {
    let view = await optimize(braninSpace, branin, { count: 15 });
    const units: Float64Array[] = [];
    for (let i = 0; i < 8; i++) {
      const { params } = await ask(view);
      units.push(view.space.encode(params));
      view = withTrials(view, trialOf(15 + i, params, { state: "running" }));
    }
    units.forEach((a, i) =>
      units.slice(i + 1).forEach((b) =>
        expect(Math.hypot(a[0]! - b[0]!, a[1]! - b[1]!)).toBeGreaterThan(1e-4)
      )
    );
  });

  it("chooses children so that what is fixed stays possible", async () => {
    const view = await optimize(networkSpace(), (p) => Number(p.dropout), {
      count: 12,
    });
    const { params } = await ask(view, {}, { momentum: 0.7 });
    expect(params.optimizer).toBe("sgd");
    expect(params.momentum).toBe(0.7);
    const whole = view.trials[7]!.params;
    expect((await ask(view, {}, whole)).params).toEqual(whole);
  });

  it("copes with 200 dimensions and with 1,000 categories", async () => {
    const wide = await optimize(floats(200), (p) => Number(p.x3), {
      count: 8,
      options: { initialTrials: 5 },
    });
    expect(wide.trials).toHaveLength(8);
    const many = space({
      kind: choice(Array.from({ length: 1000 }, (_, i) => i)),
      x: float(0, 1),
    });
    const view = await optimize(
      many,
      (p) => Number(p.x) + Number(p.kind) / 1e3,
      {
        count: 20,
      },
    );
    expect(Math.min(...valuesOf(view))).toBeLessThan(0.5);
  });

  it("goes on spreading its points while all values are equal", async () => {
    const flat = await optimize(floats(3), () => 1, { count: 12 });
    expect((await ask(flat)).reason).toMatch(/^Point 13 of a .*Sobol/);
    const step = await optimize(
      floats(3),
      (p) => Number(p.x0) > 0.1 || Number(p.x1) > 0.6 ? 1 : Number(p.x1),
      { count: 40 },
    );
    expect(Math.min(...valuesOf(step))).toBeLessThan(0.1);
  });

  it("copes with a space of one point", async () => {
    const s = space({ x: float(2, 2), kind: choice(["only"]) });
    const view = await optimize(s, () => NaN, { count: 6 });
    const { params } = await ask(view);
    expect(params).toEqual({ x: 2, kind: "only" });
  });

  it("copes where every trial failed", async () => {
    const s = networkSpace();
    const { uniform } = randomStream("failed");
    const view = viewOf(
      s,
      Array.from(
        { length: 20 },
        (_, n) => trialOf(n, s.sample(uniform), { state: "failed" }),
      ),
    );
    const { params, reason } = await ask(view);
    expect(s.validate(params)).toEqual(params);
    expect(reason).toMatch(/Sobol/);
  });

  const value = fc.oneof(
    fc.double(),
    fc.constantFrom(0, 1, 1e300, -1e300, 1e-300, NaN, Infinity, -Infinity),
  );
  const state = fc.constantFrom<TrialState>(
    "complete",
    "complete",
    "complete",
    "failed",
    "pruned",
    "running",
  );
  const trial = fc.record({
    state,
    value,
    seed: fc.constantFrom("a", "b", "c", "d", "e", "f", "g", "h"),
  });
  /** Any space, and trials at no more than eight places of it. */
  const histories = (lengths: { minLength: number; maxLength: number }) =>
    fc.tuple(arbitrarySpace({ maxParameters: 5 }), fc.array(trial, lengths))
      .map(([space, trials]) =>
        viewOf(
          space,
          trials.map(({ state, value, seed }, number) =>
            trialOf(number, space.sample(randomStream(seed).uniform), {
              state,
              value: state === "running" ? null : value,
            })
          ),
        )
      );
  const isSensible = async (view: StudyView) => {
    const { params, prediction, reason } = await ask(view, {
      initialTrials: 2,
    });
    expect(view.space.validate(params)).toEqual(params);
    expect(reason).toMatch(/\.$/);
    if (prediction === undefined) return;
    expect(prediction.mean).not.toBeNaN();
    expect(prediction.sd).toBeGreaterThanOrEqual(0);
  };

  it("has a sensible suggestion for any space and any history", () =>
    fc.assert(
      fc.asyncProperty(histories({ minLength: 0, maxLength: 14 }), isSensible),
      { numRuns: 120 },
    ));

  it("has a sensible suggestion after long histories of few places", () =>
    fc.assert(
      fc.asyncProperty(histories({ minLength: 25, maxLength: 60 }), isSensible),
      { numRuns: 40 },
    ));

  it("refuses options that make no sense", () => {
    const make = (options: unknown) => () =>
      gpSampler(options as GpSamplerOptions);
    expect(make({ acquisition: "best" })).toThrow(
      /acquisition is best, expected one of logEI, PI, UCB, Thompson/,
    );
    expect(make({ repeats: 1 })).toThrow(
      /repeats is 1, expected true, false or "auto"/,
    );
    expect(make({ outliers: "yes" })).toThrow(
      /outliers is yes, expected true or false/,
    );
    expect(make({ initialTrials: 0 })).toThrow(/initialTrials is 0/);
    expect(make({ maxTrials: 1.5 })).toThrow(RangeError);
    expect(make({ beta: NaN })).toThrow(/beta is NaN/);
  });
});

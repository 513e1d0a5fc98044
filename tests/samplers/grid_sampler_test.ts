import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import type {
  StudyView,
  TrialRecord,
  TrialState,
} from "../../lib/records/mod.ts";
import {
  gridSampler,
  type GridSamplerOptions,
  type Sampler,
  type Suggestion,
} from "../../lib/samplers/mod.ts";
import {
  choice,
  type Configuration,
  float,
  int,
  type Space,
  space,
} from "../../lib/space/mod.ts";
import { samplerConformance } from "../conformance/sampler.ts";
import {
  type RequestDetails,
  requestOf,
  trialOf,
  viewOf,
  withTrials,
} from "../support/views.ts";

const small = { exhaustible: true, maxParameters: 8 };
samplerConformance(
  "gridSampler()",
  () => gridSampler({ points: 3 }),
  { ...small, seeded: false },
);
samplerConformance(
  "gridSampler({ shuffle: true })",
  () => gridSampler({ points: 3, shuffle: true }),
  small,
);

describe("gridSampler()", () => {
  const s: Space = space({
    layers: int(1, 3),
    optimizer: choice(["adam", "sgd"]),
    momentum: float(0, 0.9, { step: 0.3 }).when({ optimizer: "sgd" }),
  });

  const suggest = (
    view: StudyView,
    details: RequestDetails & GridSamplerOptions = {},
    sampler: Sampler = gridSampler(details),
  ) => sampler.suggest(requestOf(view, details)) as Suggestion | null;

  /** Asks and tells until nothing is left. */
  function walk(
    view: StudyView,
    details: RequestDetails & GridSamplerOptions = {},
  ) {
    const sampler = gridSampler(details);
    const found: Configuration[] = [];
    for (let grown = view;;) {
      const suggestion = suggest(grown, details, sampler);
      if (suggestion === null) return found;
      found.push(suggestion.params);
      const number = grown.trials.length;
      grown = withTrials(grown, trialOf(number, suggestion.params));
    }
  }

  it("takes every configuration once, in the grid's order, and then has none left", () => {
    expect(walk(viewOf(s))).toEqual([...s.grid()]);
    expect(s.grid()).toHaveLength(3 * (1 + 4));
  });

  it("takes every configuration once in an order drawn from the seed, if shuffled", () => {
    const [a, b] = ["a", "b"].map((seed) =>
      walk(viewOf(s), { shuffle: true, seed })
    );
    const sorted = (found: readonly Configuration[]) =>
      found.map((params) => JSON.stringify(params)).sort();
    expect(sorted(a!)).toEqual(sorted(s.grid()));
    expect(sorted(b!)).toEqual(sorted(s.grid()));
    expect(a).not.toEqual(b);
    expect(walk(viewOf(s), { shuffle: true, seed: "a" })).toEqual(a);
  });

  it("knows how many configurations are left", () => {
    const sampler = gridSampler();
    const left = (...params: Configuration[]) =>
      sampler.remaining!({
        study: viewOf(s, params.map((one, n) => trialOf(n, one))),
        seed: "seed",
      });
    const [a, b] = s.grid();
    expect(left()).toBe(15);
    expect(left(a!)).toBe(14);
    expect(left(a!, a!)).toBe(14);
    expect(left(a!, b!)).toBe(13);
    expect(left(a!, { layers: 9 })).toBe(14);
    expect(left(...s.grid())).toBe(0);
    expect(left()).toBe(15);
  });

  it("says which point of how many it took", () => {
    const view = viewOf(s, [trialOf(0, s.grid()[0]!)]);
    expect(suggest(view)!.reason).toBe("Grid point 2 of 15.");
  });

  it("retries no point that a trial of any state has", () => {
    const states: TrialState[] = [
      "complete",
      "pruned",
      "failed",
      "running",
      "waiting",
    ];
    const trials = states.map((state, n) =>
      trialOf(n, s.grid()[n]!, { state })
    );
    expect(suggest(viewOf(s, trials))!.params).toEqual(s.grid()[5]);
  });

  it("skips points in the middle that were tried by hand", () => {
    const trials = [trialOf(0, s.grid()[1]!, { origin: "manual" })];
    expect(walk(viewOf(s, trials))).toEqual(
      s.grid().filter((_, index) => index !== 1),
    );
  });

  it("takes a value with the noise of binary fractions to be the grid's", () => {
    const noisy = { layers: 1, optimizer: "sgd", momentum: 0.1 + 0.2 };
    const left = walk(viewOf(s, [trialOf(0, noisy)]));
    expect(left).toHaveLength(14);
    expect(left).not.toContainEqual({ ...noisy, momentum: 0.3 });
  });

  it("is not held up by trials off the grid or in parts", () => {
    const trials = [
      trialOf(0, { layers: 1, optimizer: "sgd", momentum: 0.2 }),
      trialOf(1, { layers: 1 }, { state: "waiting" }),
    ];
    expect(walk(viewOf(s, trials))).toEqual([...s.grid()]);
  });

  it("frees a point when its trial's configuration is replaced or the trial is gone", () => {
    const sampler = gridSampler();
    const [first, second] = s.grid() as [Configuration, Configuration];
    const ask = (...params: Configuration[]) =>
      suggest(viewOf(s, params.map((one, n) => trialOf(n, one))), {}, sampler)!
        .params;
    expect(ask(first, second)).toEqual(s.grid()[2]);
    expect(ask(second, second)).toEqual(first);
    expect(ask(first)).toEqual(second);
    expect(ask()).toEqual(first);
  });

  it("walks the points that go with the fixed values", () => {
    const fixed = { optimizer: "sgd", momentum: 0.3 };
    expect(walk(viewOf(s), { fixed })).toEqual(
      [1, 2, 3].map((layers) => ({ layers, ...fixed })),
    );
    expect(suggest(viewOf(s), { fixed })!.reason).toBe("Grid point 1 of 3.");
  });

  it("keeps a fixed value that is off the grid and walks the others", () => {
    const c = space({ rate: float(0, 1), layers: int(1, 2) });
    expect(walk(viewOf(c), { points: 3, fixed: { rate: 0.123 } })).toEqual([
      { rate: 0.123, layers: 1 },
      { rate: 0.123, layers: 2 },
    ]);
  });

  it("chooses the parent that a fixed child needs", () => {
    expect(walk(viewOf(s), { fixed: { momentum: 0.9, layers: 2 } })).toEqual([
      { layers: 2, optimizer: "sgd", momentum: 0.9 },
    ]);
  });

  it("has none left when everything is fixed and was tried", () => {
    const fixed = s.grid()[4]!;
    expect(walk(viewOf(s), { fixed })).toEqual([fixed]);
  });

  it("has none if no value listed goes with the fixed ones", () => {
    const c = space({ a: int(1, 9), b: int(0, 1).when({ a: { min: 5 } }) });
    const view = viewOf(c);
    expect(suggest(view, { points: { a: [1, 2] }, fixed: { b: 1 } }))
      .toBeNull();
  });

  it("asks for a number of points where there is a continuum", () => {
    const c = space({ rate: float(0, 1) });
    expect(() => suggest(viewOf(c))).toThrow(
      /"rate".*continuum.*\{ points: 5 \}/,
    );
  });

  it("refuses an empty axis, and a shuffle that is neither true nor false", () => {
    expect(() => suggest(viewOf(s), { points: { layers: [] } })).toThrow(
      RangeError,
    );
    expect(() => gridSampler({ shuffle: 1 as unknown as boolean })).toThrow(
      TypeError,
    );
  });

  it("walks a grid of 10,000 points in 10,000 trials within seconds", () => {
    const c = space({ a: int(1, 100), b: int(1, 100) });
    const sampler = gridSampler({ shuffle: true });
    const trials: TrialRecord[] = [];
    const started = performance.now();
    for (let n = 0; n < 10_000; n++) {
      // The array grows in place: the sampler may hold on to none of it.
      const view = { ...viewOf(c), trials };
      trials.push(trialOf(n, suggest(view, { number: n }, sampler)!.params));
    }
    expect(performance.now() - started).toBeLessThan(20_000);
    const texts = trials.map(({ params }) => JSON.stringify(params));
    expect(new Set(texts).size).toBe(10_000);
  });
});

/**
 * What every sampler promises. A sampler's test calls {@linkcode samplerConformance}
 * once, and adds what is special to it.
 *
 * @module
 */

import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import fc from "fast-check";
import { randomStream } from "../../lib/math/mod.ts";
import {
  minimize,
  outcomeConstraints,
  type StudyView,
  type TrialRecord,
  type TrialState,
} from "../../lib/records/mod.ts";
import type {
  Sampler,
  Suggestion,
  SuggestRequest,
} from "../../lib/samplers/mod.ts";
import {
  choice,
  type Configuration,
  float,
  type Space,
  space as makeSpace,
} from "../../lib/space/mod.ts";
import { arbitraryFixed, arbitrarySpace } from "../support/arbitrary_space.ts";
import { floats, networkSpace, spacesByKind } from "../support/spaces.ts";
import {
  rebuilt,
  type RequestDetails,
  requestOf,
  trialOf,
  viewOf,
  withTrials,
} from "../support/views.ts";

/** What is special to a sampler. */
export interface ConformanceOptions {
  /** Whether another seed gives other suggestions. Defaults to `true`. */
  readonly seeded?: boolean;
  /** Whether it may have none left to suggest, as a grid has. Defaults to `false`. */
  readonly exhaustible?: boolean;
  /** The most parameters that it can search. Defaults to `200`. */
  readonly maxParameters?: number;
  /** How many trials the long history has. Defaults to `10_000`. */
  readonly manyTrials?: number;
  /** How many random spaces it is tried on. Defaults to `60`. */
  readonly runs?: number;
}

/**
 * Runs the suite.
 *
 * @param makeSampler Makes a fresh sampler of the same options each time.
 */
export function samplerConformance(
  name: string,
  makeSampler: () => Sampler,
  options: ConformanceOptions = {},
): void {
  const {
    seeded = true,
    exhaustible = false,
    maxParameters = 200,
    manyTrials = 10_000,
    runs = 60,
  } = options;

  /** Asks, and checks what every answer must be; null only where it may be. */
  async function ask(
    view: StudyView,
    details: RequestDetails = {},
    sampler = makeSampler(),
  ): Promise<Suggestion | null> {
    const suggestion = await sampler.suggest(requestOf(view, details));
    if (suggestion === null) {
      expect(exhaustible).toBe(true);
      return null;
    }
    expectValid(view.space, suggestion);
    return suggestion;
  }

  /** Asks and tells `count` times. */
  async function run(
    view: StudyView,
    count: number,
    sampler = makeSampler(),
  ): Promise<StudyView> {
    let grown = view;
    for (let i = 0; i < count; i++) {
      const suggestion = await ask(grown, {}, sampler);
      if (suggestion === null) break;
      grown = withTrials(grown, outcome(grown, suggestion.params));
    }
    return grown;
  }

  const property = <T>(
    arbitrary: fc.Arbitrary<T>,
    check: (value: T) => Promise<void>,
  ) => fc.assert(fc.asyncProperty(arbitrary, check), { numRuns: runs });
  const spaces = arbitrarySpace({ maxParameters: Math.min(4, maxParameters) });
  const pinned = arbitraryFixed({ maxParameters: Math.min(4, maxParameters) });

  describe(`${name} keeps the sampler's contract`, () => {
    it("has a name", () => {
      expect(makeSampler().name).toMatch(/\S/);
    });

    for (const [kind, space] of Object.entries(spacesByKind)) {
      if (space.dimension > maxParameters) continue;
      it(`suggests valid configurations of ${kind}`, async () => {
        const view = await run(viewOf(space), 8);
        if (!exhaustible) expect(view.trials).toHaveLength(8);
      });
    }

    if (maxParameters >= 200) {
      it("suggests valid configurations of 200 parameters", async () => {
        const wide = floats(200);
        const view = await run(viewOf(wide), 3);
        expect(view.trials).toHaveLength(3);
        const trials = trialsOf(wide, {
          outcomes: Array.from({ length: 16 }, (_, n) => ({
            state: "complete",
            value: n * n,
          })),
          sameParams: false,
          sameValue: false,
        });
        expect(await ask(viewOf(wide, trials))).not.toBeNull();
      });
    }

    it("suggests valid configurations of any space", () =>
      property(spaces, async (space) => {
        expect((await run(viewOf(space), 3)).trials.length)
          .toBeGreaterThanOrEqual(1);
      }));

    it("keeps fixed values, of children without their parents too", () =>
      property(pinned, async ({ space, fixed }) => {
        const suggestion = await ask(viewOf(space), { fixed });
        expect(suggestion).not.toBeNull();
        expect(suggestion!.params).toMatchObject(fixed);
      }));

    it("keeps a configuration that is fixed as a whole", async () => {
      const space = networkSpace();
      const fixed = space.sample(randomStream("fixed").uniform);
      const suggestion = await ask(viewOf(space), { fixed });
      expect(suggestion!.params).toEqual(fixed);
    });

    it("keeps a fixed parent and chooses the children", async () => {
      for (const optimizer of ["adam", "sgd"]) {
        const suggestion = await ask(viewOf(networkSpace()), {
          fixed: { optimizer },
        });
        expect(suggestion!.params.optimizer).toBe(optimizer);
        expect("momentum" in suggestion!.params).toBe(optimizer === "sgd");
      }
    });

    it("says why, in one sentence", async () => {
      const { reason } = (await ask(viewOf(networkSpace())))!;
      expect(reason).toMatch(/^[A-Z0-9][^\n]{3,300}\.$/);
    });

    it("has something left to suggest as long as it says so", async () => {
      const { remaining } = makeSampler();
      if (remaining === undefined) return;
      const view = await run(viewOf(networkSpace()), 5);
      const left = remaining({ study: view, seed: "seed" });
      expect(left).toBeGreaterThan(0);
      const suggestion = (await ask(view))!;
      const next = trialOf(5, suggestion.params, { state: "running" });
      expect(remaining({ study: withTrials(view, next), seed: "seed" }))
        .toBe(left === Infinity ? Infinity : left - 1);
    });

    it("answers equal requests equally, whatever it was asked between", async () => {
      const view = await run(viewOf(networkSpace()), 5);
      const sampler = makeSampler();
      const first = await ask(view, {}, sampler);
      await ask(viewOf(floats(2)), { seed: "other" }, sampler);
      await ask(view, { seed: "other", number: 900 }, sampler);
      await ask(viewOf(view.space), { number: 0 }, sampler);
      expect(await ask(view, {}, sampler)).toEqual(first);
      expect(await ask(rebuilt(view))).toEqual(first);
    });

    if (seeded) {
      it("answers another seed with another configuration", async () => {
        const answers = await Promise.all(
          ["a", "b", "c"].map((seed) => ask(viewOf(floats(3)), { seed })),
        );
        const texts = answers.map((answer) => JSON.stringify(answer!.params));
        expect(new Set(texts).size).toBe(3);
      });
    }

    it("goes on as before when it is resumed in another process", async () => {
      for (const space of [networkSpace(), floats(3)]) {
        const whole = await run(viewOf(space), 30);
        const begun = await run(viewOf(space), 10);
        const resumed = await run(rebuilt(begun), 20);
        expect(resumed.trials.map((trial) => trial.params))
          .toEqual(whole.trials.map((trial) => trial.params));
      }
    });

    it("suggests nothing twice while trials run side by side", async () => {
      let view = await run(viewOf(floats(3)), 4);
      for (let i = 0; i < 6; i++) {
        const suggestion = (await ask(view))!;
        const number = view.trials.length;
        view = withTrials(
          view,
          trialOf(number, suggestion.params, { state: "running" }),
        );
      }
      const texts = view.trials.map(({ params }) => JSON.stringify(params));
      expect(new Set(texts).size).toBe(texts.length);
    });

    it("takes a history of every state, with NaN and infinite values", async () => {
      const view = viewOf(networkSpace(), oddTrials(networkSpace()));
      expect(await ask(view)).not.toBeNull();
      for (const trial of view.trials) {
        expect(await ask(viewOf(view.space, [trial]))).not.toBeNull();
      }
    });

    it("takes a history of equal values and of equal configurations", async () => {
      const space = networkSpace();
      const params = space.sample(randomStream("same").uniform);
      const trials = Array.from(
        { length: 20 },
        (_, n) => trialOf(n, params, { value: 1 }),
      );
      expect(await ask(viewOf(space, trials))).not.toBeNull();
    });

    it("takes no history, and one trial", async () => {
      const view = viewOf(networkSpace());
      expect(await ask(view)).not.toBeNull();
      expect(await ask(await run(view, 1))).not.toBeNull();
    });

    it("takes any history in any space: every state, huge, tiny and equal values, equal configurations", () =>
      property(fc.tuple(spaces, histories), async ([space, history]) => {
        await ask(viewOf(space, trialsOf(space, history)));
      }));

    it("takes a history in which all have failed", async () => {
      for (const space of [networkSpace(), floats(2)]) {
        const trials = trialsOf(space, {
          outcomes: Array.from({ length: 14 }, () => failure),
          sameParams: false,
          sameValue: false,
        });
        expect(await ask(viewOf(space, trials))).not.toBeNull();
      }
    });

    it("takes a study with constraints: kept, violated, infinite, unknown, in every state", async () => {
      const space = networkSpace();
      const constraints = [
        ...outcomeConstraints({ a: { max: 1 }, b: { min: 0 } }),
      ];
      const values = [-1, 0, 0.5, Infinity, -Infinity, null, 1e308];
      const trials = [
        ...oddTrials(space),
        ...oddTrials(space).map((trial) => ({
          ...trial,
          number: trial.number + 15,
        })),
      ].map((trial, n) => ({
        ...trial,
        constraints: [values[n % 7]!, values[(3 * n) % 5]!],
      }));
      const objectives = [minimize()];
      const view = viewOf(space, trials, objectives, constraints);
      expect(await ask(view)).not.toBeNull();
      for (const value of [null, 1, -1]) {
        const alike = trials.map((trial) => ({
          ...trial,
          constraints: [value, value],
        }));
        expect(await ask(viewOf(space, alike, objectives, constraints))).not
          .toBeNull();
      }
    });

    it("repeats the only configuration that there is", async () => {
      const only = makeSpace({
        a: choice(["x"]),
        b: float(2, 2),
      }) as unknown as Space;
      const view = await run(viewOf(only), 14);
      for (const { params } of view.trials) {
        expect(params).toEqual({ a: "x", b: 2 });
      }
      if (!exhaustible) expect(view.trials).toHaveLength(14);
    });

    it("takes 1,000 categories", async () => {
      const words = Array.from({ length: 1000 }, (_, i) => `w${i}`);
      const many = makeSpace({ word: choice(words) }) as unknown as Space;
      const trials = trialsOf(many, {
        outcomes: words.slice(0, 30).map((_, n) => ({
          state: "complete",
          value: n % 7,
        })),
        sameParams: false,
        sameValue: false,
      });
      expect(await ask(viewOf(many, trials))).not.toBeNull();
    });

    it(`takes ${manyTrials} trials`, async () => {
      const space = networkSpace();
      const { uniform } = randomStream("many");
      const trials: TrialRecord[] = [];
      for (let n = 0; n < manyTrials; n++) {
        trials.push(outcome(viewOf(space, trials), space.sample(uniform)));
      }
      expect(await ask(viewOf(space, trials))).not.toBeNull();
    });

    it("changes nothing in the request", async () => {
      const space = networkSpace();
      const fixed = { optimizer: "sgd" };
      const request = requestOf(viewOf(space, oddTrials(space)), { fixed });
      const before = plain(request);
      await makeSampler().suggest(request);
      expect(plain(request)).toEqual(before);
    });
  });
}

/** What came of a trial. */
interface Outcome {
  readonly state: TrialState;
  readonly value: number;
}

const failure: Outcome = { state: "failed", value: NaN };

/** What came of the trials of a study, whatever their configurations. */
interface History {
  readonly outcomes: readonly Outcome[];
  readonly sameParams: boolean;
  readonly sameValue: boolean;
}

const histories: fc.Arbitrary<History> = fc.record({
  outcomes: fc.array(
    fc.record({
      state: fc.constantFrom<TrialState>(
        "complete",
        "complete",
        "complete",
        "pruned",
        "failed",
        "running",
        "waiting",
      ),
      value: fc.oneof(
        fc.double(),
        fc.double({ min: -1, max: 1, noNaN: true }),
        fc.constantFrom(0, NaN, Infinity, -Infinity, 1e308, -1e308, 5e-324),
      ),
    }),
    { minLength: 1, maxLength: 25 },
  ),
  sameParams: fc.constantFrom(false, false, true),
  sameValue: fc.constantFrom(false, false, true),
});

/** Trials of that history, their configurations drawn at random. */
function trialsOf(
  space: Space,
  { outcomes, sameParams, sameValue }: History,
): TrialRecord[] {
  const { uniform } = randomStream("configurations");
  const first = space.sample(uniform);
  return outcomes.map(({ state, value }, n) => {
    const params = sameParams ? first : space.sample(uniform);
    const hasValue = state === "complete" || state === "pruned";
    return trialOf(n, params, {
      state,
      ...hasValue ? { value: sameValue ? outcomes[0]!.value : value } : {},
    });
  });
}

function expectValid(space: Space, suggestion: Suggestion): void {
  const { params, reason } = suggestion;
  expect(space.validate(params)).toEqual(params);
  expect(Object.keys(params)).toEqual(Object.keys(space.validate(params)));
  expect(Object.values(params)).not.toContain(undefined);
  expect(reason).toMatch(/\.$/);
}

/** The next trial, with an outcome that hangs on the configuration and the number. */
function outcome(view: StudyView, params: Configuration): TrialRecord {
  const number = view.trials.length;
  if (number % 7 === 3) return trialOf(number, params, { state: "failed" });
  const unit = view.space.encode(params).filter((u) => !Number.isNaN(u));
  const value = unit.reduce((sum, u) => sum + (u - 0.3) ** 2, 0);
  if (number % 7 === 5) {
    return trialOf(number, params, { state: "pruned", value: value + 0.1 });
  }
  return trialOf(number, params, {
    value: number % 11 === 9 ? Infinity : value,
  });
}

/** Trials of every state, with every odd value. */
function oddTrials(space: Space): TrialRecord[] {
  const { uniform } = randomStream("odd");
  const params = () => space.sample(uniform);
  return [
    trialOf(0, params(), { value: NaN }),
    trialOf(1, params(), { value: Infinity }),
    trialOf(2, params(), { value: -Infinity }),
    trialOf(3, params(), { value: 1e308, curves: { value: [1, NaN, 1e308] } }),
    trialOf(4, params(), { value: -1e308 }),
    trialOf(5, params(), { state: "failed" }),
    trialOf(6, params(), { state: "failed", value: NaN }),
    trialOf(7, params(), { state: "pruned" }),
    trialOf(8, params(), { state: "pruned", value: 3, curves: { value: [3] } }),
    trialOf(9, params(), { state: "running" }),
    trialOf(10, params(), { state: "running", curves: { value: [NaN, 2] } }),
    trialOf(11, {}, { state: "waiting" }),
    trialOf(12, { optimizer: "sgd" }, { state: "waiting" }),
    trialOf(13, params(), { state: "waiting", origin: "enqueued" }),
    trialOf(14, params(), { value: 0, origin: "manual" }),
  ];
}

/** All of a request that is plain data, copied. */
function plain({ study, fixed, number, seed }: SuggestRequest): unknown {
  const { space, ...rest } = study;
  return structuredClone({
    ...rest,
    space: space.toJSON(),
    fixed,
    number,
    seed,
  });
}

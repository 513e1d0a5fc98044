/**
 * Every sampler over random spaces and histories.
 *
 * @module
 */

import { expect } from "@std/expect";
import fc from "fast-check";
import { randomStream } from "../../lib/math/mod.ts";
import {
  gradientAttribute,
  interruptionsAttribute,
  maximize,
  minimize,
  outcomeConstraints,
  pausedAttribute,
  preferredAttribute,
  type StudyView,
  type TrialRecord,
  type TrialState,
  verdictAttribute,
} from "../../lib/records/mod.ts";
import * as samplers from "../../lib/samplers/mod.ts";
import type { Sampler, Suggestion } from "../../lib/samplers/mod.ts";
import {
  choice,
  choicesOf,
  type Configuration,
  float,
  int,
  type Space,
  space as makeSpace,
} from "../../lib/space/mod.ts";
import { arbitrarySpace } from "../support/arbitrary_space.ts";
import { codedSpaces, ruledSpaces } from "../support/ruled_spaces.ts";
import { rebuilt, requestOf, trialOf, viewOf } from "../support/views.ts";
import { anyJSON, anyNumber, type FuzzTarget, fuzzTarget } from "./_fuzz.ts";

/** How each exported sampler is made; how many trials it is given, how many cases the tests try. */
const makers: Readonly<
  Record<
    string,
    {
      readonly make: () => Sampler;
      readonly mostTrials?: number;
      readonly cases?: number;
      /** Whether it may have none left. */
      readonly ends?: boolean;
      /** What it may refuse in words. Defaults to nothing. */
      readonly refuses?: RegExp;
    }
  >
> = {
  autoSampler: { make: () => samplers.autoSampler(), mostTrials: 8, cases: 20 },
  bohbSampler: { make: () => samplers.bohbSampler({ maxSteps: 9 }) },
  cmaEsSampler: { make: () => samplers.cmaEsSampler() },
  differentialEvolutionSampler: {
    make: () => samplers.differentialEvolutionSampler(),
  },
  forestSampler: {
    make: () => samplers.forestSampler({ initialTrials: 3, trees: 8 }),
    cases: 30,
  },
  freezeThawSampler: {
    make: () => samplers.freezeThawSampler({ maxSteps: 9, initialTrials: 3 }),
    mostTrials: 8,
    cases: 20,
  },
  geneticSampler: { make: () => samplers.geneticSampler() },
  gpSampler: {
    make: () => samplers.gpSampler(),
    mostTrials: 8,
    cases: 20,
  },
  gradientSampler: { make: () => samplers.gradientSampler() },
  gridSampler: {
    make: () => samplers.gridSampler({ points: 3 }),
    ends: true,
    refuses: /^Cannot (walk|make) the grid: /,
  },
  hyperbandSampler: { make: () => samplers.hyperbandSampler({ maxSteps: 9 }) },
  latinHypercubeSampler: {
    make: () => samplers.latinHypercubeSampler({ trials: 40 }),
    ends: true,
  },
  nsga2Sampler: { make: () => samplers.nsga2Sampler({ populationSize: 6 }) },
  nsga3Sampler: { make: () => samplers.nsga3Sampler({ populationSize: 6 }) },
  particleSwarmSampler: { make: () => samplers.particleSwarmSampler() },
  preferenceSampler: {
    make: () => samplers.preferenceSampler({ initialTrials: 2 }),
    mostTrials: 8,
    cases: 20,
  },
  randomSampler: { make: () => samplers.randomSampler() },
  regularizedEvolutionSampler: {
    make: () => samplers.regularizedEvolutionSampler({ populationSize: 5 }),
  },
  sobolSampler: { make: () => samplers.sobolSampler() },
  tpeSampler: { make: () => samplers.tpeSampler() },
};

/** The exported functions that make a sampler and are not above: there may be none. */
export const missingSamplers: readonly string[] = Object.keys(samplers).filter(
  (name) => /Sampler$/.test(name) && !Object.hasOwn(makers, name),
);

/** What a suggestion may take at most; machines are slow at times. */
const mostMs = 20_000;

const { MAX_VALUE, MIN_VALUE, EPSILON, MAX_SAFE_INTEGER } = Number;

/** Ranges at the edges of what numbers can be. */
const edges = [
  float(-MAX_VALUE, MAX_VALUE),
  float(1, 1 + EPSILON),
  float(0, MIN_VALUE),
  float(-1e-300, 1e-300),
  float(MIN_VALUE, MAX_VALUE, { log: true }),
  float(1e-308, 2e-308, { log: true }),
  float(1e300, MAX_VALUE),
  float(0, 1, { step: 1e-9 }),
  float(-1e15, 1e15, { step: 0.5 }),
  float(0.1, 0.1),
  int(-MAX_SAFE_INTEGER, MAX_SAFE_INTEGER),
  int(1, MAX_SAFE_INTEGER, { log: true }),
  int(0, MAX_SAFE_INTEGER, { step: 1000 }),
  int(7, 7),
  choice(Array.from({ length: 300 }, (_, i) => `c${i}`)),
  choice([null]),
] as const;

const edgeSpaces: fc.Arbitrary<Space> = fc.shuffledSubarray([...edges.keys()], {
  minLength: 1,
  maxLength: 4,
}).map((places) =>
  makeSpace(
    Object.fromEntries(places.map((at) => [`p${at}`, edges[at]!])),
  ) as unknown as Space
);

/** A space with a rule more, which a configuration that is given keeps. */
function withRule(space: Space, seed: number): Space {
  const { uniform } = randomStream("rule", seed);
  const kept = space.sample(uniform);
  const numbers = space.parameters.filter(({ kind, conditions }) =>
    (kind === "float" || kind === "int") && conditions.length === 0
  );
  const lists = space.parameters.filter((one) =>
    (choicesOf(one)?.length ?? 0) > 1 && one.name in kept
  );
  if (lists.length > 0 && uniform() < 0.5) {
    const list = lists[Math.floor(uniform() * lists.length)]!;
    const other = choicesOf(list)!.find((value) => value !== kept[list.name])!;
    return space.forbid({ [list.name]: other } as never) as Space;
  }
  if (numbers.length === 0) return space;
  const chosen = numbers.slice(0, 2);
  const bound = chosen.reduce(
    (sum, { name }) => sum + Number(kept[name]),
    0,
  );
  if (!Number.isFinite(bound)) return space;
  const weights = Object.fromEntries(chosen.map(({ name }) => [name, 1]));
  return space.atMost(weights as never, bound) as Space;
}

const spaces: fc.Arbitrary<Space> = fc.oneof(
  { weight: 5, arbitrary: arbitrarySpace({ maxParameters: 4 }) },
  { weight: 2, arbitrary: edgeSpaces },
  {
    weight: 2,
    arbitrary: fc.tuple(arbitrarySpace({ maxParameters: 4 }), fc.nat()).map((
      [space, seed],
    ) => withRule(space, seed)),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      ...Object.values(ruledSpaces),
      ...Object.values(codedSpaces),
    ),
  },
);

interface Happened {
  readonly state: TrialState;
  readonly values: readonly number[];
  readonly constraints: readonly (number | null)[];
  readonly curve: readonly number[];
  /** How its configuration came about. */
  readonly params: "drawn" | "repeated" | "of another space" | "partial";
  readonly marks: readonly (readonly [string, unknown])[];
}

const happened: fc.Arbitrary<Happened> = fc.record({
  state: fc.constantFrom<TrialState>(
    "complete",
    "complete",
    "complete",
    "pruned",
    "failed",
    "running",
    "waiting",
  ),
  values: fc.array(anyNumber, { minLength: 3, maxLength: 3 }),
  constraints: fc.array(fc.oneof(anyNumber, fc.constant(null)), {
    minLength: 2,
    maxLength: 2,
  }),
  curve: fc.array(anyNumber, { maxLength: 10 }),
  params: fc.constantFrom(
    "drawn",
    "drawn",
    "drawn",
    "repeated",
    "of another space",
    "partial",
  ),
  marks: fc.array(
    fc.tuple(
      fc.constantFrom(
        gradientAttribute,
        interruptionsAttribute,
        pausedAttribute,
        preferredAttribute,
        verdictAttribute,
        "__proto__",
        "etude:",
      ),
      fc.oneof(
        anyJSON,
        fc.constantFrom<unknown>(true, [0], [1, 2], "discarded", {
          verdict: "discarded",
        }),
        fc.dictionary(
          fc.constantFrom("x", "y", "a.b", "p0", "p4", "rate"),
          anyNumber,
        ),
      ),
    ),
    { maxLength: 2 },
  ),
});

interface Case {
  readonly space: Space;
  readonly happened: readonly Happened[];
  readonly objectives: number;
  readonly maximized: boolean;
  readonly constraints: number;
  readonly seed: number;
  /** Which share of the values is fixed. */
  readonly fixed: number;
  readonly stepsLeft: number;
  readonly mustBegin: boolean;
}

function cases(mostTrials: number): fc.Arbitrary<Case> {
  return fc.record({
    space: spaces,
    happened: fc.array(happened, { maxLength: mostTrials }),
    objectives: fc.constantFrom(1, 1, 1, 2, 3),
    maximized: fc.boolean(),
    constraints: fc.constantFrom(0, 0, 1, 2),
    seed: fc.nat(),
    fixed: fc.constantFrom(0, 0, 0, 0.5, 1),
    stepsLeft: fc.constantFrom(1, 5, 100, Infinity),
    mustBegin: fc.boolean(),
  });
}

/** The configuration of a trial as it may stand in a study whose space has changed. */
function paramsOf(
  { space }: Case,
  how: Happened["params"],
  uniform: () => number,
  before: readonly TrialRecord[],
): Configuration {
  const drawn = space.sample(uniform);
  if (how === "repeated") return { ...before.at(-1)?.params ?? drawn };
  if (how === "partial") {
    return Object.fromEntries(
      Object.entries(drawn).filter(() => uniform() < 0.5),
    );
  }
  if (how === "drawn") return drawn;
  return Object.fromEntries([
    ...Object.keys(drawn).map((name, i) =>
      [name, [1e300, "elsewhere", -7, null, true, NaN][i % 6]!] as const
    ),
    ["no longer there", 3],
  ]);
}

/** The study of a case. */
function viewOfCase(one: Case): StudyView {
  const { uniform } = randomStream("case", one.seed);
  const trials: TrialRecord[] = [];
  for (const [number, what] of one.happened.entries()) {
    const { state } = what;
    const hasValues = state === "complete" || state === "pruned";
    const values = what.values.slice(0, one.objectives);
    trials.push({
      ...trialOf(number, paramsOf(one, what.params, uniform, trials), {
        state,
        ...hasValues ? { value: values[0]!, values } : {},
        ...what.curve.length === 0 ? {} : { curves: { loss: what.curve } },
        attributes: Object.fromEntries(what.marks),
      }),
      ...one.constraints === 0
        ? {}
        : { constraints: what.constraints.slice(0, one.constraints) },
    });
  }
  return viewOf(
    one.space,
    trials,
    ["loss", "size", "time"].slice(0, one.objectives).map((name, i) =>
      one.maximized && i % 2 === 0 ? maximize(name) : minimize(name)
    ),
    outcomeConstraints(
      Object.fromEntries(
        ["memory", "heat"].slice(0, one.constraints).map((
          name,
        ) => [name, { max: 1 }]),
      ),
    ),
  );
}

/** Some values of a configuration that rules and conditions allow. */
function fixedOf({ space, fixed, seed }: Case): Configuration {
  const { uniform } = randomStream("fixed", seed);
  const whole = space.sample(uniform);
  return Object.fromEntries(
    Object.entries(whole).filter(() => uniform() < fixed),
  );
}

async function inTime<T>(work: () => T | Promise<T>): Promise<T> {
  const start = performance.now();
  const result = await work();
  expect(performance.now() - start).toBeLessThan(mostMs);
  return result;
}

/** The samplers, as things to fuzz. */
export const samplerTargets: readonly FuzzTarget[] = Object.entries(makers).map(
  (
    [name, { make, mostTrials = 14, cases: few = 150, ends = false, refuses }],
  ) =>
    fuzzTarget(name, few, cases(mostTrials), async (one) => {
      const view = viewOfCase(one);
      const seed = String(one.seed);
      const fixed = fixedOf(one);
      const request = () => requestOf(view, { seed, fixed });
      let suggestion: Suggestion | null;
      try {
        suggestion = await inTime(() => make().suggest(request()));
      } catch (error) {
        if (refuses?.test((error as Error).message)) return;
        throw error;
      }
      if (suggestion === null) expect(ends).toBe(true);
      else {
        const { params } = suggestion;
        expect(view.space.validate(params)).toEqual(params);
        expect(params).toMatchObject(fixed);
        // The same for the seed, whoever asks; rules in code cannot be rebuilt.
        const isPlain = view.space.rules.every((rule) =>
          rule.kind !== "predicate"
        );
        const again = isPlain
          ? requestOf(rebuilt(view), { seed, fixed })
          : request();
        expect((await make().suggest(again))?.params).toEqual(params);
      }
      const sampler = make();
      if (sampler.allocate === undefined) return;
      const { stepsLeft, mustBegin } = one;
      const turn = await inTime(() =>
        sampler.allocate!({ ...request(), stepsLeft, mustBegin })
      );
      expect(turn.untilStep).toBeGreaterThanOrEqual(1);
      if (turn.kind === "resume") {
        expect(mustBegin).toBe(false);
        expect(view.trials[turn.number]).toBeDefined();
      } else {
        const { params } = turn.suggestion;
        expect(view.space.validate(params)).toEqual(params);
        expect(params).toMatchObject(fixed);
      }
    }),
);

import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import fc from "fast-check";
import { randomStream } from "../../lib/math/mod.ts";
import { maximize, minimize, type TrialState } from "../../lib/records/mod.ts";
import {
  type Suggestion,
  tpeSampler,
  type TpeSamplerOptions,
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
import { arbitrarySpace } from "../support/arbitrary_space.ts";
import { floats, networkSpace } from "../support/spaces.ts";
import {
  type RequestDetails,
  requestOf,
  type TrialDetails,
  trialOf,
  viewOf,
} from "../support/views.ts";

samplerConformance("tpeSampler()", () => tpeSampler());
samplerConformance(
  "tpeSampler({ initialTrials: 1 })",
  () => tpeSampler({ initialTrials: 1 }),
);
samplerConformance(
  "tpeSampler({ multivariate: false })",
  () => tpeSampler({ initialTrials: 2, multivariate: false }),
  { runs: 20 },
);

type Outcome = (params: Configuration, number: number) => TrialDetails;

/** Random trials with the outcomes given. */
function history(searched: Space, count: number, outcome: Outcome) {
  const { uniform } = randomStream("history", count);
  return Array.from({ length: count }, (_, n) => {
    const params = searched.sample(uniform);
    return trialOf(n, params, outcome(params, n));
  });
}

function suggest(
  searched: Space,
  trials: ReturnType<typeof history>,
  details: RequestDetails & {
    readonly options?: TpeSamplerOptions;
    readonly direction?: "minimize" | "maximize";
  } = {},
): Suggestion {
  const { options, direction = "minimize", ...rest } = details;
  const objective = direction === "minimize" ? minimize() : maximize();
  const view = viewOf(searched, trials, [objective]);
  return tpeSampler(options).suggest(requestOf(view, rest)) as Suggestion;
}

/** The best value after so many trials. */
function minimum(
  searched: Space,
  loss: (params: Configuration) => number,
  { trials, seed }: { trials: number; seed: string },
): number {
  const sampler = tpeSampler();
  const told: ReturnType<typeof history> = [];
  for (let n = 0; n < trials; n++) {
    const { params } = sampler.suggest(
      requestOf(viewOf(searched, told), { seed }),
    ) as Suggestion;
    told.push(trialOf(n, params, { value: loss(params) }));
  }
  return Math.min(...told.map(({ value }) => value!));
}

describe("tpeSampler()", () => {
  const line = space({ x: float(0, 1) });
  const parabola: Outcome = ({ x }) => ({ value: ((x as number) - 0.7) ** 2 });

  it("spreads the first trials evenly over the space", () => {
    const quarters = [0, 1, 2, 3].map((number) => {
      const { params, reason } = suggest(line, [], { number });
      expect(reason).toMatch(/^Spread evenly over the space/);
      return Math.floor(4 * (params.x as number));
    });
    expect(quarters.sort()).toEqual([0, 1, 2, 3]);
  });

  it("counts complete and pruned trials for the start, not failed and running ones", () => {
    const states: TrialState[] = ["running", "failed", "waiting"];
    const trials = history(line, 60, (_, n) => ({ state: states[n % 3] }));
    expect(suggest(line, trials).reason).toMatch(/has 0\.$/);
    const pruned = history(line, 10, () => ({ state: "pruned", value: 1 }));
    expect(suggest(line, pruned).reason).toMatch(/^The most promising/);
  });

  it("says what it chose from", () => {
    expect(suggest(line, history(line, 40, parabola)).reason).toBe(
      "The most promising of 20 points near the 4 best of 40 trials.",
    );
    const options = { candidates: 5, goodShare: 0.01 };
    expect(suggest(line, history(line, 40, parabola), { options }).reason).toBe(
      "The most promising of 5 points near the 2 best of 40 trials.",
    );
  });

  it("searches near the good trials, whichever way is better", () => {
    const trials = history(line, 40, parabola);
    const turned = history(line, 40, (params, n) => ({
      value: -parabola(params, n).value!,
    }));
    for (let number = 40; number < 50; number++) {
      const { params } = suggest(line, trials, { number });
      expect(Math.abs((params.x as number) - 0.7)).toBeLessThan(0.25);
      expect(suggest(line, turned, { number, direction: "maximize" }).params)
        .toEqual(params);
    }
  });

  it("keeps away from trials that run", () => {
    const trials = history(line, 40, parabola);
    const { params } = suggest(line, trials, { number: 60 });
    const running = Array.from(
      { length: 10 },
      (_, n) => trialOf(40 + n, params, { state: "running" }),
    );
    const other = suggest(line, [...trials, ...running], { number: 60 });
    expect(Math.abs((other.params.x as number) - (params.x as number)))
      .toBeGreaterThan(0.001);
  });

  it("keeps away from trials without a usable value, and says so", () => {
    const trials = history(line, 30, ({ x }) => ({
      value: (x as number) < 0.6 ? NaN : Infinity,
    }));
    expect(suggest(line, trials).reason).toBe(
      "Away from the 30 trials so far, of which none has a usable value.",
    );
  });

  it("tries all of a small space before it repeats itself, and then does", () => {
    const small = space({ a: int(1, 4), b: choice(["x", "y", "z"]) });
    const sampler = tpeSampler({ initialTrials: 1 });
    const trials: ReturnType<typeof history> = [];
    const texts = new Set<string>();
    let reason = "";
    for (let n = 0; n < 20; n++) {
      const suggestion = sampler.suggest(
        requestOf(viewOf(small, trials)),
      ) as Suggestion;
      trials.push(trialOf(n, suggestion.params, { value: n % 5 }));
      texts.add(JSON.stringify(suggestion.params));
      if (n < 9) expect(texts.size).toBe(n + 1);
      reason = suggestion.reason;
    }
    expect(texts.size).toBe(12);
    expect(reason).toMatch(/was tried before/);
  });

  it("models a conditional parameter on the trials that have it", () => {
    const searched = space({
      optimizer: choice(["adam", "sgd"]),
      momentum: float(0, 1).when({ optimizer: "sgd" }),
    }) as unknown as Space;
    const trials = history(searched, 80, ({ momentum }) => ({
      value: momentum === undefined ? 1 : Math.abs(momentum as number - 0.8),
    }));
    const found = [0, 1, 2, 3, 4].map((n) => {
      const fixed = { optimizer: "sgd" };
      return suggest(searched, trials, { number: 80 + n, fixed }).params
        .momentum as number;
    });
    for (const momentum of found) {
      expect(Math.abs(momentum - 0.8)).toBeLessThan(0.3);
    }
  });

  it("finds better points than random draws do", () => {
    const bowl = (params: Configuration) =>
      Object.values(params).reduce<number>(
        (sum, x, i) => sum + ((x as number) - 0.2 - 0.1 * i) ** 2,
        0,
      );
    const searched = floats(5);
    let wins = 0;
    for (const seed of ["a", "b", "c", "d", "e"]) {
      const { uniform } = randomStream(seed);
      const random = Math.min(
        ...Array.from({ length: 240 }, () => bowl(searched.sample(uniform))),
      );
      // A quarter of the trials.
      if (minimum(searched, bowl, { trials: 60, seed }) < random) wins++;
    }
    expect(wins).toBeGreaterThanOrEqual(4);
  });

  it("does not care about trials that the space no longer allows", () => {
    const wide = space({ x: float(0, 10), kind: choice(["a", "b", "c"]) });
    const narrow = space({ x: float(0, 1), kind: choice(["a", "b"]) });
    const trials = history(wide, 30, (_, n) => ({ value: n }));
    expect(narrow.validate(suggest(narrow, trials).params)).toBeDefined();
  });

  it("copes with 1,000 categories and with 200 parameters", () => {
    const many = space({
      word: choice(Array.from({ length: 1000 }, (_, i) => `w${i}`)),
    });
    const words = history(many, 100, (_, n) => ({ value: n }));
    expect(many.validate(suggest(many, words).params)).toBeDefined();
    const wide = floats(200);
    const trials = history(wide, 100, ({ x0 }) => ({ value: x0 as number }));
    expect(wide.validate(suggest(wide, trials).params)).toBeDefined();
  });

  it("gives a valid configuration whatever the history", () => {
    const outcome = fc.record({
      state: fc.constantFrom<TrialState>(
        "complete",
        "complete",
        "pruned",
        "failed",
        "running",
        "waiting",
      ),
      value: fc.oneof(
        fc.double(),
        fc.constantFrom(0, NaN, Infinity, -Infinity, 1e308, -1e308, 5e-324),
      ),
    });
    fc.assert(
      fc.property(
        arbitrarySpace({ maxParameters: 5 }),
        fc.array(outcome, { minLength: 1, maxLength: 30 }),
        fc.boolean(),
        (searched, outcomes, same) => {
          const all = history(
            searched,
            outcomes.length,
            (_, n) => outcomes[n]!,
          );
          const trials = same
            ? all.map((trial) => ({ ...trial, params: all[0]!.params }))
            : all;
          const { params } = suggest(searched, trials, {
            options: { initialTrials: 1 },
          });
          expect(searched.validate(params)).toEqual(params);
        },
      ),
      { numRuns: 150 },
    );
  });

  it("answers as if nothing was asked before when trials are taken back or change", () => {
    const searched = networkSpace();
    const trials = history(searched, 30, (_, n) => ({ value: n % 7 }));
    const sampler = tpeSampler();
    const ask = (told: typeof trials) =>
      sampler.suggest(requestOf(viewOf(searched, told), { number: 99 }));
    ask(trials);
    const fewer = trials.slice(5, 25);
    expect(ask(fewer)).toEqual(suggest(searched, fewer, { number: 99 }));
  });

  it("refuses options that make no sense", () => {
    expect(() => tpeSampler({ initialTrials: 0 })).toThrow(RangeError);
    expect(() => tpeSampler({ candidates: 1.5 })).toThrow(
      /candidates is 1\.5, expected a whole number of at least 1/,
    );
    expect(() => tpeSampler({ goodShare: 1 })).toThrow(RangeError);
    expect(() => tpeSampler({ priorWeight: 0 })).toThrow(RangeError);
    expect(() => tpeSampler({ multivariate: 1 as unknown as boolean }))
      .toThrow(TypeError);
  });
});

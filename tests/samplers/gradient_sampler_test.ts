import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import fc from "fast-check";
import { lbfgs } from "../../lib/math/mod.ts";
import {
  gradientAttribute,
  gradientOf,
  maximize,
} from "../../lib/records/mod.ts";
import {
  gpSampler,
  gradientSampler,
  hyperbandSampler,
  randomSampler,
  tpeSampler,
} from "../../lib/samplers/mod.ts";
import { choice, float, int, space as makeSpace } from "../../lib/space/mod.ts";
import { createStudy, type Trial } from "../../lib/study/mod.ts";
import { samplerConformance } from "../conformance/sampler.ts";
import { arbitrarySpace } from "../support/arbitrary_space.ts";
import {
  rebuilt,
  requestOf,
  trialOf,
  viewOf,
  withTrials,
} from "../support/views.ts";

samplerConformance("gradientSampler()", () => gradientSampler(), {
  runs: 20,
  seeded: false,
});

const valley = makeSpace({
  a: float(1e-3, 1e3, { log: true }),
  b: float(-2, 2),
});
type Valley = { a: number; b: number };

/** A bent bowl, lowest at a = 10, b = 1: its value and derivatives. */
function bowl({ a, b }: Valley) {
  const u = Math.log10(a) - 1;
  const v = b - 1 - 0.3 * u;
  return {
    value: u * u + 3 * v * v,
    gradient: {
      a: (2 * u - 1.8 * v) / (a * Math.LN10),
      b: 6 * v,
    },
  };
}

async function objective(trial: Trial<Valley>): Promise<number> {
  const { value, gradient } = bowl(trial.params);
  await trial.gradient(gradient);
  return value;
}

const quiet = { progress: false } as const;
const memory = { library: false, storage: "memory" } as const;

describe("trial.gradient()", () => {
  it("is kept with the trial", async () => {
    const study = await createStudy({ ...memory, name: "g", space: valley });
    await study.optimize(objective, { trials: 1, ...quiet });
    const trial = study.trial(0);
    expect(gradientOf(trial)).toEqual(bowl(trial.params).gradient);
  });

  it("refuses NaN, infinity and names that are none, and the study goes on", async () => {
    const study = await createStudy({
      ...memory,
      name: "g",
      space: makeSpace({ x: float(0, 1), kind: choice(["p", "q"]) }),
      sampler: gradientSampler({ rest: randomSampler() }),
    });
    const wrong: readonly Record<string, number>[] = [
      { x: NaN },
      { x: -Infinity },
      { y: 1 },
      { kind: 1 },
      { x: 0.5 },
    ];
    await study.optimize(async (trial) => {
      await trial.gradient(wrong[trial.number]!);
      return trial.params.x;
    }, { trials: 5, ...quiet });
    const states = study.trials.map(({ state }) => state);
    expect(states).toEqual([
      ...Array.from({ length: 4 }, () => "failed"),
      "complete",
    ]);
    expect(study.trial(0).error).toMatch(/derivative by "x" is NaN/);
    expect(study.trial(2).error).toMatch(/"y" is not one of its numbers/);
    expect(study.trial(3).error).toMatch(/"kind" is not one of its numbers/);
  });
});

describe("gradientSampler()", () => {
  it("refuses options out of range, and a rest that hands out steps", () => {
    expect(() => gradientSampler({ stepSize: 0 })).toThrow(RangeError);
    expect(() => gradientSampler({ steps: 1.5 })).toThrow("a whole number");
    expect(() => gradientSampler({ tolerance: NaN })).toThrow("above 0");
    expect(() => gradientSampler({ optimizer: "sgd" as "adam" }))
      .toThrow('expected "lbfgs" or "adam"');
    expect(() => gradientSampler({ rest: hyperbandSampler({ maxSteps: 9 }) }))
      .toThrow("trained whole");
  });

  it("begins at the defaults, else in the middle of the ranges", async () => {
    const study = await createStudy({
      ...memory,
      name: "g",
      space: makeSpace({
        a: float(1e-3, 1e3, { log: true }),
        b: float(-2, 2, { default: -1 }),
      }),
      sampler: gradientSampler(),
    });
    const { params } = await study.ask();
    expect(params.a).toBeCloseTo(1, 12);
    expect(params.b).toBe(-1);
  });

  it("takes the steps of lbfgs() in the unit cube, each a trial", async () => {
    const study = await createStudy({
      ...memory,
      name: "g",
      space: valley,
      sampler: gradientSampler({ stepSize: 0.1 }),
    });
    await study.optimize(objective, { trials: 10, ...quiet });
    const paramsAt = (u: Float64Array) => ({
      a: 10 ** (6 * u[0]! - 3),
      b: 4 * u[1]! - 2,
    });
    const first = bowl(paramsAt(Float64Array.of(0.5, 0.5)));
    const slope = (g: Valley, { a }: Valley) => [
      g.a * a * Math.log(1e6),
      g.b * 4,
    ];
    const steepest = Math.max(
      ...slope(first.gradient, { a: 1, b: 0 }).map(Math.abs),
    );
    const seen: Valley[] = [];
    lbfgs(
      (u, g) => {
        const params = paramsAt(u);
        const { value, gradient } = bowl(params);
        seen.push(params);
        g.set(slope(gradient, params).map((x) => 1e6 / steepest * x));
        return 1e6 / steepest * (value - first.value);
      },
      [0.5, 0.5],
      {
        lower: [0, 0],
        upper: [1, 1],
        firstStep: 0.1,
        maxEvaluations: 10,
        gradientTolerance: 1e2,
        valueTolerance: 1e-4,
      },
    );
    expect(seen.length).toBeGreaterThan(3);
    seen.forEach(({ a, b }, number) => {
      const { params, reason } = study.trial(number);
      expect(params.a / a).toBeCloseTo(1, 9);
      expect(params.b).toBeCloseTo(b, 9);
      if (number > 0) {
        expect(reason)
          .toBe(`Step ${number} of the descent from trial 0 (L-BFGS).`);
      }
    });
    expect(study.best!.value!).toBeLessThan(1e-3);
  });

  it("climbs where the objective is to be maximized, with Adam too", async () => {
    for (const optimizer of ["adam", "lbfgs"] as const) {
      const study = await createStudy({
        ...memory,
        name: optimizer,
        space: valley,
        objective: maximize("score"),
        sampler: gradientSampler({ optimizer }),
      });
      await study.optimize(async (trial) => {
        const { value, gradient } = bowl(trial.params);
        await trial.gradient({ a: -gradient.a, b: -gradient.b });
        return -value;
      }, { trials: 25, ...quiet });
      expect(study.best!.value!).toBeGreaterThan(-0.02);
    }
  });

  it("keeps to the bounds, and stays there where it goes on beyond", async () => {
    const study = await createStudy({
      ...memory,
      name: "g",
      space: makeSpace({ a: float(1e-3, 1, { log: true }), b: float(-2, 0.5) }),
      sampler: gradientSampler(),
    });
    await study.optimize(objective, { trials: 12, ...quiet });
    expect(study.best!.params).toEqual({ a: 1, b: 0.5 });
  });

  it("keeps the space's rules, and finds the best that they allow", async () => {
    const study = await createStudy({
      ...memory,
      name: "g",
      space: makeSpace({ x: float(0, 1), y: float(0, 1) })
        .atMost({ x: 1, y: 1 }, 1),
      sampler: gradientSampler(),
    });
    // Without the rule lowest at [0.9, 0.6], with it at [0.65, 0.35].
    await study.optimize(async (trial) => {
      const { x, y } = trial.params;
      await trial.gradient({ x: 2 * (x - 0.9), y: 2 * (y - 0.6) });
      return (x - 0.9) ** 2 + (y - 0.6) ** 2;
    }, { trials: 15, ...quiet });
    const places = study.trials.map(({ params: { x, y } }) => x + y);
    expect(Math.max(...places)).toBeLessThanOrEqual(1);
    expect(study.best!.value!).toBeCloseTo(0.125, 2);
    const texts = study.trials.map(({ params }) => JSON.stringify(params));
    expect(new Set(texts).size).toBe(15);
  });

  it("steps back from a trial that failed, and goes on", async () => {
    const study = await createStudy({
      ...memory,
      name: "g",
      space: valley,
      sampler: gradientSampler(),
    });
    await study.optimize((trial) => {
      if ([1, 4].includes(trial.number)) throw new Error("out of memory");
      return objective(trial);
    }, { trials: 14, ...quiet });
    expect(study.trial(2).reason).toMatch("Step 2 of the descent from trial 0");
    expect(study.best!.value!).toBeLessThan(1e-3);
  });

  it("goes on bit for bit when it is resumed from a file", async () => {
    const folder = await Deno.makeTempDir();
    const mixed = makeSpace({
      a: float(1e-3, 1e3, { log: true }),
      b: float(-2, 2),
      kind: choice(["p", "q", "r"]),
    });
    const run = async (file: string, parts: readonly number[]) => {
      const told: unknown[] = [];
      for (const trials of parts) {
        const study = await createStudy({
          name: "g",
          library: false,
          storage: `${folder}/${file}.db`,
          space: mixed,
          sampler: gradientSampler({ steps: 4, rest: tpeSampler() }),
        });
        await study.optimize(async (trial) => {
          if (trial.number === 6) throw new Error("broken");
          const { a, b, kind } = trial.params;
          const { value, gradient } = bowl({ a, b });
          await trial.gradient(gradient);
          return value + kind.charCodeAt(0);
        }, { trials, ...quiet });
        told.splice(
          0,
          told.length,
          ...study.trials.map(({ params, reason, value }) => ({
            params,
            reason,
            value,
          })),
        );
        await study.close();
      }
      return told;
    };
    expect(await run("parts", [1, 2, 4, 9])).toEqual(await run("whole", [16]));
    await Deno.remove(folder, { recursive: true });
  });

  for (const rest of [tpeSampler(), gpSampler()]) {
    it(`finds the best of some choices with ${rest.name}, and the continuum for it`, async () => {
      const study = await createStudy({
        ...memory,
        name: "g",
        space: makeSpace({
          a: float(1e-3, 1e3, { log: true }),
          b: float(-2, 2),
          kind: choice(["p", "q", "r"]),
          units: int(1, 4),
        }),
        sampler: gradientSampler({ rest }),
      });
      await study.optimize(async (trial) => {
        const { a, b, kind, units } = trial.params;
        const { value, gradient } = bowl({ a, b });
        await trial.gradient(gradient);
        return value + ["q", "p", "r"].indexOf(kind) + Math.abs(units - 3) / 2;
      }, { trials: 90, ...quiet });
      expect(study.best!.params).toMatchObject({ kind: "q", units: 3 });
      expect(study.best!.value!).toBeLessThan(0.01);
      // A new choice goes on from the best continuous values.
      const second = study.trials.find(({ reason }) =>
        reason!.includes("at the continuous values of trial")
      );
      expect(second!.number).toBeLessThan(20);
    });
  }

  it("begins descents side by side, and at a trial of a person's", async () => {
    const study = await createStudy({
      ...memory,
      name: "g",
      space: valley,
      sampler: gradientSampler(),
    });
    await study.try({ a: 5, b: 0.5 }, objective);
    const trials = [await study.ask(), await study.ask(), await study.ask()];
    expect(trials[0]!.reason).toMatch("Step 1 of the descent from trial 0");
    expect(trials[1]!.reason).toMatch(/^A descent begins/);
    const keys = new Set(trials.map(({ params }) => JSON.stringify(params)));
    expect(keys.size).toBe(3);
    for (const trial of trials) {
      await study.tell(trial, await objective(trial));
    }
    const next = await study.ask();
    expect(next.reason).toMatch(/Step \d of the descent from trial \d/);
  });

  it("takes any gradients in any space", async () => {
    const derivative = fc.oneof(
      fc.double({ min: -10, max: 10, noNaN: true }),
      fc.constantFrom(0, 1e308, -1e308, 5e-324),
    );
    await fc.assert(
      fc.asyncProperty(
        arbitrarySpace({ maxParameters: 4 }),
        fc.array(fc.tuple(derivative, fc.boolean()), { maxLength: 12 }),
        fc.constantFrom<"adam" | "lbfgs">("adam", "lbfgs"),
        async (space, told, optimizer) => {
          const sampler = gradientSampler({ optimizer });
          let view = viewOf(space);
          for (const [derivative, isFailed] of told) {
            const suggestion = (await sampler.suggest(requestOf(view)))!;
            const { params } = suggestion;
            expect(space.validate(params)).toEqual(params);
            const names = Object.keys(params);
            view = withTrials(
              view,
              trialOf(view.trials.length, params, {
                state: isFailed ? "failed" : "complete",
                value: derivative,
                attributes: {
                  [gradientAttribute]: Object.fromEntries(
                    [...names, "gone"].map((name) => [name, derivative]),
                  ),
                },
              }),
            );
          }
          expect(await gradientSampler({ optimizer }).suggest(requestOf(view)))
            .toEqual(await sampler.suggest(requestOf(rebuilt(view))));
        },
      ),
      { numRuns: 40 },
    );
  });

  it("keeps a fixed choice, and goes down along the rest", async () => {
    const study = await createStudy({
      ...memory,
      name: "g",
      space: makeSpace({ b: float(-2, 2), kind: choice(["p", "q"]) }),
      sampler: gradientSampler(),
    });
    await study.optimize(async (trial) => {
      const { b } = trial.params;
      await trial.gradient({ b: 2 * b - 2 });
      return (b - 1) ** 2;
    }, { trials: 6, fixed: { kind: "q" }, ...quiet });
    expect(study.trials.every(({ params }) => params.kind === "q")).toBe(true);
    expect(study.trial(1).reason).toMatch("Step 1");
  });
});

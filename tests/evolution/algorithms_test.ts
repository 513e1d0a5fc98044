import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import fc from "fast-check";
import {
  type Axis,
  cmaEs,
  compareIndividuals,
  cross,
  differentialEvolution,
  type Evolution,
  geneticAlgorithm,
  type Individual,
  mutate,
  particleSwarm,
  polynomial,
  regularizedEvolution,
  simulatedBinary,
} from "../../lib/evolution/mod.ts";
import { quickStream, randomStream } from "../../lib/math/mod.ts";

const continuous: Axis = { kind: "continuous" };
const lines = (n: number): Axis[] => new Array(n).fill(continuous);
const edges = (count: number): Axis => ({
  kind: "ordered",
  edges: Float64Array.from({ length: count - 1 }, (_, k) => (k + 1) / count),
});

/** Runs an algorithm on a function; gives the best value, and the last state. */
function run<S>(
  evolution: Evolution<S>,
  evaluate: (point: Float64Array) => number,
  { trials, seed = "seed" }: { trials: number; seed?: string },
): { best: number; state: S; points: Float64Array[] } {
  let state = evolution.start();
  let best = Infinity;
  const points: Float64Array[] = [];
  for (let spent = 0, g = 0; spent < trials; g++) {
    const generation: Individual[] = [];
    for (let slot = 0; slot < evolution.size(state); slot++) {
      const random = () => quickStream(randomStream(seed, g, slot));
      const point = evolution.ask(state, slot, random());
      const value = evaluate(point);
      points.push(point);
      best = Math.min(best, value);
      generation.push({
        slot,
        point,
        values: [Number.isNaN(value) ? Infinity : value],
        violation: 0,
        isForeign: false,
        random,
      });
    }
    spent += generation.length;
    state = evolution.tell(state, generation);
  }
  return { best, state, points };
}

const sphere = (point: Float64Array) =>
  point.reduce((sum, x) => sum + (x - 0.3) ** 2, 0);

const makers: Record<string, (axes: readonly Axis[]) => Evolution<unknown>> = {
  cmaEs: (axes) => cmaEs(axes) as Evolution<unknown>,
  "cmaEs, separable": (axes) =>
    cmaEs(axes, { separable: true }) as Evolution<unknown>,
  "differentialEvolution, L-SHADE": (axes) =>
    differentialEvolution(axes, { trials: 1500 }) as Evolution<unknown>,
  "differentialEvolution, rand": (axes) =>
    differentialEvolution(axes, { strategy: "rand" }) as Evolution<unknown>,
  "differentialEvolution, best": (axes) =>
    differentialEvolution(axes, { strategy: "best" }) as Evolution<unknown>,
  "particleSwarm, ring": (axes) => particleSwarm(axes) as Evolution<unknown>,
  "particleSwarm, global": (axes) =>
    particleSwarm(axes, { topology: "global" }) as Evolution<unknown>,
  geneticAlgorithm: (axes) => geneticAlgorithm(axes) as Evolution<unknown>,
  "geneticAlgorithm, blend": (axes) =>
    geneticAlgorithm(axes, { crossover: "blend" }) as Evolution<unknown>,
  regularizedEvolution: (axes) =>
    regularizedEvolution(axes) as Evolution<unknown>,
};

for (const [name, make] of Object.entries(makers)) {
  describe(`${name}()`, () => {
    it("finds the bottom of a bowl in 5 dimensions in 1,500 trials", () => {
      const { best } = run(make(lines(5)), sphere, { trials: 1500 });
      expect(best).toBeLessThan(1e-2);
    });

    it("finds the best of choices, of whole numbers and of a number", () => {
      const axes: Axis[] = [{ kind: "unordered", count: 6 }, edges(5), {
        kind: "continuous",
      }];
      const { best } = run(
        make(axes),
        ([choice, level, x]) =>
          (Math.floor(6 * Math.min(0.999, Math.max(0, choice!))) === 4
            ? 0
            : 1) +
          Math.abs(Math.floor(5 * Math.min(0.999, Math.max(0, level!))) - 1) +
          Math.abs(x! - 0.6),
        { trials: 1000 },
      );
      expect(best).toBeLessThan(0.1);
    });

    it("stays within the cube, ordered axes aside", () => {
      const { points } = run(make(lines(3)), ([x]) => -x!, { trials: 400 });
      for (const point of points) {
        for (const place of point) {
          expect(place).toBeGreaterThanOrEqual(0);
          expect(place).toBeLessThanOrEqual(1);
        }
      }
    });

    it("reaches the ends of the cube", () => {
      const { best } = run(make(lines(2)), ([x, y]) => 1 - x! + y!, {
        trials: 600,
      });
      expect(best).toBeLessThan(0.05);
    });

    it("goes on where all fail, all are equal, or values are huge or tiny", () => {
      const failures = [
        () => Infinity,
        () => 1,
        (p: Float64Array) => 1e300 * sphere(p),
        (p: Float64Array) => 1e-300 * sphere(p),
        (p: Float64Array) => p[0]! < 0.5 ? Infinity : sphere(p),
        () => -Infinity,
      ];
      for (const value of failures) {
        const { points } = run(make(lines(2)), value, { trials: 300 });
        expect(points.every((point) => point.every(Number.isFinite))).toBe(
          true,
        );
      }
    });

    it("does not mind the scale of the objective", () => {
      const places = [1, 2 ** -40, 2 ** 40].map((scale) =>
        run(make(lines(3)), (p) => scale * sphere(p), { trials: 200 }).points
          .at(-1)
      );
      expect(places[1]).toEqual(places[0]);
      expect(places[2]).toEqual(places[0]);
    });

    it("takes one axis, and generations that lack some", () => {
      const evolution = make(lines(1));
      let state = evolution.start();
      for (let g = 0; g < 20; g++) {
        const random = () => quickStream(randomStream("one", g));
        const slot = evolution.size(state) - 1;
        const point = evolution.ask(state, slot, random());
        state = evolution.tell(state, [{
          slot,
          point,
          values: [point[0]!],
          violation: 0,
          isForeign: g % 2 === 1,
          random,
        }]);
        expect(point.every(Number.isFinite)).toBe(true);
      }
    });

    it("does the same again with the same numbers", () => {
      const places = () =>
        run(make(lines(2)), sphere, { trials: 100 }).points.map((p) => [...p]);
      expect(places()).toEqual(places());
    });
  });
}

describe("cmaEs()", () => {
  it("says what is wrong with an option", () => {
    expect(() => cmaEs([])).toThrow(/there are no axes/);
    expect(() => cmaEs(lines(2), { populationSize: 1 })).toThrow(
      /populationSize is 1/,
    );
    expect(() => cmaEs(lines(2), { sigma: 0 })).toThrow(/sigma is 0/);
    expect(() => cmaEs(lines(2), { mean: [0.5] })).toThrow(/mean has 1/);
  });

  it("turns with the valley of a function that is turned: 1e-8 in 2,000 trials", () => {
    const { best } = run(
      cmaEs(lines(4)),
      (p) =>
        p.reduce(
          (sum, x, i) =>
            sum + 100 ** i * (x - 0.5 + (p[(i + 1) % 4]! - 0.5) / 2) ** 2,
          0,
        ),
      { trials: 2000 },
    );
    expect(best).toBeLessThan(1e-8);
  });

  it("begins again, with more individuals, where a run has come to its end", () => {
    const { state } = run(cmaEs(lines(2), { restarts: "ipop" }), sphere, {
      trials: 3000,
    });
    expect(state.run).toBeGreaterThan(0);
    expect(state.size).toBe(6 * 2 ** state.doublings);
  });

  it("takes small runs in turn with large ones in BIPOP", () => {
    const evolution = cmaEs(lines(2), { restarts: "bipop" });
    const { state } = run(evolution, sphere, { trials: 8000 });
    expect(state.spent.small).toBeGreaterThan(0);
    expect(state.spent.large).toBeGreaterThan(0);
  });

  it("never begins again where restarts are none", () => {
    const { state } = run(cmaEs(lines(2), { restarts: "none" }), sphere, {
      trials: 3000,
    });
    expect(state.run).toBe(0);
  });

  it("keeps drawing both values of a switch that seems decided", () => {
    const axes: Axis[] = [edges(2), continuous];
    const { points } = run(
      cmaEs(axes, { restarts: "none" }),
      ([on, x]) => (on! > 0.5 ? 0 : 1) + (x! - 0.5) ** 2,
      { trials: 600 },
    );
    const late = points.slice(-200).filter(([on]) => on! <= 0.5).length;
    expect(late).toBeGreaterThan(2);
  });
});

describe("differentialEvolution()", () => {
  it("says what is wrong with an option", () => {
    expect(() => differentialEvolution(lines(1), { populationSize: 3 }))
      .toThrow(/populationSize is 3/);
    expect(() => differentialEvolution(lines(1), { crossRate: 2 })).toThrow(
      /crossRate is 2/,
    );
  });

  it("shrinks to 4 at the end of the trials that are planned", () => {
    const { state } = run(
      differentialEvolution(lines(3), { trials: 300 }),
      sphere,
      { trials: 300 },
    );
    expect(state.population.length).toBeLessThanOrEqual(6);
  });

  it("never lets an individual get worse", () => {
    const evolution = differentialEvolution(lines(3), { strategy: "best" });
    const early = run(evolution, sphere, { trials: 60 }).state;
    const late = run(evolution, sphere, { trials: 120 }).state;
    early.population.forEach((member, i) =>
      expect(compareIndividuals(late.population[i]!, member))
        .toBeLessThanOrEqual(0)
    );
  });
});

describe("regularizedEvolution()", () => {
  it("changes one gene of a parent that lives", () => {
    const evolution = regularizedEvolution(lines(4), { populationSize: 5 });
    const { state } = run(evolution, sphere, { trials: 20 });
    const child = evolution.ask(state, 0, randomStream("child"));
    const changes = state.population.map(({ point }) =>
      point.filter((place, j) => place !== child[j]).length
    );
    expect(Math.min(...changes)).toBe(1);
  });

  it("lets the oldest die, however good", () => {
    const evolution = regularizedEvolution(lines(1), { populationSize: 3 });
    let state = evolution.start();
    [0, 5, 6, 7].forEach((value, n) => {
      state = evolution.tell(state, [{
        slot: 0,
        point: Float64Array.of(n / 4),
        values: [value],
        violation: 0,
        isForeign: false,
        random: () => randomStream("x"),
      }]);
    });
    expect(state.population.map(({ values }) => values[0])).toEqual([5, 6, 7]);
  });
});

describe("compareIndividuals()", () => {
  it("puts feasible before infeasible, then better before worse", () => {
    const one = (value: number, violation = 0) => ({
      values: [value],
      violation,
    });
    expect(compareIndividuals(one(9), one(1, 0.1))).toBe(-1);
    expect(compareIndividuals(one(9, 0.1), one(1, 0.2))).toBe(-1);
    expect(compareIndividuals(one(1), one(2))).toBe(-1);
    expect(compareIndividuals(one(Infinity), one(Infinity))).toBe(0);
    expect(compareIndividuals(one(-Infinity), one(0))).toBe(-1);
  });
});

describe("simulatedBinary()", () => {
  it("gives a parent back where both are equal", () => {
    expect(simulatedBinary(0.4, 0.4, 0.9, { eta: 15, nearFirst: true }))
      .toBe(0.4);
  });

  it("spreads the children evenly around the parents, within the cube", () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
        (a, b, u) => {
          for (const nearFirst of [true, false]) {
            const child = simulatedBinary(a, b, u, { eta: 15, nearFirst });
            expect(child).toBeGreaterThanOrEqual(0);
            expect(child).toBeLessThanOrEqual(1);
          }
        },
      ),
    );
  });
});

describe("polynomial()", () => {
  // eta 20, as written out in pymoo's and Deb's formula by hand:
  // u < 1/2: x + (2u + (1 − 2u)(1 − x)^21)^(1/21) − 1.
  it("leaves the place where u is a half", () => {
    expect(polynomial(0.3, 0.5, 20)).toBeCloseTo(0.3, 12);
  });

  it("reaches the ends where u does", () => {
    expect(polynomial(0.3, 0, 20)).toBeCloseTo(0, 12);
    expect(polynomial(0.3, 1, 20)).toBeCloseTo(1, 12);
  });
});

describe("mutate()", () => {
  it("changes nothing at the rate 0", () => {
    const point = Float64Array.of(0.2, 0.7);
    expect(mutate(lines(2), point, { rate: 0 }, randomStream("m")))
      .toEqual(point);
  });

  it("always gives another choice, and another whole number, at the rate 1", () => {
    const axes: Axis[] = [{ kind: "unordered", count: 3 }, edges(10)];
    const random = randomStream("mutate");
    for (let k = 0; k < 500; k++) {
      const point = Float64Array.of(random.uniform(), random.uniform());
      const [choice, level] = mutate(axes, point, { rate: 1 }, random);
      expect(Math.floor(choice! * 3)).not.toBe(Math.floor(point[0]! * 3));
      expect(Math.floor(level! * 10 + 1e-9))
        .not.toBe(Math.floor(point[1]! * 10 + 1e-9));
    }
  });
});

describe("cross()", () => {
  it("takes choices from either parent, whatever the kind", () => {
    const axes: Axis[] = [{ kind: "unordered", count: 3 }];
    const parents = [Float64Array.of(0.1), Float64Array.of(0.9)] as const;
    const random = randomStream("cross");
    for (const kind of ["sbx", "uniform", "blend"] as const) {
      const children = Array.from(
        { length: 40 },
        () => cross(kind, axes, parents, random)[0]!,
      );
      expect(new Set(children)).toEqual(new Set([0.1, 0.9]));
    }
  });
});

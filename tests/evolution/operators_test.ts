/**
 * The operators beside pymoo's, given the same random numbers: `golden/make_pymoo.py`.
 */
import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import { crowdingDistances } from "../../lib/evolution/_crowding.ts";
import {
  nearest,
  nicheSelection,
  normalized,
} from "../../lib/evolution/_niches.ts";
import {
  type Axis,
  cross,
  differentialEvolution,
  particleSwarm,
  polynomial,
  referencePoints,
  simulatedBinary,
} from "../../lib/evolution/mod.ts";
import { type RandomStream, randomStream } from "../../lib/math/mod.ts";
import golden from "./golden/pymoo.json" with { type: "json" };

const line: readonly Axis[] = [{ kind: "continuous" }];

/** Gives these numbers in turn, then a half; 0 for whole and normal ones; shuffles nothing. */
function fed(...numbers: number[]): RandomStream {
  return {
    uniform: () => numbers.shift() ?? 0.5,
    int: () => 0,
    normal: () => 0,
    shuffle: (items) => [...items],
  };
}

function expectNear(found: number, expected: number): void {
  expect(Math.abs(found - expected)).toBeLessThan(1e-10);
}

const member = (place: number, value: number) => ({
  point: Float64Array.of(place),
  values: [value],
  violation: 0,
});

describe("operators, beside pymoo's to 1e-10", () => {
  it("simulatedBinary() gives the same children", () => {
    for (const { a, b, u, eta, children } of golden.sbx) {
      [true, false].forEach((nearFirst, k) =>
        expectNear(simulatedBinary(a, b, u, { eta, nearFirst }), children[k]!)
      );
    }
  });

  it("polynomial() moves a place as far", () => {
    for (const { x, u, eta, to } of golden.mutation) {
      expectNear(polynomial(x, u, eta), to);
    }
  });

  it("crowdingDistances() are the same, m times pymoo's mean over objectives", () => {
    for (const { values, distances } of golden.crowding) {
      const found = crowdingDistances(values);
      distances.forEach((distance, i) => {
        if (distance === null) expect(found[i]).toBe(Infinity);
        else expectNear(found[i]! / values[0]!.length, distance);
      });
    }
  });

  it("differentialEvolution() makes the mutants of rand/1 and of current-to-pbest/1", () => {
    for (
      const { x, best, to, from, scale, ...expected } of golden.differences
    ) {
      const rand = differentialEvolution(line, {
        strategy: "rand",
        scale,
        crossRate: 1,
      });
      const state = rand.start();
      const population = [
        member(0.123, 5),
        member(x, 5),
        member(to, 5),
        member(from, 5),
      ];
      expectNear(
        rand.ask({ ...state, population }, 0, fed())[0]!,
        expected.rand,
      );
      const adaptive = differentialEvolution(line);
      const memory = { scales: [scale], crossRates: [1], next: 0 };
      const others = [
        member(x, 5),
        member(to, 5),
        member(from, 5),
        member(best, 1),
      ];
      expectNear(
        adaptive.ask({ ...state, memory, population: others }, 0, fed())[0]!,
        expected.adaptive,
      );
    }
  });

  it("particleSwarm() moves a particle as far", () => {
    for (const { x, v, own, theirs, a, b, to } of golden.swarm) {
      const swarm = particleSwarm(line, { populationSize: 2 });
      const particle = (best: number, value: number) => ({
        place: Float64Array.of(x),
        velocity: Float64Array.of(v),
        best: member(best, value),
      });
      const particles = [particle(own, 2), particle(theirs, 1)];
      expectNear(
        swarm.ask({ particles, generation: 1 }, 0, fed(a, b))[0]!,
        to,
      );
    }
  });

  it("referencePoints() are Das and Dennis's, in whatever order", () => {
    const sorted = (points: readonly (readonly number[])[]) =>
      points.map((point) => point.map((x) => x.toFixed(10)).join()).sort();
    for (const [key, directions] of Object.entries(golden.directions)) {
      const [m, divisions] = key.split("-").map(Number);
      expect(sorted(referencePoints(m!, divisions!)))
        .toEqual(sorted(directions));
    }
  });

  it("NSGA-III sees each point near the same direction, as far away", () => {
    for (const one of golden.niches) {
      const directions = referencePoints(3, one.divisions);
      const scaled = normalized(one.values, one.fronts.flat());
      for (const { index, direction, distance } of one.near) {
        const found = nearest(scaled.get(index)!, directions);
        directions[found.direction]!.forEach((x, k) =>
          expectNear(x, direction[k]!)
        );
        expectNear(Math.sqrt(found.distance), distance);
      }
    }
  });

  it("NSGA-III fills the niches as evenly", () => {
    for (const one of golden.niches) {
      const directions = referencePoints(3, one.divisions);
      const { size } = one;
      const random = randomStream("niches");
      const chosen = nicheSelection(one.values, one.fronts, {
        size,
        directions,
        random,
      });
      expect(chosen).toHaveLength(size);
      const scaled = normalized(one.values, one.fronts.flat());
      const counts = directions.map(() => 0);
      for (const index of chosen) {
        counts[nearest(scaled.get(index)!, directions).direction]!++;
      }
      expect(counts.sort((a, b) => a - b)).toEqual(one.after);
    }
  });
});

describe("cross()", () => {
  // BLX-0.5 (Eshelman and Schaffer 1993): low + u (high − low), with both ends half the distance further out.
  it("blends between the parents and half as far beyond, by the formula", () => {
    const parents = [Float64Array.of(0.4), Float64Array.of(0.6)] as const;
    for (const u of [0, 0.25, 0.999]) {
      expectNear(
        cross("blend", line, parents, fed(0.1, u))[0]!,
        0.3 + u * (0.7 - 0.3),
      );
    }
  });
});

/**
 * What every way to begin a study must do. Later ones run the same list.
 *
 * @module
 */

import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import fc from "fast-check";
import {
  mapSpace,
  packPrior,
  type PriorStudy,
  unpackPrior,
  type WarmStart,
} from "../../lib/library/mod.ts";
import { randomStream } from "../../lib/math/mod.ts";
import { maximize, minimize } from "../../lib/records/mod.ts";
import { gpSampler } from "../../lib/samplers/mod.ts";
import { choice, float, type Space, space } from "../../lib/space/mod.ts";
import {
  featuresOf,
  GaussianProcess,
  type Prior,
  priorCenter,
  PriorFunctions,
  takePrior,
} from "../../lib/surrogates/mod.ts";
import { arbitrarySpace } from "../support/arbitrary_space.ts";
import { requestOf, trialOf, viewOf } from "../support/views.ts";

/** Numbers in [0, 1) from a seed. */
function uniforms(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state * 1664525 + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** A study of random configurations of a space, with values of all sorts. */
function studyOf(
  source: Space,
  target: Space,
  seed: number,
  count: number,
): PriorStudy {
  const uniform = uniforms(seed);
  const odd = [NaN, Infinity, -Infinity, 1e300, 0];
  const trials = Array.from({ length: count }, (_, i) => {
    const value = uniform() < 0.2
      ? odd[Math.floor(uniform() * odd.length)]!
      : uniform();
    return trialOf(i, source.sample(uniform), { value });
  });
  return {
    name: `study ${seed}`,
    weight: uniform(),
    objective: seed % 2 === 0 ? minimize("loss") : maximize("score"),
    mapping: mapSpace(source, target),
    trials,
  };
}

/** Runs the suite for a strategy. */
export function warmStartConformance(strategy: WarmStart): void {
  const line = space({ x: float(0, 1) }) as unknown as Space;

  describe(`warm start conformance: ${strategy.name}`, () => {
    it("of no studies is no start", () => {
      expect(strategy.begin({ studies: [], space: line, size: 5 })).toEqual([]);
    });

    it("takes one study with one trial", () => {
      const found = strategy.begin({
        studies: [studyOf(line, line, 2, 1)],
        space: line,
        size: 5,
      });
      expect(found.length).toBeLessThanOrEqual(5);
    });

    it("takes studies that share nothing with the space, or failed throughout", () => {
      const other = space({ word: choice(["a", "b"]) }) as unknown as Space;
      const failed = {
        ...studyOf(line, line, 4, 5),
        trials: [trialOf(0, { x: 1 }, { value: NaN })],
      };
      expect(
        strategy.begin({
          studies: [studyOf(other, line, 3, 5), failed],
          space: line,
          size: 3,
        }).length,
      ).toBeLessThanOrEqual(3);
    });

    it("gives valid configurations of any space from studies of any other, none twice, the same each time", () => {
      fc.assert(
        fc.property(
          arbitrarySpace({ maxParameters: 4 }),
          arbitrarySpace({ maxParameters: 4 }),
          fc.integer({ min: 0, max: 1e6 }),
          fc.integer({ min: 1, max: 6 }),
          (a, b, seed, size) => {
            const [source, target] = [a as Space, b as Space];
            const studies = [
              studyOf(source, target, seed, 12),
              studyOf(target, target, seed + 1, 12),
            ];
            const request = { studies, space: target, size };
            const found = strategy.begin(request);
            expect(found.length).toBeLessThanOrEqual(size);
            const keys = new Set(
              found.map(({ params }) => JSON.stringify(params)),
            );
            expect(keys.size).toBe(found.length);
            for (const { params, reason } of found) {
              expect(target.validate(params)).toEqual(params);
              expect(reason).toMatch(/\.$/);
            }
            expect(strategy.begin(request)).toEqual(found);
          },
        ),
        { numRuns: 25 },
      );
    });

    it("begins near what was best, if all studies agree", () => {
      const trials = Array.from(
        { length: 20 },
        (_, i) => trialOf(i, { x: i / 19 }, { value: (i / 19 - 0.7) ** 2 }),
      );
      const studies = [1, 2].map((n) => ({
        name: `study ${n}`,
        weight: 1,
        objective: minimize("loss"),
        mapping: mapSpace(line, line),
        trials,
      }));
      const [first] = strategy.begin({ studies, space: line, size: 1 });
      expect(Math.abs((first!.params.x as number) - 0.7)).toBeLessThan(0.2);
    });
  });
}

/** Runs the suite for what makes a prior of studies. */
export function priorConformance(
  name: string,
  make: (studies: readonly PriorStudy[], space: Space) => Prior | null,
): void {
  describe(`prior conformance: ${name}`, () => {
    it("of studies of any space says finite things of any other, the same each time and after being kept", () => {
      fc.assert(
        fc.property(
          arbitrarySpace({ maxParameters: 4 }),
          arbitrarySpace({ maxParameters: 4 }),
          fc.integer({ min: 0, max: 1e6 }),
          (a, b, seed) => {
            const [source, target] = [a as Space, b as Space];
            const studies = [
              studyOf(source, target, seed, 12),
              studyOf(target, target, seed + 1, 12),
              studyOf(target, target, seed + 2, 3),
            ];
            const prior = make(studies, target);
            expect(make(studies, target)).toEqual(prior);
            if (prior === null) return;
            const kept = unpackPrior(
              JSON.parse(JSON.stringify(packPrior(prior, target))),
              target,
            )!;
            expect(kept.sources).toEqual(prior.sources);
            const features = featuresOf(target);
            const uniform = uniforms(seed);
            const points = new Float64Array(5 * features.dimension);
            for (let i = 0; i < 5; i++) {
              const unit = target.encode(target.sample(uniform));
              features.encode(unit, points, i * features.dimension);
            }
            const functions = new PriorFunctions(kept, features);
            expect(functions.at(points).every(Number.isFinite)).toBe(true);
            const values = [0.3, 0.1, 0.5, 0.2, 0.4];
            const { dimension, numeric } = functions;
            const own = new GaussianProcess(
              {
                inputs: points,
                values: Float64Array.from(values),
                dimension,
                numeric,
              },
              priorCenter(dimension),
            );
            const { trust, process } = takePrior(functions, {
              inputs: points,
              own,
              raw: values,
              success: 0,
              random: randomStream("conformance", seed),
            });
            expect(trust).toBeGreaterThanOrEqual(0);
            expect(trust).toBeLessThanOrEqual(1);
            expect(process.noise).toBeGreaterThanOrEqual(0);
            const shares = process.shares();
            expect(shares.reduce((sum, { share }) => sum + share, 0))
              .toBeCloseTo(1, 9);
            for (const one of [process, process.believing(points)]) {
              const { mean, sd } = one.predict(points);
              expect(mean.every(Number.isFinite)).toBe(true);
              expect(sd.every((x) => x >= 0 && x < Infinity)).toBe(true);
              expect(one.fittedMeans().every(Number.isFinite)).toBe(true);
            }
          },
        ),
        { numRuns: 25 },
      );
    });

    it("lets a sampler suggest valid configurations, whatever it says", async () => {
      await fc.assert(
        fc.asyncProperty(
          arbitrarySpace({ maxParameters: 4 }),
          fc.integer({ min: 0, max: 1e6 }),
          async (a, seed) => {
            const target = a as Space;
            const prior = make(
              [
                studyOf(target, target, seed, 12),
                studyOf(target, target, seed + 1, 12),
              ],
              target,
            );
            if (prior === null) return;
            const { trials } = studyOf(target, target, seed + 2, 6);
            for (const count of [0, 1, 4, 6]) {
              const request = requestOf(
                viewOf(target, trials.slice(0, count)),
                { number: count },
              );
              const { params } = (await gpSampler().suggest({
                ...request,
                prior,
              }))!;
              expect(target.validate(params)).toEqual(params);
            }
          },
        ),
        { numRuns: 8 },
      );
    });
  });
}

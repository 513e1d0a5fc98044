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
  type PriorStudy,
  type WarmStart,
} from "../../lib/library/mod.ts";
import { maximize, minimize } from "../../lib/records/mod.ts";
import { choice, float, type Space, space } from "../../lib/space/mod.ts";
import { arbitrarySpace } from "../support/arbitrary_space.ts";
import { trialOf } from "../support/views.ts";

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

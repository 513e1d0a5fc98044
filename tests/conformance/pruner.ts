/**
 * What every pruner promises. A pruner's test calls {@linkcode prunerConformance}
 * once, and adds what is special to it.
 *
 * @module
 */

import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import fc from "fast-check";
import { randomStream } from "../../lib/math/mod.ts";
import type { Judgement, Pruner } from "../../lib/pruners/mod.ts";
import {
  type Curve,
  maximize,
  minimize,
  type StudyView,
  type TrialRecord,
  type TrialState,
} from "../../lib/records/mod.ts";
import { float, type Space, space } from "../../lib/space/mod.ts";
import { rebuilt, trialOf } from "../support/views.ts";

const line = space({ x: float(0, 1) }) as unknown as Space;

/** A curve with steps of its own. */
export function curveAt(
  steps: readonly number[],
  values: readonly number[],
): Curve {
  return Object.freeze({
    name: "loss",
    steps: Object.freeze([...steps]),
    values: Object.freeze([...values]),
  });
}

/** A trial with a curve of the objective. */
export function curved(
  number: number,
  curve: Curve,
  state: TrialState = "complete",
): TrialRecord {
  const last = curve.values.at(-1) ?? NaN;
  const hasValue = state === "complete" && !Number.isNaN(last);
  return Object.freeze({
    ...trialOf(number, { x: number / 100 }, {
      state: state === "complete" && !hasValue ? "failed" : state,
      ...(hasValue ? { value: last } : {}),
    }),
    curves: new Map([["loss", curve]]),
  });
}

/** A study of trials with curves. */
export function studyOf(
  trials: readonly TrialRecord[],
  direction: "minimize" | "maximize" = "minimize",
): StudyView {
  return Object.freeze({
    name: "study",
    objectives: [
      direction === "minimize" ? minimize("loss") : maximize("loss"),
    ],
    space: line,
    trials: Object.freeze([...trials]),
  });
}

/** Judges a trial that runs beside others, as a study would: it is among the trials. */
export function judge(
  pruner: Pruner,
  trials: readonly TrialRecord[],
  curve: Curve,
  options: {
    readonly direction?: "minimize" | "maximize";
    readonly askedAtStep?: number | null;
  } = {},
): Judgement {
  const { direction, ...rest } = options;
  const number = trials.length;
  const all = [...trials, curved(number, curve, "running")];
  return pruner.judge({
    curve,
    number,
    study: studyOf(all, direction),
    ...rest,
  });
}

/** Trials whose losses fall from 1 to levels of their own, on steps 1, 2, …; the later the better. */
export function fallingTrials(count: number, steps = 20): TrialRecord[] {
  return Array.from({ length: count }, (_, number) =>
    curved(
      number,
      curveAt(
        Array.from({ length: steps }, (_, i) => i + 1),
        Array.from({ length: steps }, (_, i) => {
          const level = 0.2 + 0.5 * (count - number) / count;
          return level + (1 - level) * Math.exp(-0.3 * (i + 1));
        }),
      ),
    ));
}

const numbers: fc.Arbitrary<number> = fc.oneof(
  fc.double({ min: -5, max: 5, noNaN: true }),
  fc.constantFrom(0, 1, NaN, Infinity, -Infinity, 1e308),
);

const curves: fc.Arbitrary<Curve> = fc.array(
  fc.tuple(fc.nat({ max: 40 }), numbers),
  { maxLength: 25 },
).map((points) => {
  const byStep = new Map(points);
  const steps = [...byStep.keys()].sort((a, b) => a - b);
  return curveAt(steps, steps.map((step) => byStep.get(step)!));
});

const states = fc.constantFrom<TrialState>(
  "complete",
  "complete",
  "complete",
  "pruned",
  "failed",
  "running",
  "waiting",
);

const histories: fc.Arbitrary<TrialRecord[]> = fc.array(
  fc.tuple(curves, states),
  { maxLength: 15 },
).map((all) =>
  all.map(([curve, state], number) =>
    state === "waiting"
      ? trialOf(number, {}, { state })
      : curved(number, curve, state)
  )
);

/**
 * Runs the suite.
 *
 * @param options The most milliseconds a judgement; by default those that are
 * promised, and some more for a busy machine.
 */
export function prunerConformance(
  name: string,
  makePruner: () => Pruner,
  { mostMs = 0.4 }: { readonly mostMs?: number } = {},
): void {
  describe(`${name} keeps the pruner's contract`, () => {
    it("has a name", () => {
      expect(makePruner().name).toMatch(/\S/);
    });

    it("keeps a trial that has reported nothing", () => {
      for (const trials of [[], fallingTrials(12)]) {
        const { stop, reason } = judge(makePruner(), trials, curveAt([], []));
        expect(stop).toBe(false);
        expect(reason).toMatch(/\S/);
      }
    });

    it("judges the first trial of a study, at each of its steps", () => {
      const pruner = makePruner();
      for (let length = 1; length <= 12; length++) {
        const steps = Array.from({ length }, (_, i) => i + 1);
        const { reason } = judge(
          pruner,
          [],
          curveAt(steps, steps.map((step) => 1 / step)),
        );
        expect(reason).toMatch(/\.$/);
      }
    });

    it("says why in one sentence or two, of any history", () => {
      fc.assert(
        fc.property(histories, curves, (trials, curve) => {
          const { stop, reason } = judge(makePruner(), trials, curve);
          expect(typeof stop).toBe("boolean");
          expect(reason).toMatch(/^[A-Z0-9-].*\.$/s);
          expect(reason).not.toMatch(/undefined|\[object/);
        }),
        { numRuns: 120 },
      );
    });

    it("answers equal requests equally, and holds no state", () => {
      fc.assert(
        fc.property(histories, curves, (trials, curve) => {
          const pruner = makePruner();
          // Another study and another curve in between must change nothing.
          const first = judge(pruner, trials, curve);
          judge(pruner, fallingTrials(7), curveAt([1, 2], [3, 4]));
          judge(pruner, trials.slice(0, 3), curve);
          expect(judge(pruner, trials, curve)).toEqual(first);
          expect(judge(makePruner(), trials, curve)).toEqual(first);
        }),
        { numRuns: 60 },
      );
    });

    it("decides the same on a study read anew, and on one that grew trial by trial", () => {
      const pruner = makePruner();
      const random = randomStream("conformance", name);
      const trials: TrialRecord[] = [];
      for (let number = 0; number < 25; number++) {
        const length = 1 + random.int(20);
        const level = random.uniform();
        const steps = Array.from({ length }, (_, i) => i + 1);
        const curve = curveAt(
          steps,
          steps.map((step) => level + Math.exp(-step / 4) / 2),
        );
        const grown = judge(pruner, trials, curve);
        const study = studyOf([...trials, curved(number, curve, "running")]);
        const anew = {
          ...rebuilt(study as StudyView),
          name: study.name,
        };
        expect(makePruner().judge({ curve, number, study: anew }))
          .toEqual(grown);
        trials.push(
          curved(number, curve, length === 20 ? "complete" : "pruned"),
        );
      }
    });

    it("decides alike in both directions", () => {
      fc.assert(
        fc.property(histories, curves, (trials, curve) => {
          const turned = (one: Curve) =>
            curveAt(one.steps, one.values.map((value) => -value));
          const flipped = trials.map((trial) =>
            Object.freeze({
              ...trial,
              value: trial.value === null ? null : -trial.value,
              values: trial.values?.map((value) => -value) ?? null,
              curves: new Map(
                [...trial.curves].map(([key, one]) => [key, turned(one)]),
              ),
            })
          );
          expect(
            judge(makePruner(), flipped, turned(curve), {
              direction: "maximize",
            }).stop,
          ).toBe(judge(makePruner(), trials, curve).stop);
        }),
        { numRuns: 80 },
      );
    });

    it("changes nothing that it is given", () => {
      const trials = fallingTrials(10);
      const curve = curveAt([1, 2, 3], [5, 4, 3]);
      // Everything is frozen: a change would throw.
      judge(makePruner(), trials, curve);
      expect(trials).toHaveLength(10);
      expect(curve.values).toEqual([5, 4, 3]);
    });

    it("does not mind notes on finished trials", () => {
      const pruner = makePruner();
      const trials = fallingTrials(12);
      const curve = curveAt([1, 2, 3, 4, 5], [9, 8, 7, 6, 5]);
      const before = judge(pruner, trials, curve);
      const noted = trials.map((trial) =>
        Object.freeze({ ...trial, attributes: { note: "seen" } })
      );
      expect(judge(pruner, noted, curve)).toEqual(before);
    });

    it("judges at 1,000 trials of 100 steps within the time promised", () => {
      const pruner = makePruner();
      const trials = fallingTrials(1000, 100);
      const steps = Array.from({ length: 100 }, (_, i) => i + 1);
      const values = steps.map((step) => 0.3 + Math.exp(-step / 20));
      const requests = steps.map((step) => {
        const curve = curveAt(steps.slice(0, step), values.slice(0, step));
        const all = [...trials, curved(1000, curve, "running")];
        return { curve, number: 1000, study: studyOf(all) };
      });
      const timed = () => {
        const start = performance.now();
        for (const request of requests) pruner.judge(request);
        return (performance.now() - start) / requests.length;
      };
      timed();
      expect(Math.min(timed(), timed(), timed())).toBeLessThan(mostMs);
    });
  });
}

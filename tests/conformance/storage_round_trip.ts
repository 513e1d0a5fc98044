/**
 * Whatever happens to a study, every storage tells the same of it as memory
 * does, also when it is opened again. Later storages run the same property.
 *
 * @module
 */

import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import fc from "fast-check";
import type { TrialRecord } from "../../lib/records/mod.ts";
import type { Configuration, Space } from "../../lib/space/mod.ts";
import {
  MemoryStorage,
  type Outcome,
  type Report,
  type StudyStorage,
} from "../../lib/storage/mod.ts";
import { arbitrarySpace } from "../support/arbitrary_space.ts";
import {
  arbitraryAttribute,
  arbitraryNumber,
  arbitraryTrial,
} from "../support/arbitrary_trial.ts";

type Step =
  | { readonly kind: "ask"; readonly units: readonly number[] }
  | {
    readonly kind: "enqueue";
    readonly units: readonly number[];
    readonly kept: number;
  }
  | { readonly kind: "claim" }
  | { readonly kind: "add"; readonly trial: TrialRecord }
  | { readonly kind: "note"; readonly key: string; readonly value: unknown }
  | (
    & { readonly trial: number }
    & (
      | { readonly kind: "report"; readonly reports: readonly Report[] }
      | { readonly kind: "set"; readonly key: string; readonly value: unknown }
      | {
        readonly kind: "finish";
        readonly outcome: Outcome;
        readonly reports: readonly Report[];
      }
      | { readonly kind: "pause" | "resume" }
    )
  );

const units = fc.array(
  fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
  { minLength: 10, maxLength: 10 },
);
const trial = fc.nat(7);
const key = fc.constantFrom("a", "constructor", "__proto__", "größe 🎻");
const value = fc.option(arbitraryAttribute(), {
  nil: undefined,
  freq: 4,
});
const reports = fc.array(
  fc.record({
    name: fc.constantFrom("loss", "train loss", "__proto__"),
    step: fc.nat(6),
    value: arbitraryNumber(),
  }),
  { maxLength: 4 },
);

function arbitraryOutcome(count: number): fc.Arbitrary<Outcome> {
  const values = fc.array(arbitraryNumber({ noNaN: true }), {
    minLength: count,
    maxLength: count,
  });
  const rest = {
    attributes: fc.dictionary(key, arbitraryAttribute(), { maxKeys: 2 }),
    reason: fc.option(fc.constantFrom("so", "because"), { nil: undefined }),
  };
  return fc.oneof(
    fc.record({ state: fc.constant("complete" as const), values, ...rest }),
    fc.record({
      state: fc.constant("pruned" as const),
      values: fc.option(values),
      ...rest,
    }),
    fc.record({
      state: fc.constant("failed" as const),
      values: fc.constant(null),
      error: fc.constantFrom("boom", "Error:\n  at 'x'"),
      ...rest,
    }),
  );
}

function arbitraryStep(
  space: Space,
  count: number,
): fc.Arbitrary<Step> {
  const of = <K extends Step["kind"]>(kind: K) => fc.constant(kind);
  return fc.oneof(
    { weight: 4, arbitrary: fc.record({ kind: of("ask"), units }) },
    {
      weight: 2,
      arbitrary: fc.record({ kind: of("enqueue"), units, kept: fc.nat(5) }),
    },
    fc.record({ kind: of("claim") }),
    fc.record({ kind: of("add"), trial: arbitraryTrial(space, count) }),
    fc.record({ kind: of("note"), key, value }),
    { weight: 3, arbitrary: fc.record({ kind: of("report"), trial, reports }) },
    fc.record({ kind: of("set"), trial, key, value }),
    {
      weight: 3,
      arbitrary: fc.record({
        kind: of("finish"),
        trial,
        outcome: arbitraryOutcome(count),
        reports,
      }),
    },
    fc.record({ kind: fc.constantFrom("pause", "resume"), trial }),
  );
}

/** Does a step, and tells what came of it. */
async function take(
  storage: StudyStorage,
  id: number,
  space: Space,
  step: Step,
): Promise<string> {
  const paramsOf = (units: readonly number[]) =>
    space.decode(units.slice(0, space.dimension)) as Configuration;
  const work = async (): Promise<unknown> => {
    switch (step.kind) {
      case "ask": {
        const { number } = await storage.createTrial(id, {
          state: "running",
          params: {},
          origin: "sampler",
        });
        return await storage.setParams(id, number, paramsOf(step.units), {
          reason: "so",
          forecast: { mean: 0.5, sd: 0.25 },
        });
      }
      case "enqueue":
        return await storage.createTrial(id, {
          state: "waiting",
          params: Object.fromEntries(
            Object.entries(paramsOf(step.units)).slice(0, step.kept),
          ),
          origin: "enqueued",
        });
      case "claim":
        return await storage.claimTrial(id);
      case "add":
        return await storage.addTrials!(id, [step.trial]);
      case "note":
        return await storage.setStudyAttribute(id, step.key, step.value);
      case "report":
        return await storage.report(id, step.trial, step.reports);
      case "set":
        return await storage.setTrialAttribute(
          id,
          step.trial,
          step.key,
          step.value,
        );
      case "finish":
        return await storage.finishTrial(
          id,
          step.trial,
          step.outcome,
          step.reports,
        );
      case "pause":
        return await storage.pauseTrial!(id, step.trial);
      case "resume":
        return await storage.resumeTrial!(id, step.trial);
    }
  };
  try {
    return (await work()) === null ? "nothing" : "done";
  } catch (error) {
    return (error as Error).message;
  }
}

/** What a storage tells of a study, but for the times. */
async function told(storage: StudyStorage, id: number) {
  const study = (await storage.listStudies()).find((one) => one.id === id)!;
  return {
    name: study.name,
    objectives: study.objectives,
    space: JSON.stringify(study.space),
    attributes: study.attributes,
    trials: (await storage.readTrials(id)).map((
      { startedAt, finishedAt, durationMs: _, curves, ...rest },
    ) => ({
      ...rest,
      startedAt: startedAt !== null,
      finishedAt: finishedAt !== null,
      curves: new Map(
        [...curves].sort(([a], [b]) => a < b ? -1 : a > b ? 1 : 0),
      ),
    })),
  };
}

/**
 * Runs the property.
 *
 * @param name What to call the storage.
 * @param open Opens a fresh, empty one, and says how it is opened again.
 * @param numRuns How many lives of a study.
 */
export function storageRoundTrip(
  name: string,
  open: () => Promise<{
    readonly storage: StudyStorage;
    readonly again: () => StudyStorage;
  }>,
  numRuns: number,
): void {
  describe(`storage round trip: ${name}`, () => {
    it("tells what memory tells, whatever the space and whatever happens, also when opened again", async () => {
      await fc.assert(
        fc.asyncProperty(
          arbitrarySpace().chain((space) =>
            fc.constantFrom(1, 2).chain((count) =>
              fc.record({
                space: fc.constant(space),
                count: fc.constant(count),
                steps: fc.array(arbitraryStep(space, count), {
                  minLength: 1,
                  maxLength: 14,
                }),
              })
            )
          ),
          async ({ space, count, steps }) => {
            const memory = new MemoryStorage();
            const { storage, again } = await open();
            const ids: number[] = [];
            for (const one of [memory, storage]) {
              const { id } = await one.createStudy({
                name: 'a "study", 常数',
                objectives: [
                  { name: "loss", direction: "minimize" } as const,
                  { name: "speed", direction: "maximize" } as const,
                ].slice(0, count),
                space,
                seed: "7",
                task: null,
              });
              ids.push(id);
            }
            const [expected, id] = ids as [number, number];
            for (const step of steps) {
              const came = await take(memory, expected, space, step);
              expect([step, await take(storage, id, space, step)]).toEqual([
                step,
                came,
              ]);
            }
            const truth = await told(memory, expected);
            expect(await told(storage, id)).toEqual(truth);
            await storage.close();
            const later = again();
            expect(await told(later, id)).toEqual(truth);
            await later.close();
          },
        ),
        { numRuns },
      );
    });
  });
}

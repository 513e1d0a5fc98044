/** What a study began from, for the tests of its charts. */
import type { PriorVerdict, WarmStartRecord } from "../../lib/records/mod.ts";

/** What prior studies said of a trial. */
export function verdict(number: number, more: Partial<PriorVerdict> = {}) {
  return {
    number,
    isStart: number < 2,
    weight: 0.5,
    chosenBy: "prior studies" as const,
    voices: [{ name: "a", share: 0.75 }, { name: "b", share: 0.25 }],
    expected: { mean: 1, sd: 0.1 },
    without: { mean: 2, sd: 1 },
    value: 1.1,
    support: 1.5,
    ...more,
  } satisfies PriorVerdict;
}

/** The record of a study whose prior studies said so much. */
export function recordOf(trials: readonly PriorVerdict[]): WarmStartRecord {
  return {
    strategy: "auto",
    sources: [
      { name: "a", source: "file", trials: 20, similarity: 0.9 },
      { name: "b", source: "file", trials: 20, similarity: 0.5 },
    ],
    skipped: [],
    remarks: [],
    starts: 2,
    coherence: null,
    trials,
  };
}

/** A study that began with two starts. */
export const begun = recordOf(Array.from({ length: 40 }, (_, i) => verdict(i)));

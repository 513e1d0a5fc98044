import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import {
  priorWeightKey,
  priorWeightOf,
  supportOf,
  warmStartKey,
  warmStartOf,
} from "../../lib/records/mod.ts";
import { trialOf } from "../support/views.ts";

const weight = {
  weight: 0.8,
  chosenBy: "prior studies" as const,
  voices: [{ name: "old", share: 1 }],
  expected: { mean: 0.5, sd: 0.1 },
  without: { mean: 1, sd: 1 },
};
const attributes = {
  [warmStartKey]: {
    strategy: "auto",
    coherence: 2,
    sources: [{ name: "old", source: "old.db", trials: 20, similarity: 0.5 }],
    starts: [{ params: { x: 1 }, reason: "." }],
  },
};

describe("warmStartOf()", () => {
  it("is null of a study that began cold, or from nothing", () => {
    expect(warmStartOf({ attributes: {}, trials: [] })).toBeNull();
    expect(
      warmStartOf({
        attributes: { [warmStartKey]: { sources: [] } },
        trials: [],
      }),
    ).toBeNull();
    expect(
      warmStartOf({ attributes: { [warmStartKey]: "odd" }, trials: [] }),
    ).toBeNull();
  });

  it("names what could not be read, and says what has become of it since", () => {
    const skipped = [{ source: "gone.db", reason: "There is no such file." }];
    const record = warmStartOf({
      attributes: {
        [warmStartKey]: { sources: [], skipped, remarks: ["So."] },
      },
      trials: [],
    })!;
    expect(record.skipped).toEqual(skipped);
    expect(record.remarks).toEqual([
      "Left out of the library: gone.db (There is no such file).",
      "So.",
    ]);
  });

  it("tells of each trial how much prior studies weighed and whether they were right", () => {
    const told = { attributes: { [priorWeightKey]: weight } };
    const record = warmStartOf({
      attributes,
      trials: [
        trialOf(0, { x: 1 }, { ...told, value: 0.5 }),
        trialOf(1, { x: 2 }, { ...told, value: 3 }),
        trialOf(2, { x: 3 }),
        trialOf(3, { x: 4 }, { ...told, state: "running" }),
      ],
    })!;
    expect(record).toMatchObject({ strategy: "auto", starts: 1, coherence: 2 });
    expect(record.trials.map(({ number }) => number)).toEqual([0, 1, 3]);
    expect(record.trials.map(({ isStart }) => isStart))
      .toEqual([true, false, false]);
    expect(record.trials[0]!.support).toBeGreaterThan(0);
    expect(record.trials[1]!.support).toBeLessThan(0);
    expect(record.trials[2]!.support).toBeNull();
  });
});

describe("supportOf()", () => {
  it("is 0 of equal predictions, and within 3 of any", () => {
    const { expected } = weight;
    expect(supportOf({ ...weight, without: expected }, 7)).toBe(0);
    expect(supportOf({ ...weight, expected: { mean: 0, sd: 1e-9 } }, 1e9))
      .toBe(-3);
    expect(supportOf({ ...weight, without: null }, 1)).toBeNull();
    expect(supportOf(weight, null)).toBeNull();
  });
});

describe("priorWeightOf()", () => {
  it("is null of what is none", () => {
    for (const odd of [undefined, null, 3, {}, { weight: "1" }]) {
      expect(priorWeightOf({ [priorWeightKey]: odd })).toBeNull();
    }
    expect(priorWeightOf({ [priorWeightKey]: weight })).toEqual(weight);
  });
});

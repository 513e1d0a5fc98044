import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import {
  autoStart,
  boundsStart,
  mapSpace,
  nearestStart,
  portfolioStart,
} from "../../lib/library/mod.ts";
import { minimize } from "../../lib/records/mod.ts";
import { float, type Space, space } from "../../lib/space/mod.ts";
import { warmStartConformance } from "../conformance/warm_start.ts";
import { trialOf } from "../support/views.ts";

for (
  const strategy of [
    portfolioStart(),
    nearestStart(),
    boundsStart(),
    autoStart(),
  ]
) warmStartConformance(strategy);

const line = space({ x: float(0, 1) }) as unknown as Space;
const study = (
  name: string,
  weight: number,
  values: Record<string, number>,
) => ({
  name,
  weight,
  objective: minimize("loss"),
  mapping: mapSpace(line, line),
  trials: Object.entries(values).map(([x, value], i) =>
    trialOf(i, { x: Number(x) }, { value })
  ),
});

/** The share of a study that alone has spoken. */
const only = (name: string) => [{ name, share: 1 }];

describe("nearestStart()", () => {
  it("takes each study's best, the most similar first, then the second best", () => {
    const found = nearestStart().begin({
      studies: [
        study("far", 0.2, { "0.1": 1, "0.2": 2 }),
        study("near", 0.9, { "0.6": 5, "0.5": 6 }),
      ],
      space: line,
      size: 3,
    });
    expect(found).toEqual([
      { params: { x: 0.6 }, reason: "Best on near.", voices: only("near") },
      { params: { x: 0.1 }, reason: "Best on far.", voices: only("far") },
      { params: { x: 0.5 }, reason: "Number 2 on near.", voices: only("near") },
    ]);
  });
});

describe("autoStart()", () => {
  const values = Object.fromEntries(
    Array.from(
      { length: 20 },
      (_, i) => [String(i / 19), Math.sin(i * 1.3) + i / 19],
    ),
  );
  const others = Object.fromEntries(
    Array.from(
      { length: 20 },
      (_, i) => [String(i / 19), Math.cos(i * 1.1) - i / 19],
    ),
  );

  it("takes the less of a library the less it is like the new study", () => {
    const count = (weight: number) =>
      autoStart().begin({
        studies: [study("a", weight, values), study("b", weight, others)],
        space: line,
        size: 6,
      }).length;
    expect(count(0.1)).toBe(1);
    expect(count(0.3)).toBeLessThanOrEqual(3);
    expect(count(0.9)).toBeGreaterThanOrEqual(count(0.3));
  });

  it("takes the nearest study's best where there is too little to model", () => {
    const [first] = autoStart().begin({
      studies: [study("small", 0.5, { "0.25": 1 })],
      space: line,
      size: 5,
    });
    expect(first).toEqual({
      params: { x: 0.25 },
      reason: "Best on small.",
      voices: only("small"),
    });
  });
});

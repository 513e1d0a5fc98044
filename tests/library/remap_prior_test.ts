import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import {
  makePrior,
  packPrior,
  remapPrior,
  unpackPriorFor,
} from "../../lib/library/mod.ts";
import { choice, float, type Space, space } from "../../lib/space/mod.ts";
import {
  featuresOf,
  type Prior,
  PriorFunctions,
} from "../../lib/surrogates/mod.ts";
import { bowlPrior, studyOf } from "../support/priors.ts";

const before = space({ x: float(0, 1), y: float(0, 1) }) as unknown as Space;
const prior = bowlPrior(before, 0.3);

const meanAt = (of: Prior, space: Space, params: Record<string, unknown>) =>
  new PriorFunctions(of, featuresOf(space)).at(
    featuresOf(space).encode(space.encode(params as never)),
  )[0]!;

/** How far what is said of the new space is from what was said of the old one, on a grid. */
function farthest(
  now: Space,
  there: (x: number, y: number) => Record<string, unknown>,
): number {
  const remapped = remapPrior(prior, before, now)!;
  let most = 0;
  for (const x of [0.2, 0.35, 0.5, 0.65]) {
    for (const y of [0.2, 0.4, 0.6, 0.8]) {
      const [was, is] = [
        meanAt(prior, before, { x, y }),
        meanAt(remapped, now, there(x, y)),
      ];
      most = Math.max(most, Math.abs(was - is));
    }
  }
  return most;
}

const after = (parameters: Parameters<typeof space>[0], changes = {}) =>
  (space(parameters) as unknown as Space).after(before, changes);

describe("remapPrior()", () => {
  it("is null where nothing of the old space is left", () => {
    const now = after({ z: float(0, 1) }, {
      dropped: ["x", "y"],
      before: { z: 0.5 },
    });
    expect(remapPrior(prior, before, now)).toBeNull();
  });

  it("says the same of a space that has not changed", () => {
    expect(farthest(before, (x, y) => ({ x, y }))).toBeLessThan(0.05);
  });

  it("says the same of the same configurations under other names, in other ranges and scales", () => {
    const now = after({
      learningRate: float(0.1, 0.7),
      y: float(0.01, 2, { log: true }),
    }, { renamed: { x: "learningRate" } });
    expect(farthest(now, (x, y) => ({ learningRate: x, y })))
      .toBeLessThan(0.25);
  });

  it("does not hang on a parameter that is new", () => {
    const now = after({ x: float(0, 1), y: float(0, 1), z: float(0, 1) }, {
      before: { z: 0.2 },
    });
    for (const z of [0, 0.5, 1]) {
      expect(farthest(now, (x, y) => ({ x, y, z }))).toBeLessThan(0.25);
    }
  });

  it("averages over a parameter that is gone", () => {
    const now = after({ x: float(0, 1) }, { dropped: ["y"] });
    const remapped = remapPrior(prior, before, now)!;
    const at = (x: number) => meanAt(remapped, now, { x });
    expect(at(0.3)).toBeLessThan(at(0.6));
    expect(at(0.6)).toBeLessThan(at(0.95));
    let mean = 0;
    for (let i = 0; i < 20; i++) {
      mean += meanAt(prior, before, { x: 0.6, y: (i + 0.5) / 20 }) / 20;
    }
    expect(Math.abs(at(0.6) - mean)).toBeLessThan(0.2);
  });

  it("follows values of a list by their new names, and says nothing of one that is new", () => {
    const old = space({
      x: float(0, 1),
      kind: choice(["good", "bad"]),
    }) as unknown as Space;
    const said = makePrior(
      [0, 1, 2].map((i) =>
        studyOf(
          `list ${i}`,
          old,
          ({ x, kind }) => (x as number) + (kind === "bad" ? 1 : 0),
        )
      ),
      old,
    )!;
    const now = (space({
      x: float(0, 1),
      kind: choice(["new", "Bad", "fine"]),
    }) as unknown as Space).after(old, {
      renamedChoices: { kind: [["good", "fine"], ["bad", "Bad"]] },
    });
    const remapped = remapPrior(said, old, now)!;
    const at = (kind: string) => meanAt(remapped, now, { x: 0.5, kind });
    expect(at("fine")).toBeLessThan(-0.3);
    expect(at("Bad")).toBeGreaterThan(0.3);
    expect(Math.abs(at("new"))).toBeLessThan(0.3);
  });

  it("is the same each time, with nodes that the new space has", () => {
    const now = after({ x: float(0, 0.5), z: float(0, 1) }, {
      dropped: ["y"],
      before: { z: 0 },
    });
    const remapped = remapPrior(prior, before, now)!;
    expect(remapPrior(prior, before, now)).toEqual(remapped);
    expect(remapped.units.every((unit) => unit.every((u) => u >= 0 && u <= 1)))
      .toBe(true);
    expect(remapped.sources).toBe(prior.sources);
  });
});

describe("unpackPriorFor()", () => {
  const packed = JSON.parse(JSON.stringify(packPrior(prior, before)));

  it("reads what was packed, and tells whether the space has changed", () => {
    expect(unpackPriorFor(packed, before)!.isRemapped).toBe(false);
    const now = after({ x: float(0, 0.5), y: float(0, 1) });
    expect(unpackPriorFor(packed, now)!.isRemapped).toBe(true);
  });

  it("is null for what is broken", () => {
    for (const broken of [null, undefined, {}, { ...packed, numbers: "?" }]) {
      expect(unpackPriorFor(broken, before)).toBeNull();
    }
  });
});

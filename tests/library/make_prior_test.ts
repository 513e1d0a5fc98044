import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import {
  makePrior,
  mapSpace,
  packPrior,
  type PriorStudy,
  unpackPrior,
} from "../../lib/library/mod.ts";
import { randomStream } from "../../lib/math/mod.ts";
import { minimize } from "../../lib/records/mod.ts";
import { float, type Space, space } from "../../lib/space/mod.ts";
import { featuresOf, PriorFunctions } from "../../lib/surrogates/mod.ts";
import { priorConformance } from "../conformance/warm_start.ts";
import { trialOf } from "../support/views.ts";

const square = space({ x: float(0, 1), y: float(0, 1) }) as unknown as Space;

/** A study of 30 random places of a function. */
function studyOf(
  name: string,
  f: (x: number, y: number) => number,
  isComparable = true,
): PriorStudy {
  const random = randomStream(name);
  const trials = Array.from({ length: 30 }, (_, i) => {
    const [x, y] = [random.uniform(), random.uniform()];
    return trialOf(i, { x, y }, { value: f(x, y) });
  });
  return {
    name,
    weight: 0.5,
    objective: minimize("loss"),
    isComparable,
    mapping: mapSpace(square, square),
    trials,
  };
}

const bowl = (a: number, b: number) => (x: number, y: number) =>
  10 + 3 * ((x - a) ** 2 + (y - b) ** 2);
const family = [
  studyOf("one", bowl(0.3, 0.6)),
  studyOf("two", bowl(0.35, 0.65)),
  studyOf("three", bowl(0.25, 0.6)),
];
const meanAt = (prior: ReturnType<typeof makePrior>, x: number, y: number) =>
  new PriorFunctions(prior!, featuresOf(square)).at(Float64Array.of(x, y))[0]!;

describe("makePrior()", () => {
  it("of nothing, and of studies that say nothing, is null", () => {
    expect(makePrior([], square)).toBeNull();
    expect(makePrior([studyOf("flat", () => 1)], square)).toBeNull();
    expect(makePrior([{ ...family[0]!, weight: 0 }], square)).toBeNull();
  });

  it("of one study says what it says: smaller is better", () => {
    const prior = makePrior([family[0]!], square);
    expect(meanAt(prior, 0.3, 0.6)).toBeLessThan(-0.8);
    expect(meanAt(prior, 1, 0)).toBeGreaterThan(1);
    expect(prior!.sources).toEqual([{ name: "one", weight: 1 }]);
    expect(prior!.coherence).toBeNull();
  });

  it("of studies that agree finds that they do, and of shuffled ones that they do not", () => {
    expect(makePrior(family, square)!.coherence).toBeGreaterThan(1);
    const shuffled = family.map((study) => {
      const order = randomStream(study.name, "order")
        .shuffle([...study.trials.keys()]);
      return {
        ...study,
        trials: study.trials.map(({ number, params }, i) =>
          trialOf(number, params, { value: study.trials[order[i]!]!.value })
        ),
      };
    });
    const { coherence } = makePrior(shuffled, square) ?? { coherence: -1 };
    expect(coherence).toBeLessThan(0.5);
  });

  it("foresees level and spread where values are of the same thing", () => {
    const { level } = makePrior(family, square)!;
    // The mean of the bowls over the square, about 10.8.
    expect(level!.mean).toBeGreaterThan(10.3);
    expect(level!.mean).toBeLessThan(11.3);
    expect(level!.spread).toBeLessThan(1.5);
    const others = family.map((study) => ({ ...study, isComparable: false }));
    expect(makePrior(others, square)!.level).toBeNull();
  });

  it("asks so many studies at most, those of the largest weight", () => {
    const studies = family.map((study, i) => ({ ...study, weight: 0.1 + i }));
    const { sources } = makePrior(studies, square, { maxSources: 2 })!;
    expect(sources.map(({ name }) => name)).toEqual(["three", "two"]);
  });

  it("with copula looks at ranks alone: any increasing scale is the same", () => {
    const stretched = family.map((study) => ({
      ...study,
      trials: study.trials.map(({ number, params, value }) =>
        trialOf(number, params, { value: Math.exp(value!) })
      ),
    }));
    const options = { strategy: "copula" } as const;
    const prior = makePrior(family, square, options)!;
    expect(prior.strategy).toBe("copula");
    expect(makePrior(stretched, square, options)).toEqual(prior);
    expect(prior.level).toBeNull();
  });

  it("is the same each time", () => {
    expect(makePrior(family, square)).toEqual(makePrior(family, square));
  });
});

for (const strategy of ["transfer", "rgpe", "copula"] as const) {
  priorConformance(
    `makePrior({ strategy: "${strategy}" })`,
    (studies, target) => makePrior(studies, target, { strategy }),
  );
}

describe("packPrior()", () => {
  const prior = makePrior(family, square)!;
  const through = (packed: unknown) => JSON.parse(JSON.stringify(packed));

  it("comes back through JSON, to the places' and floats' last digits", () => {
    const back = unpackPrior(through(packPrior(prior, square)), square)!;
    expect(back.sources).toEqual(prior.sources);
    expect(back.units.length).toBe(prior.units.length);
    for (const [x, y] of [[0.1, 0.2], [0.3, 0.6], [0.9, 0.9]]) {
      expect(meanAt(back, x!, y!)).toBeCloseTo(meanAt(prior, x!, y!), 1);
    }
    // Twice is once: what is resumed is what was begun.
    expect(unpackPrior(through(packPrior(back, square)), square)).toEqual(back);
  });

  it("is small", () => {
    expect(JSON.stringify(packPrior(prior, square)).length)
      .toBeLessThan(60_000);
  });

  it("is nothing for another space, or where it is broken", () => {
    const packed = packPrior(prior, square);
    const other = space({ x: float(0, 2), y: float(0, 1) });
    expect(unpackPrior(packed, other)).toBeNull();
    expect(unpackPrior({ ...packed, numbers: "AAAA" }, square)).toBeNull();
    expect(unpackPrior(undefined, square)).toBeNull();
  });
});

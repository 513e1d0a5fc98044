import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import {
  cmaEs,
  type Evolution,
  type Individual,
  twoStarts,
} from "../../lib/evolution/mod.ts";
import { randomStream } from "../../lib/math/mod.ts";

const axes = [{ kind: "continuous" }, { kind: "continuous" }] as const;
const cold = cmaEs(axes);
const warm = cmaEs(axes, { mean: [0.9, 0.9], sigma: 0.03 });

function generationOf<S>(
  es: Evolution<S>,
  state: S,
  value: (point: Float64Array) => number,
  seed = "seed",
): Individual[] {
  return Array.from({ length: es.size(state) }, (_, slot) => {
    const random = () => randomStream(seed, slot);
    const point = es.ask(state, slot, random());
    return {
      slot,
      point,
      values: [value(point)],
      violation: 0,
      isForeign: false,
      random,
    };
  });
}

const distanceTo = (center: number) => (point: Float64Array) =>
  Math.hypot(...point.map((x) => x - center));

describe("twoStarts()", () => {
  it("without a warm start is the algorithm itself", () => {
    const es = twoStarts(null, cold);
    let [state, plain] = [es.start(), cold.start()];
    for (let generation = 0; generation < 5; generation++) {
      const seed = `seed ${generation}`;
      const told = generationOf(es, state, distanceTo(0.3), seed);
      const own = generationOf(cold, plain, distanceTo(0.3), seed);
      expect(told.map(({ point }) => point))
        .toEqual(own.map(({ point }) => point));
      state = es.tell(state, told);
      plain = cold.tell(plain, own);
    }
    expect(state).toEqual({ chosen: "cold", state: plain });
  });

  it("goes on from the beginning whose individuals are better", () => {
    const es = twoStarts(warm, cold);
    for (
      const [center, side] of [[0.9, "warm"], [0.4, "cold"]] as const
    ) {
      const told = generationOf(es, es.start(), distanceTo(center));
      expect(told.filter(({ point }) => distanceTo(0.9)(point) < 0.2).length)
        .toBe(Math.ceil(told.length / 2));
      const { chosen, state } = es.tell(es.start(), told);
      expect(chosen).toBe(side);
      expect(distanceTo(center)(state.search.mean)).toBeLessThan(0.3);
    }
  });

  it("goes on from the warm one where all are equal, and where all are somebody else's", () => {
    const es = twoStarts(warm, cold);
    const equal = generationOf(es, es.start(), () => 1);
    expect(es.tell(es.start(), equal).chosen).toBe("warm");
    const foreign = generationOf(es, es.start(), distanceTo(0.4))
      .map((one) => ({ ...one, isForeign: true }));
    expect(es.tell(es.start(), foreign).chosen).toBe("warm");
  });

  it("says in words whose individual it is", () => {
    const es = twoStarts(warm, cold);
    expect(es.describe(es.start(), 0)).toMatch(/where prior studies/);
    expect(es.describe(es.start(), 1)).toMatch(/as if there were no/);
    const { length } = generationOf(es, es.start(), () => 0);
    expect(length).toBe(cold.size(cold.start()));
  });
});

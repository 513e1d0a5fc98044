import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import fc from "fast-check";
import { perturb } from "../../lib/samplers/_gp_candidates.ts";
import { placesOf } from "../../lib/samplers/_gp_places.ts";
import { quickStream, randomStream } from "../../lib/math/mod.ts";
import { choice, float, space } from "../../lib/space/mod.ts";
import {
  arbitraryFixed,
  arbitrarySpace,
  arbitraryUnit,
} from "../support/arbitrary_space.ts";

/** Equal up to the last digits, NaN for NaN. */
function expectSame(a: Float64Array, b: Float64Array): void {
  expect(a.length).toBe(b.length);
  a.forEach((u, axis) => {
    if (Number.isNaN(b[axis]!)) expect(u).toBeNaN();
    else expect(Math.abs(u - b[axis]!)).toBeLessThan(1e-9);
  });
}

describe("placesOf()", () => {
  it("snaps to the place of the configuration there, in any space", () => {
    const arbitrary = arbitrarySpace().chain((space) =>
      fc.tuple(fc.constant(space), arbitraryUnit(space))
    );
    fc.assert(fc.property(arbitrary, ([space, unit]) => {
      const place = Float64Array.from(unit);
      expectSame(
        placesOf(space, {}).snap(place),
        space.encode(space.decode(place)),
      );
    }));
  });

  it("keeps what is fixed", () => {
    const arbitrary = arbitraryFixed().chain(({ space, fixed }) =>
      fc.tuple(fc.constant({ space, fixed }), arbitraryUnit(space))
    );
    fc.assert(fc.property(arbitrary, ([{ space, fixed }, unit]) => {
      const place = Float64Array.from(unit);
      expectSame(
        placesOf(space, fixed).snap(place),
        space.encode(space.decode(place, fixed)),
      );
    }));
  });
});

describe("perturb()", () => {
  const s = space({
    kind: choice(["a", "b"]),
    x: float(0, 1).when({ kind: "a" }),
    y: float(0, 1).when({ kind: "b" }),
    z: float(0, 1).when({ kind: "b" }),
  });
  const places = placesOf(s, {});
  const unit = s.encode({ kind: "a", x: 0.5 });
  const options = {
    random: quickStream(randomStream("perturb")),
    width: 0.1,
    share: 0,
  };

  it("always moves something that is active", () => {
    for (let i = 0; i < 50; i++) {
      const moved = perturb(places, unit, options);
      expect(moved[0] !== unit[0] || moved[1] !== unit[1]).toBe(true);
    }
  });

  it("draws what a move makes active", () => {
    const drawn = new Set<number>();
    for (let i = 0; i < 50; i++) {
      const [kind, x, y, z] = perturb(places, unit, options);
      if (kind === unit[0]) continue;
      expect(x).toBeNaN();
      drawn.add(y!).add(z!);
    }
    expect(drawn.size).toBeGreaterThan(20);
  });
});

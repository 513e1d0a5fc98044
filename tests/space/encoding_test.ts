import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import fc from "fast-check";
import {
  boolean,
  cardinality,
  choice,
  float,
  fromUnit,
  int,
  ordinal,
  type Parameter,
  type ParameterBuilder,
  type ParameterValue,
  space,
  toUnit,
} from "../../lib/space/mod.ts";
import {
  arbitraryConfigured,
  arbitrarySpace,
} from "../support/arbitrary_space.ts";

const make = <T extends ParameterValue>(
  builder: ParameterBuilder<T>,
): Parameter => space({ x: builder }).parameter("x");
const values = (parameter: Parameter, ...units: number[]) =>
  units.map((unit) => fromUnit(parameter, unit));

describe("fromUnit()", () => {
  it("spreads a real range evenly, both ends included", () => {
    expect(values(make(float(-1, 3)), 0, 0.25, 1)).toEqual([-1, 0, 3]);
  });

  it("spreads a logarithmic range evenly over the logarithm", () => {
    const parameter = make(float(1e-4, 1, { log: true }));
    const [low, middle, high] = values(parameter, 0, 0.5, 1) as number[];
    expect([low, high]).toEqual([1e-4, 1]);
    expect(middle).toBeCloseTo(1e-2, 14);
  });

  it("gives equal shares to steps, whole numbers, choices, orders and booleans", () => {
    const shares = [0, 0.24, 0.26, 0.49, 0.51, 0.74, 0.76, 1];
    const four = [0, 0, 1, 1, 2, 2, 3, 3];
    expect(values(make(int(0, 3)), ...shares)).toEqual(four);
    expect(values(make(int(10, 40, { step: 10 })), ...shares))
      .toEqual(four.map((k) => 10 + 10 * k));
    expect(values(make(float(0, 0.3, { step: 0.1 })), ...shares))
      .toEqual(four.map((k) => [0, 0.1, 0.2, 0.3][k]));
    expect(values(make(choice(["a", null, 7, true])), ...shares))
      .toEqual(four.map((k) => ["a", null, 7, true][k]));
    expect(values(make(ordinal([8, 4, 2, 1])), ...shares))
      .toEqual(four.map((k) => [8, 4, 2, 1][k]));
    expect(values(make(boolean()), 0, 0.49, 0.5, 1))
      .toEqual([false, false, true, true]);
  });

  it("gives whole numbers on a log scale the share from v - 1/2 to v + 1/2", () => {
    const parameter = make(int(1, 8, { log: true }));
    const edge = (v: number) => Math.log(v / 0.5) / Math.log(8.5 / 0.5);
    for (const v of [1, 2, 5, 7]) {
      expect(values(parameter, edge(v + 0.5) - 1e-9, edge(v + 0.5) + 1e-9))
        .toEqual([v, v + 1]);
    }
    expect(values(parameter, 0, 1)).toEqual([1, 8]);
  });

  it("moves what is outside to the nearer end, and NaN to the middle", () => {
    expect(values(make(float(0, 1)), -1, 2, -Infinity, Infinity, NaN))
      .toEqual([0, 1, 0, 1, 0.5]);
    expect(values(make(choice(["a", "b", "c"])), -1, 2, NaN))
      .toEqual(["a", "c", "b"]);
  });

  it("gives the one point of a range of one point", () => {
    for (const parameter of [make(float(2, 2)), make(int(2, 2))]) {
      expect(values(parameter, 0, 0.3, 1)).toEqual([2, 2, 2]);
      expect(toUnit(parameter, 2)).toBe(0.5);
    }
  });

  it("has steps without the noise of binary fractions", () => {
    const steps = make(float(-0.3, 0.6, { step: 0.1 }));
    const all = Array.from({ length: 10 }, (_, k) => (k + 0.5) / 10);
    expect(values(steps, ...all)).toEqual(
      [-0.3, -0.2, -0.1, 0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6],
    );
  });

  it("tells steps apart that are tiny beside the value", () => {
    const tiny = make(float(1e9, 1e9 + 1e-5, { step: 1e-6 }));
    const all = Array.from({ length: 11 }, (_, k) => (k + 0.5) / 11);
    expect(cardinality(tiny)).toBe(11);
    expect(new Set(values(tiny, ...all)).size).toBe(11);
  });

  it("stays within the widest ranges", () => {
    const wide = make(float(-Number.MAX_VALUE, Number.MAX_VALUE));
    expect(values(wide, 0, 0.5, 1)).toEqual([
      -Number.MAX_VALUE,
      0,
      Number.MAX_VALUE,
    ]);
    const [min, max] = [Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER];
    const whole = make(int(min, max));
    const found = values(whole, 0, 0.3, 0.7, 1) as number[];
    expect(found.every((v) => Number.isSafeInteger(v))).toBe(true);
    expect([found[0], found[3]]).toEqual([min, max]);
  });
});

describe("toUnit()", () => {
  it("puts discrete values in the middle of their shares", () => {
    expect([0, 1, 2, 3].map((v) => toUnit(make(int(0, 3)), v)))
      .toEqual([0.125, 0.375, 0.625, 0.875]);
    expect(toUnit(make(boolean()), true)).toBe(0.75);
    expect(toUnit(make(choice(["a", null])), null)).toBe(0.75);
  });

  it("puts the ends of real ranges at 0 and 1", () => {
    const log = make(float(1e-5, 10, { log: true }));
    expect([1e-5, 10].map((v) => toUnit(log, v))).toEqual([0, 1]);
    const wide = make(float(-Number.MAX_VALUE, Number.MAX_VALUE));
    expect([-Number.MAX_VALUE, 0, Number.MAX_VALUE].map((v) => toUnit(wide, v)))
      .toEqual([0, 0.5, 1]);
  });
});

describe("Space.encode() and Space.decode()", () => {
  const s = space({
    x: float(0, 2),
    k: choice(["a", "b"]),
    y: float(0, 1).when({ k: "b" }),
  });

  it("have an axis a parameter, NaN where it is inactive", () => {
    expect([...s.encode({ x: 0.5, k: "a" })]).toEqual([0.25, 0.25, NaN]);
    expect([...s.encode({ x: 2, k: "b", y: 0 })]).toEqual([1, 0.75, 0]);
  });

  it("take no notice of the axes of inactive parameters", () => {
    expect(s.decode([0.5, 0, 0.1])).toEqual(s.decode([0.5, 0, NaN]));
  });

  it("refuse a place of another dimension", () => {
    expect(() => s.decode([0.5])).toThrow(RangeError);
    expect(() => s.decode([0.5])).toThrow(/it has 1 numbers, expected 3/);
  });

  it("take places outside the cube for its edge", () => {
    expect(s.decode([9, -9, 0])).toEqual({ x: 2, k: "a" });
  });

  it("give each value back: discrete ones exactly, real ones but for rounding", () => {
    fc.assert(
      fc.property(arbitraryConfigured(), ({ space: s, configuration }) => {
        const unit = s.encode(configuration);
        s.parameters.forEach((parameter, axis) => {
          const { name } = parameter;
          const u = unit[axis]!;
          if (!Object.hasOwn(configuration, name)) return expect(u).toBeNaN();
          const value = configuration[name];
          expect(u >= 0 && u <= 1).toBe(true);
          const again = fromUnit(parameter, u);
          if (parameter.kind === "float" && parameter.step === null) {
            const size = Math.max(Math.abs(parameter.low), parameter.high);
            expect(Math.abs(again as number - (value as number)))
              .toBeLessThanOrEqual(1e-13 * size);
          } else expect(again).toBe(value);
        });
      }),
    );
  });

  it("give a configuration of discrete values back", () => {
    fc.assert(fc.property(
      arbitraryConfigured({ finite: true }),
      ({ space: s, configuration }) => {
        expect(s.decode(s.encode(configuration))).toEqual(configuration);
      },
    ));
  });

  it("let a uniform place favor no discrete value", () => {
    fc.assert(
      fc.property(arbitrarySpace({ finite: true, maxParameters: 1 }), (s) => {
        const [parameter] = s.parameters;
        const count = cardinality(parameter!);
        if ((parameter as { log?: boolean }).log || count > 50) return;
        const counts = new Map<unknown, number>();
        for (let i = 0; i < count * 20; i++) {
          const value = fromUnit(parameter!, (i + 0.5) / (count * 20));
          counts.set(value, (counts.get(value) ?? 0) + 1);
        }
        expect([...counts.values()]).toEqual(new Array(count).fill(20));
      }),
    );
  });
});

describe("Space.sample()", () => {
  it("draws one number for each parameter, active or not", () => {
    fc.assert(fc.property(arbitrarySpace(), (s) => {
      let drawn = 0;
      s.sample(() => {
        drawn++;
        return 0.3;
      });
      expect(drawn).toBe(s.dimension);
    }));
  });
});

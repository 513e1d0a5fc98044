// Types alone: this file is right if it passes `deno check`. What stands under
// "@ts-expect-error" must not compile.

import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import {
  boolean,
  choice,
  type Configuration,
  float,
  int,
  ordinal,
  type Space,
  space,
  when,
} from "../../lib/space/mod.ts";
import type { Equal, Expect } from "../support/types.ts";

/** The type of the configurations of a space, aliases written out. */
type Of<S> = S extends Space<infer C> ? C : never;

const plain = space({
  rate: float(0, 1),
  layers: int(1, 4),
  norm: boolean(),
  kind: choice(["a", 2, null]),
  size: ordinal([16, 32]),
});

const conditional = space({
  rate: float(0, 1),
  optimizer: choice(["adam", "sgd", "rmsprop"]),
  momentum: float(0, 1).when({ optimizer: ["sgd", "rmsprop"] }),
  nesterov: boolean().when({ optimizer: "sgd" }),
});

const nested = space({
  model: choice(["tree", "net"]),
  ...when({ model: "net" }, {
    optimizer: choice(["adam", "sgd"]),
    ...when({ optimizer: "sgd" }, { momentum: float(0, 1) }),
  }),
});

const loose = space({
  layers: int(1, 4),
  units2: int(8, 64).when({ layers: { min: 2 } }),
  units3: int(8, 64).when({ layers: 3 }),
  a: boolean(),
  b: boolean(),
  both: float(0, 1).when({ a: true, b: true }),
});

const twoParents = space({
  a: choice(["x", "y"]),
  ofX: float(0, 1).when({ a: "x" }),
  b: boolean(),
  ofB: int(1, 2).when({ b: true }),
});

export type Checks = [
  // Each kind has its values; lists keep theirs to the letter.
  Expect<
    Equal<Of<typeof plain>, {
      readonly rate: number;
      readonly layers: number;
      readonly norm: boolean;
      readonly kind: "a" | 2 | null;
      readonly size: 16 | 32;
    }>
  >,
  // One parent with listed values: a union told apart by the parent.
  Expect<
    Equal<
      Of<typeof conditional>,
      | {
        readonly rate: number;
        readonly optimizer: "adam";
        readonly momentum?: undefined;
        readonly nesterov?: undefined;
      }
      | {
        readonly rate: number;
        readonly optimizer: "sgd";
        readonly momentum: number;
        readonly nesterov: boolean;
      }
      | {
        readonly rate: number;
        readonly optimizer: "rmsprop";
        readonly momentum: number;
        readonly nesterov?: undefined;
      }
    >
  >,
  // A child of a conditional parent may be there where the parent may.
  Expect<
    Equal<
      Of<typeof nested>,
      | {
        readonly model: "tree";
        readonly optimizer?: undefined;
        readonly momentum?: number | undefined;
      }
      | {
        readonly model: "net";
        readonly optimizer: "adam" | "sgd";
        readonly momentum?: number | undefined;
      }
    >
  >,
  // A range, a number of a range, or several parents: it may be there.
  Expect<
    Equal<Of<typeof loose>, {
      readonly layers: number;
      readonly a: boolean;
      readonly b: boolean;
      readonly units2?: number | undefined;
      readonly units3?: number | undefined;
      readonly both?: number | undefined;
    }>
  >,
  // Parents that do not hang together: every pair of their values.
  Expect<Equal<Of<typeof twoParents>["a"], "x" | "y">>,
  Expect<
    Equal<
      Extract<Of<typeof twoParents>, { a: "x"; b: true }>,
      {
        readonly a: "x";
        readonly ofX: number;
        readonly b: true;
        readonly ofB: number;
      }
    >
  >,
];

describe("the type of a space's configurations", () => {
  const configuration = conditional.validate({
    rate: 0.1,
    optimizer: "sgd",
    momentum: 0.9,
    nesterov: true,
  });

  it("tells by the parent's value whether a child is there", () => {
    if (configuration.optimizer === "sgd") {
      const momentum: number = configuration.momentum;
      const nesterov: boolean = configuration.nesterov;
      expect([momentum, nesterov]).toEqual([0.9, true]);
    } else {
      const nesterov: undefined = configuration.nesterov;
      expect(nesterov).toBeUndefined();
    }
  });

  it("knows no other parameters and no other values", () => {
    // @ts-expect-error: there is no such parameter.
    expect(configuration.momentun).toBeUndefined();
    // @ts-expect-error: there is no such choice.
    expect(configuration.optimizer === "adamw").toBe(false);
    // @ts-expect-error: not there with every optimizer.
    const momentum: number = configuration.momentum;
    expect(momentum).toBe(0.9);
  });

  it("cannot be written to", () => {
    expect(() => {
      // @ts-expect-error: it is read-only.
      configuration.rate = 0.2;
    }).toThrow(TypeError);
  });

  it("is what decode(), sample() and grid() give, and encode() takes", () => {
    const sampled: Of<typeof conditional> = conditional.sample(() => 0.5);
    const decoded: Of<typeof conditional> = conditional.decode([0, 0, 0, 0]);
    const all: readonly Of<typeof conditional>[] = conditional.grid({
      points: 2,
    });
    expect(conditional.encode(sampled)).toHaveLength(4);
    expect(decoded.optimizer).toBe("adam");
    expect(all).toHaveLength(2 * (1 + 2 * 2 + 2));
  });

  it("fits wherever any configuration or space is taken", () => {
    const any: Configuration = configuration;
    const spaces: readonly Space[] = [plain, conditional, nested, loose];
    expect(any.rate).toBe(0.1);
    expect(spaces).toHaveLength(4);
  });

  it("is open for spaces whose names or values are not known beforehand", () => {
    const names: readonly string[] = ["a", "b"];
    const made = space(
      Object.fromEntries(names.map((name) => [name, float(0, 1)])),
    );
    const open = space({
      kind: choice(names),
      x: float(0, 1).when({ kind: "a" }),
    });
    const a: number | undefined = made.sample(() => 0).a;
    const { kind, x }: { kind: string; x?: number } = open.sample(() => 0);
    expect([a, kind, x]).toEqual([0, "a", 0]);
  });

  it("takes defaults of the parameter's own values alone", () => {
    choice(["adam", "sgd"], { default: "sgd" });
    float(0, 1, { default: 0.5 });
    // @ts-expect-error: not one of the choices.
    choice(["adam", "sgd"], { default: "adamw" });
    // @ts-expect-error: not a number.
    float(0, 1, { default: "0.5" });
    // @ts-expect-error: not a boolean.
    boolean({ default: 1 });
    // @ts-expect-error: an order is of numbers and strings.
    ordinal([true, false]);
  });
});

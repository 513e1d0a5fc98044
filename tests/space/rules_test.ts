import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import fc from "fast-check";
import { randomStream } from "../../lib/math/mod.ts";
import {
  boolean,
  choice,
  float,
  int,
  ordinal,
  type Rule,
  Space,
  space,
} from "../../lib/space/mod.ts";
import { codedSpaces, ruledSpaces } from "../support/ruled_spaces.ts";
import { floats } from "../support/spaces.ts";

const layers = space({
  layers: int(1, 2),
  units1: int(16, 512),
  units2: int(16, 512).when({ layers: 2 }),
});
const training = space({
  optimizer: choice(["adam", "sgd"]),
  schedule: choice(["none", "cosine"]),
  learningRate: float(1e-4, 1, { log: true }),
  momentum: float(0, 1).when({ optimizer: "sgd" }),
});

describe("Space.atMost() and Space.atLeast()", () => {
  it("allow sums up to their bounds, these included", () => {
    const s = floats(2).atMost({ x0: 1, x1: 2 }, 1).atLeast({ x0: 1 }, 0.2);
    expect(s.allows({ x0: 0.5, x1: 0.25 })).toBe(true);
    expect(s.allows({ x0: 0.5, x1: 0.2501 })).toBe(false);
    expect(s.allows({ x0: 0.2, x1: 0 })).toBe(true);
    expect(s.allows({ x0: 0.1999, x1: 0 })).toBe(false);
  });

  it("do not call the noise of binary fractions a break", () => {
    const s = floats(3).atMost({ x0: 1, x1: 1, x2: 1 }, 0.6);
    // 0.1 + 0.2 + 0.3 is 0.6000000000000001.
    expect(s.allows({ x0: 0.1, x1: 0.2, x2: 0.3 })).toBe(true);
  });

  it("do not apply where a parameter is inactive, unless it is said what it counts as", () => {
    const plain = layers.atMost({ units1: 1, units2: 1 }, 300);
    expect(plain.allows({ layers: 1, units1: 512 })).toBe(true);
    const counted = layers.atMost({ units1: 1, units2: 1 }, 300, {
      inactive: 0,
    });
    expect(counted.allows({ layers: 1, units1: 512 })).toBe(false);
    expect(counted.allows({ layers: 1, units1: 300 })).toBe(true);
    for (const one of [plain, counted]) {
      expect(one.allows({ layers: 2, units1: 200, units2: 101 })).toBe(false);
    }
  });

  it("count booleans as 0 or 1, and numbers of lists as they are", () => {
    const s = space({ a: boolean(), b: boolean(), n: ordinal([1, 4, 16]) })
      .atMost({ a: 1, b: 1, n: 1 }, 5);
    expect(s.allows({ a: true, b: false, n: 4 })).toBe(true);
    expect(s.allows({ a: true, b: true, n: 4 })).toBe(false);
  });

  it("refuse what makes no sense", () => {
    const s = floats(2);
    expect(() => s.atMost({ x0: NaN }, 1)).toThrow(TypeError);
    expect(() => s.atMost({ x0: Infinity }, 1)).toThrow(
      'the weight of "x0" is Infinity, expected a finite number',
    );
    expect(() => s.atMost({ x0: 1 }, NaN)).toThrow(
      "the largest sum allowed is NaN, expected a finite number",
    );
    expect(() => s.atLeast({ x0: 1 }, -Infinity)).toThrow(TypeError);
    expect(() => s.atMost({}, 1)).toThrow("it names no parameter");
    expect(() => s.atMost({ x0: 0 }, 1)).toThrow("all weights are 0");
    expect(() => s.atMost([1] as never, 1)).toThrow(TypeError);
    expect(() => s.atMost({ x0: 1 }, 1, { inactive: NaN })).toThrow(TypeError);
    expect(() => s.atMost({ x0: 1 }, 1, { inactiv: 0 } as never)).toThrow(
      'there is no option "inactiv"; there are name, inactive; did you mean "inactive"?',
    );
    expect(() => layers.atMost({ unit1: 1 } as never, 1)).toThrow(
      '"unit1" is not a parameter; the space has "layers", "units1", "units2"; did you mean "units1"?',
    );
    expect(() => training.atMost({ optimizer: 1 } as never, 1)).toThrow(
      'the values of "optimizer" are not numbers; use forbid(…) or require(…)',
    );
    const one = s.atMost({ x0: 1 }, 0.5);
    expect(() => one.atMost({ x0: 1 }, 0.5)).toThrow(
      "the space has one of that name",
    );
  });
});

describe("Space.forbid()", () => {
  const s = training.forbid({ optimizer: "sgd", schedule: "none" })
    .forbid({ learningRate: { min: 0.1 }, optimizer: ["adam"] });

  it("forbids what fits all of it, and nothing else", () => {
    const rest = { learningRate: 0.01, momentum: 0.9 };
    const at = (params: object) => s.allows(params as never);
    expect(at({ optimizer: "sgd", schedule: "none", ...rest })).toBe(false);
    expect(at({ optimizer: "sgd", schedule: "cosine", ...rest })).toBe(true);
    const adam = { optimizer: "adam", schedule: "none" };
    expect(at({ ...adam, learningRate: 0.0999 })).toBe(true);
    expect(at({ ...adam, learningRate: 0.1 })).toBe(false);
  });

  it("does not apply where a parameter of it is inactive", () => {
    const calm = training.forbid({ momentum: { min: 0 }, schedule: "none" });
    expect(
      calm.allows({ optimizer: "adam", schedule: "none", learningRate: 0.1 }),
    ).toBe(true);
    expect(calm.allows({
      optimizer: "sgd",
      schedule: "none",
      learningRate: 0.1,
      momentum: 0.5,
    })).toBe(false);
  });

  it("refuses names, values and forms that are none", () => {
    const forbid = (combination: unknown) => () =>
      training.forbid(combination as never);
    expect(forbid({ optimiser: "sgd" })).toThrow('did you mean "optimizer"?');
    expect(forbid({ optimizer: "sdg" })).toThrow('did you mean "sgd"?');
    expect(forbid({})).toThrow(
      "Cannot read the forbidden combination: it names no parameter",
    );
    expect(forbid({ optimizer: [] })).toThrow(RangeError);
    expect(forbid(null)).toThrow(TypeError);
    expect(forbid({ learningRate: { min: NaN } })).toThrow(TypeError);
    expect(forbid({ optimizer: { min: 1 } })).toThrow(
      "its values are not numbers; list values instead",
    );
  });
});

describe("Space.require()", () => {
  it("allows what its function gives true for", () => {
    const s = space({ heads: int(1, 8), width: int(16, 64) })
      .require("divisible", ({ heads, width }) => width % heads === 0);
    expect(s.allows({ heads: 8, width: 24 })).toBe(true);
    expect(s.allows({ heads: 7, width: 24 })).toBe(false);
  });

  it("applies only where the parameters that it is of are active", () => {
    const s = training.require(
      "little momentum",
      ({ momentum }) => momentum! < 0.5,
      { of: ["momentum"] },
    );
    expect(
      s.allows({ optimizer: "adam", schedule: "none", learningRate: 0.1 }),
    ).toBe(true);
  });

  it("says what is wrong with its function: one that throws, or says neither yes nor no", () => {
    const ask = (test: unknown) => () =>
      floats(1).require("odd", test as never).allows({ x0: 0.5 });
    expect(ask(() => {
      throw new Error("no");
    })).toThrow(
      'Cannot ask the rule "odd": its function threw "no" for {"x0":0.5}',
    );
    expect(ask(() => {})).toThrow(
      'Cannot ask the rule "odd": its function gave undefined for {"x0":0.5}, expected true or false',
    );
    expect(ask(() => 1)).toThrow(TypeError);
    expect(ask(() => Promise.resolve(true))).toThrow("gave a promise");
    expect(ask("x0 > 1")).toThrow(TypeError);
    expect(() => floats(1).require("", () => true)).toThrow(TypeError);
    expect(() => floats(1).require("a", () => true).require("a", () => true))
      .toThrow(RangeError);
    expect(() => floats(2).require("a", () => true, { of: ["x2"] as never }))
      .toThrow('"x2" is not a parameter');
  });
});

describe("rules that contradict one another", () => {
  it("are refused when the space is made, where it can be told", () => {
    const s = floats(2);
    expect(() => s.atLeast({ x0: 1, x1: 1 }, 1.5).atMost({ x0: 1 }, 0.2))
      .toThrow(
        'Cannot keep to the rules: "x0 ≤ 0.2" leaves nothing, beside the others and the ranges; loosen one',
      );
    expect(() => s.atLeast({ x0: 1 }, 1.001)).toThrow(RangeError);
    expect(() =>
      s.atLeast({ x0: 1, x1: -1 }, 0.1).atLeast({ x1: 1, x0: -1 }, 0.1)
    ).toThrow(RangeError);
    expect(() => training.forbid({ optimizer: ["adam", "sgd"] })).toThrow(
      RangeError,
    );
    expect(() =>
      training.forbid({ optimizer: "sgd" })
        .forbid({ schedule: "none" }).forbid({ schedule: "cosine" })
    ).toThrow(RangeError);
  });

  it("are named when fixed values leave nothing", () => {
    const s = layers.atMost({ units1: 1, units2: 1 }, 300);
    expect(() => s.validatePartial({ units1: 290, layers: 2 })).toThrow(
      'Cannot keep to the rules with {"layers":2,"units1":290}: "units1 + units2 ≤ 300" leaves nothing',
    );
    expect(s.validatePartial({ units1: 290 })).toEqual({ units1: 290 });
    expect(() => s.validatePartial({ units1: 290, units2: 16 })).toThrow(
      'it breaks the rule "units1 + units2 ≤ 300" (it is 306)',
    );
  });
});

describe("Space.validate() with rules", () => {
  it("names each rule that is broken, and the nearest that is allowed", () => {
    const s = space({ units1: int(1, 512), units2: int(1, 512) })
      .atMost({ units1: 1, units2: 1 }, 512);
    expect(() => s.validate({ units1: 500, units2: 112 })).toThrow(
      'Cannot take the configuration: it breaks the rule "units1 + units2 ≤ 512" (it is 612); the nearest that is allowed has { units1: 450, units2: 62 }',
    );
    expect(s.validate({ units1: 500, units2: 112 }, { rules: false }))
      .toEqual({ units1: 500, units2: 112 });
  });
});

describe("Space.sample(), grid() and allowed() with rules", () => {
  const all = [...Object.entries(ruledSpaces), ...Object.entries(codedSpaces)];

  it("keep to every kind of rule", () => {
    for (const [kind, s] of all) {
      const { uniform } = randomStream(kind);
      const allowed = s.allowed();
      for (let i = 0; i < 20; i++) {
        const unit = Float64Array.from({ length: s.dimension }, uniform);
        for (
          const params of [
            s.sample(uniform),
            allowed.draw(uniform, { draws: 5 }),
            allowed.nearest(unit),
            allowed.nearest(unit, { quick: true }),
            allowed.spread(unit, uniform),
          ]
        ) expect(s.validate(params)).toEqual(params);
      }
    }
  });

  it("draw uniformly: the mean of what is allowed of a triangle is a third", () => {
    const s = floats(2).atMost({ x0: 1, x1: 1 }, 1);
    const { uniform } = randomStream("triangle");
    let sum = 0;
    for (let i = 0; i < 4000; i++) sum += s.sample(uniform).x0 as number;
    // The standard error is 0.0037.
    expect(Math.abs(sum / 4000 - 1 / 3)).toBeLessThan(0.015);
  });

  it("draw nearly uniformly where next to nothing is allowed", () => {
    const s = ruledSpaces["a linear rule that allows next to nothing"]!;
    const { uniform } = randomStream("corner");
    const sums = new Float64Array(5);
    for (let i = 0; i < 300; i++) {
      const params = s.sample(uniform);
      s.names.forEach((name, axis) => sums[axis]! += params[name] as number);
    }
    // Of the corner x0 + … + x4 ≤ 0.4 the mean of each is 0.4/6.
    for (const sum of sums) {
      expect(Math.abs(sum / 300 - 0.4 / 6)).toBeLessThan(0.02);
    }
  });

  it("move a place onto the nearest point of a linear rule's edge", () => {
    const s = floats(3).atMost({ x0: 1, x1: 1, x2: 1 }, 1);
    const { x0, x1, x2 } = s.allowed().nearest([0.9, 0.6, 0.3]) as Record<
      string,
      number
    >;
    // (0.9, 0.6, 0.3) − 0.8/3: the orthogonal projection.
    expect(x0).toBeCloseTo(0.9 - 0.8 / 3, 6);
    expect(x1).toBeCloseTo(0.6 - 0.8 / 3, 6);
    expect(x2).toBeCloseTo(0.3 - 0.8 / 3, 6);
  });

  it("leave what is allowed as it is", () => {
    for (const [, s] of all) {
      const { uniform } = randomStream("as it is");
      const params = s.sample(uniform);
      expect(s.allowed().nearestTo(params)).toEqual(params);
    }
  });

  it("count the grid that is left: 120 ways to share at most 10 among three", () => {
    const s = space({ a: int(1, 20), b: int(1, 20), c: int(1, 20) })
      .atMost({ a: 1, b: 1, c: 1 }, 10);
    // The binomial coefficient of 10 over 3.
    expect(s.grid()).toHaveLength(120);
    const three = space({ a: int(1, 9), b: int(1, 9) })
      .require("a divides b", ({ a, b }) => b % a === 0);
    // The sum of the numbers of divisors of 1 to 9.
    expect(three.grid()).toHaveLength(23);
  });

  it("find something in any space whose linear rules hold at a known place", () => {
    const numbers = fc.array(fc.double({ min: -3, max: 3, noNaN: true }), {
      minLength: 4,
      maxLength: 4,
    });
    const place = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), {
      minLength: 4,
      maxLength: 4,
    });
    fc.assert(
      fc.property(
        fc.array(numbers, { minLength: 1, maxLength: 4 }),
        place,
        place,
        (rows, known, unit) => {
          let s = floats(4);
          rows.forEach((row, k) => {
            const weights = Object.fromEntries(
              row.map((w, axis) => [`x${axis}`, w]),
            );
            if (row.every((w) => Math.abs(w) < 1e-3)) return;
            const sum = row.reduce((t, w, axis) => t + w * known[axis]!, 0);
            s = s.atMost(weights, sum + 0.01, { name: `rule ${k}` });
          });
          expect(s.allows(s.allowed().nearest(unit))).toBe(true);
          expect(s.allows(s.sample(randomStream("any").uniform))).toBe(true);
        },
      ),
      { numRuns: 60 },
    );
  });

  it("say so where practically nothing is allowed", () => {
    const s = floats(2).require("never", () => false);
    expect(() => s.sample(randomStream("never").uniform)).toThrow(
      'Cannot find a configuration that the rules allow: of 100,000 tried none keeps to all of them ("never" refused 100 %)',
    );
  });
});

describe("Space.toJSON() and Space.fromJSON() with rules", () => {
  it("give the rules back, of functions the names", () => {
    for (
      const s of [...Object.values(ruledSpaces), ...Object.values(codedSpaces)]
    ) {
      const json = JSON.parse(JSON.stringify(s));
      const read = Space.fromJSON(json);
      expect(JSON.parse(JSON.stringify(read))).toEqual(json);
      expect(read.rules.map(({ name }) => name))
        .toEqual(s.rules.map(({ name }) => name));
    }
  });

  it("ask for a function that was not stored when it is needed", () => {
    const s = floats(1).require("small", ({ x0 }) => (x0 as number) < 0.5);
    const read = Space.fromJSON(JSON.parse(JSON.stringify(s)));
    expect(() => read.allows({ x0: 0.1 })).toThrow(
      'Cannot ask the rule "small": it is a function, and those are not stored; give createStudy the space with .require("small", …)',
    );
    expect(read.brokenRules({ x0: 0.9 })).toEqual([]);
    expect(read.validate({ x0: 0.9 }, { rules: false })).toEqual({ x0: 0.9 });
  });

  it("refuse rules that are none", () => {
    const json = floats(1).toJSON();
    for (const rules of [1, [null], [{ kind: "linear" }], [{ name: "a" }]]) {
      expect(() => Space.fromJSON({ ...json, rules })).toThrow();
    }
    const odd: Rule = { kind: "linear", name: "a", weights: { y: 1 }, max: 1 };
    expect(() => Space.fromJSON({ ...json, rules: [odd] })).toThrow(
      '"y" is not a parameter',
    );
  });

  it("leave a space without rules as it was", () => {
    expect(floats(1).toJSON()).not.toHaveProperty("rules");
  });
});

describe("Space.edit() and Space.after() with rules", () => {
  const s = training.forbid({ optimizer: "sgd", schedule: "none" })
    .atMost({ learningRate: 1, momentum: 0.1 }, 0.5)
    .require("calm", ({ learningRate }) => learningRate < 0.3);

  it("carry rules through new names of parameters and values", () => {
    const now = s.edit({
      rename: { learningRate: "lr", optimizer: "method" },
      choices: { method: ["adam", "SGD"] },
      renameChoices: { method: [["sgd", "SGD"]] },
    });
    const at = (params: object) => now.allows(params as never);
    const rest = { method: "SGD", momentum: 0, lr: 0.1 };
    expect(at({ ...rest, schedule: "none" })).toBe(false);
    expect(at({ ...rest, schedule: "cosine" })).toBe(true);
    expect(at({ ...rest, schedule: "cosine", lr: 0.4 })).toBe(false);
    expect(at({ ...rest, schedule: "cosine", momentum: 1, lr: 0.45 }))
      .toBe(false);
  });

  it("refuse to drop a parameter that a rule speaks of, unless the rule goes too", () => {
    expect(() => s.edit({ drop: ["schedule"] })).toThrow(
      'the rule "no optimizer \\"sgd\\" with schedule \\"none\\"" speaks of "schedule"; drop it too with dropRules:',
    );
    const [first] = s.rules;
    const now = s.edit({ drop: ["schedule"], dropRules: [first!.name] });
    expect(now.rules).toHaveLength(2);
    expect(() => s.edit({ dropRules: ["x"] })).toThrow(
      'there is no rule "x" to drop',
    );
  });

  it("forget what is no longer possible", () => {
    const now = s.edit({ choices: { schedule: ["cosine"] } });
    expect(now.rules.map(({ kind }) => kind)).toEqual(["linear", "predicate"]);
  });

  it("ask what became of a rule in code; others may change without a word", () => {
    expect(() => training.after(s)).toThrow(
      'the rule "calm" is gone: it is a function, which is not stored, so bring it with .require("calm", …), or say droppedRules: ["calm"]',
    );
    expect(training.after(s, { droppedRules: ["calm"] }).rules).toEqual([]);
    const other = training.require("calm", () => true);
    expect(other.after(s).rules).toHaveLength(1);
  });
});

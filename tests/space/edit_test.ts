import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import fc from "fast-check";
import {
  boolean,
  choice,
  float,
  int,
  locate,
  ordinal,
  Space,
  space,
} from "../../lib/space/mod.ts";
import { arbitrarySpace } from "../support/arbitrary_space.ts";

const first = space({
  lr: float(1e-4, 1e-1, { log: true, default: 0.01 }),
  optimizer: choice(["adam", "sgd"]),
  momentum: float(0, 0.99).when({ optimizer: "sgd" }),
});

describe("Space.edit()", () => {
  it("without changes is a space with the same parameters and no edits", () => {
    const same = first.edit({});
    expect(same.toJSON()).toEqual(first.toJSON());
    const params = { lr: 0.01, optimizer: "adam" };
    expect(same.translate(params)).toBe(params);
  });

  it("adds a parameter with the constant that it was until now", () => {
    const grown = first.edit({
      add: { dropout: float(0.1, 0.5) },
      before: { dropout: 0 },
    });
    expect(grown.names).toEqual(["lr", "optimizer", "momentum", "dropout"]);
    const params = grown.translate({ lr: 0.01, optimizer: "adam" });
    expect(params).toEqual({ lr: 0.01, optimizer: "adam", dropout: 0 });
    // Outside of the range, and yet somewhere.
    expect(grown.locate(params)[3]).toBeCloseTo(-0.25, 12);
    expect(grown.translate({ ...params, dropout: 0.3 })).toHaveProperty(
      "dropout",
      0.3,
    );
  });

  it("takes the default for the constant, and asks where there is none", () => {
    expect(
      first.edit({ add: { b: int(8, 64, { default: 32 }) } })
        .translate({ lr: 0.1, optimizer: "adam" }),
    ).toHaveProperty("b", 32);
    expect(() => first.edit({ add: { b: int(8, 64) } })).toThrow(
      "before: { b: 8 }",
    );
  });

  it("adds a conditional parameter to the trials alone that would have it", () => {
    const grown = first.edit({
      add: { nesterov: boolean().when({ optimizer: "sgd" }) },
      before: { nesterov: false },
    });
    expect(grown.translate({ lr: 0.1, optimizer: "adam" }))
      .not.toHaveProperty("nesterov");
    expect(grown.translate({ lr: 0.1, optimizer: "sgd", momentum: 0 }))
      .toHaveProperty("nesterov", false);
  });

  it("drops a parameter, and has it again with the values it had", () => {
    const without = first.edit({ drop: ["momentum"] });
    const trial = { lr: 0.1, optimizer: "sgd", momentum: 0.9 };
    expect(without.translate(trial)).toEqual({ lr: 0.1, optimizer: "sgd" });
    const again = without.edit({
      add: { momentum: float(0, 1) },
      before: { momentum: 0.5 },
    });
    expect(again.translate(trial)).toEqual(trial);
    expect(again.translate({ lr: 0.1, optimizer: "adam" })).toHaveProperty(
      "momentum",
      0.5,
    );
  });

  it("renames parameters and values, in conditions too", () => {
    const renamed = first.edit({
      rename: { lr: "learningRate", optimizer: "solver" },
      renameChoices: { solver: [["sgd", "momentum sgd"]] },
    });
    expect(renamed.parameter("solver")).toHaveProperty("choices", [
      "adam",
      "momentum sgd",
    ]);
    const old = { lr: 0.1, optimizer: "sgd", momentum: 0.9 };
    const now = { learningRate: 0.1, solver: "momentum sgd", momentum: 0.9 };
    expect(renamed.translate(old)).toEqual(now);
    expect(renamed.translate(now)).toEqual(now);
    expect(renamed.validate(renamed.translate(old))).toEqual(now);
  });

  it("widens, narrows, changes scales and lists; values stay what they were", () => {
    const changed = first.edit({
      range: { lr: [1e-3, 1e-2] },
      scale: { lr: "linear" },
      choices: { optimizer: ["sgd", "lion"] },
    });
    const params = { lr: 0.1, optimizer: "adam" };
    expect(changed.translate(params)).toBe(params);
    const [lr, optimizer] = changed.locate(params);
    expect(lr).toBeCloseTo(11, 9);
    expect(optimizer).toBeNaN();
    expect(changed.parameter("lr").default).toBe(0.01);
    expect(first.edit({ range: { lr: [0.02, 0.1] } }).parameter("lr").default)
      .toBeUndefined();
  });

  it("refuses a name for two things, and says so", () => {
    const renamed = first.edit({ rename: { lr: "rate" } });
    expect(() => renamed.edit({ add: { lr: float(0, 1) }, before: { lr: 0 } }))
      .toThrow("another parameter's name in earlier trials");
    expect(() =>
      first.edit({ drop: ["momentum"] }).edit({ rename: { lr: "momentum" } })
    ).toThrow("has stood for another parameter");
    expect(() => first.edit({ rename: { rate: "lr" } })).toThrow("not in it");
    expect(() => first.edit({ ranges: {} } as never)).toThrow(
      'no change "ranges"',
    );
    expect(() =>
      space({ lr: choice([1, 2]) }).after(space({ lr: float(0, 1) }))
    ).toThrow("was float and is choice");
    expect(() => space({ x: float(0, 1, { default: 0 }) }).after(first))
      .toThrow(
        'say dropped: ["lr"], or if it has a new name renamed: { lr: "…" }',
      );
    expect(() =>
      first.edit({
        add: { decay: float(1e-6, 1, { log: true }) },
        before: { decay: 0 },
      })
    ).toThrow("no place on a logarithmic scale");
  });

  it("names a parameter like a method without harm", () => {
    const s = space({ x: float(0, 1) }).edit({
      add: { constructor: float(0, 1), toString: int(1, 3) },
      before: { constructor: 0.5, toString: 2 },
    });
    expect(s.translate({ x: 1 })).toEqual({
      x: 1,
      constructor: 0.5,
      toString: 2,
    });
  });

  it("is kept in JSON, edit after edit", () => {
    const grown = first.edit({ rename: { lr: "rate" } })
      .edit({ add: { units: int(8, 64) }, before: { units: 16 } })
      .edit({ drop: ["units"], rename: { rate: "learningRate" } });
    const again = Space.fromJSON(JSON.parse(JSON.stringify(grown)));
    expect(again.edits).toEqual(grown.edits);
    expect(again.translate({ lr: 0.1, optimizer: "adam" })).toEqual({
      learningRate: 0.1,
      optimizer: "adam",
    });
    expect(() =>
      Space.fromJSON({ ...first.toJSON(), edits: [{ action: "add" }] })
    ).toThrow("Cannot read the space: found the edit");
  });
});

describe("Space.after()", () => {
  it("of the same space is the same, and valid trials stay as they are", () => {
    fc.assert(
      fc.property(arbitrarySpace(), fc.integer(), (any, seed) => {
        const s = any as Space;
        const again = Space.fromJSON(JSON.parse(JSON.stringify(s))).after(s);
        expect(again.edits).toEqual([]);
        let state = seed >>> 0;
        const params = s.sample(() => {
          state = (state * 1664525 + 1013904223) >>> 0;
          return state / 2 ** 32;
        });
        expect(again.translate(params)).toBe(params);
      }),
      { numRuns: 60 },
    );
  });
});

describe("locate()", () => {
  it("is where the encoding has a valid value", () => {
    fc.assert(
      fc.property(arbitrarySpace(), fc.integer(), (any, seed) => {
        const s = any as Space;
        let state = seed >>> 0;
        const params = s.sample(() => {
          state = (state * 1664525 + 1013904223) >>> 0;
          return state / 2 ** 32;
        });
        const [a, b] = [s.locate(params), s.encode(params)];
        a.forEach((place, axis) => {
          if (Number.isNaN(b[axis]!)) expect(place).toBeNaN();
          else expect(place).toBeCloseTo(b[axis]!, 9);
        });
      }),
      { numRuns: 200 },
    );
  });

  it("is outside of the unit interval for values outside", () => {
    const s = space({
      a: float(1, 100, { log: true }),
      b: int(1, 8, { log: true }),
      c: float(0, 1, { step: 0.25 }),
      d: ordinal([1, 2]),
      e: float(2, 2),
    });
    const at = (name: string, value: number) =>
      locate(s.parameter(name), value);
    expect(at("a", 1e4)).toBeCloseTo(2, 12);
    expect(at("a", 0)).toBeNaN();
    expect(at("b", 16)).toBeGreaterThan(1);
    expect(at("c", 1.25)).toBeCloseTo(1.1, 12);
    expect(at("d", 3)).toBeNaN();
    expect(at("e", 2)).toBe(0.5);
    expect(at("e", 3)).toBeNaN();
  });
});

import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import fc from "fast-check";
import { mapSpace, SpaceMapping } from "../../lib/library/mod.ts";
import {
  boolean,
  choice,
  float,
  int,
  ordinal,
  type Space,
  space,
} from "../../lib/space/mod.ts";
import { arbitrarySpace } from "../support/arbitrary_space.ts";

const rate = () => float(1e-4, 1e-1, { log: true });
const pairsOf = (mapping: SpaceMapping) =>
  Object.fromEntries(mapping.links.map(({ to, from }) => [to, from]));

describe("mapSpace()", () => {
  it("finds nothing in spaces that have nothing in common", () => {
    const mapping = mapSpace(
      space({ flour: float(0, 1) }),
      space({ speed: choice(["a", "b"]) }),
    );
    expect(mapping.shared).toEqual([]);
    expect(mapping.coverage).toBe(0);
    expect(mapping.unused).toEqual(["flour"]);
  });

  it("maps a space onto itself, every trial unchanged", () => {
    fc.assert(
      fc.property(arbitrarySpace(), fc.integer(), (any, seed) => {
        const s = any as Space;
        const mapping = mapSpace(s, s);
        expect(
          mapping.links.every(({ by, overlap }) =>
            by === "name" && overlap === 1
          ),
        ).toBe(true);
        let state = seed >>> 0;
        const params = s.sample(() => {
          state = (state * 1664525 + 1013904223) >>> 0;
          return state / 2 ** 32;
        });
        const mapped = mapping.mapTrial(params)!;
        for (const [name, value] of Object.entries(params)) {
          if (typeof value === "number") {
            expect(Math.abs(mapped[name] as number - value))
              .toBeLessThanOrEqual(
                1e-9 * Math.max(1e-9, Math.abs(value)) + 1e-12,
              );
          } else expect(mapped[name]).toBe(value);
        }
      }),
      { numRuns: 100 },
    );
  });

  it("finds aliases, whatever the style of the name", () => {
    for (
      const name of [
        "lr",
        "LR",
        "learning_rate",
        "learningRate",
        "learning-rate",
        "optimizer.lr",
        "sgd__lr",
        "model/eta",
        "learning_rate_init",
      ]
    ) {
      const mapping = mapSpace(
        space({ [name]: rate() }),
        space({ learningRate: rate() }),
      );
      expect(pairsOf(mapping)).toEqual({ learningRate: name });
    }
    const mapping = mapSpace(
      space({
        batch_size: int(8, 64),
        wd: rate(),
        n_layers: int(1, 4),
        max_depth: int(1, 9),
      }),
      space({ depth: int(1, 4), weightDecay: rate(), bs: int(16, 128) }),
    );
    expect(pairsOf(mapping)).toEqual({
      depth: "n_layers",
      weightDecay: "wd",
      bs: "batch_size",
    });
    expect(mapping.unused).toEqual(["max_depth"]);
  });

  it("finds a knob by its role, if it alone has it and the ranges overlap", () => {
    const target = space({
      speed: float(1e-4, 1e-1, { log: true, role: "learning rate" }),
    });
    const by = (source: Space) => mapSpace(source, target).links[0]!.by;
    expect(by(space({ lr: float(1e-5, 1, { log: true }) }) as unknown as Space))
      .toBe("role and scale");
    expect(by(space({ lr: float(1, 10) }) as unknown as Space)).toBeNull();
    expect(by(space({ lr: rate(), headLr: rate() }) as unknown as Space))
      .toBeNull();
  });

  it("does not take a list of words for a number of the same name", () => {
    const mapping = mapSpace(
      space({ lr: choice(["low", "high"]) }),
      space({ lr: rate() }),
    );
    expect(mapping.links[0]!.from).toBeNull();
  });

  it("reads an order of numbers as a range, and a range as an order", () => {
    const list = space({ batch: ordinal([16, 32, 64]) });
    const range = space({ batchSize: int(8, 128, { log: true }) });
    expect(mapSpace(list, range).mapTrial({ batch: 32 })).toEqual({
      batchSize: 32,
    });
    expect(mapSpace(range, list).mapTrial({ batchSize: 32 })).toEqual({
      batch: 32,
    });
    expect(mapSpace(range, list).mapTrial({ batchSize: 33 })).toBeNull();
  });

  it("drops a value outside of the range, or moves it to the end", () => {
    const mapping = mapSpace(space({ lr: float(0, 1) }), space({ lr: rate() }));
    expect(mapping.mapTrial({ lr: 0.5 })).toBeNull();
    expect(mapping.mapTrial({ lr: 0.5 }, { outside: "move" })).toEqual({
      lr: 0.1,
    });
    expect(mapping.mapTrial({ lr: 0 }, { outside: "move" })).toBeNull();
    expect(mapping.toUnit({ lr: 1 })[0]).toBeCloseTo(4 / 3, 12);
  });

  it("leaves open what the source does not have, or takes the default or a constant", () => {
    const target = space({
      lr: rate(),
      dropout: float(0, 0.5),
      units: int(8, 64, { default: 32 }),
    });
    const mapping = mapSpace(space({ lr: rate() }), target);
    expect(mapping.toUnit({ lr: 0.1 })).toEqual(Float64Array.of(1, NaN, NaN));
    expect(mapping.mapTrial({ lr: 0.1 }, { missing: "open" })).toEqual({
      lr: 0.1,
    });
    expect(mapping.mapTrial({ lr: 0.1 })).toEqual({
      lr: 0.1,
      dropout: 0.25,
      units: 32,
    });
    const corrected = mapping.with({ dropout: { constant: 0 } });
    expect(corrected.toUnit({ lr: 0.1 })[1]).toBe(0);
    expect(corrected.mapTrial({ lr: 0.1 })).toHaveProperty("dropout", 0);
    expect(corrected.shared).toEqual([0]);
  });

  it("maps values of lists by name, and drops trials with others", () => {
    const mapping = mapSpace(
      space({
        optimizer: choice(["Adam", "SGD", "RMSprop"]),
        nesterov: choice(["True", "False"]),
      }),
      space({
        optimizer: choice(["sgd", "adam", "lion"]),
        nesterov: boolean(),
      }),
    );
    expect(mapping.mapTrial({ optimizer: "SGD", nesterov: "True" })).toEqual({
      optimizer: "sgd",
      nesterov: true,
    });
    expect(mapping.mapTrial({ optimizer: "RMSprop", nesterov: "True" }))
      .toBeNull();
    expect(mapping.toUnit({ optimizer: "RMSprop", nesterov: "False" })).toEqual(
      Float64Array.of(NaN, 0.25),
    );
    expect(mapping.links[0]!.overlap).toBeCloseTo(2 / 3, 12);
    expect(
      mapping.with({ optimizer: { choices: [["RMSprop", "lion"]] } }).mapTrial({
        optimizer: "RMSprop",
        nesterov: "False",
      }),
    )
      .toEqual({ optimizer: "lion", nesterov: false });
  });

  it("leaves out what is inactive in the target", () => {
    const mapping = mapSpace(
      space({ optimizer: choice(["adam", "sgd"]), momentum: float(0, 1) }),
      space({
        optimizer: choice(["adam", "sgd"]),
        momentum: float(0, 1).when({ optimizer: "sgd" }),
      }),
    );
    expect(mapping.mapTrial({ optimizer: "adam", momentum: 0.5 })).toEqual({
      optimizer: "adam",
    });
    expect(mapping.toUnit({ optimizer: "adam", momentum: 0.5 })[1]).toBeNaN();
  });

  it("is corrected by hand, name by name, and keeps it in JSON", () => {
    const mapping = mapSpace(
      space({ a: float(0, 1), b: float(0, 1) }),
      space({ b: float(0, 1), c: float(0, 1) }),
    ).with({ c: "b", b: null });
    expect(pairsOf(mapping)).toEqual({ b: null, c: "b" });
    expect(mapping.links[1]!.by).toBe("by hand");
    const again = SpaceMapping.fromJSON(JSON.parse(JSON.stringify(mapping)));
    expect(again.links).toEqual(mapping.links);
    expect(() => mapping.with({ c: "nowhere" })).toThrow(
      'the space has "a", "b"',
    );
    expect(() => mapping.with({ d: "a" })).toThrow(
      'Cannot find the parameter "d"',
    );
    expect(() => SpaceMapping.fromJSON({})).toThrow(SyntaxError);
  });

  it("shows itself as a table", () => {
    const mapping = mapSpace(
      space({
        lr: float(0.01, 0.1),
        opt: choice(["Adam"]),
        "<b>": float(0, 1),
      }),
      space({
        learningRate: rate(),
        opt: choice(["adam", "sgd"]),
        units: int(1, 8),
      }),
    );
    expect(mapping.toString()).toBe([
      "here          there  found by           searched",
      "learningRate  lr     alias              33 %      linear there, log here",
      "opt           opt    name               50 %      Adam is adam; sgd not tried there",
      "units         —      not in the source            left open",
      "only there: <b>",
    ].join("\n"));
    const { "text/html": html } =
      (mapping as unknown as Record<symbol, () => Record<string, string>>)[
        Symbol.for("Jupyter.display")
      ]!();
    expect(html).toContain("&lt;b&gt;");
    expect(html).not.toContain("<b>");
  });
});

describe("knobs that are known by their names", () => {
  it("are not taken for one another because of a role", () => {
    const mapping = mapSpace(
      space({ weightDecay: float(1e-3, 1, { log: true }) }),
      space({ C: float(1e-3, 1, { log: true, role: "regularization" }) }),
    );
    expect(mapping.links[0]!.from).toBeNull();
  });
});

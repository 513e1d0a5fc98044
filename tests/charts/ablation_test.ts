import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import {
  ablationPath,
  defaultConfiguration,
} from "../../lib/charts/_ablation.ts";
import { ablationChart, ablationRows } from "../../lib/charts/mod.ts";
import { minimize } from "../../lib/records/mod.ts";
import { choice, float, int, type Space, space } from "../../lib/space/mod.ts";
import { makeView, sampleSpace } from "../support/chart_views.ts";
import { randomStream } from "../../lib/math/mod.ts";
import { trialOf, viewOf } from "../support/views.ts";

const three = space({
  a: float(0, 1),
  b: float(0, 1, { default: 0.25 }),
  kind: choice(["x", "y"]),
  c: float(0, 1).when({ kind: "y" }),
}) as unknown as Space;

/** A study of 3 a + b + 0.5 [kind is x]. */
function weighted(trials = 40) {
  const { uniform } = randomStream("ablation");
  return viewOf(
    three,
    Array.from({ length: trials }, (_, n) => {
      const params = three.sample(uniform);
      const value = 3 * Number(params.a) + Number(params.b) +
        (params.kind === "x" ? 0.5 : 0);
      return trialOf(n, params, { value });
    }),
    [minimize("loss")],
  );
}

describe("defaultConfiguration()", () => {
  it("has defaults, middles and first choices, and is valid", () => {
    expect(defaultConfiguration(three)).toEqual({ a: 0.5, b: 0.25, kind: "x" });
    const logs = space({ r: float(1e-4, 1, { log: true }), n: int(1, 9) });
    expect(defaultConfiguration(logs as unknown as Space).n).toBe(5);
    const named = space({ constructor: float(0, 1), valueOf: choice(["x"]) });
    expect(defaultConfiguration(named as unknown as Space)).toEqual({
      constructor: 0.5,
      valueOf: "x",
    });
    const deep = sampleSpace();
    expect(deep.validate(defaultConfiguration(deep))).toEqual(
      defaultConfiguration(deep),
    );
  });
});

describe("ablationPath()", () => {
  const ends = {
    from: { a: 1, b: 1, kind: "x" },
    to: { a: 0, b: 0, kind: "y", c: 0.3 },
  };
  const weights = (all: readonly Readonly<Record<string, unknown>>[]) =>
    all.map(({ a, b, kind }) =>
      3 * Number(a) + Number(b) + (kind === "x" ? 0.5 : 0)
    );

  it("between equal ends has no step", () => {
    expect(ablationPath(three, { from: ends.to, to: ends.to }, weights, 9))
      .toEqual([]);
  });

  it("takes the one that helps most first, and children along", () => {
    const path = ablationPath(three, ends, weights, 9);
    expect(path.map(({ names }) => names)).toEqual([["a"], ["b"], [
      "kind",
      "c",
    ]]);
    expect(path.at(-1)!.params).toEqual(ends.to);
    expect(path.map(({ loss }) => loss)).toEqual([1.5, 0.5, 0]);
  });

  it("drops what is no longer used on the way", () => {
    const path = ablationPath(
      three,
      { from: ends.to, to: ends.from },
      weights,
      9,
    );
    expect(path.at(-1)!.params).toEqual(ends.from);
  });

  it("comes to a choice that is null", () => {
    const withNull = space({ kind: choice(["a", null]) }) as unknown as Space;
    const steps = ablationPath(
      withNull,
      { from: { kind: "a" }, to: { kind: null } },
      (all) => all.map(() => 0),
      5,
    );
    expect(steps.map(({ params }) => params)).toEqual([{ kind: null }]);
  });

  it("puts what is left over into the last step", () => {
    const path = ablationPath(three, ends, weights, 2);
    expect(path.map(({ names }) => names.length)).toEqual([1, 3]);
    expect(path.at(-1)!.params).toEqual(ends.to);
  });
});

describe("ablationRows()", () => {
  it("of one trial says why there is none", () => {
    expect(ablationRows(weighted(1)).reason).toMatch(/fewer than two/);
  });

  it("begins with what matters most, and ends at the best trial's value", () => {
    const { rows, from, to } = ablationRows(weighted());
    expect(from).toEqual({ a: 0.5, b: 0.25, kind: "x" });
    expect(rows[0]!.k).toBe("start");
    expect(rows[1]!.p).toMatch(/^a: 0\.5 → /);
    const best = Math.min(...weighted().trials.map(({ value }) => value!));
    expect(rows.at(-1)!.o).toBeCloseTo(best, 6);
    expect(Object.keys(to!)).toContain("a");
  });

  it("begins from a configuration given, and says if that is the best", () => {
    const view = weighted();
    const { to } = ablationRows(view);
    expect(ablationRows(view, { from: to! }).reason).toMatch(/to begin from/);
    expect(() => ablationChart(view, { from: { a: 3 } })).toThrow(RangeError);
  });

  it("says better where a maximized value rises", () => {
    const { rows } = ablationRows(makeView({ trials: 40 }));
    for (const { k, b, m } of rows.slice(1)) {
      expect(k).toBe(Number(m) >= Number(b) ? "better" : "worse");
    }
  });
});

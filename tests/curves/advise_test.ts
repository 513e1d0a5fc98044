import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import fc from "fast-check";
import {
  adviseOn,
  diagnose,
  Diagnosis,
  type FindingKind,
} from "../../lib/curves/mod.ts";
import { randomStream } from "../../lib/math/mod.ts";
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
import { example } from "./curves.ts";

const of = (kind: string) => diagnose(example(kind), { baseline: 1 });

const full = space({
  learningRate: float(1e-5, 1, { log: true }),
  weightDecay: float(1e-6, 1e-1, { log: true }),
  dropout: float(0, 0.6),
  width: int(8, 512, { log: true }),
  epochs: int(5, 200),
  optimizer: choice(["adam", "sgd"]),
  momentum: float(0.5, 0.99).when({ optimizer: "sgd" }),
});
const params = {
  learningRate: 0.01,
  weightDecay: 1e-4,
  dropout: 0.1,
  width: 64,
  epochs: 40,
  optimizer: "adam",
} as const;

describe("adviseOn()", () => {
  it("moves nothing where nothing was found", () => {
    const advice = adviseOn(new Diagnosis({ subject: "x", findings: [] }), {
      space: full as Space,
      params,
    });
    expect(advice.moves).toEqual([]);
    expect(advice.suggestion).toBe(null);
    expect(String(advice)).toContain("Nothing to mend");
  });

  it("answers overfitting with more regularization, in numbers", () => {
    const advice = adviseOn(of("overfitting"), {
      space: full as Space,
      params,
    });
    const [first] = advice.moves;
    expect(first!.parameter).toBe("weightDecay");
    expect(first!.to).toBeGreaterThan(2e-4);
    expect(String(advice)).toMatch(
      /^Overfitting since epoch \d+ \(z [\d.]+\): raise weightDecay [\d.]+ ×, to 0\.\d+: it holds/,
    );
    expect(advice.suggestion).toEqual({ ...params, weightDecay: first!.to });
    expect(full.validate(advice.suggestion)).toEqual(advice.suggestion);
  });

  for (
    const [kind, name, way] of [
      ["divergence", "learningRate", -1],
      ["learning rate too large", "learningRate", -1],
      ["learning rate too small", "learningRate", 1],
      ["not converged", "epochs", 1],
      ["no learning", "learningRate", 1],
      ["underfitting", "width", 1],
      ["late step noise", "learningRate", -1],
      ["generalization gap", "weightDecay", 1],
    ] as const
  ) {
    it(`answers ${kind} by moving ${name} ${way > 0 ? "up" : "down"}`, () => {
      const [first] = adviseOn(of(kind), { space: full as Space, params })
        .moves;
      expect(first!.parameter).toBe(name);
      expect(way * ((first!.to as number) - params[name])).toBeGreaterThan(0);
    });
  }

  it("lowers a regularization that is strong before it enlarges the model", () => {
    const strong = { ...params, weightDecay: 0.05 };
    const [first] = adviseOn(of("underfitting"), {
      space: full as Space,
      params: strong,
    }).moves;
    expect(first!.parameter).toBe("weightDecay");
    expect(first!.to).toBeLessThan(0.01);
  });

  it("raises a regularization that is next to nothing until it is felt", () => {
    const { moves } = adviseOn(of("generalization gap"), {
      space: full as Space,
      params: { ...params, weightDecay: 1e-6 },
    });
    const decay = moves.find((m) => m.parameter === "weightDecay")!;
    expect(decay.to).toBeGreaterThan(1e-4);
  });

  it("goes to where the better trials are, and not away from it", () => {
    const siblings = Array.from({ length: 9 }, (_, number) => ({
      number,
      params: { ...params, learningRate: 0.1, width: 256 },
      value: 0.3 + number / 100,
    }));
    const slow = { ...params, learningRate: 1e-4, width: 256 };
    const advice = adviseOn(of("learning rate too small"), {
      space: full as Space,
      params: slow,
      value: 1,
      siblings,
    });
    expect(advice.moves[0]).toMatchObject({
      parameter: "learningRate",
      to: 0.1,
    });
    const here = { ...params, learningRate: 0.1, width: 256 };
    const dead = adviseOn(of("no learning"), {
      space: full as Space,
      params: here,
      value: 1,
      siblings,
    });
    expect(dead.suggestion).toBe(null);
    expect(String(dead)).toContain("another seed");
  });

  it("moves no parameter for a leak, a shift, or a noisy validation", () => {
    for (const kind of ["leakage", "shift", "noisy validation"]) {
      const advice = adviseOn(of(kind), { space: full as Space, params });
      expect(advice.suggestion).toBe(null);
      expect(String(advice)).toMatch(/check|compare|validate/);
    }
  });

  it("leaves a parameter at its bound alone and takes the next best", () => {
    const atBound = { ...params, weightDecay: 0.1 };
    const { moves } = adviseOn(of("overfitting"), {
      space: full as Space,
      params: atBound,
    });
    expect(moves[0]!.parameter).toBe("dropout");
    expect(moves.map(({ parameter }) => parameter)).not.toContain(
      "weightDecay",
    );
  });

  it("says so where the space has nothing that helps", () => {
    const only = space({ seed: int(0, 9), learningRate: float(1e-4, 1e-1) });
    const advice = adviseOn(of("divergence"), {
      space: only as Space,
      params: { seed: 1, learningRate: 1e-4 },
    });
    expect(advice.suggestion).toBe(null);
    expect(String(advice)).toContain("no parameter of this space");
  });

  it("never names an inactive parameter, and keeps conditions", () => {
    const noisy = of("late step noise");
    const moves = adviseOn(noisy, { space: full as Space, params }).moves;
    expect(moves.map(({ parameter }) => parameter)).not.toContain("momentum");
    const sgd = { ...params, optimizer: "sgd" as const, momentum: 0.9 };
    const active = adviseOn(noisy, { space: full as Space, params: sgd }).moves;
    expect(active.map(({ parameter }) => parameter)).toContain("momentum");
    for (const { suggestion } of active) full.validate(suggestion);
  });

  it("keeps steps, whole numbers, orders and yes or no", () => {
    const coarse = space({
      layers: int(1, 4),
      dropout: float(0, 0.5, { step: 0.1 }),
      widthClass: ordinal(["small", "middle", "large"], { role: "capacity" }),
      augment: boolean(),
    });
    const { moves } = adviseOn(of("overfitting"), {
      space: coarse as Space,
      params: { layers: 3, dropout: 0.2, widthClass: "large", augment: false },
    });
    const to = Object.fromEntries(moves.map((m) => [m.parameter, m.to]));
    expect(to.augment).toBe(true);
    expect(to.widthClass).toBe("middle");
    expect(to.layers).toBe(2);
    expect([0.3, 0.4, 0.5]).toContain(to.dropout);
  });

  it("listens to what other trials of nearly the same configuration reached", () => {
    const context = { space: full as Space, params, value: 0.5 };
    const siblings = [
      { number: 4, params: { ...params, dropout: 0.3 }, value: 0.35 },
      { number: 5, params: { ...params, weightDecay: 4e-4 }, value: 0.7 },
      { number: 6, params: { ...params, width: 256 }, value: 0.5 },
    ];
    const advice = adviseOn(of("overfitting"), { ...context, siblings });
    expect(advice.moves[0]!.parameter).toBe("dropout");
    expect(advice.moves[0]!.sibling).toBe(4);
    expect(String(advice)).toContain("Trial 4, with dropout 0.3");
  });

  it("listens to the surrogate, and says where it disagrees", () => {
    const expects = (of: Readonly<Record<string, unknown>>) => ({
      mean: 0.5 + 0.2 * Math.log10((of.weightDecay as number) / 1e-4) -
        ((of.dropout as number) - 0.1),
      sd: 0.05,
    });
    const advice = adviseOn(of("overfitting"), {
      space: full as Space,
      params,
      expects,
    });
    expect(advice.moves[0]!.parameter).toBe("dropout");
    expect(advice.moves[0]!.expected!.mean).toBeLessThan(0.5);
    const decay = advice.moves.find((m) => m.parameter === "weightDecay")!;
    expect(decay.sentence).toContain("it disagrees");
    // For a score that is maximized the same numbers speak the other way.
    const other = adviseOn(of("overfitting"), {
      space: full as Space,
      params,
      expects,
      direction: "maximize",
    });
    expect(other.moves[0]!.parameter).toBe("weightDecay");
  });

  it("takes another optimizer only where something speaks for it", () => {
    const narrow = space({ optimizer: choice(["adam", "sgd", "lamb"]) });
    const context = {
      space: narrow as Space,
      params: { optimizer: "sgd" },
      value: 2,
    };
    expect(adviseOn(of("divergence"), context).suggestion).toBe(null);
    expect(
      adviseOn(of("divergence"), {
        ...context,
        siblings: [{ number: 1, params: { optimizer: "adam" }, value: 0.3 }],
      }).suggestion,
    ).toEqual({ optimizer: "adam" });
  });

  it("does not take a learning rate from trials of another optimizer", () => {
    const siblings = (optimizer: string) =>
      Array.from({ length: 6 }, (_, number) => ({
        number,
        params: { ...params, optimizer, momentum: 0.9, learningRate: 2e-4 },
        value: 0.1 + number / 100,
      })).map((one) => {
        const { momentum: _, ...others } = one.params;
        return { ...one, params: optimizer === "sgd" ? one.params : others };
      });
    const sick = { ...params, learningRate: 0.9 };
    const to = (optimizer: string) =>
      adviseOn(of("learning rate too large"), {
        space: full as Space,
        params: sick,
        value: 1,
        siblings: siblings(optimizer),
      }).moves.find(({ parameter }) => parameter === "learningRate")!.to;
    expect(to("adam")).toBe(2e-4);
    expect(to("sgd")).toBeGreaterThan(0.02);
  });

  it("is Markdown with the moves in order", () => {
    const advice = adviseOn(of("overfitting"), {
      space: full as Space,
      params,
    });
    const text = advice.toMarkdown();
    expect(text.split("\n")[0]).toContain("**→** Overfitting since");
    expect(text).toContain("\n1. raise ");
  });

  it("refuses a configuration that is not of the space", () => {
    expect(() =>
      adviseOn(of("overfitting"), {
        space: full as Space,
        params: { learningRate: 99 },
      })
    ).toThrow(RangeError);
  });

  it("suggests valid configurations that differ, in any space", () => {
    const kinds: FindingKind[] = [
      "overfitting",
      "divergence",
      "underfitting",
      "not converged",
      "no learning",
    ];
    const diagnoses = kinds.map(of);
    fc.assert(
      fc.property(arbitrarySpace(), fc.integer(), (any, seed) => {
        const random = randomStream("advice", seed);
        const params = any.sample(random.uniform);
        for (const diagnosis of diagnoses) {
          for (
            const { suggestion, parameter } of adviseOn(diagnosis, {
              space: any,
              params,
            }).moves
          ) {
            expect(any.validate(suggestion)).toEqual(suggestion);
            expect(suggestion[parameter]).not.toEqual(params[parameter]);
          }
        }
      }),
      { numRuns: 60 },
    );
  });

  it("gives the same for the same", () => {
    const text = () =>
      JSON.stringify(
        adviseOn(of("overfitting"), { space: full as Space, params }),
      );
    expect(text()).toBe(text());
  });
});

import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import {
  learntBounds,
  mapSpace,
  portfolio,
  type PriorStudy,
} from "../../lib/library/mod.ts";
import { maximize, minimize, type Objective } from "../../lib/records/mod.ts";
import { choice, float, int, type Space, space } from "../../lib/space/mod.ts";
import { trialOf } from "../support/views.ts";

const line = space({ x: float(0, 1) }) as unknown as Space;

/** A study of f over the space, at n even places. */
function prior(
  name: string,
  f: (params: Record<string, number>) => number,
  change: Partial<PriorStudy> & {
    source?: Space;
    target?: Space;
    n?: number;
    objective?: Objective;
  } = {},
): PriorStudy {
  const { source = line, target = line, n = 24, ...rest } = change;
  const trials = Array.from({ length: n }, (_, i) => {
    const unit = source.parameters.map((_, axis) =>
      ((i + 0.5) * (axis === 0 ? 1 / n : 0.618034)) % 1
    );
    const params = source.decode(unit);
    return trialOf(i, params, { value: f(params as Record<string, number>) });
  });
  return {
    name,
    weight: 1,
    objective: minimize("loss"),
    mapping: mapSpace(source, target),
    trials,
    ...rest,
  };
}

const bowl = (at: number) => ({ x }: Record<string, number>) => (x! - at) ** 2;
const xs = (studies: readonly PriorStudy[], size: number) =>
  portfolio(studies, line, { size }).map(({ params }) => params.x as number);

describe("portfolio()", () => {
  it("of nothing is empty; studies without values, spread or weight say nothing", () => {
    expect(portfolio([], line)).toEqual([]);
    expect(portfolio([
      prior("none", bowl(0), { n: 0 }),
      prior("one", bowl(0), { n: 1 }),
      prior("flat", () => 3),
      prior("no weight", bowl(0.5), { weight: 0 }),
      prior("endless", () => Infinity),
      prior("other space", bowl(0), {
        target: space({ y: choice(["a", "b"]) }) as unknown as Space,
      }),
    ], line)).toEqual([]);
  });

  it("of one study is its optimum", () => {
    const [pick] = portfolio([prior("a", bowl(0.3))], line, { size: 1 });
    expect(pick!.params.x).toBeCloseTo(0.3, 1);
    expect(pick!.z).toBeLessThan(-0.8);
    expect(pick!.voices[0]!.name).toBe("a");
    expect(pick!.reason).toBe("Among the best on prior studies: a.");
  });

  it("serves most studies first, then those not yet served", () => {
    const found = xs([
      prior("a", bowl(0.2)),
      prior("b", bowl(0.22)),
      prior("c", bowl(0.18)),
      prior("d", bowl(0.9)),
    ], 2);
    expect(Math.abs(found[0]! - 0.2)).toBeLessThan(0.15);
    expect(Math.abs(found[1]! - 0.9)).toBeLessThan(0.1);
  });

  it("weighs studies by how much they have to say", () => {
    const [x] = xs([
      prior("many", bowl(0.1), { weight: 0.05 }),
      prior("more", bowl(0.1), { weight: 0.05 }),
      prior("like", bowl(0.8), { weight: 0.9 }),
    ], 1);
    expect(x).toBeCloseTo(0.8, 1);
  });

  it("looks at each study's own direction and scale, and at bad outliers little", () => {
    const same = [
      prior("a", (p) => 1e6 * bowl(0.4)(p)),
      prior("b", (p) => -bowl(0.4)(p), { objective: maximize("score") }),
      prior("c", (p) => p.x! > 0.9 ? 1e300 : bowl(0.4)(p)),
    ];
    expect(xs(same, 1)[0]).toBeCloseTo(0.4, 1);
  });

  it("reads studies of other spaces: other names, scales and ranges, missing and added parameters", () => {
    const source = space({
      lr: float(1e-5, 1, { log: true }),
      opt: choice(["Adam", "SGD"]),
      gone: float(0, 1),
    }) as unknown as Space;
    const target = space({
      learningRate: float(1e-4, 1e-1, { log: true }),
      optimizer: choice(["sgd", "adam", "lion"]),
      units: int(8, 64, { default: 32 }),
    }) as unknown as Space;
    const f = ({ lr, opt }: Record<string, unknown>) =>
      (Math.log10(lr as number) + 2.5) ** 2 + (opt === "Adam" ? 0 : 3);
    const study = prior("a", f as never, { source, n: 64 });
    const mapping = mapSpace(source, target).with({
      optimizer: { from: "opt", choices: [["Adam", "adam"], ["SGD", "sgd"]] },
    });
    const [pick] = portfolio([{ ...study, mapping }], target, { size: 1 });
    expect(target.validate(pick!.params)).toEqual(pick!.params);
    expect(pick!.params.optimizer).toBe("adam");
    expect(Math.log10(pick!.params.learningRate as number)).toBeCloseTo(
      -2.5,
      0,
    );
  });

  it("takes an order of configurations for what it is: the rest was not worth a place", () => {
    const trials = [0.7, 0.72, 0.68].map((x, i) =>
      trialOf(i, { x }, { value: i })
    );
    const [x] = xs([{
      ...prior("order", bowl(0)),
      objective: minimize("order in a portfolio"),
      trials,
    }], 1);
    expect(Math.abs(x! - 0.7)).toBeLessThan(0.05);
  });

  it("says what to expect, where values are of the same thing", () => {
    const score = (shift: number) => (p: Record<string, number>) =>
      shift - bowl(0.4)(p);
    const studies = [0.9, 0.8].map((shift, i) =>
      prior(`s${i}`, score(shift), {
        objective: maximize("score"),
        isComparable: true,
      })
    );
    const [pick] = portfolio(studies, line, { size: 1 });
    expect(pick!.expected!.mean).toBeCloseTo(0.85, 1);
    expect(pick!.expected!.sd).toBeGreaterThan(0.05);
    expect(pick!.expected!.sd).toBeLessThan(0.2);
    expect(portfolio([prior("a", bowl(0.4))], line)[0]!.expected).toBeNull();
  });

  it("never gives a configuration twice, and fewer than asked where there are fewer", () => {
    const small = space({ x: choice(["a", "b"]) }) as unknown as Space;
    const trials = [
      trialOf(0, { x: "a" }, { value: 1 }),
      trialOf(1, { x: "b" }, { value: 2 }),
      trialOf(2, { x: "a" }, { value: 1 }),
    ];
    const picks = portfolio([{
      name: "a",
      weight: 1,
      objective: minimize(),
      mapping: mapSpace(small, small),
      trials,
    }], small);
    expect(picks.map(({ params }) => params.x)).toEqual(["a"]);
  });

  it("is the same each time", () => {
    const studies = [prior("a", bowl(0.3)), prior("b", bowl(0.6))];
    expect(portfolio(studies, line)).toEqual(portfolio(studies, line));
  });

  it("wants whole numbers", () => {
    expect(() => portfolio([], line, { size: 0 })).toThrow(
      "expected a whole number of at least 1",
    );
  });
});

describe("learntBounds()", () => {
  it("of nothing are none", () => {
    expect(learntBounds([], line)).toEqual({ range: {}, studies: 0 });
  });

  it("hold the best of every study, with a margin, within the space", () => {
    const { range, studies } = learntBounds([
      prior("a", bowl(0.3)),
      prior("b", bowl(0.5)),
    ], line);
    expect(studies).toBe(2);
    const [low, high] = range.x!;
    expect(low).toBeLessThan(0.3);
    expect(low).toBeGreaterThan(0.15);
    expect(high).toBeGreaterThan(0.5);
    expect(high).toBeLessThan(0.65);
    expect(line.edit({ range }).parameter("x")).toMatchObject({ low, high });
  });

  it("say nothing where the best lie everywhere", () => {
    expect(learntBounds([prior("a", bowl(0)), prior("b", bowl(1))], line).range)
      .toEqual({});
  });
});

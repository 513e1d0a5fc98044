import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import { priorWeightOf } from "../../lib/records/mod.ts";
import { type Suggestion, tpeSampler } from "../../lib/samplers/mod.ts";
import { choice, float, type Space, space } from "../../lib/space/mod.ts";
import { bowlAt, bowlPrior, growWith } from "../support/priors.ts";
import { floats } from "../support/spaces.ts";
import { requestOf, viewOf } from "../support/views.ts";

const plane = floats(2);
const [good, misleading] = [bowlPrior(plane, 0.3), bowlPrior(plane, 0.9)];
const value = bowlAt(0.3);
const empty = viewOf(plane);
const weightsOf = (view: typeof empty) =>
  view.trials.map(({ attributes }) => priorWeightOf(attributes)!);

describe("tpeSampler() with prior studies", () => {
  it("begins with what they begin with, and knows good places before any trial", async () => {
    const start = { params: { x0: 0.31, x1: 0.29 }, reason: "Best before." };
    const request = { ...requestOf(empty), prior: good };
    expect(await tpeSampler().suggest({ ...request, start })).toEqual(start);
    const { params, reason, priorWeight } = await tpeSampler().suggest(
      request,
    ) as Suggestion;
    expect(value(params)).toBeLessThan(0.1);
    expect(priorWeight!.chosenBy).toBe("prior studies");
    expect(reason).toMatch(/what prior studies call good; they weigh 0\.\d+/);
  });

  it("takes turns with the study's own trials, which take over", async () => {
    const view = await growWith(tpeSampler(), empty, {
      prior: good,
      trials: 30,
      value,
    });
    const weights = weightsOf(view);
    expect(weights.some(({ chosenBy }) => chosenBy === "trials")).toBe(true);
    expect(weights.at(-1)!.weight).toBeGreaterThan(0.8);
    const theirs = weights.slice(15).filter(({ chosenBy }) =>
      chosenBy === "prior studies"
    );
    expect(theirs.length).toBeLessThanOrEqual(8);
  });

  it("finds out who misleads", async () => {
    const view = await growWith(tpeSampler(), empty, {
      prior: misleading,
      trials: 40,
      value,
    });
    const weights = weightsOf(view);
    expect(weights[0]!.weight).toBeGreaterThan(0.5);
    expect(weights.at(-1)!.weight).toBeLessThan(0.1);
    const late = weights.slice(15);
    expect(late.every(({ chosenBy }) => chosenBy === "trials")).toBe(true);
    const best = Math.min(...view.trials.map(({ value }) => value!));
    expect(best).toBeLessThan(0.02);
  });

  it("is the same as without them after eighty trials", async () => {
    const view = await growWith(tpeSampler(), empty, { trials: 82, value });
    const request = requestOf(view);
    expect(await tpeSampler().suggest({ ...request, prior: misleading }))
      .toEqual(await tpeSampler().suggest(requestOf(view)));
  });

  it("goes on the same where a sampler that has seen nothing takes over", async () => {
    const options = { prior: good, trials: 14, value };
    const whole = await growWith(tpeSampler(), empty, options);
    const half = viewOf(plane, whole.trials.slice(0, 6));
    const resumed = await growWith(tpeSampler(), half, options);
    expect(resumed.trials).toEqual(whole.trials);
  });

  it("models parameters of all kinds, together or each for itself", async () => {
    const mixed = space({
      rate: float(0, 1),
      kind: choice(["a", "b", "c"]),
      momentum: float(0, 1).when({ kind: "b" }),
    }) as unknown as Space;
    const prior = bowlPrior(mixed, 0.4);
    for (const multivariate of [true, false]) {
      const view = await growWith(
        tpeSampler({ multivariate }),
        viewOf(mixed),
        {
          prior,
          trials: 12,
          value: ({ rate }) => ((rate as number) - 0.4) ** 2,
        },
      );
      expect(view.trials).toHaveLength(12);
    }
  });
});

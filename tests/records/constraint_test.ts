import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import fc from "fast-check";
import {
  bestTrial,
  constraintsKey,
  constraintsOf,
  constraintValues,
  frontOf,
  isFeasible,
  leastViolating,
  measureOf,
  minimize,
  outcomeConstraints,
  violationOf,
  violationScales,
  violationText,
} from "../../lib/records/mod.ts";
import { trialOf, viewOf } from "../support/views.ts";
import { floats } from "../support/spaces.ts";

const two = outcomeConstraints({
  memory: { max: 8, min: 2 },
  score: { min: 1 },
});
const known = (constraints: readonly (number | null)[]) => ({ constraints });

describe("outcomeConstraints()", () => {
  it("of nothing is nothing", () => {
    expect(outcomeConstraints({})).toEqual([]);
  });

  it("makes a constraint of each bound, the upper before the lower", () => {
    expect(two.map(({ name }) => name)).toEqual([
      "memory ≤ 8",
      "memory ≥ 2",
      "score ≥ 1",
    ]);
  });

  it("is read back from the attribute that keeps it; what is of another form is left out", () => {
    const kept = JSON.parse(JSON.stringify(two));
    expect(constraintsOf({ [constraintsKey]: [...kept, { side: "max" }, 3] }))
      .toEqual(two);
    expect(constraintsOf({ [constraintsKey]: "odd" })).toEqual([]);
  });
});

describe("constraintValues()", () => {
  it("is how far the measure is beyond the bound, null where it is not known", () => {
    const trial = trialOf(0, {}, { attributes: { memory: 9 } });
    expect(constraintValues(two, [minimize("loss")], trial)).toEqual([
      1,
      -7,
      null,
    ]);
  });

  it("takes what was measured before the objective's value, and that before a curve", () => {
    const trial = trialOf(0, {}, {
      value: 3,
      curves: { loss: [5, 4], b: [1] },
    });
    const objectives = [minimize("loss")];
    expect(measureOf(trial, "loss", objectives)).toBe(3);
    expect(measureOf(trial, "b", objectives)).toBe(1);
    const measured = { ...trial, attributes: { loss: 7 } };
    expect(measureOf(measured, "loss", objectives)).toBe(7);
    const failed = trialOf(1, {}, { state: "failed", curves: { b: [1, NaN] } });
    expect(measureOf(failed, "b", objectives)).toBeNull();
  });
});

describe("violations", () => {
  it("are 0 without constraints, infinite where one is not known", () => {
    expect(violationOf({}, [])).toBe(0);
    expect(violationOf(known([-1, null]), [1, 1])).toBe(Infinity);
  });

  it("are measured by the median violation of each constraint", () => {
    const trials = [
      known([2, -1]),
      known([4, 100]),
      known([6, 300]),
      known([-9, 900]),
    ];
    expect(violationScales(trials)).toEqual([4, 300]);
    expect(violationOf(trials[1]!, violationScales(trials))).toBeCloseTo(
      1 + 1 / 3,
      12,
    );
  });

  it("are 0 exactly where a trial is feasible", () => {
    const value = fc.oneof(
      fc.constant(null),
      fc.constantFrom(0, -0, Infinity, -Infinity, 5e-300),
      fc.double({ noNaN: true, min: -1e6, max: 1e6 }),
    );
    fc.assert(
      fc.property(
        fc.array(fc.tuple(value, value), { minLength: 1, maxLength: 8 }),
        (rows) => {
          const trials = rows.map((row) => known(row));
          const scales = violationScales(trials);
          for (const trial of trials) {
            expect(violationOf(trial, scales) === 0).toBe(isFeasible(trial));
          }
        },
      ),
    );
  });

  it("are told in words", () => {
    expect(
      violationText({ constraints: two }, known([0.12345, -3, null])),
    ).toBe("memory ≤ 8 by 0.123, score ≥ 1 not known");
  });
});

describe("the best of a study with constraints", () => {
  const space = floats(1);
  const [a, b, c] = [[1, 2], [0.5, -1], [-2, -1]].map((constraints, n) =>
    trialOf(n, { x0: 0.5 }, { value: n - 5, values: [n - 5], constraints })
  );

  it("is of feasible trials only, as is the front", () => {
    const view = viewOf(space, [
      a!,
      b!,
      c!,
      trialOf(3, { x0: 0.5 }, {
        value: -9,
        constraints: [null, -1],
      }),
    ]);
    expect(bestTrial(view)!.number).toBe(2);
    expect(frontOf(view).map(({ number }) => number)).toEqual([2]);
  });

  it("is none where none is feasible: then one violates least", () => {
    const view = viewOf(space, [a!, b!]);
    expect(bestTrial(view)).toBeNull();
    expect(leastViolating(view)!.number).toBe(1);
  });
});

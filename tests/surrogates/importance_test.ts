import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import fc from "fast-check";
import { randomStream } from "../../lib/math/mod.ts";
import {
  maximize,
  minimize,
  type StudyView,
  type TrialRecord,
} from "../../lib/records/mod.ts";
import {
  choice,
  type Configuration,
  float,
  int,
  type Space,
  space,
} from "../../lib/space/mod.ts";
import {
  fanova,
  parameterImportance,
  pedAnova,
  type PedAnovaAxis,
} from "../../lib/surrogates/mod.ts";
import { makeView, studyOver } from "../support/chart_views.ts";
import { trialOf, viewOf } from "../support/views.ts";
import golden from "./golden/optuna_importance.json" with { type: "json" };

type Row = readonly [value: number, params: Configuration];
type Definition = readonly unknown[];
type Shares = Readonly<Record<string, number>>;

interface Case {
  readonly name: string;
  readonly direction: string;
  readonly space: Readonly<Record<string, Definition>>;
  readonly trials: readonly Row[];
  readonly pedAnova: Shares;
  readonly pedAnovaShares: Shares;
  readonly fanova: Shares;
}
const cases = golden.cases as unknown as readonly Case[];

/** Conditions are not written down: an inactive parameter is one that is missing. */
function viewOfCase({ space: definition, direction, trials }: Case): StudyView {
  const parameters = Object.entries(definition).map(([name, given]) => {
    const [kind, first, second, options] = given;
    const made = kind === "choice"
      ? choice(first as string[])
      : (kind === "int" ? int : float)(
        first as number,
        second as number,
        options as object,
      );
    return [name, made];
  });
  return viewOf(
    space(Object.fromEntries(parameters)) as unknown as Space,
    trials.map(([value, params], number) =>
      trialOf(number, params, { value }) as TrialRecord
    ),
    [direction === "minimize" ? minimize() : maximize()],
  );
}

describe("parameterImportance()", () => {
  it("says nothing of no trial and of one", () => {
    for (const trials of [0, 1]) {
      const { shares, trials: used } = parameterImportance(
        makeView({ trials }),
      );
      expect(used).toBe(trials);
      expect(Object.values(shares)).toEqual(Array(6).fill(0));
    }
  });

  it("says nothing where all values are equal", () => {
    const view = studyOver(makeView({ trials: 0 }).space, 20, () => ({}));
    for (const evaluator of ["ped-anova", "fanova"] as const) {
      const { shares } = parameterImportance(view, { evaluator });
      const sum = Object.values(shares).reduce((a, b) => a + b);
      expect(sum).toBeCloseTo(0, 12);
    }
  });

  it("refuses another evaluator", () => {
    expect(() =>
      parameterImportance(makeView({ trials: 3 }), {
        evaluator: "shap" as "fanova",
      })
    ).toThrow(/expected "ped-anova" or "fanova"/);
  });

  for (const each of cases) {
    it(`agrees with Optuna 5's PED-ANOVA to 1e-6: ${each.name}`, () => {
      const { shares } = parameterImportance(viewOfCase(each));
      const sum = Object.values(each.pedAnova).reduce((a, b) => a + b);
      for (const [name, share] of Object.entries(each.pedAnovaShares)) {
        expect(Math.abs(shares[name]! - (sum === 0 ? 0 : share)))
          .toBeLessThan(1e-6);
      }
    });
  }

  for (const each of cases.slice(0, 4)) {
    it(`ranks as Optuna 5's fANOVA what has a tenth or more: ${each.name}`, () => {
      const { shares } = parameterImportance(viewOfCase(each), {
        evaluator: "fanova",
        linear: true,
      });
      const names = Object.keys(each.fanova);
      for (const [a, b] of names.flatMap((x) => names.map((y) => [x, y]))) {
        const [first, second] = [each.fanova[a!]!, each.fanova[b!]!];
        // Smaller ones hang on how categories are split: Optuna's has a column for each.
        if (first < 0.1 || first <= second) continue;
        expect(shares[a!]!).toBeGreaterThan(shares[b!]!);
      }
    });
  }

  it("ranks as Optuna 5's fANOVA all that matters in studies drawn at random", () => {
    for (const each of cases.slice(0, 3)) {
      const { shares } = parameterImportance(viewOfCase(each), {
        evaluator: "fanova",
        linear: true,
      });
      const order = (of: Shares) =>
        Object.keys(each.fanova).filter((name) => each.fanova[name]! > 0.01)
          .sort((a, b) => of[b]! - of[a]!);
      expect(order(shares)).toEqual(order(each.fanova));
    }
  });

  it("does not hang on units: any scale of the objective gives the same", () => {
    const view = makeView({ trials: 60 });
    const scaled = {
      ...view,
      trials: view.trials.map((trial) => ({
        ...trial,
        value: trial.value === null ? null : trial.value * 1024 - 7,
      })),
    };
    expect(parameterImportance(scaled)).toEqual(parameterImportance(view));
  });

  it("is the same for the same study", () => {
    const view = makeView({ trials: 60 });
    for (const evaluator of ["ped-anova", "fanova"] as const) {
      expect(parameterImportance(view, { evaluator }))
        .toEqual(parameterImportance(view, { evaluator }));
    }
  });
});

describe("pedAnova()", () => {
  it("gives the evaluator's own values, before they are normalized", () => {
    const { trials, pedAnova: expected } = cases[0]!;
    const axis = (name: string, low: number, high: number, size: number) => ({
      isCategory: false,
      low,
      high,
      size,
      values: trials.map(([, params]) => params[name] as number),
    });
    const axes: readonly PedAnovaAxis[] = [
      axis("x", -10, 10, 50),
      axis("y", 0, 1, 50),
      axis("n", 1, 9, 9),
      axis("z", 0, 3, 13),
    ];
    const values = pedAnova(axes, trials.map(([value]) => value));
    ["x", "y", "n", "z"].forEach((name, d) =>
      expect(Math.abs(values[d]! - expected[name]!)).toBeLessThan(1e-6)
    );
  });

  it("refuses a quantile out of (0, 1)", () => {
    for (const targetQuantile of [0, 1, NaN]) {
      expect(() => pedAnova([], [1, 2], { targetQuantile })).toThrow(
        RangeError,
      );
    }
  });
});

describe("fanova()", () => {
  const random = () => randomStream("fanova");
  const grid = Array.from({ length: 900 }, (_, i) => [i % 30, (i / 30) | 0]);
  const column = (d: number) =>
    Float64Array.from(grid, (point) => (point[d]! + 0.5) / 30);

  it("of a sum is each one's share of the variance: 4 to 1 for 2x + y", () => {
    const [x, y] = [column(0), column(1)];
    const values = x.map((value, i) => 2 * value + y[i]!);
    const [a, b] = fanova({ columns: [x, y], categories: [0, 0], values }, {
      random: random(),
    });
    expect(a).toBeGreaterThan(0.77);
    expect(a).toBeLessThan(0.83);
    expect(b).toBeGreaterThan(0.17);
    expect(b).toBeLessThan(0.22);
  });

  it("of what only both together decide is next to nothing", () => {
    const [x, y] = [column(0), column(1)];
    const values = x.map((value, i) => (value < 0.5) === (y[i]! < 0.5) ? 1 : 0);
    const [a, b] = fanova({ columns: [x, y], categories: [0, 0], values }, {
      random: random(),
    });
    expect(a! + b!).toBeLessThan(0.05);
  });

  it("gives categories their share", () => {
    const kinds = Float64Array.from(grid, (_, i) => i % 3);
    const x = column(1);
    const values = kinds.map((kind) => kind === 1 ? 5 : 0);
    const [a, b] = fanova(
      { columns: [kinds, x], categories: [3, 0], values },
      { random: random() },
    );
    expect(a).toBeGreaterThan(0.999);
    expect(b).toBeLessThan(0.001);
  });

  it("shares lie in [0, 1], whatever the values", () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.tuple(
            fc.double({ min: 0, max: 1, noNaN: true }),
            fc.nat(2),
            fc.double({ noNaN: true, noDefaultInfinity: true }),
          ),
          { minLength: 2, maxLength: 30 },
        ),
        (rows) => {
          const shares = fanova({
            columns: [
              Float64Array.from(rows, ([x]) => x),
              Float64Array.from(rows, ([, kind]) => kind),
            ],
            categories: [0, 3],
            values: Float64Array.from(rows, ([, , value]) => value),
          }, { random: random(), trees: 8 });
          for (const share of shares) {
            expect(share).toBeGreaterThanOrEqual(0);
            expect(share).toBeLessThanOrEqual(1);
          }
        },
      ),
      { numRuns: 40 },
    );
  });
});

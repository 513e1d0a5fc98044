import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import { outcomeConstraints, warmStartOf } from "../../lib/records/mod.ts";
import { measureOf, minimize, warmStartKey } from "../../lib/records/mod.ts";
import {
  cmaEsSampler,
  freezeThawSampler,
  gpSampler,
  gradientSampler,
} from "../../lib/samplers/mod.ts";
import { choice, float, type Space, space } from "../../lib/space/mod.ts";
import { randomStream } from "../../lib/math/mod.ts";
import { parallelCoordinatesChart } from "../../lib/charts/mod.ts";
import { importStudies } from "../../lib/interop/mod.ts";
import { tableOf } from "../../lib/interop/_table.ts";
import { withTemporaryFolder } from "../support/temporary.ts";
import { requestOf, trialOf, viewOf } from "../support/views.ts";

const line = space({ x: float(0, 1) }) as unknown as Space;

describe("what fuzzing found once", () => {
  it("a parameter called constructor has no value where it has none, under rules too", () => {
    const named = space({
      constructor: choice(["a", "b"]),
      toString: float(0, 1),
    }) as unknown as Space;
    const ruled = named.forbid({ constructor: "a" } as never) as Space;
    const { uniform } = randomStream("named");
    for (let i = 0; i < 20; i++) {
      const params = ruled.allowed().nearest([uniform(), uniform()]);
      expect(params.constructor).toBe("b");
    }
    expect(ruled.locate({})).toEqual(Float64Array.of(NaN, NaN));
    const chart = parallelCoordinatesChart(
      viewOf(named, [trialOf(0, { toString: 0.5 } as never)]),
    );
    expect(JSON.stringify(chart.spec)).not.toContain("native code");
  });

  it("the nearest configuration that a predicate allows hangs on the question alone", () => {
    const make = () =>
      (space({ x: float(0, 1), y: float(0, 1) }) as unknown as Space).require(
        "x is y",
        (({ x, y }: { x: number; y: number }) =>
          Math.abs(x - y) < 5e-5) as never,
      ) as Space;
    const fresh = make();
    const used = make();
    const { uniform } = randomStream("used");
    for (let i = 0; i < 3; i++) used.sample(uniform);
    for (const unit of [[0.2, 0.7], [0.9, 0.1]]) {
      const first = fresh.allowed().nearest(unit);
      expect(used.allowed().nearest(unit)).toEqual(first);
      expect(fresh.allowed().nearest(unit)).toEqual(first);
    }
    const ask = (of: Space) =>
      cmaEsSampler().suggest(requestOf(viewOf(of), { seed: "s" }));
    expect(ask(used)).toEqual(ask(make()));
  });

  it("a trial far outside of a range that was narrowed since does not hinder the Gaussian process", async () => {
    const trials = [1e300, 0.2, 0.8].map((x, n) =>
      trialOf(n, { x }, { value: n })
    );
    const found = await gpSampler({ initialTrials: 2 }).suggest(
      requestOf(viewOf(line, trials)),
    );
    expect(line.validate(found!.params)).toEqual(found!.params);
  });

  it("constraints of any size, and of NaN, are learnt or left out", async () => {
    const constraints = outcomeConstraints({ m: { max: 1 } });
    const values = [-5e-324, -1e308, 5e-324, NaN, 1e308];
    const trials = values.map((value, n) => ({
      ...trialOf(n, { x: n / 5 }, { value: n }),
      constraints: [value],
    }));
    const view = viewOf(line, trials, [minimize("loss")], constraints);
    const found = await gpSampler({ initialTrials: 2 }).suggest(
      requestOf(view),
    );
    expect(line.validate(found!.params)).toEqual(found!.params);
    expect(measureOf(trialOf(0, {}, { attributes: { m: NaN } }), "m", []))
      .toBe(null);
  });

  it("curves of huge values, and a space that is another, are no trouble to freeze-thaw", async () => {
    const sampler = freezeThawSampler({ maxSteps: 9, initialTrials: 2 });
    const params = { x: 0.5 };
    const trials = [0, 1, 2].map((n) =>
      trialOf(n, n === 0 ? params : { x: n / 4 }, {
        value: n,
        curves: { loss: [0, -1e308, 0, 1e308] },
      })
    );
    const wide = space({ x: float(0, 1), y: float(0, 1) }) as unknown as Space;
    for (const searched of [line, wide]) {
      const view = viewOf(searched, trials, [minimize("loss")]);
      const turn = await sampler.allocate!({
        ...requestOf(view),
        stepsLeft: 50,
        mustBegin: true,
      });
      expect(turn.kind).toBe("new");
    }
  });

  it("a descent begins at no trial that the space no longer allows", async () => {
    const trials = [5, 0.5].map((x, n) =>
      trialOf(n, { x }, {
        value: n,
        attributes: { "etude:gradient": { x: 1 } },
      })
    );
    const found = await gradientSampler().suggest(
      requestOf(viewOf(line, trials)),
    );
    expect(line.validate(found!.params)).toEqual(found!.params);
  });

  it("states and choices called constructor are what they say", async () => {
    await withTemporaryFolder(async (folder) => {
      const path = `${folder}/t.csv`;
      await Deno.writeTextFile(
        path,
        "params_x,value,state\n1,2,constructor\n3,4,complete\n",
      );
      const [study] = await importStudies(path);
      expect(study!.trials.map(({ state }) => state))
        .toEqual(["complete", "complete"]);
    });
  });

  it("a cell of several lines keeps its line ends, and is read once", async () => {
    const table = await tableOf("t", [
      { text: 'a,"b', end: "\r\n", number: 1, isEnded: true },
      { text: 'c"', end: "\r\n", number: 2, isEnded: true },
      { text: '1,"x', end: "\n", number: 3, isEnded: true },
      { text: '""y"', number: 4, isEnded: true },
    ]);
    expect([...table.columns]).toEqual([["a", ["1"]], ["b\r\nc", ['x\n"y']]]);
  });

  it("what others left in a study's record of its warm start is passed over", () => {
    const record = warmStartOf({
      attributes: {
        [warmStartKey]: {
          sources: [null, { name: 1 }, { name: "a", source: "b" }],
          skipped: [{}],
          remarks: [1, "x"],
          starts: [null, 3],
        },
      },
      trials: [],
    });
    expect([record!.sources.length, record!.skipped.length]).toEqual([1, 0]);
    expect(record!.remarks).toEqual(["x"]);
  });
});

import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import { float, space } from "../../lib/space/mod.ts";
import { createStudy } from "../../lib/study/mod.ts";

const display = Symbol.for("Jupyter.display");
const shown = (value: unknown) =>
  (value as Record<symbol, () => Record<string, string>>)[display]!();

async function studyOf(objective: (x: number) => number) {
  const study = await createStudy({
    name: "records",
    space: space({ "<b>x</b>": float(0, 1) }),
    storage: "memory",
  });
  await study.optimize(async (trial) => {
    await trial.report(1, { "<i>": 2 });
    return objective(trial.params["<b>x</b>"]);
  }, { trials: 3, progress: false });
  return study;
}

describe("a trial's record", () => {
  it("is plain, frozen data, the same object wherever the study gives it", async () => {
    const study = await studyOf((x) => x);
    const { best } = study;
    expect(best).toBe(study.trials[best!.number]);
    expect(best).toBe(study.trial(best!.number));
    expect(Object.isFrozen(best)).toBe(true);
    expect(Object.keys(best!)).toContain("params");
    expect(Object.getOwnPropertySymbols(best)).toEqual([]);
  });

  it("shows itself as a card, with no markup of a name let through", async () => {
    const study = await studyOf((x) => x);
    const bundle = shown(study.best);
    expect(Object.keys(bundle)).toEqual(["text/html", "text/plain"]);
    expect(bundle["text/html"]).not.toContain("<b>x</b>");
    expect(bundle["text/html"]).not.toContain("<i>");
    expect(bundle["text/plain"]).toMatch(/^Trial \d: complete, 0\.\d+\n/);
    expect(bundle["text/plain"]).toContain("in step 1");
  });

  it("says why a trial failed", async () => {
    const study = await studyOf(() => {
      throw new Error("out of memory");
    });
    expect(shown(study.trial(0))["text/plain"]).toContain("out of memory");
    expect(shown(study.trial(0))["text/plain"]).toMatch(/^Trial 0: failed\n/);
  });

  it("of a run with its result shows it too", async () => {
    const study = await studyOf((x) => x);
    const record = await study.try({ "<b>x</b>": 0.25 }, () => 7);
    expect(shown(record)["text/plain"]).toMatch(
      /^Trial 3: complete, 7\n {2}<b>x<\/b> 0\.25/,
    );
  });
});

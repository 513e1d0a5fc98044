import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import { pruningChart, pruningRows } from "../../lib/charts/mod.ts";
import { auditAttribute } from "../../lib/pruners/mod.ts";
import { minimize } from "../../lib/records/mod.ts";
import { float, type Space, space } from "../../lib/space/mod.ts";
import { drawCleanly } from "../support/chart_conformance.ts";
import { makeView, studyOver } from "../support/chart_views.ts";
import type { TrialDetails } from "../support/views.ts";

const line = space({ x: float(0, 1) }) as unknown as Space;
const loss = (length: number) => ({ loss: Array(length).fill(1) });
const audit = (step: number) => ({
  [auditAttribute]: {
    step,
    reason: "It was behind.",
    pruner: "median",
    oneIn: 10,
  },
});
const study = (trials: readonly TrialDetails[]) =>
  studyOver(line, trials.length, (i) => trials[i]!, minimize("loss"));

/** Two complete trials of 10 steps, two pruned at 2 and 4, and two audited ones. */
const audited = study([
  { value: 3, curves: loss(10) },
  { value: 2, curves: loss(10) },
  { state: "pruned", value: 5, curves: loss(2), durationMs: 4000 },
  { state: "pruned", value: 5, curves: loss(4), durationMs: 4000 },
  { value: 1, curves: loss(10), attributes: audit(3) },
  { value: 4, curves: loss(10), attributes: audit(6) },
]);

describe("pruningRows()", () => {
  it("of no trial has no rows, and saved nothing", () => {
    const rows = pruningRows(makeView({ trials: 0 }));
    expect(rows.run).toEqual([]);
    expect(rows.summary).toEqual({
      pruned: 0,
      stepsRun: 0,
      stepsSaved: 0,
      savedMs: 0,
      audited: 0,
      auditsComplete: 0,
      wouldHaveWon: 0,
      auditSteps: 0,
      mostLost: null,
    });
  });

  it("counts the steps that pruned trials did not run, and their time by each trial's pace", () => {
    const { stepsRun, stepsSaved, savedMs } = pruningRows(audited).summary;
    expect(stepsRun).toBe(46);
    expect(stepsSaved).toBe(8 + 6);
    expect(savedMs).toBe(8 * 2000 + 6 * 1000);
  });

  it("counts audited trials, and those that beat all that the rule would have kept", () => {
    const { summary, audits, run } = pruningRows(audited);
    expect(summary).toMatchObject({
      audited: 2,
      auditsComplete: 2,
      wouldHaveWon: 1,
      auditSteps: 7 + 4,
    });
    expect(audits.map(({ n, b, k }) => [n, b, k])).toEqual([
      [4, 3, "would have won"],
      [5, 6, "audited"],
    ]);
    expect(run.map(({ k }) => k)).toEqual([
      "complete",
      "complete",
      "pruned",
      "pruned",
      "would have won",
      "audited",
    ]);
  });

  it("says what share of winners an audit leaves possible: 0 of 10 leaves 26 %", () => {
    // Clopper and Pearson: 1 - 0.05^(1/10).
    const trials = Array.from({ length: 11 }, (_, i): TrialDetails => ({
      value: i,
      curves: loss(5),
      ...(i === 0 ? {} : { attributes: audit(2) }),
    }));
    const { mostLost } = pruningRows(study(trials)).summary;
    expect(mostLost).toBeCloseTo(1 - 0.05 ** (1 / 10), 10);
  });

  it("saves nothing where no trial is complete", () => {
    const { summary, saved } = pruningRows(
      study([{ state: "pruned", curves: loss(3) }]),
    );
    expect(summary.stepsSaved).toBe(0);
    expect(saved).toEqual([]);
  });
});

describe("pruningChart()", () => {
  it("says in two sentences what was saved and what it cost", () => {
    const lines = pruningChart(audited).text.split("\n");
    expect(lines.slice(2)).toEqual([
      "2 trials pruned: 14 of 60 steps not run (23 %), about 22 s",
      "2 audited trials (11 steps): 1 would have won, so at most 97 % of those stopped (95 % sure)",
    ]);
  });

  it("says how to learn what it costs", () => {
    const { text } = pruningChart(makeView({ trials: 40 }));
    expect(text).toContain("audited(pruner) lets one in ten run on");
  });

  it("draws the bars and the marks", async () => {
    const svg = await drawCleanly(pruningChart(audited));
    expect(svg).toContain("not run");
    expect(svg).toContain("would have won");
  });
});

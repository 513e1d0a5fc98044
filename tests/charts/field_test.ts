import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import {
  cellsOf,
  columnsOf,
  rowBudget,
  tooltipOf,
  tooltipTransform,
} from "../../lib/charts/_field.ts";
import { choice, float, type Space, space } from "../../lib/space/mod.ts";
import { awkwardStudy } from "../support/chart_views.ts";
import { trialOf, viewOf } from "../support/views.ts";

const mixed = space({
  "a.b": choice(["x", "y"]),
  rate: float(0.01, 1, { log: true }).when({ "a.b": "y" }),
}) as unknown as Space;

describe("columnsOf()", () => {
  it("names fields by number, and keeps a user's names for titles", () => {
    const columns = columnsOf(awkwardStudy());
    expect(columns.map(({ field }) => field)).toEqual(
      columns.map((_, i) => `f${i}`),
    );
    expect(columns[0]!.title).toBe("a.b[0]");
    expect(new Set(columns.map(({ title }) => title)).size).toBe(
      columns.length,
    );
  });

  it("takes the names that are asked for, in their order", () => {
    const columns = columnsOf(viewOf(mixed), ["rate"]);
    expect(columns.map(({ field, title }) => [field, title])).toEqual([
      ["f0", "rate"],
    ]);
  });

  it("widens for values that the space does not have", () => {
    const view = viewOf(mixed, [
      trialOf(0, { "a.b": "z", rate: 5 }),
      trialOf(1, { "a.b": 7, rate: -1 }),
    ]);
    const [labels, numbers] = columnsOf(view);
    expect(labels!.labels).toEqual(["x", "y", "z", "7"]);
    expect([numbers!.low, numbers!.high]).toEqual([0.01, 5]);
  });
});

describe("cellsOf()", () => {
  it("holds numbers, labels, and null for what is not used or has no place", () => {
    const view = viewOf(mixed, [
      trialOf(0, { "a.b": "y", rate: 0.123456789 }),
      trialOf(1, { "a.b": "x" }),
      trialOf(2, { "a.b": "y", rate: -1 }),
      trialOf(3, { "a.b": "y", rate: "0.1" }),
    ]);
    const columns = columnsOf(view);
    expect(view.trials.map((trial) => cellsOf(columns, trial))).toEqual([
      { f0: "y", f1: 0.123457 },
      { f0: "x", f1: null },
      { f0: "y", f1: null },
      { f0: "y", f1: null },
    ]);
  });
});

describe("tooltipOf()", () => {
  it("says that a parameter is not used, by a transform", () => {
    const columns = columnsOf(viewOf(mixed));
    expect(tooltipOf([{ field: "n", title: "trial" }], columns)).toEqual([
      { field: "n", title: "trial", type: "nominal" },
      { field: "f0", title: "a.b", type: "nominal" },
      { field: "f1_text", title: "rate", type: "nominal" },
    ]);
    expect(tooltipTransform(columns)).toEqual([{
      calculate: "isValid(datum.f1) ? datum.f1 : 'not used'",
      as: "f1_text",
    }]);
  });

  it("keeps titles apart, and quotes and backslashes out of the text of an expression", () => {
    const first = [
      { field: "n", title: "trial" },
      { field: "v", title: "trial" },
      { field: "w", title: '\\": datum.n' },
      { field: "x", title: "constructor" },
    ];
    expect(tooltipOf(first, []).map(({ title }) => title)).toEqual([
      "trial",
      "trial ",
      "\u2216\u201d: datum.n",
      "constructor ",
    ]);
  });
});

describe("rowBudget()", () => {
  it("falls with the columns, and is never below 100", () => {
    expect(rowBudget(1, 1e6, 2000)).toBe(2000);
    expect(rowBudget(50, 1e5, 2000)).toBe(104);
    expect(rowBudget(500, 1e5, 2000)).toBe(100);
  });
});

import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { checkImportDirections } from "../../tools/import_directions.ts";
import type { ImportEdge } from "../../tools/module_graph.ts";

const edge = (from: string, to: string, isStatic = true): ImportEdge => ({
  from,
  to,
  isStatic,
});

describe("checkImportDirections()", () => {
  it("finds nothing in an empty graph", () => {
    expect(checkImportDirections([])).toEqual([]);
  });

  it("finds nothing in a house that keeps its rules", () => {
    expect(checkImportDirections([
      edge("mod.ts", "lib/study/mod.ts"),
      edge("lib/study/mod.ts", "lib/study/study.ts"),
      edge("lib/study/study.ts", "lib/study/_turn.ts"),
      edge("lib/study/_turn.ts", "lib/records/mod.ts"),
      edge("lib/study/parts/part.ts", "lib/study/_turn.ts"),
      edge("lib/charts/_draw.ts", "npm:vega", false),
      edge("lib/study/study.ts", "lib/charts/mod.ts"),
      edge("lib/charts/mod.ts", "lib/charts/_draw.ts"),
      edge("lib/storage/sqlite.ts", "node:sqlite"),
      edge("lib/study/clock.ts", "node:sqlite"),
    ])).toEqual([]);
  });

  it("reports an import that points up", () => {
    expect(
      checkImportDirections([edge("lib/samplers/tpe.ts", "lib/study/mod.ts")]),
    ).toEqual([
      "lib/samplers/tpe.ts imports lib/study/mod.ts: up from samplers to study",
    ]);
  });

  it("reports an import of types that points up", () => {
    expect(
      checkImportDirections([edge("lib/math/a.ts", "lib/space/mod.ts", false)]),
    ).toEqual([
      "lib/math/a.ts imports lib/space/mod.ts: up from math to space",
    ]);
  });

  it("reports a file of lib/ that imports mod.ts", () => {
    expect(checkImportDirections([edge("lib/notebook/a.ts", "mod.ts")])[0])
      .toContain("front door");
  });

  it("reports a room that is entered past its mod.ts", () => {
    expect(
      checkImportDirections([edge("lib/study/a.ts", "lib/space/space.ts")]),
    ).toEqual([
      "lib/study/a.ts imports lib/space/space.ts: enter space by lib/space/mod.ts",
    ]);
  });

  it("reports a private file that is imported from outside its folder", () => {
    expect(
      checkImportDirections([
        edge("lib/charts/a.ts", "lib/charts/parts/_b.ts"),
      ]),
    ).toEqual([
      "lib/charts/a.ts imports lib/charts/parts/_b.ts: private to lib/charts/parts/",
    ]);
  });

  it("reports a room without a floor", () => {
    expect(
      checkImportDirections([edge("lib/study/a.ts", "lib/cellar/mod.ts")])[0],
    )
      .toContain("cellar has no floor");
  });

  it("reports files that import each other, with the way round", () => {
    expect(checkImportDirections([
      edge("lib/math/mod.ts", "lib/math/a.ts"),
      edge("lib/math/a.ts", "lib/math/b.ts"),
      edge("lib/math/b.ts", "lib/math/a.ts", false),
    ])).toEqual([
      "Files import each other: lib/math/a.ts -> lib/math/b.ts -> lib/math/a.ts",
    ]);
  });

  it("reports a package that two rooms import, were it only for its types", () => {
    expect(checkImportDirections([
      edge("lib/math/a.ts", "npm:ml-matrix"),
      edge("lib/math/b.ts", "npm:ml-matrix"),
      edge("lib/curves/a.ts", "npm:ml-matrix", false),
    ])).toEqual([
      "npm:ml-matrix is imported by curves and math: one room owns a package",
    ]);
  });

  it("reports a heavy package that mod.ts loads at once, with the way to it", () => {
    expect(checkImportDirections([
      edge("mod.ts", "lib/charts/mod.ts"),
      edge("lib/charts/mod.ts", "lib/charts/draw.ts"),
      edge("lib/charts/draw.ts", "npm:vega-lite"),
    ])).toEqual([
      "mod.ts loads npm:vega-lite at once: mod.ts -> lib/charts/mod.ts -> lib/charts/draw.ts " +
      "-> npm:vega-lite",
    ]);
  });

  it("lets another entry point load a heavy package", () => {
    expect(checkImportDirections([
      edge("mod.ts", "lib/charts/mod.ts"),
      edge("lib/tensorflow/mod.ts", "npm:@tensorflow/tfjs"),
    ])).toEqual([]);
  });
});

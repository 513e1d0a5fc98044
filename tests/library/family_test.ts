import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import { familyLikeness, familyOf } from "../../lib/library/_family.ts";
import { float, type Space, space } from "../../lib/space/mod.ts";

const of = (...names: string[]) =>
  familyOf(
    space(
      Object.fromEntries(names.map((name) => [name, float(0, 1)])),
    ) as unknown as Space,
  );

describe("familyOf()", () => {
  it("is told by the knobs that only one family has", () => {
    expect(of("learning_rate", "hidden_units", "batch_size")).toBe("network");
    expect(of("learning_rate", "max_depth", "n_estimators")).toBe("trees");
    expect(of("C", "gamma")).toBe("support vectors");
    expect(of("n_neighbors")).toBe("neighbors");
  });

  it("is not known where none tells, or two as much", () => {
    expect(of("learning_rate", "flour")).toBeNull();
    expect(of("units", "max_depth")).toBeNull();
  });

  it("decides how much one says of another", () => {
    expect(familyLikeness("trees", "trees")).toBe(1);
    expect(familyLikeness("trees", null)).toBe(0.7);
    expect(familyLikeness("trees", "network")).toBe(0.1);
  });
});

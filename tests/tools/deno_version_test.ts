import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { requireRecentDeno } from "../../tools/deno_version.ts";

describe("requireRecentDeno()", () => {
  it("takes the oldest version that will do, and later ones", () => {
    for (
      const version of [
        "2.9.4",
        "2.9.10",
        "2.10.0",
        "3.0.0",
        "2.9.5+abc",
        "2.10.0-rc.1",
      ]
    ) {
      expect(() => requireRecentDeno(version)).not.toThrow();
    }
  });

  it("refuses older ones and says what to do", () => {
    for (const version of ["2.9.3", "2.8.9", "1.46.3"]) {
      expect(() => requireRecentDeno(version)).toThrow(
        `Cannot use Deno ${version}`,
      );
    }
  });
});

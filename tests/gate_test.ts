import { describe, it } from "@std/testing/bdd";
import { staticChecks } from "../tools/static_checks.ts";

describe("the gate", () => {
  for (const { name, run } of staticChecks) {
    it(name, async () => {
      const problem = await run();
      if (problem !== null) throw new Error(problem);
    });
  }
});

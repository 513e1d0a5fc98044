import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import { branchesSuite } from "../../bench/quality/suites/branches.ts";
import { randomStream } from "../../lib/math/mod.ts";

describe("branchesSuite()", () => {
  const suite = branchesSuite();
  const tasks = suite.tasks();

  it("has conditional spaces, but for one", () => {
    const plain = tasks.filter((task) => !suite.space(task).isConditional);
    expect(plain).toEqual(["b12"]);
  });

  it("gives finite losses, the same each time", async () => {
    for (const task of tasks) {
      const random = randomStream("branches test", task);
      const space = suite.space(task);
      const some = Array.from(
        { length: 20 },
        () => space.sample(random.uniform),
      );
      const losses = await suite.evaluate(task, some);
      expect(losses.every(({ loss }) => Number.isFinite(loss))).toBe(true);
      expect(await branchesSuite().evaluate(task, some)).toEqual(losses);
    }
  });
});

import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import { failedCases } from "./_failed_cases.ts";
import { parserTargets } from "./_fuzz_parsers.ts";
import { missingSamplers, samplerTargets } from "./_fuzz_samplers.ts";

const targets = [...parserTargets, ...samplerTargets];

describe("made-up input", () => {
  it("is given to every exported sampler", () => {
    expect(missingSamplers).toEqual([]);
  });

  it("that failed once is known by a target that there is", () => {
    const names = targets.map(({ name }) => name);
    expect(failedCases.filter(({ target }) => !names.includes(target)))
      .toEqual([]);
  });

  // `deno task fuzz` gives them 10,000 each.
  for (const target of targets) {
    const { name, casesInTests } = target;
    it(`does no harm to ${name}: ${casesInTests} cases, and those that failed once`, async () => {
      for (const failed of failedCases.filter((one) => one.target === name)) {
        await target.run({ cases: 1, seed: failed.seed, path: failed.path });
      }
      // Where machines are slow, fewer.
      const tried = await target.run({ cases: casesInTests, limitMs: 20_000 });
      expect(tried).toBeGreaterThan(0);
    });
  }
});

import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import { studyCode } from "../../lib/report/_code.ts";
import {
  freezeThawSampler,
  type Sampler,
  tpeSampler,
} from "../../lib/samplers/mod.ts";
import { choice, float, int, space } from "../../lib/space/mod.ts";
import { MemoryStorage, SQLiteStorage } from "../../lib/storage/mod.ts";
import { createStudy } from "../../lib/study/mod.ts";
import { withTemporaryFolder } from "../support/temporary.ts";

const plain = space({
  units1: int(1, 512),
  units2: int(1, 512),
  optimizer: choice(["adam", "sgd"]),
  warmup: int(0, 20),
  epochs: int(1, 40),
});
const linear = plain.atMost({ units1: 1, units2: 1 }, 512)
  .forbid({ optimizer: "sgd", units1: { min: 300 } });
const coded = linear.require(
  "warmup shorter than training",
  ({ warmup, epochs }) => warmup < epochs,
);
const good = {
  units1: 100,
  units2: 100,
  optimizer: "adam",
  warmup: 1,
  epochs: 10,
} as const;
const loss = ({ params }: { params: { units1: number; units2: number } }) =>
  -params.units1 - params.units2;

describe("a study of a space with rules", () => {
  it("has allowed trials only, and finds the edge where the best is", async () => {
    const study = await createStudy({
      name: "s",
      space: coded,
      storage: "memory",
      sampler: tpeSampler(),
    });
    await study.optimize(loss, { trials: 60, progress: false });
    for (const { params } of study.trials) {
      expect(coded.allows(params)).toBe(true);
    }
    expect(study.best!.value!).toBeLessThan(-480);
  });

  it("refuses a configuration by hand, with the rule and a way to mend it", async () => {
    const study = await createStudy({
      name: "s",
      space: coded,
      storage: "memory",
    });
    const bad = { ...good, units1: 400, units2: 200 };
    const words =
      'it breaks the rule "units1 + units2 ≤ 512" (it is 600); the nearest that is allowed has { units1: 356, units2: 156 }';
    await expect(study.try(bad, () => 1)).rejects.toThrow(words);
    await expect(study.enqueue(bad)).rejects.toThrow(words);
    await expect(study.enqueue({ ...good, warmup: 10, epochs: 5 })).rejects
      .toThrow('"warmup shorter than training"');
    await expect(study.ask({ fixed: { optimizer: "sgd", units1: 300 } }))
      .rejects.toThrow('breaks the rule "no optimizer \\"sgd\\"');
    const { params } = await study.ask({
      fixed: { units1: 510, optimizer: "adam" },
    });
    expect(params.units2).toBeLessThanOrEqual(2);
  });

  it("predicts what is not allowed all the same, and says how it is", async () => {
    const study = await createStudy({
      name: "s",
      space: linear,
      storage: "memory",
    });
    await study.optimize(loss, { trials: 5, progress: false });
    const far = { ...good, units1: 500, units2: 500 };
    expect(Number.isFinite(study.predict(far).mean)).toBe(true);
    expect(String(study)).toContain(
      'rules: units1 + units2 ≤ 512; no optimizer "sgd" with units1 of 300 or more',
    );
  });

  it("goes on with linear rules and forbidden combinations from the file", () =>
    withTemporaryFolder(async (folder) => {
      const open = () => new SQLiteStorage(`${folder}/s.db`);
      const first = await createStudy({
        name: "s",
        space: linear,
        storage: open(),
      });
      await first.close();
      const again = await createStudy({ name: "s", storage: open() });
      expect(again.space.rules.map(({ name }) => name))
        .toEqual(linear.rules.map(({ name }) => name));
      await again.optimize((trial) => loss(trial as never), {
        trials: 6,
        progress: false,
      });
      for (const { params } of again.trials) {
        expect(linear.allows(params as never)).toBe(true);
      }
      await again.close();
    }));

  it("says which rule in code is missing: it cannot be stored", async () => {
    const storage = new MemoryStorage();
    const name = "s";
    const study = await createStudy({ name, space: coded, storage });
    await study.optimize(loss, { trials: 3, progress: false });
    // A memory storage keeps the space itself; a file keeps its text.
    const { id } = (await storage.findStudy(name))!;
    const { Space } = await import("../../lib/space/mod.ts");
    await storage.updateStudy(id, {
      space: Space.fromJSON(JSON.parse(JSON.stringify(coded))),
    });
    const without = await createStudy({ name, storage });
    expect(without.trials).toHaveLength(3);
    await expect(without.ask()).rejects.toThrow(
      'Cannot ask the rule "warmup shorter than training": it is a function, and those are not stored; give createStudy the space with .require("warmup shorter than training", …)',
    );
    await expect(createStudy({ name, space: linear, storage })).rejects.toThrow(
      'the rule "warmup shorter than training" is gone: it is a function, which is not stored',
    );
    const brought = await createStudy({ name, space: coded, storage });
    expect(coded.allows((await brought.ask()).params)).toBe(true);
    const dropped = await createStudy({
      name,
      space: linear,
      storage,
      changes: { droppedRules: ["warmup shorter than training"] },
    });
    expect(dropped.space.rules).toHaveLength(2);
  });

  it("moves what a sampler of one's own suggests against the rules", async () => {
    const heedless: Sampler = {
      name: "heedless",
      suggest: () => ({
        params: { ...good, units1: 512, units2: 512 } as never,
        reason: "Large.",
      }),
    };
    const study = await createStudy({
      name: "s",
      space: linear,
      storage: "memory",
      sampler: heedless,
    });
    const { params, reason } = (await study.suggest())!;
    expect(params).toMatchObject({ units1: 256, units2: 256 });
    expect(reason).toBe("Large (moved to what the rules allow).");
  });

  it("keeps them within narrower ranges, too", async () => {
    const study = await createStudy({
      name: "s",
      space: linear,
      storage: "memory",
    });
    for (let i = 0; i < 5; i++) {
      const { params } = await study.ask({ within: { units1: [400, 512] } });
      expect(linear.allows(params)).toBe(true);
      expect(params.units1).toBeGreaterThanOrEqual(400);
    }
    await expect(
      study.ask({ within: { units1: [500, 512], units2: [100, 200] } }),
    ).rejects.toThrow("Cannot keep to the rules");
  });

  it("keeps them where steps are handed out", async () => {
    const study = await createStudy({
      name: "s",
      space: linear,
      storage: "memory",
      sampler: freezeThawSampler({ maxSteps: 8 }),
    });
    await study.optimize(async (trial) => {
      for (let step = trial.startStep + 1; step <= 8; step++) {
        await trial.report(step, -trial.params.units1 / 512 + 1 / step);
        if (trial.shouldStop()) break;
      }
      await trial.checkpoint(0);
      return -trial.params.units1 / 512;
    }, { epochs: 60, progress: false });
    expect(study.trials.length).toBeGreaterThan(7);
    for (const { params } of study.trials) {
      expect(linear.allows(params)).toBe(true);
    }
  });

  it("writes its rules down as code", () => {
    const code = studyCode({
      name: "s",
      objectives: [{ name: "loss", direction: "minimize" }],
      space: coded,
    });
    expect(code).toContain([
      "  })",
      "    .atMost({ units1: 1, units2: 1 }, 512)",
      '    .forbid({ optimizer: "sgd", units1: { min: 300 } })',
      '    .require("warmup shorter than training", () => true /* the rule\'s function goes here */),',
    ].join("\n"));
  });
});

describe("the types of rules", () => {
  it("know the names and values of the space", () => {
    const s = space({ a: float(0, 1), b: choice(["x", "y"]) });
    // @ts-expect-error: no such parameter
    expect(() => s.atMost({ c: 1 }, 1)).toThrow();
    // @ts-expect-error: its values are no numbers
    expect(() => s.atMost({ b: 1 }, 1)).toThrow();
    // @ts-expect-error: no such value
    expect(() => s.forbid({ b: "z" })).toThrow();
    const ruled = s.require("small", ({ a, b }) => a < 0.5 && b === "x")
      .forbid({ b: ["y"], a: { min: 0.1 } });
    expect(ruled.allows({ a: 0.2, b: "x" })).toBe(true);
  });
});

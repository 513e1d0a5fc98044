import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import {
  createStudy,
  float,
  minimize,
  preferenceSampler,
  preferencesOf,
  randomSampler,
  space,
  type Study,
} from "../../mod.ts";
import { withTemporaryFolder } from "../support/temporary.ts";

const plane = space({ x: float(0, 1), y: float(0, 1) });
type Plane = { x: number; y: number };
const quiet = { progress: false } as const;

async function studyOf(
  trials: number,
  storage = "memory",
): Promise<Study<Plane>> {
  const study = await createStudy({
    name: "taste",
    space: plane,
    sampler: randomSampler(),
    storage,
  });
  await study.optimize(() => 0, { trials, ...quiet });
  return study;
}

describe("study.prefer()", () => {
  it("refuses a trial beside itself, one that is not there, and one that is not complete", async () => {
    const study = await studyOf(2);
    expect(() => study.prefer(0, 7)).toThrow(RangeError);
    await expect(study.prefer(0, 0)).rejects.toThrow(/with itself/);
    await study.ask();
    await expect(study.prefer(0, 2)).rejects.toThrow(/it is running/);
  });

  it("keeps what was said, and how often; it is there when the study is opened again", () =>
    withTemporaryFolder(async (folder) => {
      const storage = `${folder}/taste.db`;
      const study = await studyOf(3, storage);
      await study.prefer(2, 0);
      await study.prefer(2, 0);
      await study.prefer(1, 2);
      await study.close();
      const again = await createStudy({ name: "taste", space: plane, storage });
      expect(preferencesOf(again.view())).toEqual([
        { better: 1, worse: 2 },
        { better: 2, worse: 0 },
        { better: 2, worse: 0 },
      ]);
      // 1 was better than 2, which was better than 0.
      expect(again.best!.number).toBe(1);
      await again.discard(2);
      expect(preferencesOf(again.view())).toEqual([]);
      await again.close();
    }));

  it("decides which is best, whatever the values are", async () => {
    const study = await createStudy({
      name: "values",
      space: plane,
      sampler: randomSampler(),
      storage: "memory",
    });
    for (const value of [3, 1, 2]) await study.tell(await study.ask(), value);
    expect(study.best!.number).toBe(1);
    await study.prefer(0, 1);
    await study.prefer(0, 2);
    expect(study.best!.number).toBe(0);
  });
});

describe("study.nextPair()", () => {
  it("is null with fewer than two trials, and once all have been compared", async () => {
    expect((await studyOf(1)).nextPair()).toBeNull();
    const study = await studyOf(2);
    const { first, second } = study.nextPair()!;
    await study.prefer(second.number, first.number);
    expect(study.nextPair()).toBeNull();
  });

  it("asks what has not been asked, and finds one of the two best of ten in 14 of 45 comparisons", async () => {
    const study = await studyOf(10);
    const worth = (n: number) => {
      const { x, y } = study.trial(n).params;
      return -((x - 0.3) ** 2) - (y - 0.6) ** 2;
    };
    const asked = new Set<string>();
    for (let i = 0; i < 14; i++) {
      const { first: { number: a }, second: { number: b } } = study.nextPair()!;
      const key = [a, b].sort().join();
      expect(asked.has(key)).toBe(false);
      asked.add(key);
      await (worth(a) > worth(b) ? study.prefer(a, b) : study.prefer(b, a));
    }
    const ranked = [...Array(10).keys()].sort((a, b) => worth(b) - worth(a));
    expect(ranked.indexOf(study.best!.number)).toBeLessThan(2);
  });

  it("of several objectives asks for points of the front, and learns the trade-off", async () => {
    const study = await createStudy({
      name: "trade-off",
      space: plane,
      objectives: [minimize("a"), minimize("b")],
      sampler: randomSampler(),
      storage: "memory",
    });
    await study.optimize(
      ({ params: { x, y } }) => [1000 * (x + y), 1 - x + y],
      { trials: 40, ...quiet },
    );
    const front = new Set(study.front.map(({ number }) => number));
    // Somebody to whom b is worth four times as much, of its range.
    const worth = (n: number) => {
      const [a, b] = study.trial(n).values!;
      return -a! / 1000 - 4 * b!;
    };
    for (let i = 0; i < 12; i++) {
      const { first: { number: a }, second: { number: b } } = study.nextPair()!;
      expect(front.has(a) && front.has(b)).toBe(true);
      await (worth(a) > worth(b) ? study.prefer(a, b) : study.prefer(b, a));
    }
    const ranked = [...front].sort((a, b) => worth(b) - worth(a));
    expect(ranked.indexOf(study.best!.number)).toBeLessThan(2);
  });

  it("shows the two side by side, in a notebook too", async () => {
    const study = await studyOf(2);
    const pair = study.nextPair()!;
    expect(String(pair)).toMatch(
      /Which is better, trial \d or trial \d\? Nothing has been said/,
    );
    const bundle =
      (pair as unknown as Record<symbol, () => Record<string, string>>)[
        Symbol.for("Jupyter.display")
      ]!();
    expect(bundle["text/html"]).toContain("study.prefer(");
  });
});

describe("a study with preferenceSampler()", () => {
  it("finds what a person likes, who errs now and then, in 20 trials and answers", async () => {
    const study = await createStudy({
      name: "pictures",
      space: plane,
      sampler: preferenceSampler(),
      storage: "memory",
    });
    const worth = (n: number) => {
      const { x, y } = study.trial(n).params;
      return -((x - 0.3) ** 2) - (y - 0.6) ** 2;
    };
    for (let i = 0; i < 20; i++) {
      await study.optimize(() => 0, { trials: 1, ...quiet });
      const pair = study.nextPair();
      if (pair === null) continue;
      const [a, b] = [pair.first.number, pair.second.number];
      const isRight = i !== 5;
      await (worth(a) > worth(b) === isRight
        ? study.prefer(a, b)
        : study.prefer(b, a));
    }
    expect(-worth(study.best!.number)).toBeLessThan(0.02);
    expect(study.trials.at(-1)!.reason).toMatch(
      /^To be compared with trial \d+, the best so far by \d+ comparisons/,
    );
  });
});

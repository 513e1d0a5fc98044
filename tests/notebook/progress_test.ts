import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import { progressLine, progressOf } from "../../lib/notebook/_progress.ts";
import type { TrialRecord } from "../../lib/records/mod.ts";
import { randomSampler } from "../../lib/samplers/mod.ts";
import { float, space } from "../../lib/space/mod.ts";
import { createStudy, type StudyRun } from "../../lib/study/mod.ts";

describe("the progress of a try", () => {
  it("begins with what is expected, and ends with how that compares", async () => {
    const study = await createStudy({
      name: "s",
      space: space({ x: float(0, 1) }),
      sampler: randomSampler(),
      storage: "memory",
    });
    await study.optimize(({ params }) => params.x, {
      trials: 9,
      progress: false,
    });
    const lines: string[] = [];
    let run: StudyRun | null = null;
    let ended: TrialRecord | null = null;
    const note = () =>
      lines.push(
        progressLine(progressOf(study.view(), run!, { ended, failed: null })),
      );
    study.listen((event) => {
      if (event.type === "run started") run = event.run;
      if (event.type === "trial finished") ended = event.record;
      if (event.type === "trial started" || event.type === "run finished") {
        note();
      }
    });
    await study.try({ x: 0.5 }, () => 3);
    expect(lines[0]).toMatch(/^trial 9, expected 0\.[45]\d* ± \S+ · best /);
    expect(lines[1]).toMatch(
      /^expected 0\.[45]\d* ± \S+, came 3, \S+ sd above it · best .* · took /,
    );
  });
});

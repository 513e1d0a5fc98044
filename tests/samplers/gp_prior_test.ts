import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import { priorWeightKey, type StudyView } from "../../lib/records/mod.ts";
import { turnOf } from "../../lib/samplers/_gp_prior.ts";
import { float, space } from "../../lib/space/mod.ts";
import { trialOf, viewOf } from "../support/views.ts";

const line = space({ x: float(0, 1) });

/** Whose each of so many turns is, where prior studies are trusted so far and each trial brings a gain. */
function turns(count: number, trustAt: (number: number) => number): string {
  const trials: ReturnType<typeof trialOf>[] = [];
  let all = "";
  for (let number = 0; number < count; number++) {
    const weight = trustAt(number);
    const study = viewOf(line, trials) as unknown as StudyView;
    const chosenBy = turnOf(study, weight);
    all += chosenBy === "trials" ? "t" : "p";
    trials.push({
      ...trialOf(number, { x: number / count }, { value: 0.8 ** number }),
      attributes: {
        [priorWeightKey]: {
          weight,
          chosenBy,
          voices: [],
          expected: null,
          without: null,
        },
      },
    });
  }
  return all;
}

const share = (turns: string) => (turns.split("t").length - 1) / turns.length;

describe("turnOf()", () => {
  it("gives the trials all turns where prior studies are not trusted", () => {
    expect(turns(30, () => 0)).toBe("t".repeat(30));
    expect(turns(30, () => 0.2)).toBe("t".repeat(30));
  });

  it("begins with prior studies that are trusted, and has the trials look early", () => {
    const first = turns(8, () => 0.95);
    expect(first.slice(0, 3)).toBe("ppp");
    expect(first).toContain("t");
  });

  it("gives the trials every tenth turn at least, and from the 40th trial on every second", () => {
    const all = turns(80, () => 1);
    expect(share(all.slice(5, 25))).toBeLessThan(0.2);
    expect(share(all.slice(5, 25))).toBeGreaterThanOrEqual(0.1);
    expect(Math.abs(share(all.slice(40)) - 0.5)).toBeLessThan(0.06);
  });

  it("takes turns back at once when trust is lost", () => {
    const all = turns(20, (number) => number < 8 ? 0.95 : 0.1);
    expect(all.slice(9)).toBe("t".repeat(11));
  });
});

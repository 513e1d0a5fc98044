/**
 * What every sampler promises of spaces with rules; a part of the samplers' suite.
 *
 * @module
 */

import { expect } from "@std/expect";
import { it } from "@std/testing/bdd";
import type { StudyView } from "../../lib/records/mod.ts";
import type { Space } from "../../lib/space/mod.ts";
import { codedSpaces, ruledSpaces } from "../support/ruled_spaces.ts";
import { floats } from "../support/spaces.ts";
import { rebuilt, viewOf } from "../support/views.ts";

/** How the suite asks. */
export interface Asking {
  /** Asks and tells `count` times; every answer is checked to be valid, rules included. */
  run(view: StudyView, count: number): Promise<StudyView>;
  /** Asks once, with values fixed. */
  ask(
    view: StudyView,
    details: { readonly fixed: Readonly<Record<string, number | string>> },
  ): Promise<unknown>;
  /** How many trials a space has. */
  readonly trialsEach: number;
  readonly exhaustible: boolean;
}

/** Adds the cases, within a `describe`. */
export function itKeepsRules(
  { run, ask, exhaustible, trialsEach }: Asking,
): void {
  const all: [string, Space][] = [
    ...Object.entries(ruledSpaces),
    ...Object.entries(codedSpaces),
  ];
  it("suggests only what rules allow, and nothing twice", async () => {
    for (const [kind, space] of all) {
      const { trials } = await run(viewOf(space), trialsEach);
      if (!exhaustible) {
        expect([kind, trials.length]).toEqual([kind, trialsEach]);
      }
      const texts = trials.map(({ params }) => JSON.stringify(params));
      expect([kind, new Set(texts).size]).toEqual([kind, texts.length]);
      const broken = trials.filter(({ params }) => !space.allows(params));
      expect([kind, broken]).toEqual([kind, []]);
    }
  });

  it("keeps rules and fixed values together", async () => {
    const linear = ruledSpaces["a linear rule"]!;
    expect(await ask(viewOf(linear), { fixed: { units2: 390 } }))
      .toMatchObject({ params: { units2: 390 } });
    const conditional = ruledSpaces["rules over conditional parameters"]!;
    expect(await ask(viewOf(conditional), { fixed: { units2: 59 } }))
      .toMatchObject({ params: { units2: 59, layers: 2 } });
    const forbidden = ruledSpaces["forbidden combinations"]!;
    expect(await ask(viewOf(forbidden), { fixed: { optimizer: "sgd" } }))
      .toMatchObject({ params: { optimizer: "sgd", schedule: "cosine" } });
  });

  it("goes on with rules as before when it is resumed in another process", async () => {
    const space = ruledSpaces["rules over conditional parameters"]!;
    const whole = await run(viewOf(space), 12);
    const begun = await run(viewOf(space), 6);
    const resumed = await run(rebuilt(begun), 6);
    expect(resumed.trials.map((trial) => trial.params))
      .toEqual(whole.trials.map((trial) => trial.params));
  });

  it("takes trials that rules would not allow now", async () => {
    const free = await run(viewOf(floats(2)), 9);
    const ruled = floats(2).atMost({ x0: 1, x1: 1 }, 0.3);
    await run(viewOf(ruled, free.trials), 3);
  });

  it("says so where rules allow nothing", async () => {
    const never = floats(2).require("never", () => false);
    await expect(run(viewOf(never), 1)).rejects.toThrow(
      exhaustible
        ? /rules allow none of its points \("never"\)/
        : /Cannot find a configuration that the rules allow: .*"never" refused 100 %/,
    );
  });
}

import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import { setTimeout as sleep } from "node:timers/promises";
import {
  autoSampler,
  gpSampler,
  type PrepareRequest,
  randomSampler,
  type Sampler,
} from "../../lib/samplers/mod.ts";
import { choice, float, space } from "../../lib/space/mod.ts";
import { createStudy } from "../../lib/study/mod.ts";

const box = space({
  x: float(-1, 1),
  y: float(-1, 1),
  z: float(1e-4, 1, { log: true }),
  kind: choice(["a", "b"]),
});
type Params = ReturnType<typeof box.validate>;

const make = (sampler: Sampler) =>
  createStudy({ name: "s", space: box, sampler, storage: "memory" });

/** A sampler that notes what it is asked to prepare. */
function noting(prepared: PrepareRequest[]): Sampler {
  return {
    ...randomSampler(),
    prepare: (request) => void prepared.push(request as PrepareRequest),
  };
}

const bowl = ({ x, y, z, kind }: Params) =>
  x ** 2 + Math.abs(y - 0.3) + Math.log10(z) ** 2 / 9 +
  (kind === "a" ? 0.2 : 0);

describe("preparing the next suggestion", () => {
  it("is not begun by trials that end at once", async () => {
    const prepared: PrepareRequest[] = [];
    const study = await make(noting(prepared));
    await study.optimize(() => 1, { trials: 50, progress: false });
    await sleep(100);
    expect(prepared.length).toBe(0);
  });

  it("is begun once by a trial that lasts, and at once by the next", async () => {
    const prepared: PrepareRequest[] = [];
    const study = await make(noting(prepared));
    const first = await study.ask();
    expect(prepared.length).toBe(0);
    await sleep(120);
    expect(prepared.map(({ number }) => number)).toEqual([1]);
    expect(prepared[0]!.study.trials[0]!.state).toBe("running");
    expect(prepared[0]!.study.trials[0]!.params).toEqual(first.params);
    await study.tell(first, 1);
    const second = await study.ask();
    expect(prepared.map(({ number }) => number)).toEqual([1, 2]);
    await study.tell(second, 1);
    await sleep(100);
    expect(prepared.length).toBe(2);
  });

  it("disturbs nothing when it throws", async () => {
    const study = await make({
      ...randomSampler(),
      prepare: () => {
        throw new Error("broken");
      },
    });
    const { counts } = await study.optimize(() => sleep(60, 1), {
      trials: 3,
      progress: false,
    });
    expect(counts.complete).toBe(3);
  });

  it("changes no suggestion: one trial after another, side by side, waiting or busy", async () => {
    const busy = (ms: number) => {
      const start = performance.now();
      while (performance.now() - start < ms);
    };
    for (
      const { sampler, lanes, wait } of [
        { sampler: gpSampler(), lanes: 1, wait: sleep },
        { sampler: gpSampler(), lanes: 1, wait: busy },
        { sampler: autoSampler(), lanes: 3, wait: sleep },
      ]
    ) {
      /** Trials that end in a fixed order, not always that in which they began. */
      const run = async (sampler: Sampler, ms: number) => {
        const study = await make(sampler);
        const running = [];
        for (let ended = 0; ended < 30; ended++) {
          while (running.length < lanes) running.push(await study.ask());
          await wait(ms);
          const next = ended % 5 === 4 ? running.length - 1 : 0;
          const [trial] = running.splice(next, 1);
          await study.tell(trial!, bowl(trial!.params));
        }
        return study.trials.map(({ params, reason, forecast }) => ({
          params,
          reason,
          forecast,
        }));
      };
      expect(await run(sampler, 55 / lanes))
        .toEqual(await run({ ...sampler, prepare: undefined }, 0));
    }
  });
});

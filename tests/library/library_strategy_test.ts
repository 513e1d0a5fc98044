import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import {
  libraryStrategies,
  type LibraryStrategy,
  strategyParts,
} from "../../lib/library/mod.ts";
import { minimize } from "../../lib/records/mod.ts";
import { gpSampler } from "../../lib/samplers/mod.ts";
import { float, space } from "../../lib/space/mod.ts";
import { MemoryStorage } from "../../lib/storage/mod.ts";
import { createStudy } from "../../lib/study/mod.ts";

const square = space({ x: float(0, 1), y: float(0, 1) });
const value = (
  { params: { x, y } }: { params: { x: number; y: number } },
) => (x - 0.9) ** 2 + (y - 0.2) ** 2;

async function history(): Promise<MemoryStorage> {
  const storage = new MemoryStorage();
  for (const name of ["one", "two"]) {
    const study = await createStudy({
      name,
      space: square,
      objective: minimize("loss"),
      storage,
      library: false,
    });
    await study.optimize(value, { trials: 12, progress: false });
  }
  return storage;
}

describe("strategyParts()", () => {
  it("knows each strategy by its name, and says which there are", () => {
    for (const name of libraryStrategies) {
      expect(strategyParts(name).start.begin).toBeInstanceOf(Function);
    }
    expect(() => strategyParts("best" as LibraryStrategy))
      .toThrow(/"best", expected one of auto, transfer, rgpe, copula/);
  });
});

describe("createStudy({ library: { from, strategy } })", () => {
  it("learns in each way, says which, and goes on the same when it is resumed", async () => {
    const from = [await history()];
    for (const strategy of libraryStrategies) {
      const storage = new MemoryStorage();
      const make = () =>
        createStudy({
          name: "new",
          space: square,
          objective: minimize("loss"),
          sampler: gpSampler(),
          storage,
          library: { from, strategy },
        });
      const study = await make();
      await study.optimize(value, { trials: 7, progress: false });
      expect(study.warmStart!.strategy).toBe(strategy);
      expect(study.best!.value).toBeLessThan(0.1);
      const asks = strategyParts(strategy).prior !== null;
      expect(study.trials.at(-1)!.reason!.includes("prior studies"))
        .toBe(asks);
      expect(await (await make()).suggest()).toEqual(await study.suggest());
    }
  });

  it("refuses a strategy that there is not, before anything is read", async () => {
    await expect(createStudy({
      name: "new",
      space: square,
      storage: "memory",
      library: { strategy: "best" as LibraryStrategy },
    })).rejects.toThrow(TypeError);
  });
});

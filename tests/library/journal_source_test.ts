import { join } from "node:path";
import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import {
  createStudy,
  float,
  minimize,
  openLibrary,
  randomSampler,
  space,
} from "../../mod.ts";
import { withTemporaryFolder } from "../support/temporary.ts";

describe("openLibrary() of a journal", () => {
  it("finds its studies, and leaves the file as it is", () =>
    withTemporaryFolder(async (folder) => {
      const path = join(folder, "earlier.log");
      const searched = space({ learningRate: float(1e-4, 1, { log: true }) });
      const study = await createStudy({
        name: "earlier",
        space: searched,
        objective: minimize("loss"),
        sampler: randomSampler(),
        library: false,
        storage: path,
      });
      await study.optimize((trial) => trial.params.learningRate, {
        trials: 5,
        progress: false,
      });
      await study.close();
      const before = await Deno.readTextFile(path);
      const library = await openLibrary([path]);
      const [found] = await library.similar(null, searched);
      expect(found!.study).toMatchObject({
        name: "earlier",
        completeTrials: 5,
      });
      expect(await Deno.readTextFile(path)).toBe(before);
      await library.close();
    }));
});

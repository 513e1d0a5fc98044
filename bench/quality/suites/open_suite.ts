import { exists } from "../../../tools/project.ts";
import { bbobSuite } from "./bbob.ts";
import { type NoiseKind, noisySuite } from "./noisy.ts";
import { realSuite } from "./real.ts";
import { branchesSuite } from "./branches.ts";
import type { Suite } from "./suite.ts";
import { tableSuite } from "./tables.ts";
import { yahpoSuite } from "./yahpo.ts";

/** Options of {@linkcode openSuite}. */
export interface OpenSuiteOptions {
  /** The folder with data sets for the real trainings. Defaults to scikit-learn's own copies. */
  readonly data?: string;
}

/**
 * The suite that a word stands for: `bbob`, `bbob-5d` (or another dimension),
 * `bbob-noisy-5d`, `bbob-hetero-5d`, `bbob-outliers-5d`, `branches`, `tables`, `tables-noisy`, `real`, or a folder in YAHPO's format.
 *
 * @throws {RangeError} If there is none.
 */
export async function openSuite(
  name: string,
  options: OpenSuiteOptions = {},
): Promise<Suite> {
  if (name === "bbob") return bbobSuite();
  const bbob = /^bbob(?:-(noisy|hetero|outliers))?-(\d+)d$/.exec(name);
  if (bbob !== null) {
    const plain = bbobSuite([Number(bbob[2])]);
    return bbob[1] === undefined
      ? plain
      : noisySuite(plain, bbob[1] as NoiseKind);
  }
  if (name === "branches") return branchesSuite();
  if (name === "tables") return await tableSuite();
  if (name === "tables-noisy") return noisySuite(await tableSuite(), "noisy");
  if (name === "real") return await realSuite(options.data);
  if (await exists(`${name}/config_space.json`)) return await yahpoSuite(name);
  throw new RangeError(
    `Cannot find the suite ${
      JSON.stringify(name)
    }, expected bbob, bbob-2d, bbob-5d, bbob-20d or another dimension, bbob-noisy-5d, bbob-hetero-5d, bbob-outliers-5d, branches, tables, tables-noisy, real, or a folder with model.onnx, config_space.json and encoding.json`,
  );
}

import { exists } from "../../../tools/project.ts";
import { bbobSuite } from "./bbob.ts";
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
 * `branches`, `tables`, `real`, or a folder in YAHPO's format.
 *
 * @throws {RangeError} If there is none.
 */
export async function openSuite(
  name: string,
  options: OpenSuiteOptions = {},
): Promise<Suite> {
  if (name === "bbob") return bbobSuite();
  const dimension = /^bbob-(\d+)d$/.exec(name);
  if (dimension !== null) return bbobSuite([Number(dimension[1])]);
  if (name === "branches") return branchesSuite();
  if (name === "tables") return await tableSuite();
  if (name === "real") return await realSuite(options.data);
  if (await exists(`${name}/config_space.json`)) return await yahpoSuite(name);
  throw new RangeError(
    `Cannot find the suite ${
      JSON.stringify(name)
    }, expected bbob, bbob-2d, bbob-5d, bbob-10d, branches, tables, real, or a folder with model.onnx, config_space.json and encoding.json`,
  );
}

/**
 * The peers' Python environments, in `out/peers/`: what the peers ask for
 * contradicts itself, so there are several.
 *
 * @module
 */

import { join } from "node:path";
import { withFileLock } from "../../../tools/file_lock.ts";
import { capture, withHeartbeat } from "../../../tools/process.ts";
import { exists, inProject } from "../../../tools/project.ts";

/** The environments' names. */
export type EnvironmentName = "evolution" | "hebo" | "main" | "vizier";

interface Recipe {
  readonly requirements: string;
  /** Packages installed afterwards, without what they ask for. */
  readonly alone: readonly string[];
}

const recipes: Readonly<Record<EnvironmentName, Recipe>> = {
  evolution: { requirements: "requirements_evolution.txt", alone: [] },
  main: { requirements: "requirements.txt", alone: [] },
  hebo: { requirements: "requirements_hebo.txt", alone: ["HEBO==0.3.6"] },
  vizier: { requirements: "requirements_vizier.txt", alone: [] },
};

/** Variables with which the peers are run: one thread each, nothing from elsewhere. */
export const peerVariables: Readonly<Record<string, string>> = {
  OMP_NUM_THREADS: "1",
  OPENBLAS_NUM_THREADS: "1",
  MKL_NUM_THREADS: "1",
  PYTHONNOUSERSITE: "1",
  PYTHONPATH: "",
  PYTHONUNBUFFERED: "1",
};

/**
 * Makes an environment, or finds it made: some minutes the first time.
 *
 * @param name Which.
 * @returns The path of its Python.
 * @throws {Error} If a package cannot be installed.
 */
export async function preparePeers(name: EnvironmentName): Promise<string> {
  const { requirements, alone } = recipes[name];
  const folder = inProject("out", "peers", name);
  const python = join(folder, "bin", "python");
  const stampFile = join(folder, "etude-stamp.txt");
  const list = inProject("bench", "quality", "peers", requirements);
  const stamp = [await Deno.readTextFile(list), ...alone].join("\n");
  const isReady = async () =>
    await exists(stampFile) && await exists(python) &&
    await Deno.readTextFile(stampFile) === stamp;
  if (await isReady()) return python;
  await withFileLock(inProject("out", `.peers_${name}.lock`), async () => {
    if (await isReady()) return;
    const run = async (command: string, ...args: string[]) => {
      const { code, stdout, stderr } = await withHeartbeat(
        capture(command, args, { env: peerVariables }),
        (seconds) => console.error(`  … out/peers/${name} (${seconds} s)`),
      );
      if (code === 0) return;
      throw new Error(
        `Cannot make out/peers/${name}: ${command} ${args.join(" ")}\n${
          (stdout + stderr).trim().split("\n").slice(-12).join("\n")
        }`,
      );
    };
    const pip = ["-m", "pip", "install", "--quiet", "--no-input"];
    await run(Deno.env.get("ETUDE_PYTHON") ?? "python3", "-m", "venv", folder);
    await run(python, ...pip, "--requirement", list);
    if (alone.length > 0) await run(python, ...pip, "--no-deps", ...alone);
    await Deno.writeTextFile(stampFile, stamp);
  });
  return python;
}

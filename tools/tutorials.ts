/**
 * The tutorials of `notebooks/`, executed: `deno task notebooks [NAME …]` writes their outputs.
 *
 * @module
 */

import { join } from "node:path";
import { executeNotebook } from "./jupyter/execute_notebook.ts";
import {
  type Notebook,
  readNotebook,
  writeNotebook,
} from "./jupyter/notebook.ts";
import { preparePythonEnvironment } from "./python_environment.ts";
import { freshFolder, inProject } from "./project.ts";

/** Options of {@linkcode executeTutorial}. */
export interface TutorialOptions {
  /** Where it is executed: made anew, inside the project so that `@etude/etude` is found. */
  folder: string;
  /** Told how far it is. Defaults to silence. */
  log?: (line: string) => void;
}

/** The tutorials' names, in order: file names without `.ipynb`. */
export async function tutorialNames(): Promise<string[]> {
  const names: string[] = [];
  for await (const { name } of Deno.readDir(inProject("notebooks"))) {
    if (name.endsWith(".ipynb")) names.push(name.slice(0, -".ipynb".length));
  }
  return names.sort();
}

/**
 * Executes a tutorial in a fresh copy of `notebooks/`, so that it always starts from nothing and
 * leaves the project as it was.
 *
 * @throws {Error} if a cell fails: with its number and source
 */
export async function executeTutorial(
  name: string,
  options: TutorialOptions,
): Promise<Notebook> {
  const { folder, log } = options;
  await preparePythonEnvironment({ log });
  await copyFolder(inProject("notebooks"), await freshFolder(folder));
  log?.(`Running notebooks/${name}.ipynb in a Deno kernel …`);
  return await executeNotebook(
    await readNotebook(join(folder, `${name}.ipynb`)),
    {
      cwd: folder,
      log,
    },
  );
}

/** Copies a folder's files, but not what its notebooks have left there. */
async function copyFolder(from: string, to: string): Promise<void> {
  await Deno.mkdir(to, { recursive: true });
  for await (const { name, isDirectory } of Deno.readDir(from)) {
    if (name === ".ipynb_checkpoints" || /\.db(-shm|-wal)?$/.test(name)) {
      continue;
    }
    if (isDirectory) await copyFolder(join(from, name), join(to, name));
    else await Deno.copyFile(join(from, name), join(to, name));
  }
}

if (import.meta.main) {
  const names = Deno.args.length > 0 ? Deno.args : await tutorialNames();
  try {
    for (const name of names) {
      const folder = inProject("out", "tutorials");
      const executed = await executeTutorial(name, {
        folder,
        log: (line) => console.log(line),
      });
      await writeNotebook(inProject("notebooks", `${name}.ipynb`), executed);
    }
  } catch (error) {
    console.error((error as Error).message);
    Deno.exit(1);
  }
}

/**
 * Where things lie in the project.
 *
 * @module
 */

import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** Absolute path of the project's root, the folder of `deno.json`. */
export const projectFolder: string = fileURLToPath(
  new URL("..", import.meta.url),
).replace(
  /[\\/]$/,
  "",
);

/** Absolute path of `out/`: all that the tools write, ignored by git. */
export const outFolder: string = inProject("out");

/** Absolute path of a file or folder of the project. */
export function inProject(...parts: string[]): string {
  return join(projectFolder, ...parts);
}

/** Whether a file or folder is there. */
export async function exists(path: string): Promise<boolean> {
  try {
    await Deno.stat(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

/** A folder, made anew and empty. */
export async function freshFolder(path: string): Promise<string> {
  await Deno.remove(path, { recursive: true }).catch((error) => {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  });
  await Deno.mkdir(path, { recursive: true });
  return path;
}

/** The members of `deno.json` that the tools read. */
export interface ProjectConfiguration {
  /** Entry points, by name. */
  readonly exports: Readonly<Record<string, string>>;
}

/** Reads `deno.json`. */
export async function projectConfiguration(): Promise<ProjectConfiguration> {
  return JSON.parse(await Deno.readTextFile(inProject("deno.json")));
}

/**
 * Which file imports which, as `deno info --json` tells.
 *
 * @module
 */

import { relative, sep } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { capture } from "./process.ts";
import { exists, inProject, projectFolder } from "./project.ts";

/** One file's import of another file or of a package. */
export interface ImportEdge {
  /** The importing file, relative to the project's root, with `/`. */
  readonly from: string;
  /** The imported file, relative likewise; or `npm:` and a package's name; or `node:` and a module's. */
  readonly to: string;
  /** Whether loading the importing file loads the imported one: neither `import()` nor types only. */
  readonly isStatic: boolean;
}

/** The part of `deno info --json` that is read here. */
interface DenoInfo {
  modules: {
    specifier: string;
    error?: string;
    dependencies?: {
      specifier: string;
      code?: { specifier?: string; error?: string };
      type?: { specifier?: string; error?: string };
      isDynamic?: boolean;
    }[];
  }[];
}

/**
 * All imports of `mod.ts` and of the files in `lib/`, those included that no entry point reaches.
 *
 * @throws {Error} if an import cannot be resolved
 */
export async function readModuleGraph(): Promise<ImportEdge[]> {
  const files = await sourceFiles();
  // A module that imports them all: one call, one graph.
  const root = files.map((file) =>
    `import ${JSON.stringify(pathToFileURL(file).href)};`
  ).join("");
  const { code, stdout, stderr } = await capture(Deno.execPath(), [
    "info",
    "--json",
    `data:application/typescript,${encodeURIComponent(root)}`,
  ], { cwd: projectFolder, env: { NO_COLOR: "1" } });
  if (code !== 0) throw new Error(`Cannot read the module graph:\n${stderr}`);
  return edgesOf(JSON.parse(stdout));
}

function edgesOf(info: DenoInfo): ImportEdge[] {
  const edges: ImportEdge[] = [];
  for (const module of info.modules) {
    if (!module.specifier.startsWith("file:")) continue;
    const from = nameOf(module.specifier);
    if (module.error) throw new Error(`Cannot read ${from}: ${module.error}`);
    for (
      const { specifier, code, type, isDynamic = false }
        of module.dependencies ?? []
    ) {
      const error = code?.error ?? type?.error;
      if (error) {
        throw new Error(`Cannot resolve "${specifier}" in ${from}: ${error}`);
      }
      for (const [target, isCode] of [[code, true], [type, false]] as const) {
        if (target?.specifier === undefined) continue;
        const edge = {
          from,
          to: nameOf(target.specifier),
          isStatic: isCode && !isDynamic,
        };
        edges.push(edge);
      }
    }
  }
  return edges;
}

function nameOf(specifier: string): string {
  if (specifier.startsWith("file:")) {
    return relative(projectFolder, fileURLToPath(specifier)).replaceAll(
      sep,
      "/",
    );
  }
  const npm = specifier.match(/^npm:\/?((?:@[^/]+\/)?[^@/]+)/);
  return npm ? `npm:${npm[1]}` : specifier;
}

async function sourceFiles(): Promise<string[]> {
  const files = await typeScriptFiles(inProject("lib"));
  if (await exists(inProject("mod.ts"))) files.push(inProject("mod.ts"));
  return files.sort();
}

async function typeScriptFiles(folder: string): Promise<string[]> {
  const files: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    const path = `${folder}${sep}${name}`;
    if (isDirectory) files.push(...await typeScriptFiles(path));
    else if (/\.ts$/.test(name) && !/[._]test\.ts$/.test(name)) {
      files.push(path);
    }
  }
  return files;
}

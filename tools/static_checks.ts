/**
 * What can be checked without running the tests.
 *
 * @module
 */

import { checkImportDirections } from "./import_directions.ts";
import { readModuleGraph } from "./module_graph.ts";
import { capture } from "./process.ts";
import { readNotebook } from "./jupyter/notebook.ts";
import { inProject, projectConfiguration, projectFolder } from "./project.ts";

/** One check. */
export interface StaticCheck {
  /** What it makes sure of. */
  readonly name: string;
  /** Makes sure of it. Returns what is wrong, or `null`. */
  readonly run: () => Promise<string | null>;
}

/** All checks, the quick ones first. */
export const staticChecks: readonly StaticCheck[] = [
  { name: "files are formatted (deno fmt)", run: () => deno("fmt", "--check") },
  { name: "the notebooks' cells are formatted", run: notebookCells },
  { name: "the linter finds nothing (deno lint)", run: () => deno("lint") },
  { name: "imports point the right way", run: importDirections },
  {
    name: "all types check (deno check)",
    run: () => deno("check", "--quiet", "."),
  },
  {
    name: "the texts of help() are up to date (deno task help)",
    run: () => deno("run", "-A", "tools/make_help.ts", "--check"),
  },
  {
    name: "the panel's page is up to date (deno task panel)",
    run: () => deno("run", "-A", "tools/make_panel.ts", "--check"),
  },
  { name: "exports are documented (deno doc --lint)", run: documentation },
  { name: "every exported function has an example", run: examples },
  {
    name: "the module could be published (deno publish --dry-run)",
    run: () => deno("publish", "--quiet", "--dry-run", "--allow-dirty"),
  },
];

async function deno(...args: string[]): Promise<string | null> {
  const { code, stdout, stderr } = await capture(Deno.execPath(), args, {
    cwd: projectFolder,
    env: { NO_COLOR: "1" },
  });
  return code === 0 ? null : stdout + stderr;
}

async function documentation(): Promise<string | null> {
  const entries = Object.values((await projectConfiguration()).exports);
  return await deno("doc", "--lint", ...entries);
}

/** What `deno doc --json` says of a module, as far as it is read here. */
interface ModuleDocumentation {
  readonly symbols: readonly {
    readonly name: string;
    readonly declarations: readonly {
      readonly kind: string;
      readonly jsDoc?: { readonly tags?: readonly { readonly kind: string }[] };
    }[];
  }[];
}

/** Examples are run by the tests (`deno test --doc`). */
async function examples(): Promise<string | null> {
  const entries = Object.values((await projectConfiguration()).exports);
  const { code, stdout, stderr } = await capture(
    Deno.execPath(),
    ["doc", "--json", ...entries],
    { cwd: projectFolder, env: { NO_COLOR: "1" } },
  );
  if (code !== 0) return stdout + stderr;
  const { nodes } = JSON.parse(stdout) as {
    nodes: Record<string, ModuleDocumentation>;
  };
  const lacking = Object.values(nodes).flatMap(({ symbols }) =>
    symbols.filter(({ declarations }) => {
      const functions = declarations.filter(({ kind }) => kind === "function");
      return functions.length > 0 &&
        !functions.some(({ jsDoc }) =>
          jsDoc?.tags?.some(({ kind }) => kind === "example")
        );
    }).map(({ name }) => name)
  );
  return lacking.length === 0
    ? null
    : `without an @example: ${lacking.join(", ")}`;
}

async function importDirections(): Promise<string | null> {
  const problems = checkImportDirections(await readModuleGraph());
  return problems.length === 0 ? null : problems.join("\n");
}

/** `deno fmt --check` finds fault with executed notebooks that it does not change: their code is checked cell by cell. */
async function notebookCells(): Promise<string | null> {
  const folder = await Deno.makeTempDir();
  try {
    for await (const { name } of Deno.readDir(inProject("notebooks"))) {
      if (!name.endsWith(".ipynb")) continue;
      const { cells } = await readNotebook(inProject("notebooks", name));
      for (const [index, cell] of cells.entries()) {
        if (cell.cell_type !== "code") continue;
        const file = `${folder}/${name}-cell-${index + 1}.ts`;
        await Deno.writeTextFile(file, `${cell.source.trimEnd()}\n`);
      }
    }
    const { code, stdout, stderr } = await capture(Deno.execPath(), [
      "fmt",
      "--check",
      "--no-config",
      folder,
    ], { env: { NO_COLOR: "1" } });
    return code === 0 ? null : stdout + stderr;
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

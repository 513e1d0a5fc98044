/**
 * Étude as an npm package, installed for Node.js and Bun beside those two: what
 * `tests/release/` runs it in.
 *
 * @module
 */

import { join } from "node:path";
import { withFileLock } from "./file_lock.ts";
import { capture } from "./process.ts";
import { freshFolder, outFolder, projectFolder } from "./project.ts";

/** The releases that are tried: of Node.js the oldest line that we support. */
const versions = { node: "24.9.0", bun: "1.4.5" } as const;

/** Where Étude is installed as a package, and the programs that can run it. */
export interface OtherRuntimes {
  /** A folder with Étude in its `node_modules`. */
  readonly folder: string;
  /** Path of Node.js. */
  readonly node: string;
  /** Path of Bun. */
  readonly bun: string;
}

/**
 * Packs this project, and installs it with Node.js and Bun to `out/runtimes/`: half a
 * minute, most of it a download. No package's install script is run.
 *
 * @throws {Error} If packing or installing fails; it says what was printed
 */
export async function prepareOtherRuntimes(): Promise<OtherRuntimes> {
  const folder = join(outFolder, "runtimes");
  return await withFileLock(join(outFolder, "runtimes.lock"), async () => {
    await freshFolder(folder);
    await succeed(Deno.execPath(), [
      "pack",
      `--output=${join(folder, "etude.tgz")}`,
      "--allow-dirty",
      "--no-source-maps",
    ], projectFolder);
    const programs = programPackages();
    await Deno.writeTextFile(
      join(folder, "package.json"),
      JSON.stringify({
        private: true,
        type: "module",
        dependencies: {
          "@etude/etude": "file:etude.tgz",
          [programs.node]: versions.node,
          [programs.bun]: versions.bun,
        },
      }),
    );
    await succeed(
      onWindows ? "npm.cmd" : "npm",
      ["install", "--ignore-scripts", "--no-audit", "--no-fund"],
      folder,
    );
    const program = (name: "node" | "bun") =>
      join(folder, "node_modules", programs[name], "bin", name) +
      (onWindows ? ".exe" : "");
    return { folder, node: program("node"), bun: program("bun") };
  });
}

const onWindows = Deno.build.os === "windows";

/** The npm packages that hold the programs for this machine. */
function programPackages(): { readonly node: string; readonly bun: string } {
  const { os, arch } = Deno.build;
  const isARM = arch === "aarch64";
  return {
    node: `node-${onWindows ? "win" : os}-${isARM ? "arm64" : "x64"}`,
    // "baseline" asks nothing of the processor that an older one lacks.
    bun: `@oven/bun-${os}-${isARM ? "aarch64" : "x64-baseline"}`,
  };
}

async function succeed(
  command: string,
  args: readonly string[],
  cwd: string,
): Promise<void> {
  const { code, stdout, stderr } = await capture(command, args, { cwd });
  if (code === 0) return;
  throw new Error(
    `Cannot prepare Node.js and Bun: ${command} ${
      args.join(" ")
    } ended with ${code}\n${stdout}\n${stderr}`,
  );
}

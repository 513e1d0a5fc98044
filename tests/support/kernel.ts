/**
 * Real Deno kernels for tests, and a look at what cells show.
 *
 * ```ts ignore
 * await using kernel = await KernelSession.start({ cwd: await workFolder("my test") });
 * const { outputs } = await kernel.execute(`import { float } from "@etude/etude"; …`);
 * expect(textOf(outputs)).toContain("…");
 * ```
 *
 * @module
 */

import { join } from "node:path";
import type {
  MimeBundle,
  NotebookOutput,
} from "../../tools/jupyter/notebook.ts";
import { freshFolder, outFolder } from "../../tools/project.ts";

export {
  type CellResult,
  KernelSession,
} from "../../tools/jupyter/kernel_session.ts";
export {
  type NotebookOutput,
  vegaLiteMimeType,
} from "../../tools/jupyter/notebook.ts";

/** A fresh folder inside the project, so that notebooks in it find `@etude/etude`. */
export async function workFolder(name: string): Promise<string> {
  return await freshFolder(
    join(outFolder, "tests", name.replaceAll(/[^\w-]+/g, "-")),
  );
}

/** All that outputs say in plain text: streams, errors, and displays' `text/plain`. */
export function textOf(outputs: readonly NotebookOutput[]): string {
  return outputs.map((output) => {
    switch (output.output_type) {
      case "stream":
        return output.text;
      case "error":
        return `${output.ename}: ${output.evalue}\n`;
      default:
        return `${output.data["text/plain"] ?? ""}\n`;
    }
  }).join("");
}

/** What outputs display, in order. */
export function bundlesOf(outputs: readonly NotebookOutput[]): MimeBundle[] {
  return outputs.flatMap((output) => "data" in output ? [output.data] : []);
}

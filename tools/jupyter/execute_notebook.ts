/**
 * Runs a notebook's cells in a real Deno kernel and keeps what they show.
 *
 * @module
 */

import { withHeartbeat } from "../process.ts";
import { type CellResult, KernelSession } from "./kernel_session.ts";
import type { Notebook, NotebookCell } from "./notebook.ts";

/** Options of {@linkcode executeNotebook}. */
export interface ExecuteNotebookOptions {
  /** The kernel's working folder, from which its relative imports and files are found. */
  cwd: string;
  /** Environment variables for the kernel. */
  env?: Readonly<Record<string, string>>;
  /** How long one cell may take. Defaults to `600_000`. */
  cellTimeoutMs?: number;
  /** Told how far it is. Defaults to silence. */
  log?: (line: string) => void;
}

/**
 * Runs all code cells, in order, in a new kernel; returns a copy of the notebook with their
 * outputs. A cell tagged `raises-exception` may throw; one tagged `skip-execution` is left out.
 *
 * @throws {Error} if a cell throws, takes too long, or kills the kernel: with its number and source
 */
export async function executeNotebook(
  notebook: Notebook,
  options: ExecuteNotebookOptions,
): Promise<Notebook> {
  const { cwd, env, cellTimeoutMs = 600_000, log = () => {} } = options;
  const copy = structuredClone(notebook);
  const cells = copy.cells.filter((cell) =>
    cell.cell_type === "code" && !cell.metadata.tags?.includes("skip-execution")
  );
  await using kernel = await KernelSession.start({ cwd, env });
  const running: {
    cell: NotebookCell;
    outputs: () => Promise<CellResult["outputs"]>;
  }[] = [];
  for (const [index, cell] of cells.entries()) {
    const label = `[${
      String(index + 1).padStart(String(cells.length).length)
    }/${cells.length}]`;
    const start = performance.now();
    const run = kernel.begin(cell.source, { timeoutMs: cellTimeoutMs });
    let result: CellResult;
    try {
      result = await withHeartbeat(
        run.done,
        (seconds) => log(`${label} … ${seconds} s`),
      );
    } catch (error) {
      throw new Error(
        describeFailure(
          index,
          cell,
          `${(error as Error).message}\n${kernel.stderr}`,
        ),
      );
    }
    if (
      result.status !== "ok" &&
      !cell.metadata.tags?.includes("raises-exception")
    ) {
      throw new Error(describeFailure(index, cell, traceback(result)));
    }
    cell.execution_count = index + 1;
    running.push({ cell, outputs: run.outputs });
    const seconds = ((performance.now() - start) / 1000).toFixed(1);
    log(`${label} ${seconds.padStart(5)} s  ${gist(cell.source)}`);
  }
  // Only now: a later cell may have updated what an earlier one displays.
  for (const { cell, outputs } of running) {
    cell.outputs = (await outputs()).map((output) =>
      output.output_type === "execute_result"
        ? { ...output, execution_count: cell.execution_count }
        : output
    );
  }
  return copy;
}

function describeFailure(
  index: number,
  cell: NotebookCell,
  reason: string,
): string {
  const source = cell.source.split("\n").map((line) => `    | ${line}`).join(
    "\n",
  );
  return `Cannot execute code cell ${
    index + 1
  } (id ${cell.id}):\n${source}\n${reason.trim()}`;
}

function traceback({ error, outputs, status }: CellResult): string {
  const printed = outputs.flatMap((output) =>
    output.output_type === "stream" ? output.text : []
  );
  const reason = error?.traceback.join("\n") || error?.message ||
    `The cell was ${status}`;
  return printed.join("") + reason;
}

/** A cell's first line of code, to recognize it by. */
function gist(source: string): string {
  const lines = source.split("\n").map((line) => line.trim());
  const line = lines.find((line) => line !== "" && !line.startsWith("//")) ??
    "";
  return line.length > 60 ? `${line.slice(0, 59)}…` : line;
}

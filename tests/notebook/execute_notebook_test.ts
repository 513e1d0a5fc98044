import { join } from "node:path";
import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { executeNotebook } from "../../tools/jupyter/execute_notebook.ts";
import { exportHTML, fetchedByPage } from "../../tools/jupyter/export_html.ts";
import {
  type Notebook,
  type NotebookCell,
  readNotebook,
  vegaLiteMimeType,
  writeNotebook,
} from "../../tools/jupyter/notebook.ts";
import { textOf, workFolder } from "../support/kernel.ts";

function notebookOf(...sources: string[]): Notebook {
  const cells = sources.map((source, n): NotebookCell => ({
    cell_type: "code",
    id: `cell-${n + 1}`,
    metadata: {},
    source,
  }));
  return { cells, metadata: {}, nbformat: 4, nbformat_minor: 5 };
}

const display = (type: string, data: unknown) =>
  `await Deno.jupyter.broadcast("${type}", { data: ${
    JSON.stringify(data)
  }, metadata: {}, ` +
  `transient: { display_id: "one" } });`;

const chart = {
  $schema: "https://vega.github.io/schema/vega-lite/v5.json",
  data: { values: [{ a: "x", b: 2 }] },
  mark: "bar",
  encoding: { x: { field: "a" }, y: { field: "b", type: "quantitative" } },
};

describe("executeNotebook()", () => {
  it("keeps each cell's outputs, updated by later cells, and leaves the given notebook alone", async () => {
    const given = notebookOf(
      display("display_data", { "text/plain": "early" }),
      `console.log("printed"); 6 * 7`,
      display("update_display_data", { "text/plain": "late" }),
    );
    const before = structuredClone(given);
    const executed = await executeNotebook(given, {
      cwd: await workFolder("execute"),
    });
    expect(executed.cells.map((cell) => textOf(cell.outputs ?? [])))
      .toEqual(["late\n", "printed\n42\n", ""]);
    expect(given).toEqual(before);
  });

  it("names the cell that failed, and shows its source and the error", async () => {
    const failing = executeNotebook(
      notebookOf(
        "1",
        `const answer = 42;\nthrow new RangeError("too much: " + answer);`,
      ),
      { cwd: await workFolder("execute fails") },
    );
    await expect(failing).rejects.toThrow(
      /code cell 2 \(id cell-2\)[\s\S]*const answer = 42[\s\S]*RangeError: too much: 42/,
    );
  });

  it("lets a cell fail that is tagged raises-exception", async () => {
    const notebook = notebookOf(`throw new Error("on purpose")`, "'and on'");
    notebook.cells[0]!.metadata.tags = ["raises-exception"];
    const { cells } = await executeNotebook(notebook, {
      cwd: await workFolder("execute tagged"),
    });
    expect(textOf(cells[0]!.outputs ?? [])).toBe("Error: on purpose\n");
    expect(textOf(cells[1]!.outputs ?? [])).toBe('"and on"\n');
  });

  it("writes the same file each time, which reads back the same, and a page that fetches nothing", async () => {
    const folder = await workFolder("execute twice");
    const notebook = notebookOf(
      display("display_data", { [vegaLiteMimeType]: chart }),
      `"a\\nb"`,
    );
    for (const name of ["a.ipynb", "b.ipynb"]) {
      await writeNotebook(
        join(folder, name),
        await executeNotebook(notebook, { cwd: folder }),
      );
    }
    const first = await Deno.readTextFile(join(folder, "a.ipynb"));
    expect(await Deno.readTextFile(join(folder, "b.ipynb"))).toBe(first);
    const read = await readNotebook(join(folder, "a.ipynb"));
    expect(read.metadata.kernelspec).toEqual({
      display_name: "Deno",
      language: "typescript",
      name: "deno",
    });
    expect(read.cells[0]!.outputs![0]).toHaveProperty([
      "data",
      vegaLiteMimeType,
    ], chart);
    await writeNotebook(join(folder, "b.ipynb"), read);
    expect(await Deno.readTextFile(join(folder, "b.ipynb"))).toBe(first);

    await exportHTML(join(folder, "a.ipynb"), join(folder, "a.html"));
    expect(await Deno.readTextFile(join(folder, "a.html"))).toContain(
      "data:image/svg+xml;base64,",
    );
  });
});

describe("fetchedByPage()", () => {
  it("finds scripts, pictures, styles and imports from elsewhere, but not links to follow", () => {
    expect(fetchedByPage(`
      <script src="https://a.example/a.js"></script> <img alt="" src='//b.example/b.png'>
      <link rel="stylesheet" href="http://c.example/c.css">
      <style>body { background: url(https://d.example/d.png) }</style>
      <script type="module">import x from "https://e.example/e.mjs";</script>
      <a href="https://f.example/">see</a> <img src="data:image/png;base64,AAAA">
    `)).toEqual([
      "https://a.example/a.js",
      "//b.example/b.png",
      "http://c.example/c.css",
      "https://d.example/d.png",
      "https://e.example/e.mjs",
    ]);
  });
});

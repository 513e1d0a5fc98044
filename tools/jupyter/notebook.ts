/**
 * Notebook files (nbformat 4.5): reading, and writing in a form that makes small diffs.
 *
 * @module
 */

/** Data by MIME type, as displayed. */
export type MimeBundle = Record<string, unknown>;

/** What a cell printed. */
export interface StreamOutput {
  output_type: "stream";
  name: "stdout" | "stderr";
  text: string;
}

/** What a cell displayed, or its last expression. */
export interface DisplayOutput {
  output_type: "display_data" | "execute_result";
  data: MimeBundle;
  metadata: Record<string, unknown>;
  execution_count?: number | null;
}

/** What a cell threw. */
export interface ErrorOutput {
  output_type: "error";
  ename: string;
  evalue: string;
  traceback: string[];
}

/** An output of a code cell. */
export type NotebookOutput = StreamOutput | DisplayOutput | ErrorOutput;

/** A cell; text is held in one string each, not in lines. */
export interface NotebookCell {
  cell_type: "code" | "markdown" | "raw";
  id: string;
  metadata: { tags?: string[]; [key: string]: unknown };
  source: string;
  execution_count?: number | null;
  outputs?: NotebookOutput[];
}

/** A notebook. */
export interface Notebook {
  cells: NotebookCell[];
  metadata: Record<string, unknown>;
  nbformat: 4;
  nbformat_minor: number;
}

/** The MIME type under which front ends draw our charts. */
export const vegaLiteMimeType = "application/vnd.vegalite.v5+json";

/** What every notebook of the Deno kernel says of itself; no versions, so that it never changes. */
const denoMetadata = {
  kernelspec: { display_name: "Deno", language: "typescript", name: "deno" },
  language_info: {
    codemirror_mode: "typescript",
    file_extension: ".ts",
    mimetype: "text/x.typescript",
    name: "typescript",
    nbconvert_exporter: "script",
    pygments_lexer: "typescript",
  },
} as const;

/** Reads a notebook file. */
export async function readNotebook(path: string): Promise<Notebook> {
  const notebook: Notebook = JSON.parse(await Deno.readTextFile(path));
  for (const cell of notebook.cells) {
    cell.source = joined(cell.source) as string;
    for (const output of cell.outputs ?? []) {
      if (output.output_type === "stream") {
        output.text = joined(output.text) as string;
      }
      if ("data" in output) {
        for (const [type, value] of Object.entries(output.data)) {
          output.data[type] = isText(type) ? joined(value) : value;
        }
      }
    }
  }
  return notebook;
}

/**
 * Writes a notebook file for the Deno kernel: stable cell ids, sorted keys, one line of text a line
 * of the file, and neither times nor versions.
 */
export async function writeNotebook(
  path: string,
  notebook: Notebook,
): Promise<void> {
  const cells = notebook.cells.map((cell, index) => {
    const { execution: _, ...metadata } = cell.metadata;
    return {
      ...cell,
      id: cell.id ?? `cell-${index + 1}`,
      metadata,
      source: lines(cell.source),
      ...(cell.cell_type === "code" && {
        execution_count: cell.execution_count ?? null,
        outputs: (cell.outputs ?? []).map(outputOnDisk),
      }),
    };
  });
  const metadata = { ...notebook.metadata, ...denoMetadata };
  const file = { cells, metadata, nbformat: 4, nbformat_minor: 5 };
  await Deno.writeTextFile(path, notebookText(sorted(file)) + "\n");
}

/** Whether nbformat writes a MIME type's data as lines of text. */
function isText(type: string): boolean {
  return !/^application\/(.*\+)?json$/.test(type);
}

function outputOnDisk(output: NotebookOutput): unknown {
  if (output.output_type === "stream") {
    return { ...output, text: lines(output.text) };
  }
  if (output.output_type === "error") return output;
  const data: MimeBundle = {};
  for (const [type, value] of Object.entries(output.data)) {
    data[type] = isText(type) && typeof value === "string"
      ? lines(value)
      : value;
  }
  return { ...output, data };
}

function lines(text: string): string[] {
  return text === "" ? [] : text.split(/(?<=\n)/);
}

function joined(text: unknown): unknown {
  return Array.isArray(text) ? text.join("") : text;
}

/** The same JSON value with the keys of its objects sorted. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).sort(([a], [b]) => a < b ? -1 : 1).map((
      [k, v],
    ) => [k, sorted(v)]),
  );
}

/** The notebook as nbformat writes it, but for charts: their specs stand on one line each, at half the size. */
function notebookText(file: unknown): string {
  const charts: string[] = [];
  const text = JSON.stringify(file, (key, value) => {
    if (!key.endsWith("+json") || typeof value !== "object") return value;
    charts.push(JSON.stringify(value));
    return `\uE000${charts.length - 1}\uE001`;
  }, 1);
  return text.replace(
    /"\uE000(\d+)\uE001"/g,
    (_, index) => charts[Number(index)]!,
  );
}

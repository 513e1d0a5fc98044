import { CSVReader, separatorOf } from "./_csv.ts";
import { type Line, linesOf, unreadable } from "./_files.ts";
import { numberOf } from "./_values.ts";

/** A table in columns by name; `""` where a cell is empty. */
export interface Table {
  readonly path: string;
  readonly columns: ReadonlyMap<string, readonly string[]>;
  readonly rows: number;
  /** What was mended or left out. */
  readonly notes: readonly string[];
}

/** Reads a CSV file. */
export function readTable(path: string): Promise<Table> {
  return tableOf(path, linesOf(path));
}

/** The table of lines of CSV. */
export async function tableOf(
  path: string,
  lines: AsyncIterable<Line> | Iterable<Line>,
): Promise<Table> {
  const notes: string[] = [];
  let names: readonly string[] = [];
  let columns: string[][] = [];
  let rows = 0;
  for await (const cells of rowsOf(path, lines, notes)) {
    if (rows++ === 0) {
      names = cells;
      columns = names.map(() => []);
    } else columns.forEach((column, i) => column.push(cells[i]!));
  }
  return {
    path,
    columns: new Map(names.map((name, i) => [name, columns[i]!])),
    rows: Math.max(0, rows - 1),
    notes,
  };
}

/**
 * The rows of lines of CSV, the names of the columns first, each with a cell a column.
 *
 * @param notes What is mended or left out is added to it.
 */
export async function* rowsOf(
  path: string,
  lines: AsyncIterable<Line> | Iterable<Line>,
  notes: string[] = [],
): AsyncGenerator<readonly string[]> {
  let reader: CSVReader | null = null;
  let names: readonly string[] | null = null;
  for await (const { text, number, isEnded, end } of lines) {
    const line = number === 1 ? text.replace(/^\uFEFF/, "") : text;
    reader ??= new CSVReader(separatorOf(line));
    const cells = reader.read(line, end);
    if (cells === null) continue;
    if (names === null) {
      names = cells;
      const twice = cells.find((name, i) => cells.indexOf(name) !== i);
      if (twice !== undefined) {
        throw unreadable(
          path,
          `the column ${JSON.stringify(twice)} stands twice`,
          "a name of its own for each",
        );
      }
      yield names;
      continue;
    }
    if (cells.length !== names.length) {
      const isOut = !isEnded || cells.length > names.length;
      // A file of a million such lines needs no million notes.
      if (notes.length < mostNotes) {
        notes.push(
          `Line ${number} has ${cells.length} cells for ${names.length} columns${
            isOut ? " and was left out." : "; the others were taken as empty."
          }`,
        );
      }
      if (isOut) continue;
      while (cells.length < names.length) cells.push("");
    }
    yield cells;
  }
  if (reader?.isOpen) {
    notes.push("The file ends within a quoted cell; its row was left out.");
  }
}

const mostNotes = 100;

/** What all cells of a column are, so far. */
export class ColumnKind {
  /** Whether no cell is filled. */
  isEmpty = true;
  #areNumbers = true;
  #areBooleans = true;

  /** Looks at a cell; `""` is an empty one. */
  add(cell: string): void {
    if (cell === "") return;
    this.isEmpty = false;
    this.#areNumbers &&= numberOf(cell) !== null;
    this.#areBooleans &&= /^(true|false)$/i.test(cell);
  }

  /** Whether every filled cell is a number. */
  get areNumbers(): boolean {
    return this.#areNumbers;
  }

  /** The value of a cell: a number, a boolean or a text, as all of the column are; undefined where it is empty. */
  valueOf(cell: string): Cell {
    if (cell === "") return undefined;
    if (this.#areNumbers) return numberOf(cell)!;
    return this.#areBooleans ? cell.toLowerCase() === "true" : cell;
  }
}

/** The value of a cell; undefined where it is empty. */
export type Cell = number | boolean | string | undefined;

/** A column, or undefined. The first of these names that there is. */
export function columnOf(
  table: Table,
  ...names: readonly string[]
): readonly string[] | undefined {
  for (const name of names) {
    const column = table.columns.get(name);
    if (column !== undefined) return column;
  }
  return undefined;
}

/** A column's cells as values: all numbers, all booleans, or texts; undefined where empty. */
export function valuesOf(column: readonly string[]): readonly Cell[] {
  const kind = new ColumnKind();
  for (const cell of column) kind.add(cell);
  return column.map((cell) => kind.valueOf(cell));
}

/** A table whose rows are read when they are asked for. */
export interface RowTable {
  readonly tool: string;
  readonly path: string;
  /** By name: whether some cell is filled, and all that are hold numbers. */
  readonly columns: ReadonlyMap<string, { readonly isNumeric: boolean }>;
  /** How many rows there are. */
  readonly rows: number;
  /** What was mended or left out. */
  readonly notes: readonly string[];
  /** Reads the rows from the beginning, a cell a column. */
  values(): AsyncIterable<readonly Cell[]>;
}

/** A CSV file as such a table: read once now, for what its columns hold, and again for the rows. */
export async function openTable(path: string): Promise<RowTable> {
  const notes: string[] = [];
  let names: readonly string[] = [];
  let kinds: ColumnKind[] = [];
  let rows = 0;
  for await (const cells of rowsOf(path, linesOf(path), notes)) {
    if (rows++ === 0) {
      names = cells;
      kinds = names.map(() => new ColumnKind());
    } else kinds.forEach((kind, i) => kind.add(cells[i]!));
  }
  return {
    tool: "CSV",
    path,
    columns: new Map(
      names.map((
        name,
        i,
      ) => [name, { isNumeric: !kinds[i]!.isEmpty && kinds[i]!.areNumbers }]),
    ),
    rows: Math.max(0, rows - 1),
    notes,
    async *values() {
      let isHeader = true;
      for await (const cells of rowsOf(path, linesOf(path))) {
        if (!isHeader) yield cells.map((cell, i) => kinds[i]!.valueOf(cell));
        isHeader = false;
      }
    },
  };
}

/** The names of a CSV file's columns. */
export async function columnNames(path: string): Promise<readonly string[]> {
  for await (const names of rowsOf(path, linesOf(path))) return names;
  return [];
}

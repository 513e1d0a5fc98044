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
  let reader: CSVReader | null = null;
  let names: readonly string[] | null = null;
  let columns: string[][] = [];
  const notes: string[] = [];
  let rows = 0;
  for await (const { text, number, isEnded, end } of lines) {
    const line = number === 1 ? text.replace(/^\uFEFF/, "") : text;
    reader ??= new CSVReader(separatorOf(line));
    const cells = reader.read(line, end);
    if (cells === null) continue;
    if (names === null) {
      names = cells;
      columns = names.map(() => []);
      const twice = names.find((name, i) => names!.indexOf(name) !== i);
      if (twice !== undefined) {
        throw unreadable(
          path,
          `the column ${JSON.stringify(twice)} stands twice`,
          "a name of its own for each",
        );
      }
      continue;
    }
    if (cells.length !== names.length) {
      if (!isEnded || cells.length > names.length) {
        notes.push(
          `Line ${number} has ${cells.length} cells for ${names.length} columns and was left out.`,
        );
        continue;
      }
      notes.push(
        `Line ${number} has ${cells.length} cells for ${names.length} columns; the others were taken as empty.`,
      );
    }
    rows++;
    columns.forEach((column, i) => column.push(cells[i] ?? ""));
  }
  if (reader?.isOpen) {
    notes.push("The file ends within a quoted cell; its row was left out.");
  }
  return {
    path,
    columns: new Map(names?.map((name, i) => [name, columns[i]!])),
    rows,
    notes,
  };
}

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
export function valuesOf(
  column: readonly string[],
): readonly (number | boolean | string | undefined)[] {
  const filled = column.filter((cell) => cell !== "");
  if (filled.every((cell) => numberOf(cell) !== null)) {
    return column.map((cell) => cell === "" ? undefined : numberOf(cell)!);
  }
  if (filled.every((cell) => /^(true|false)$/i.test(cell))) {
    return column.map((cell) =>
      cell === "" ? undefined : cell.toLowerCase() === "true"
    );
  }
  return column.map((cell) => cell === "" ? undefined : cell);
}

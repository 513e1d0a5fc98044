/**
 * Comma-separated values, RFC 4180, and against spreadsheets that run what they
 * read: a text that begins like a formula is written with a `'` before it, and
 * read without.
 *
 * @module
 */

/** How a formula begins in a spreadsheet; and what we guard with, so that it can be told apart. */
const dangerous = /^[=+\-@\t\r']/;

/** A cell: numbers as they are, texts guarded and quoted where they must be. */
export function csvCell(value: unknown): string {
  if (value === null || value === undefined) return "";
  if (typeof value === "number" || typeof value === "boolean") {
    return String(value);
  }
  const text = String(value);
  const guarded = dangerous.test(text) ? `'${text}` : text;
  return /[",\r\n]|^\s|\s$/.test(guarded)
    ? `"${guarded.replaceAll('"', '""')}"`
    : guarded;
}

/** A row, with its line end. */
export function csvRow(cells: readonly unknown[]): string {
  return `${cells.map(csvCell).join(",")}\r\n`;
}

/** Which sign stands between the columns: the commonest in the header. */
export function separatorOf(header: string): string {
  const bare = header.replace(/"(?:[^"]|"")*"/g, "");
  const count = (sign: string) => bare.split(sign).length;
  return [",", ";", "\t"].reduce((best, sign) =>
    count(sign) > count(best) ? sign : best
  );
}

/** The rows of a table given line by line; quotes may hold line ends. */
export class CSVReader {
  readonly #separator: string;
  /** The cells of a row whose last one goes on in the next line. */
  #cells: string[] = [];
  /** What there is of that cell; null if no quote is open. */
  #open: string | null = null;
  /** The line end that it goes on after. */
  #end = "\n";

  /** @param separator The sign between columns. */
  constructor(separator: string) {
    this.#separator = separator;
  }

  /** Whether a quote is open: the table breaks off within a cell. */
  get isOpen(): boolean {
    return this.#open !== null;
  }

  /** The row that ends with this line; null if it goes on in the next one, or the line is empty. */
  read(line: string, end = "\n"): string[] | null {
    let open = this.#open;
    if (open === null) {
      if (line.trim() === "") return null;
      if (!line.includes('"')) {
        return line.split(this.#separator)
          .map((cell) => unguarded(cell.trim()));
      }
    } else open += this.#end;
    this.#end = end;
    const text = line;
    const cells = this.#cells;
    this.#cells = [];
    this.#open = null;
    let at = 0;
    for (;;) {
      const quote = open === null ? quoteAt(text, at) : at - 1;
      if (quote >= -1) {
        at = quote + 1;
        let cell = open ?? "";
        open = null;
        for (;;) {
          const end = text.indexOf('"', at);
          if (end < 0) {
            // What was read stays read: no line is looked at twice.
            this.#cells = cells;
            this.#open = cell + text.slice(at);
            return null;
          }
          cell += text.slice(at, end);
          at = end + 1;
          if (text[at] !== '"') break;
          cell += '"';
          at++;
        }
        cells.push(unguarded(cell));
        const next = text.indexOf(this.#separator, at);
        if (next < 0) return cells;
        at = next + 1;
      } else {
        const next = text.indexOf(this.#separator, at);
        cells.push(
          unguarded(text.slice(at, next < 0 ? undefined : next).trim()),
        );
        if (next < 0) return cells;
        at = next + 1;
      }
    }
  }
}

/** Where the quote stands that a cell begins with; -2 if it begins with none. */
function quoteAt(text: string, from: number): number {
  let at = from;
  while (/\s/.test(text[at] ?? "")) at++;
  return text[at] === '"' ? at : -2;
}

function unguarded(cell: string): string {
  return cell[0] === "'" && dangerous.test(cell.slice(1))
    ? cell.slice(1)
    : cell;
}

import { GrowingFile } from "./_growing_file.ts";
import type { MetricFeed, MetricReading } from "./metric_source.ts";
import { isStepName, numberOf, readingOf } from "./_reading.ts";

/** Reads a CSV file's rows as they are written. */
export async function csvFeed(path: string): Promise<MetricFeed> {
  const file = await GrowingFile.fromEnd(path);
  let decoder = new TextDecoder();
  let rest = "";
  const header = await file.firstLine();
  let columns = header === null ? null : fieldsOf(header);
  let rows = 0;
  const take = (line: string): MetricReading[] => {
    if (line.trim() === "") return [];
    const fields = fieldsOf(line);
    if (columns === null || fields.join("\0") === columns.join("\0")) {
      columns = fields;
      return [];
    }
    rows++;
    const hasStep = columns.some(isStepName);
    const reading = readingOf([
      ...hasStep ? [] : [["step", rows] as const],
      ...columns.map((name, i) => [name, numberOf(fields[i] ?? "")] as const),
    ]);
    return reading === null ? [] : [reading];
  };
  const feed: MetricFeed = {
    async read(isOver) {
      const bytes = await file.read();
      if (bytes === null) {
        // Begun anew: the header comes again.
        [decoder, rest, columns, rows] = [new TextDecoder(), "", null, 0];
        return feed.read(isOver);
      }
      rest += decoder.decode(bytes, { stream: true });
      const lines = rest.split(/\r?\n/);
      rest = isOver ? "" : lines.pop()!;
      return lines.flatMap(take);
    },
  };
  return feed;
}

/** The fields of a line; quotes may hold commas, and doubled quotes. */
function fieldsOf(line: string): string[] {
  const fields: string[] = [];
  for (
    const [, quoted, plain] of line.matchAll(
      /(?:^|,)(?:\s*"((?:[^"]|"")*)"\s*|([^,]*))/g,
    )
  ) {
    fields.push(quoted?.replaceAll('""', '"') ?? plain!.trim());
  }
  return fields;
}

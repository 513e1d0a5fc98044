/**
 * Tables in Arrow's IPC file, as pandas (`to_feather`), Polars (`write_ipc`), DuckDB
 * and our own export write them. Loads `apache-arrow`.
 *
 * @module
 */

import { open } from "node:fs/promises";
import type { RecordBatch, RecordBatchReader } from "apache-arrow";
import { unreadable } from "./_files.ts";
import type { Cell, RowTable } from "./_table.ts";

/** Whether the beginning of a file is of such a table, or of Feather's first form. */
export function isArrow(head: string): boolean {
  return head.startsWith("ARROW1") || head.startsWith("FEA1");
}

/** What pandas keeps its index in. */
const indexColumn = /^__index_level_\d+__$/;

/** An Arrow file as a table: read once now, for what its columns hold, and again for the rows, batch by batch. */
export async function openArrow(path: string): Promise<RowTable> {
  let names: readonly string[] = [];
  let isNumeric: boolean[] = [];
  let isEmpty: boolean[] = [];
  let rows = 0;
  for await (const batch of batchesOf(path)) {
    const columns = columnsOf(batch);
    if (rows === 0) {
      names = columns.map(({ name }) => name);
      isNumeric = names.map(() => true);
      isEmpty = names.map(() => true);
    }
    columns.forEach(({ cell }, i) => {
      for (let row = 0; row < batch.numRows; row++) {
        const value = cell(row);
        if (value === undefined) continue;
        isEmpty[i] = false;
        if (typeof value === "number") continue;
        isNumeric[i] = false;
        break;
      }
    });
    rows += batch.numRows;
  }
  return {
    tool: "Arrow",
    path,
    columns: new Map(
      names.map((name, i) => [
        name,
        { isNumeric: isNumeric[i]! && !isEmpty[i]! },
      ]),
    ),
    rows,
    notes: [],
    async *values() {
      for await (const batch of batchesOf(path)) {
        const columns = columnsOf(batch);
        for (let row = 0; row < batch.numRows; row++) {
          yield columns.map(({ cell }) => cell(row));
        }
      }
    },
  };
}

async function* batchesOf(path: string): AsyncGenerator<RecordBatch> {
  const { RecordBatchReader } = await import("apache-arrow");
  const file = await open(path, "r");
  try {
    const reader = await RecordBatchReader.from(
      file as unknown as Parameters<typeof RecordBatchReader.from>[0],
    ) as RecordBatchReader;
    await reader.open();
    for await (const batch of reader) yield batch;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw /compress|codec/i.test(reason)
      ? unreadable(
        path,
        "it is compressed",
        'one that is not: df.to_feather(path, compression="uncompressed"), or df.write_ipc(path, compression="uncompressed") in Polars',
      )
      : unreadable(
        path,
        `it breaks off or is damaged (${reason})`,
        "a whole Arrow file, of Feather's second form",
      );
  } finally {
    await file.close();
  }
}

interface Column {
  readonly name: string;
  /** The cell of a row of the batch. */
  readonly cell: (row: number) => Cell;
}

function columnsOf(batch: RecordBatch): Column[] {
  return batch.schema.fields.flatMap(({ name, type }, i) => {
    const vector = batch.getChildAt(i);
    if (vector === null || indexColumn.test(name)) return [];
    const isTime = /^(Timestamp|Date)/.test(String(type));
    return [{
      name,
      cell: (row) => cellOf(vector.get(row), isTime),
    }];
  });
}

function cellOf(value: unknown, isTime: boolean): Cell {
  if (value === null || value === undefined) return undefined;
  if (isTime) return new Date(Number(value)).toISOString();
  switch (typeof value) {
    case "bigint":
      return Number(value);
    case "number":
    case "boolean":
    case "string":
      return value;
    default:
      return JSON.stringify(
        value,
        (_, one) => typeof one === "bigint" ? Number(one) : one,
      );
  }
}

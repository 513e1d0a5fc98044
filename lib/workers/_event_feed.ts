import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { EventReader } from "../interop/mod.ts";
import { GrowingFile } from "./_growing_file.ts";
import type { MetricFeed, MetricReading } from "./metric_source.ts";

/** Reads the scalars of event files as they are written. */
export async function eventFeed(folder: string): Promise<MetricFeed> {
  const old = new Set(await eventFilesIn(folder));
  const open = new Map<string, { file: GrowingFile; reader: EventReader }>();
  return {
    async read() {
      for (const path of await eventFilesIn(folder)) {
        if (old.has(path) || open.has(path)) continue;
        open.set(path, {
          file: GrowingFile.fromStart(path),
          reader: new EventReader(),
        });
      }
      const readings: MetricReading[] = [];
      for (const one of open.values()) {
        let bytes = await one.file.read();
        if (bytes === null) {
          one.reader = new EventReader();
          bytes = await one.file.read() ?? new Uint8Array();
        }
        for (const { tag, step, value } of one.reader.read(bytes)) {
          readings.push({
            step: Math.max(0, step),
            values: { [tag.replaceAll("/", " ")]: value },
          });
        }
      }
      return readings;
    },
  };
}

async function eventFilesIn(folder: string): Promise<string[]> {
  try {
    const entries = await readdir(folder, {
      recursive: true,
      withFileTypes: true,
    });
    return entries.filter((entry) =>
      entry.isFile() && entry.name.includes("tfevents")
    ).map((entry) => join(entry.parentPath, entry.name)).sort();
  } catch {
    return [];
  }
}

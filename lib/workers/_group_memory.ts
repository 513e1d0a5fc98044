import { execFile } from "node:child_process";
import { readdir, readFile } from "node:fs/promises";

/** The resident memory of a process group, in bytes; null where it cannot be told. */
export async function memoryOfGroup(group: number): Promise<number | null> {
  try {
    return await fromProc(group);
  } catch {
    return await fromPs(group);
  }
}

/** Linux: `/proc/N/stat`, whose fields after the name in brackets begin with the third. */
async function fromProc(group: number): Promise<number> {
  const ids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const sizes = await Promise.all(ids.map(async (id) => {
    try {
      const stat = await readFile(`/proc/${id}/stat`, "utf8");
      const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
      if (Number(fields[2]) !== group) return 0;
      const status = await readFile(`/proc/${id}/status`, "utf8");
      return 1024 * Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1] ?? 0);
    } catch {
      // It ended meanwhile.
      return 0;
    }
  }));
  return sizes.reduce((a, b) => a + b, 0);
}

function fromPs(group: number): Promise<number | null> {
  return new Promise((resolve) => {
    execFile("ps", ["-A", "-o", "pgid=,rss="], (error, stdout) => {
      if (error !== null) return resolve(null);
      let kilobytes = 0;
      for (const line of String(stdout).split("\n")) {
        const [id, rss] = line.trim().split(/\s+/).map(Number);
        if (id === group) kilobytes += rss ?? 0;
      }
      resolve(kilobytes * 1024);
    });
  });
}

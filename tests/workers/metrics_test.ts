import {
  appendFileSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import {
  csvFile,
  eventFiles,
  jsonLines,
  matching,
} from "../../lib/workers/mod.ts";

const freshFolder = () => mkdtempSync(join(tmpdir(), "etude-test-"));
const read = (line: string) => {
  const reading = jsonLines().readLine!(line);
  return reading && { step: reading.step, values: { ...reading.values } };
};

describe("jsonLines()", () => {
  it("passes over what is no object, or holds no number", () => {
    for (
      const line of ["", "epoch 3", "[1]", "{", '{"a": "b"}', '{"epoch": 1}']
    ) expect(read(line)).toBe(null);
  });

  it("reads the step under its usual names, and one level of objects", () => {
    expect(read(' {"Epoch": 3, "validation": {"loss": 0.5, "n": "x"}} '))
      .toEqual({ step: 3, values: { "validation loss": 0.5 } });
    expect(read('{"loss": 0.5}')).toEqual({
      step: null,
      values: { loss: 0.5 },
    });
  });

  it("reads NaN and infinities as Python writes them, but not in texts", () => {
    expect(read('{"step": 0, "a": NaN, "b": -Infinity, "c": "NaN \\" NaN"}'))
      .toEqual({ step: 0, values: { a: NaN, b: -Infinity } });
  });

  it("lets no name reach the prototype", () => {
    read('{"__proto__": 1, "constructor": {"prototype": 2}}');
    expect(({} as Record<string, unknown>).prototype).toBe(undefined);
    expect(read('{"__proto__": 1, "b": 2}')!.values.b).toBe(2);
  });
});

describe("matching()", () => {
  it("reads percents, infinities and numbers with a comma behind", () => {
    const { readLine } = matching(/(?<step>\d+) (?<a>\S+) (?<b>\S+)/g);
    for (let i = 0; i < 2; i++) {
      expect({ ...readLine!("7 93.5% -inf,")!.values }).toEqual({
        a: 0.935,
        b: -Infinity,
      });
    }
    expect(readLine!("nothing")).toBe(null);
  });
});

describe("csvFile()", () => {
  it("reads what is added while it grows, and no half line before the end", async () => {
    const path = join(freshFolder(), "log.csv");
    const feed = await csvFile(path).open!(path);
    expect(await feed.read(false)).toEqual([]);
    writeFileSync(path, 'epoch,"validation, loss",name\n1,0.5,a\n2,0.');
    const values = async (isOver: boolean) =>
      (await feed.read(isOver)).map(({ step, values }) => [
        step,
        values["validation, loss"],
      ]);
    expect(await values(false)).toEqual([[1, 0.5]]);
    appendFileSync(path, "25,b\n3,0.125,c");
    expect(await values(false)).toEqual([[2, 0.25]]);
    expect(await values(true)).toEqual([[3, 0.125]]);
  });

  it("leaves alone what was there before, reads a file that begins anew, counts rows without a step", async () => {
    const path = join(freshFolder(), "log.csv");
    writeFileSync(path, "loss\n9\n8\n");
    const feed = await csvFile(path).open!(path);
    appendFileSync(path, "7\n");
    const values = async () =>
      (await feed.read(false)).map(({ step, values }) => [step, values.loss]);
    expect(await values()).toEqual([[1, 7]]);
    writeFileSync(path, "loss\n1\n2\n3\n4\n5\n6\n");
    expect(await values()).toEqual([1, 2, 3, 4, 5, 6].map((n) => [n, n]));
  });
});

describe("eventFiles()", () => {
  it("reads the files that appear, in folders too, and not those there before", async () => {
    const folder = freshFolder();
    const golden = new URL(
      "../interop/golden/simple.tfevents",
      import.meta.url,
    );
    copyFileSync(golden, join(folder, "events.out.tfevents.1.old"));
    const feed = await eventFiles(folder).open!(folder);
    expect(await feed.read(false)).toEqual([]);
    mkdirSync(join(folder, "validation"));
    copyFileSync(golden, join(folder, "validation", "events.out.tfevents.2"));
    const readings = await feed.read(true);
    expect(readings.length).toBe(8);
    expect({ ...readings[0]!.values }).toEqual({
      "validation loss": Math.fround(2.302585),
    });
  });
});

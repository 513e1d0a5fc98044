import { readFileSync } from "node:fs";
import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import { EventReader } from "../../lib/interop/mod.ts";

const golden = (name: string) =>
  new Uint8Array(readFileSync(new URL(`./golden/${name}`, import.meta.url)));

/** As TensorBoard 2.21 wrote them: golden/make_event_files.py. */
const losses = [
  [0, Math.fround(2.302585)],
  [1, NaN],
  [300, -0.125],
  [2 ** 40, Infinity],
];

describe("EventReader", () => {
  it("reads nothing of nothing, and waits for the rest of a record", () => {
    const reader = new EventReader();
    expect(reader.read(new Uint8Array())).toEqual([]);
    expect(reader.read(new Uint8Array([24, 0, 0]))).toEqual([]);
  });

  it("reads scalars as PyTorch writes them, and passes over the rest", () => {
    const events = new EventReader().read(golden("simple.tfevents"));
    expect(
      events.filter(({ tag }) => tag === "validation/loss")
        .map(({ step, value }) => [step, value]),
    ).toEqual(losses);
    expect(events.filter(({ tag }) => tag === "lr").length).toBe(4);
    expect(events[0]!.wallTimeSeconds).toBe(1700000000.5);
  });

  it("reads scalars as TensorFlow 2 writes them", () => {
    const events = new EventReader().read(golden("tensors.tfevents"));
    expect(events.map(({ tag, step, value }) => [tag, step, value])).toEqual([
      ...losses.map((one) => ["validation/loss", ...one]),
      ["double", 7, 0.1],
      ["int", 8, -3],
    ]);
  });

  it("reads the same however the bytes are cut", () => {
    const bytes = golden("simple.tfevents");
    const whole = new EventReader().read(bytes);
    for (const size of [1, 7, 100]) {
      const reader = new EventReader();
      const events = [];
      for (let i = 0; i < bytes.length; i += size) {
        events.push(...reader.read(bytes.subarray(i, i + size)));
      }
      expect(events).toEqual(whole);
    }
  });

  it("says so of what is no event file", () => {
    const bytes = new TextEncoder().encode("epoch,loss\n1,0.5\n".repeat(4));
    expect(() => new EventReader().read(bytes)).toThrow(SyntaxError);
  });
});

import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import { loadDigits, toTensors } from "../../notebooks/digits.ts";
import { tf } from "./fixtures.ts";

describe("loadDigits()", () => {
  it("splits 1,797 digits into three parts, the same each time", async () => {
    const digits = await loadDigits();
    const { train, validation, test } = digits;
    expect([train, validation, test].map(({ count }) => count)).toEqual(
      [1077, 360, 360],
    );
    expect(await loadDigits()).toEqual(digits);
    expect((await loadDigits("other")).test).not.toEqual(test);
  });

  it("keeps every image, each in one part", async () => {
    const { train, validation, test } = await loadDigits();
    const images = [train, validation, test].flatMap(({ images, count }) =>
      Array.from(
        { length: count },
        (_, i) => images.slice(64 * i, 64 * (i + 1)).join(),
      )
    );
    expect(new Set(images).size).toBe(1797);
  });

  it("gives grey values from 0 to 1 and about as many of each digit", async () => {
    const { train, validation, test } = await loadDigits();
    for (const { images, labels, count } of [train, validation, test]) {
      expect([Math.min(...images), Math.max(...images)]).toEqual([0, 1]);
      for (let digit = 0; digit < 10; digit++) {
        const share = labels.filter((label) => label === digit).length / count;
        expect(share).toBeGreaterThan(0.07);
        expect(share).toBeLessThan(0.14);
      }
    }
  });
});

describe("toTensors()", () => {
  it("gives images flat or as pictures, and digits one-hot", async () => {
    const { test } = await loadDigits();
    const flat = toTensors(tf, test);
    const pictures = toTensors(tf, test, "picture");
    expect([flat.x.shape, flat.y.shape]).toEqual([[360, 64], [360, 10]]);
    expect(pictures.x.shape).toEqual([360, 8, 8, 1]);
    expect(Array.from(flat.y.argMax(-1).dataSync())).toEqual([...test.labels]);
    expect(Array.from(flat.y.sum(-1).dataSync())).toEqual(
      Array(360).fill(1),
    );
  });
});

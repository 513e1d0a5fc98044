import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import * as fc from "fast-check";
import {
  asCode,
  duration,
  number,
  percent,
  readNumber,
} from "../../lib/tuner/page/format.ts";
import { rangeOf, ticks } from "../../lib/tuner/page/plot.ts";
import { splitName } from "../../lib/tuner/page/plots.ts";
import { inProject } from "../../tools/project.ts";

describe("numbers on the page", () => {
  it("are short, and small ones are in powers of ten", () => {
    for (
      const [value, text] of [
        [0, "0"],
        [128, "128"],
        [0.0123456, "0.01235"],
        [0.00032, "3.2e−4"],
        [-1.5, "−1.5"],
        [2_500_000, "2.5e6"],
        [Infinity, "∞"],
        [NaN, "–"],
        [null, "–"],
      ] as const
    ) expect(number(value)).toBe(text);
  });

  it("what is shown can be typed: readNumber(number(x)) is x to four digits", () => {
    fc.assert(fc.property(
      fc.double({ noNaN: true, min: -1e12, max: 1e12 }),
      (value) => {
        const read = readNumber(number(value));
        expect(Math.abs(read - value)).toBeLessThanOrEqual(
          6e-4 * Math.abs(value),
        );
      },
    ));
    expect(readNumber("1,5")).toBe(1.5);
    for (const text of ["", "  ", "abc", "1.2.3"]) {
      expect(readNumber(text)).toBeNaN();
    }
  });

  it("shares and durations are in words", () => {
    expect([0, 0.004, 0.34, 0.996, 1].map(percent)).toEqual([
      "0 %",
      "< 1 %",
      "34 %",
      "> 99 %",
      "100 %",
    ]);
    expect([450, 3456, 80_000, 3_700_000].map(duration)).toEqual([
      "450 ms",
      "3.5 s",
      "1 min 20 s",
      "1 h 1 min",
    ]);
  });
});

describe("asCode()", () => {
  it("is TypeScript that gives the configuration back, whatever its names and texts", () => {
    fc.assert(fc.property(
      fc.dictionary(
        fc.string(),
        fc.oneof(
          fc.double({ noNaN: true, noDefaultInfinity: true }),
          fc.string(),
          fc.boolean(),
          fc.constant(null),
        ),
      ),
      (params) => {
        const read = JSON.parse(
          asCode(params).replace(/,\n\}$/, "\n}").replace(
            /^ {2}([A-Za-z_$][\w$]*):/gm,
            '  "$1":',
          ),
        );
        expect(read).toEqual(JSON.parse(JSON.stringify(params)));
      },
    ));
  });
});

describe("plots", () => {
  it("the range is that of where curves end, with some of the way there", () => {
    const line = {
      trial: 1,
      color: "",
      dashed: false,
      strong: true,
      steps: Array.from({ length: 40 }, (_, i) => i + 1),
      values: Array.from({ length: 40 }, (_, i) => 100 * Math.exp(-i) + 1),
    };
    const [low, high] = rangeOf([line], null);
    expect(low).toBeLessThan(1);
    expect(high).toBeLessThan(3);
    expect(high).toBeGreaterThan(1);
    expect(rangeOf([], null)).toEqual([0, 1]);
    expect(rangeOf([{ ...line, values: [null, null] }], null)).toEqual([0, 1]);
  });

  it("ticks are round numbers within the range", () => {
    expect(ticks(0, 1, 4)).toEqual([0, 0.5, 1]);
    expect(ticks(0.93, 0.98, 3)).toEqual([0.94, 0.96, 0.98]);
  });

  it("a curve's name says the part of the data and the quantity", () => {
    expect(splitName("validation accuracy")).toEqual({
      part: "validation",
      quantity: "accuracy",
    });
    expect(splitName("val_loss")).toEqual({
      part: "validation",
      quantity: "loss",
    });
    expect(splitName("train loss")).toEqual({
      part: "train",
      quantity: "loss",
    });
    expect(splitName("reward")).toEqual({ part: "", quantity: "reward" });
  });
});

describe("the page's sources", () => {
  it("never read a text as markup or code", async () => {
    for await (const { name } of Deno.readDir(inProject("lib/tuner/page"))) {
      if (!name.endsWith(".ts")) continue;
      const source = await Deno.readTextFile(inProject("lib/tuner/page", name));
      for (
        const word of [
          "innerHTML",
          "outerHTML",
          "insertAdjacentHTML",
          "document.write",
          "eval(",
          "new Function",
          "srcdoc",
        ]
      ) {
        expect(`${name}: ${source.includes(word) ? word : ""}`).toBe(
          `${name}: `,
        );
      }
    }
  });
});

import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import {
  cleanText,
  distinct,
  escapeMarkup,
  formatNumber,
  formatParams,
  reasonOf,
  shorten,
  sparkline,
  textWidth,
  wrapText,
} from "../../lib/charts/_text.ts";

describe("cleanText()", () => {
  it("replaces what XML, expressions or the reading order cannot bear", () => {
    expect(cleanText("a\u0000b\u2028c\u202ed\ne")).toBe("a b c d e");
    expect(cleanText("\ud800x")).toBe("\ufffdx");
    expect(cleanText("常数🙂 ñ")).toBe("常数🙂 ñ");
  });
});

describe("shorten() and wrapText()", () => {
  it("count wide letters twice", () => {
    expect(textWidth("常数ab")).toBe(6);
    expect(shorten("常数常数", 5)).toBe("常数…");
    expect(shorten("abcde", 5)).toBe("abcde");
    expect(shorten("abcdef", 5)).toBe("abcd…");
  });

  it("break at spaces, and cut a word that is longer than a line", () => {
    expect(wrapText("one two three", 8)).toEqual(["one two", "three"]);
    expect(wrapText("abcdefghij x", 5)).toEqual(["abcd…", "x"]);
    expect(wrapText("", 5)).toEqual([""]);
  });
});

describe("formatNumber()", () => {
  it("writes few letters", () => {
    const written = [
      0,
      12,
      1234567,
      12345678,
      0.1 + 0.2,
      1e-5,
      123.456789,
      -0.00012345,
      Infinity,
      -Infinity,
      NaN,
    ].map((value) => formatNumber(value));
    expect(written).toEqual([
      "0",
      "12",
      "1234567",
      "1.235e7",
      "0.3",
      "1e-5",
      "123.5",
      "-0.0001234",
      "∞",
      "-∞",
      "NaN",
    ]);
  });
});

describe("formatParams()", () => {
  it("writes a configuration on one line, without what is not used", () => {
    expect(formatParams({ a: 0.1, b: "x\ny", c: undefined, d: null, e: true }))
      .toBe("a=0.1, b=x y, d=null, e=true");
  });
});

describe("distinct()", () => {
  it("makes texts distinct from each other and from what Vega keeps for itself", () => {
    expect(distinct(["a", "b", "a", "constructor", "image", ""])).toEqual([
      "a",
      "b",
      "a ",
      "constructor ",
      "image ",
      " ",
    ]);
  });
});

describe("escapeMarkup()", () => {
  it("escapes for elements and attributes", () => {
    expect(escapeMarkup("<a b='c' d=\"e\">&</a>")).toBe(
      "&lt;a b=&#39;c&#39; d=&quot;e&quot;&gt;&amp;&lt;/a&gt;",
    );
  });
});

describe("sparkline()", () => {
  it("is a bar a value, from the lowest to the highest", () => {
    expect(sparkline([1, 2, 3, 8])).toBe("▁▂▃█");
    expect(sparkline([5, 5])).toBe("▅▅");
    expect(sparkline([NaN, Infinity])).toBe("");
    expect(sparkline(Array(1000).fill(1) as number[], 10).length).toBe(10);
    expect(sparkline([-1.7e308, 1.7e308])).toBe("▁█");
  });
});

describe("reasonOf()", () => {
  it("is the message with that of its cause, for whatever was thrown", () => {
    const error = new Error("a", { cause: new TypeError("b") });
    expect(reasonOf(error)).toBe("a (b)");
    expect(reasonOf("text")).toBe("text");
    expect(reasonOf(Object.create(null))).toBe("unknown");
  });
});

import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import * as fc from "fast-check";
import { readDraft, readRequest } from "../../lib/tuner/read_request.ts";

const read = (value: unknown) => readRequest(JSON.stringify(value));

describe("readRequest()", () => {
  it("reads each request, and drops what does not belong", () => {
    const candidate = {
      params: { x: 1, y: "a", z: null, on: true },
      chosenBy: "manual",
      reason: null,
    };
    const requests = [
      { type: "look", id: 1, params: { x: 0.5 } },
      { type: "run", id: 1, candidate },
      { type: "suggest", id: 1, count: 3, fixed: {}, ranges: { x: [0, 1] } },
      { type: "queue", id: 1, candidates: [candidate] },
      { type: "run queue", id: 1 },
      { type: "auto", id: 1, trials: 10, fixed: {}, ranges: {} },
      { type: "stop", id: 1, scope: "run" },
      { type: "hold", id: 1, on: true },
      { type: "withdraw", id: 1, number: 4 },
      { type: "repeat", id: 1, number: 4 },
      { type: "diagnose", id: 1, number: 4 },
      { type: "note", id: 1, number: 4, text: "*x*" },
      { type: "favorite", id: 1, number: 4, on: false },
      { type: "judge", id: 1, number: 4, verdict: null, reason: "" },
      { type: "curves", id: 1, numbers: [1, 2] },
    ];
    for (const request of requests) {
      expect(read({ ...request, constructor: 1, more: {} })).toEqual(request);
    }
    const draft = { params: {}, pinned: ["x"], ranges: {}, compared: [3] };
    expect(read({ type: "draft", draft })).toEqual({ type: "draft", draft });
  });

  it("refuses what is no text, too long, no JSON, no object, of an unknown type", () => {
    for (
      const text of [
        new Uint8Array(4),
        null,
        "",
        "{",
        "[]",
        "1",
        "null",
        '"look"',
        "x".repeat(65_537),
        JSON.stringify({ type: "eval", id: 1, code: "Deno.exit()" }),
        JSON.stringify({ type: "close", id: 1 }),
        JSON.stringify({ type: "toString", id: 1 }),
        JSON.stringify({ type: "__proto__", id: 1 }),
      ]
    ) expect(() => readRequest(text)).toThrow(SyntaxError);
  });

  it("refuses members that are missing or of another kind, and says which", () => {
    for (
      const [request, name] of [
        [{ type: "look", params: {} }, "id"],
        [{ type: "look", id: -1, params: {} }, "id"],
        [{ type: "look", id: 1.5, params: {} }, "id"],
        [{ type: "look", id: 1, params: [] }, "params"],
        [{ type: "look", id: 1, params: { x: {} } }, "params"],
        [{ type: "look", id: 1, params: { x: "a".repeat(3000) } }, "params"],
        [
          { type: "run", id: 1, candidate: { params: {}, chosenBy: "root" } },
          "chosenBy",
        ],
        [{ type: "stop", id: 1, scope: "process" }, "scope"],
        [{ type: "auto", id: 1, trials: 0, fixed: {}, ranges: {} }, "trials"],
        [{ type: "auto", id: 1, trials: 1e9, fixed: {}, ranges: {} }, "trials"],
        [
          { type: "suggest", id: 1, count: 1, fixed: {}, ranges: { x: [1] } },
          "ranges",
        ],
        [{ type: "note", id: 1, number: 0, text: "x".repeat(10_001) }, "text"],
        [{ type: "curves", id: 1, numbers: [0.5] }, "numbers"],
        [{ type: "curves", id: 1, numbers: Array(51).fill(0) }, "numbers"],
        [
          { type: "judge", id: 1, number: 0, verdict: "deleted", reason: "" },
          "verdict",
        ],
        [
          { type: "queue", id: 1, candidates: Array(51).fill({}) },
          "candidates",
        ],
      ] as const
    ) expect(() => read(request)).toThrow(new RegExp(`"${name}"`));
  });

  it("names such as __proto__ stay names", () => {
    const text =
      '{"type":"look","id":1,"params":{"__proto__":1,"constructor":2}}';
    const { params } = readRequest(text) as { params: object };
    expect(Object.keys(params)).toEqual(["__proto__", "constructor"]);
    expect(Object.getPrototypeOf(params)).toBe(Object.prototype);
    expect(({} as Record<string, unknown>).x).toBe(undefined);
  });

  it("whatever comes, it gives a request or throws a SyntaxError", () => {
    fc.assert(fc.property(fc.anything(), fc.json(), (value, json) => {
      for (const text of [value, json]) {
        try {
          readRequest(text);
        } catch (error) {
          expect(error).toBeInstanceOf(SyntaxError);
        }
      }
    }));
  });
});

describe("readDraft()", () => {
  it("is null for what storage may hold instead", () => {
    for (const value of [undefined, null, 1, "x", [], {}, { params: {} }]) {
      expect(readDraft(value)).toBe(null);
    }
  });
});

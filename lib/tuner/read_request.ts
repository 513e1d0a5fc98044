import type { ParameterValue } from "../space/mod.ts";
import {
  type Candidate,
  type Draft,
  longestMessage,
  type PanelRequest,
  type RangesByName,
  type Values,
} from "./protocol.ts";

/** More values, numbers or candidates than these are refused. */
const most = { values: 500, text: 2000, note: 10_000, numbers: 50, count: 50 };
/** The most trials that the panel lets run in one go. */
const mostTrials = 10_000;

/**
 * Reads a message of a page. Nothing gets past it but what {@linkcode
 * PanelRequest} says: other members are dropped, and values are plain.
 *
 * @param text What came over the socket.
 * @throws {SyntaxError} If it is no request, saying what is wrong.
 */
export function readRequest(text: unknown): PanelRequest {
  if (typeof text !== "string") throw wrong("it is not a text");
  if (text.length > longestMessage) {
    throw wrong(`it has ${text.length} characters, at most ${longestMessage}`);
  }
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw wrong("it is not JSON");
  }
  const read = new Reader(json, "it");
  const type = read.text("type", 20);
  if (type === "draft") return { type, draft: draftOf(read.object("draft")) };
  const id = read.whole("id", Number.MAX_SAFE_INTEGER);
  switch (type) {
    case "look":
      return { type, id, params: read.values("params") };
    case "run":
      return { type, id, candidate: candidateOf(read.object("candidate")) };
    case "suggest":
      return {
        type,
        id,
        count: read.whole("count", most.count),
        fixed: read.values("fixed"),
        ranges: read.ranges("ranges"),
      };
    case "queue":
      return {
        type,
        id,
        candidates: read.list("candidates", most.count, candidateOf),
      };
    case "run queue":
      return { type, id };
    case "auto":
      return {
        type,
        id,
        trials: read.whole("trials", mostTrials, 1),
        fixed: read.values("fixed"),
        ranges: read.ranges("ranges"),
      };
    case "stop":
      return { type, id, scope: read.oneOf("scope", ["trial", "run"]) };
    case "hold":
      return { type, id, on: read.truth("on") };
    case "withdraw":
    case "repeat":
    case "diagnose":
      return { type, id, number: read.whole("number", 1e9) };
    case "note":
      return {
        type,
        id,
        number: read.whole("number", 1e9),
        text: read.text("text", most.note),
      };
    case "favorite":
      return {
        type,
        id,
        number: read.whole("number", 1e9),
        on: read.truth("on"),
      };
    case "judge":
      return {
        type,
        id,
        number: read.whole("number", 1e9),
        verdict: read.oneOf("verdict", ["failed", "discarded", null]),
        reason: read.text("reason", most.text),
      };
    case "curves":
      return { type, id, numbers: read.numbers("numbers") };
    default:
      throw wrong(`there is no type ${JSON.stringify(type)}`);
  }
}

/** The draft in a value that storage has kept; null if it is none. */
export function readDraft(value: unknown): Draft | null {
  try {
    return draftOf(new Reader(value, "the draft"));
  } catch {
    return null;
  }
}

function draftOf(read: Reader): Draft {
  return {
    params: read.values("params"),
    pinned: read.list(
      "pinned",
      most.values,
      (one) => one.selfText(most.text),
    ),
    ranges: read.ranges("ranges"),
    compared: read.numbers("compared"),
  };
}

function candidateOf(read: Reader): Candidate {
  return {
    params: read.values("params"),
    chosenBy: read.oneOf("chosenBy", ["manual", "sampler"]),
    reason: read.optionalText("reason", most.text),
  };
}

function wrong(what: string): SyntaxError {
  return new SyntaxError(`Cannot read the message: ${what}`);
}

/** Reads the members of a JSON value, one kind at a time. */
class Reader {
  readonly #value: unknown;
  readonly #name: string;

  constructor(value: unknown, name: string) {
    this.#value = value;
    this.#name = name;
  }

  #get(key: string): unknown {
    const value = this.#value;
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
      throw wrong(`${this.#name} is no object`);
    }
    return Object.hasOwn(value, key)
      ? (value as Record<string, unknown>)[key]
      : undefined;
  }

  #refuse(key: string, expected: string): never {
    throw wrong(`"${key}" is missing or not ${expected}`);
  }

  object(key: string): Reader {
    return new Reader(this.#get(key), `"${key}"`);
  }

  selfText(longest: number): string {
    const value = this.#value;
    if (typeof value === "string" && value.length <= longest) return value;
    throw wrong(`${this.#name} holds something else than short texts`);
  }

  text(key: string, longest: number): string {
    const value = this.#get(key);
    if (typeof value === "string" && value.length <= longest) return value;
    return this.#refuse(key, `a text of at most ${longest} characters`);
  }

  optionalText(key: string, longest: number): string | null {
    const value = this.#get(key);
    return value === undefined || value === null
      ? null
      : this.text(key, longest);
  }

  truth(key: string): boolean {
    const value = this.#get(key);
    return typeof value === "boolean" ? value : this.#refuse(key, "a boolean");
  }

  whole(key: string, largest: number, smallest = 0): number {
    const value = this.#get(key);
    return isWhole(value) && value >= smallest && value <= largest
      ? value
      : this.#refuse(key, `a whole number from ${smallest} to ${largest}`);
  }

  oneOf<const T>(key: string, allowed: readonly T[]): T {
    const value = this.#get(key) as T;
    return allowed.includes(value)
      ? value
      : this.#refuse(key, `one of ${JSON.stringify(allowed)}`);
  }

  list<T>(key: string, longest: number, read: (one: Reader) => T): T[] {
    const value = this.#get(key);
    if (!Array.isArray(value) || value.length > longest) {
      return this.#refuse(key, `a list of at most ${longest}`);
    }
    return value.map((one) => read(new Reader(one, `"${key}"`)));
  }

  numbers(key: string): number[] {
    const value = this.#get(key);
    return Array.isArray(value) && value.length <= most.numbers &&
        value.every((one) => isWhole(one) && one >= 0)
      ? [...value]
      : this.#refuse(key, `a list of at most ${most.numbers} trials`);
  }

  values(key: string): Values {
    return this.#entries(
      key,
      (value): value is ParameterValue =>
        value === null || typeof value === "boolean" ||
        typeof value === "number" ||
        typeof value === "string" && value.length <= most.text,
      "values by name",
    );
  }

  ranges(key: string): RangesByName {
    return this.#entries(
      key,
      (value): value is [number, number] =>
        Array.isArray(value) && value.length === 2 &&
        value.every((end) => typeof end === "number"),
      "ranges by name",
    );
  }

  #entries<T>(
    key: string,
    is: (value: unknown) => value is T,
    expected: string,
  ): Readonly<Record<string, T>> {
    const value = this.#get(key);
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
      return this.#refuse(key, expected);
    }
    const entries = Object.entries(value);
    if (
      entries.length > most.values || !entries.every(([, one]) => is(one))
    ) return this.#refuse(key, expected);
    // `fromEntries` defines: a name such as `__proto__` stays a name.
    return Object.fromEntries(entries) as Record<string, T>;
  }
}

function isWhole(value: unknown): value is number {
  return Number.isSafeInteger(value);
}

import {
  favoriteAttribute,
  isFinished,
  noteAttribute,
  noteOf,
  type TrialRecord,
  type TrialVerdict,
  verdictAttribute,
} from "../records/mod.ts";
import type { TrialBook } from "./_trial_book.ts";
import type { TrialDesk } from "./_trial_desk.ts";
import type { StudyEvent } from "./run.ts";
import type { StudyParts } from "./study_options.ts";

/** The longest note, in characters. */
const longestNote = 10_000;

/** What a person says of trials: notes, favorites, and what is not to count. */
export class MarksDesk<C> {
  readonly #parts: StudyParts;
  readonly #book: TrialBook<C>;
  readonly #desk: TrialDesk<C>;
  readonly #announce: (event: StudyEvent) => void;
  /** The notes on trials as they were read last. */
  #notes: ReadonlyMap<number, string> = new Map();

  /** The desk of one study. */
  constructor(
    parts: StudyParts,
    book: TrialBook<C>,
    desk: TrialDesk<C>,
    announce: (event: StudyEvent) => void,
  ) {
    this.#parts = parts;
    this.#book = book;
    this.#desk = desk;
    this.#announce = announce;
  }

  /** `study.note`, of a trial. */
  note(record: TrialRecord<C>, text: string): Promise<TrialRecord<C>> {
    return this.set(record, noteAttribute, noteValue(text));
  }

  /**
   * Reads the notes that other programs have changed.
   *
   * @returns The note on the study; undefined where nobody else can change it.
   */
  async readNotes(): Promise<string | undefined> {
    const { storage, stored } = this.#parts;
    const notes = await storage.readNotes?.(stored.id);
    if (notes === undefined) return undefined;
    const before = this.#notes;
    this.#notes = notes.trials;
    for (const number of new Set([...before.keys(), ...notes.trials.keys()])) {
      const text = notes.trials.get(number) ?? "";
      const record = this.#book.get(number);
      if (
        before.get(number) === text || record === undefined ||
        noteOf(record) === text ||
        // A trial that runs here has what this process knows, until it ends.
        this.#book.live(number) !== undefined
      ) continue;
      const changed = this.#book.annotate(number, noteAttribute, text);
      this.#announce({
        type: "trial changed",
        record: changed as unknown as TrialRecord,
      });
    }
    return notes.study;
  }

  /** `study.favorite`. */
  favorite(record: TrialRecord<C>, on: boolean): Promise<TrialRecord<C>> {
    return this.set(record, favoriteAttribute, on ? true : undefined);
  }

  /** `study.discard` and `study.fail`, of a finished trial. */
  judge(
    record: TrialRecord<C>,
    state: TrialVerdict["state"],
    reason: string | undefined,
  ): Promise<TrialRecord<C>> {
    const { number } = record;
    if (!isFinished(record.state)) {
      throw new RangeError(
        `Cannot judge trial ${number}: it is ${record.state}; ${
          record.state === "waiting"
            ? `take it out of the queue with study.withdraw(${number})`
            : "stop it first"
        }`,
      );
    }
    const verdict: TrialVerdict = { state, reason: reason ?? null };
    return this.set(record, verdictAttribute, verdict);
  }

  /** `study.restore`. */
  restore(record: TrialRecord<C>): Promise<TrialRecord<C>> {
    return this.set(record, verdictAttribute, undefined);
  }

  /** `study.withdraw`. */
  async withdraw(record: TrialRecord<C>): Promise<TrialRecord<C>> {
    const { number } = record;
    if (record.state !== "waiting") {
      throw new RangeError(
        `Cannot take trial ${number} out of the queue: it is ${record.state}, expected one that waits`,
      );
    }
    // Marked first: between the two it must not count as a failure.
    const reason = "taken out of the queue";
    const verdict: TrialVerdict = { state: "discarded", reason };
    const { storage, stored } = this.#parts;
    await storage.setTrialAttribute(
      stored.id,
      number,
      verdictAttribute,
      verdict,
    );
    try {
      await this.#desk.withdraw(number);
    } catch (error) {
      // Somebody has begun it a moment ago.
      await storage.setTrialAttribute(
        stored.id,
        number,
        verdictAttribute,
        undefined,
      );
      throw error;
    }
    return await this.#changed(number);
  }

  /** Keeps an attribute with a trial, also a finished one; `undefined` removes it. */
  async set(
    { number }: TrialRecord<C>,
    key: string,
    value: unknown,
  ): Promise<TrialRecord<C>> {
    const live = this.#book.live(number);
    if (live !== undefined) {
      await live.setAttribute(key, value);
      const record = live.record();
      this.#announce({
        type: "trial changed",
        record: record as unknown as TrialRecord,
      });
      return record;
    }
    const { storage, stored } = this.#parts;
    await storage.setTrialAttribute(stored.id, number, key, value);
    return await this.#changed(number);
  }

  async #changed(number: number): Promise<TrialRecord<C>> {
    const record = await this.#book.reread(number);
    this.#announce({
      type: "trial changed",
      record: record as unknown as TrialRecord,
    });
    return record;
  }
}

/** The value of a note's attribute. */
export function noteValue(text: string): string | undefined {
  if (typeof text !== "string") {
    throw new TypeError(
      `Cannot note: found ${
        JSON.stringify(text) ?? String(text)
      }, expected a text`,
    );
  }
  if (text.length > longestNote) {
    throw new RangeError(
      `Cannot note: the text has ${text.length} characters, expected at most ${longestNote}`,
    );
  }
  return text === "" ? undefined : text;
}

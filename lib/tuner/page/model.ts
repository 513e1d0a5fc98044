/// <reference lib="dom" />
import { fromUnit, type ParameterValue, Space } from "../../space/mod.ts";
import type {
  Candidate,
  CurvePart,
  Draft,
  Look,
  PanelMessage,
  Reading,
  Slices,
  Standing,
  StudyFacts,
  TrialRow,
  Values,
} from "../protocol.ts";
import { protocolVersion } from "../protocol.ts";
import { Connection, type Question } from "./connection.ts";

/** A curve as the page has it. */
export interface PageCurve {
  readonly steps: number[];
  readonly values: (number | null)[];
}

/** What of the page is to be drawn anew. */
export type Part =
  | "header"
  | "controls"
  | "tracks"
  | "outlook"
  | "actions"
  | "plots"
  | "reading"
  | "table"
  | "sparks"
  | "score"
  | "toast";

/** A suggestion that stands in the controls. */
export interface PageSuggestion {
  readonly params: Values;
  readonly reason: string | null;
}

/** A message of a few seconds. */
export interface Toast {
  readonly text: string;
  readonly isError: boolean;
}

/** The most trials laid over each other. */
export const mostCompared = 8;

/** What the page knows, and where it asks. Views draw it at most once a frame. */
export class Model {
  /** What is connected to; null before the first word of the kernel. */
  study: StudyFacts | null = null;
  space!: Space;
  isConnected = false;
  readonly rows = new Map<number, TrialRow>();
  readonly curves = new Map<number, Map<string, PageCurve>>();
  readonly readings = new Map<number, Reading>();
  standing!: Standing;
  params: Record<string, ParameterValue> = {};
  pinned = new Set<string>();
  ranges: Record<string, readonly [number, number]> = {};
  compared: number[] = [];
  look: Look | null = null;
  slices: Slices | null = null;
  suggestion: PageSuggestion | null = null;
  toast: Toast | null = null;
  /** The trial whose reading is shown; null for the one that runs, or ran last. */
  focus: number | null = null;
  /** Milliseconds from the last movement to its number. */
  lookMs = 0;

  readonly #connection: Connection;
  readonly #views = new Map<Part, () => void>();
  readonly #stale = new Set<Part>();
  #frame = 0;
  #looking = false;
  #lookAgain = false;
  #toastTimer: ReturnType<typeof setTimeout> | undefined;
  #asked = new Set<number>();

  constructor() {
    this.#connection = new Connection({
      message: (message) => this.#receive(message),
      connected: (is) => {
        this.isConnected = is;
        this.#asked.clear();
        this.touch("header", "actions");
      },
    });
  }

  /** Registers who draws a part. */
  view(part: Part, draw: () => void): void {
    this.#views.set(part, draw);
  }

  /** Marks parts to be drawn with the next frame. */
  touch(...parts: readonly Part[]): void {
    for (const part of parts) this.#stale.add(part);
    if (this.#frame !== 0 || this.study === null) return;
    const draw = () => {
      this.#frame = 0;
      const stale = [...this.#stale];
      this.#stale.clear();
      for (const part of stale) this.#views.get(part)?.();
    };
    // A hidden tab has no frames: it draws when it is seen again.
    this.#frame = requestAnimationFrame(draw);
  }

  /** Everything. */
  touchAll(): void {
    this.touch(
      "header",
      "controls",
      "tracks",
      "outlook",
      "actions",
      "plots",
      "reading",
      "table",
      "score",
    );
  }

  /** The trials, the newest first. */
  get trials(): TrialRow[] {
    return [...this.rows.values()].sort((a, b) => b.number - a.number);
  }

  /** The best complete trial that keeps to the constraints. */
  get best(): TrialRow | null {
    const sign = this.study?.direction === "minimize" ? 1 : -1;
    let best: TrialRow | null = null;
    for (const row of this.rows.values()) {
      if (row.state !== "complete" || row.value === null) continue;
      if (!row.feasible) continue;
      if (best === null || sign * row.value < sign * best.value!) best = row;
    }
    return best;
  }

  /** The numbers of the trials that run, here or elsewhere. */
  get running(): number[] {
    return [...this.rows.values()].filter(({ state }) => state === "running")
      .map(({ number }) => number);
  }

  /** The trial whose reading is shown. */
  get shown(): number | null {
    if (this.focus !== null && this.rows.has(this.focus)) return this.focus;
    const [running] = this.running;
    if (running !== undefined) return running;
    let last: number | null = null;
    for (const { number, spark } of this.rows.values()) {
      if (spark.length > 0 && number > (last ?? -1)) last = number;
    }
    return last;
  }

  /** Whether a parameter is in use where the controls stand. */
  isActive(name: string): boolean {
    return this.space.isActive(name, this.#activeValues());
  }

  #activeValues(): Record<string, ParameterValue> {
    const values: Record<string, ParameterValue> = {};
    for (const { name } of this.space.ordered) {
      if (this.space.isActive(name, values)) values[name] = this.params[name]!;
    }
    return values;
  }

  /** The configuration where the controls stand. */
  get configuration(): Values {
    return this.space.arrange(this.#activeValues()) as Values;
  }

  /** The configuration as something to run: the sampler's if it is its suggestion untouched. */
  get candidate(): Candidate {
    const params = this.configuration;
    const isSuggested = this.suggestion !== null &&
      JSON.stringify(this.space.arrange(this.suggestion.params)) ===
        JSON.stringify(params);
    return isSuggested
      ? { params, chosenBy: "sampler", reason: this.suggestion!.reason }
      : { params, chosenBy: "manual", reason: null };
  }

  /** Pinned values of parameters in use. */
  get fixed(): Values {
    const { configuration } = this;
    return Object.fromEntries(
      Object.entries(configuration).filter(([name]) => this.pinned.has(name)),
    );
  }

  /** Moves a control. */
  set(name: string, value: ParameterValue): void {
    if (this.params[name] === value) return;
    this.params[name] = value;
    this.touch("controls", "tracks", "actions");
    this.#moved();
  }

  /** Moves many controls. */
  setAll(values: Values): void {
    this.#take(values);
    this.touch("controls", "tracks", "actions");
    this.#moved();
  }

  #take(values: Values): void {
    for (const [name, value] of Object.entries(values)) {
      if (!this.space.has(name)) continue;
      try {
        this.space.checkValue(name, value);
        this.params[name] = value;
      } catch {
        // A value that the space no longer allows.
      }
    }
  }

  /** Pins a control, or lets it go. */
  pin(name: string, on = !this.pinned.has(name)): void {
    if (on) this.pinned.add(name);
    else this.pinned.delete(name);
    this.touch("controls");
    this.#keep();
  }

  /** Narrows a range; null for the whole one. */
  narrow(name: string, range: readonly [number, number] | null): void {
    if (range === null) delete this.ranges[name];
    else this.ranges[name] = range;
    this.touch("controls", "tracks");
    this.#keep();
  }

  /** Lays a trial's curves over the others, or takes them away. */
  compare(number: number, on = !this.compared.includes(number)): void {
    this.compared = this.compared.filter((one) => one !== number);
    if (on) this.compared = [...this.compared, number].slice(-mostCompared);
    this.touch("plots", "table");
    this.#keep();
    this.fetchCurves();
  }

  /** Shows a trial's reading. */
  read(number: number | null): void {
    this.focus = number;
    if (number !== null && !this.readings.has(number)) this.#diagnose(number);
    this.fetchCurves();
    this.touch("reading", "plots", "table", "tracks");
  }

  /** The trials whose curves are drawn, the most important last. */
  get drawn(): number[] {
    const best = this.best;
    const numbers = new Set<number>();
    if (best !== null) numbers.add(best.number);
    for (const number of this.compared) numbers.add(number);
    const { shown } = this;
    for (const number of [shown, ...this.running]) {
      if (number === null) continue;
      numbers.delete(number);
      numbers.add(number);
    }
    return [...numbers].filter((number) => this.rows.has(number)).slice(-10);
  }

  /** Gets the curves that are to be drawn and are not here yet; lets others go. */
  fetchCurves(): void {
    const wanted = new Set(this.drawn);
    for (const number of this.curves.keys()) {
      if (!wanted.has(number) && this.curves.size > 24) {
        this.curves.delete(number);
      }
    }
    const missing = [...wanted].filter((number) =>
      !this.curves.has(number) && !this.#asked.has(number) &&
      this.rows.get(number)!.spark.length > 0
    );
    if (missing.length === 0) return;
    for (const number of missing) this.#asked.add(number);
    this.ask<CurvePart[]>({ type: "curves", numbers: missing }).then(
      (parts) => {
        this.#splice(parts);
        for (const number of missing) this.#asked.delete(number);
        this.touch("plots");
      },
      () => {
        for (const number of missing) this.#asked.delete(number);
      },
    );
  }

  #diagnose(number: number): void {
    this.ask<Reading>({ type: "diagnose", number }).then((reading) => {
      this.readings.set(number, reading);
      this.touch("reading", "plots", "tracks");
    }, () => {});
  }

  /** Asks the kernel. */
  ask<T = unknown>(question: Question): Promise<T> {
    return this.#connection.ask<T>(question);
  }

  /** Asks the kernel, and says so if it refuses. */
  async act<T = unknown>(question: Question): Promise<T | null> {
    try {
      return await this.ask<T>(question);
    } catch (error) {
      this.say((error as Error).message, true);
      return null;
    }
  }

  /** Says something for a few seconds. */
  say(text: string, isError = false): void {
    this.toast = { text, isError };
    clearTimeout(this.#toastTimer);
    this.#toastTimer = setTimeout(() => {
      this.toast = null;
      this.touch("toast");
    }, isError ? 8000 : 3500);
    this.touch("toast");
  }

  #moved(): void {
    this.#keep();
    this.#askLook();
  }

  #keep(): void {
    this.#connection.tell({ type: "draft", draft: this.draft });
  }

  /** What is kept with the study. */
  get draft(): Draft {
    return {
      params: this.params,
      pinned: [...this.pinned],
      ranges: this.ranges,
      compared: this.compared,
    };
  }

  /** One question at a time: what moves meanwhile is asked after it. */
  #askLook(): void {
    if (this.#looking) {
      this.#lookAgain = true;
      return;
    }
    this.#looking = true;
    const start = performance.now();
    this.ask<Look>({ type: "look", params: this.params }).then((look) => {
      this.look = look;
      this.lookMs = performance.now() - start;
      this.touch("outlook");
    }, () => {}).finally(() => {
      this.#looking = false;
      if (!this.#lookAgain) return;
      this.#lookAgain = false;
      this.#askLook();
    });
  }

  #receive(message: PanelMessage): void {
    switch (message.type) {
      case "state":
        return this.#begin(message);
      case "rows":
        for (const row of message.rows) this.rows.set(row.number, row);
        this.standing = message.standing;
        this.touch(
          "header",
          "actions",
          "table",
          "score",
          "tracks",
          "plots",
          "reading",
        );
        this.fetchCurves();
        if (message.rows.some(({ state }) => state !== "waiting")) {
          this.#askLook();
        }
        return;
      case "activity":
        this.standing = { ...this.standing, activity: message.activity };
        return this.touch("header", "actions");
      case "live":
        this.#splice(message.parts);
        return this.touch("plots", "header", "sparks");
      case "reading":
        this.readings.set(message.reading.number, message.reading);
        if (this.readings.size > 40) {
          this.readings.delete(this.readings.keys().next().value!);
        }
        if (message.reading.number === this.shown) {
          this.touch("reading", "plots", "tracks");
        }
        return;
      case "slices":
        this.slices = message.slices;
        return this.touch("tracks", "outlook", "controls");
      case "notice":
        return this.say(message.text, message.isError);
    }
  }

  #begin(message: PanelMessage & { type: "state" }): void {
    if (message.protocol !== protocolVersion) return location.reload();
    const isFirst = this.study === null;
    this.study = message.study;
    this.space = Space.fromJSON(message.study.space);
    this.rows.clear();
    for (const row of message.rows) this.rows.set(row.number, row);
    this.curves.clear();
    this.readings.clear();
    this.#splice(message.curves);
    this.standing = message.standing;
    const { draft } = message;
    for (const parameter of this.space.parameters) {
      this.params[parameter.name] ??= parameter.default ??
        fromUnit(parameter, 0.5);
    }
    if (isFirst && draft !== null) {
      this.pinned = new Set(
        draft.pinned.filter((name) => this.space.has(name)),
      );
      this.ranges = Object.fromEntries(
        Object.entries(draft.ranges).filter(([name]) => this.space.has(name)),
      );
      this.compared = draft.compared.filter((number) => this.rows.has(number));
    }
    if (isFirst) this.#take(draft?.params ?? this.best?.params ?? {});
    this.touchAll();
    this.fetchCurves();
    const { shown } = this;
    if (shown !== null) this.#diagnose(shown);
    this.#looking = false;
    this.#askLook();
  }

  #splice(parts: readonly CurvePart[]): void {
    for (const { number, name, from, steps, values } of parts) {
      let curves = this.curves.get(number);
      if (curves === undefined) this.curves.set(number, curves = new Map());
      let curve = curves.get(name);
      if (curve === undefined || from === 0) {
        curves.set(name, curve = { steps: [], values: [] });
      }
      // By the step, not by the index: a long curve may have come thinned out.
      while (curve.steps.length > 0 && curve.steps.at(-1)! >= steps[0]!) {
        curve.steps.pop();
        curve.values.pop();
      }
      for (let i = 0; i < steps.length; i++) {
        curve.steps.push(steps[i]!);
        curve.values.push(values[i]!);
      }
    }
  }
}

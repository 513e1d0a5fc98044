import { clearTimeout, setTimeout } from "node:timers";
import { isFinished, type TrialRecord } from "../records/mod.ts";
import type { ObjectiveFunction, Study, StudyEvent } from "../study/mod.ts";
import { LiveParts } from "./_live_parts.ts";
import { Outlook } from "./_outlook.ts";
import { readingOf } from "./_reading.ts";
import { activityOf, curvesOf, rowOf, standingOf } from "./_rows.ts";
import { Steering } from "./_steering.ts";
import {
  type Activity,
  type Draft,
  type PanelMessage,
  type PanelRequest,
  protocolVersion,
  type TrialRow,
} from "./protocol.ts";
import { readDraft, readRequest } from "./read_request.ts";

/** The attribute of a study that keeps where the controls stand. */
const draftKey = "etude:panel";
/** New points are sent so often, whatever the objective reports. */
const liveEveryMs = 50;
/** A running trial's curves are read so often. */
const readEveryMs = 700;
/** What other processes do is looked at so often. */
const pollEveryMs = 2000;
/** A draft is kept this long after the last movement. */
const draftAfterMs = 800;

/** A page that is connected. */
export interface PageLink {
  /** Sends a text; dropped if the page is gone. */
  send(text: string): void;
}

/** The panel of one study in the kernel: what pages ask for, and what they are told. */
export class Session {
  readonly #study: Study;
  readonly #steering: Steering;
  readonly #outlook: Outlook;
  readonly #pages = new Set<PageLink>();
  readonly #looks = new Map<PageLink, PanelRequest & { type: "look" }>();
  readonly #parts = new LiveParts();
  readonly #changed = new Set<number>();
  readonly #reported = new Set<number>();
  readonly #sentRows = new Map<number, TrialRecord>();
  readonly #listeners = new Set<() => void>();
  readonly #unlisten: () => void;
  #draft: Draft | null;
  #usualSteps: number | null = null;
  #flushTimer: ReturnType<typeof setTimeout> | null = null;
  #draftTimer: ReturnType<typeof setTimeout> | null = null;
  #pollTimer: ReturnType<typeof setTimeout> | null = null;
  #readAt = -Infinity;
  #standingIsOld = false;
  #activityIsOld = false;
  #closed = false;

  constructor(study: Study, objective: ObjectiveFunction | null) {
    this.#study = study;
    this.#outlook = new Outlook(study);
    this.#steering = new Steering(
      study,
      objective,
      (text, isError) => this.#broadcast({ type: "notice", text, isError }),
    );
    this.#draft = readDraft(study.attributes[draftKey]);
    this.#unlisten = study.listen((event) => this.#onEvent(event));
    this.#usualSteps = this.#longest();
    for (const trial of study.trials) this.#sentRows.set(trial.number, trial);
  }

  /** The study. */
  get study(): Study {
    return this.#study;
  }

  /** Where the controls stand; null before anybody moved one. */
  get draft(): Draft | null {
    return this.#draft;
  }

  /** How many pages are connected. */
  get pages(): number {
    return this.#pages.size;
  }

  /** Lets trials run another objective from now on. */
  setObjective(objective: ObjectiveFunction | null): void {
    this.#steering.setObjective(objective);
    for (const page of this.#pages) this.#greet(page);
  }

  /** Calls back after changes that a picture shows; gives a function that ends it. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** A page has come. */
  join(page: PageLink): void {
    this.#flush();
    this.#pages.add(page);
    this.#greet(page);
    this.#poll();
  }

  /** A page has gone. */
  leave(page: PageLink): void {
    this.#pages.delete(page);
    this.#looks.delete(page);
  }

  /** Keeps the draft and lets go of the study; runs go on. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#unlisten();
    for (const timer of [this.#flushTimer, this.#pollTimer]) {
      if (timer !== null) clearTimeout(timer);
    }
    if (this.#draftTimer !== null) await this.#keepDraft();
    this.#pages.clear();
  }

  /**
   * A message has come. Gives whether it was a request at all, so that a page that
   * sends rubbish can be shown out.
   */
  receive(page: PageLink, text: unknown): boolean {
    let request: PanelRequest;
    try {
      request = readRequest(text);
    } catch (error) {
      send(page, {
        type: "answer",
        id: null,
        ok: false,
        message: (error as Error).message,
      });
      return false;
    }
    if (request.type === "draft") {
      this.#setDraft(request.draft);
    } else if (request.type === "look") {
      // Of looks that pile up while the objective computes, the last one counts.
      const isFirst = !this.#looks.has(page);
      this.#looks.set(page, request);
      if (isFirst) setTimeout(() => this.#look(page), 0);
    } else {
      this.#answer(page, request).catch(() => {});
    }
    return true;
  }

  async #answer(
    page: PageLink,
    request: Exclude<PanelRequest, { type: "draft" | "look" }>,
  ): Promise<void> {
    const { id } = request;
    try {
      const result = await this.#do(request) ?? null;
      send(page, { type: "answer", id, ok: true, result });
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      send(page, { type: "answer", id, ok: false, message });
    }
    this.#activityIsOld = true;
    this.#soon();
  }

  #do(
    request: Exclude<PanelRequest, { type: "draft" | "look" }>,
  ): unknown {
    const study = this.#study;
    switch (request.type) {
      case "curves":
        return request.numbers.flatMap((number) =>
          number < study.trials.length ? curvesOf(study.trial(number)) : []
        );
      case "diagnose":
        return readingOf(study, request.number);
      case "note":
        return study.note(request.number, request.text).then(() => null);
      case "favorite":
        return study.favorite(request.number, request.on).then(() => null);
      case "judge": {
        const { number, verdict, reason } = request;
        const said = reason === "" ? undefined : reason;
        const done = verdict === null
          ? study.restore(number)
          : verdict === "failed"
          ? study.fail(number, said)
          : study.discard(number, said);
        return done.then(() => null);
      }
      case "withdraw":
        return study.withdraw(request.number).then(() => null);
      default:
        return this.#steering.do(request);
    }
  }

  #look(page: PageLink): void {
    const request = this.#looks.get(page);
    this.#looks.delete(page);
    if (request === undefined) return;
    const { id, params } = request;
    try {
      const result = this.#outlook.look(params);
      send(page, { type: "answer", id, ok: true, result });
    } catch (error) {
      const { message } = error as Error;
      send(page, { type: "answer", id, ok: false, message });
      return;
    }
    // The number first: the pictures may come a frame later.
    setTimeout(() => {
      if (this.#looks.has(page) || !this.#pages.has(page)) return;
      try {
        const slices = this.#outlook.slices(params);
        if (slices !== null) send(page, { type: "slices", id, slices });
      } catch {
        // A configuration that is not valid has no slices.
      }
    }, 0);
  }

  #setDraft(draft: Draft): void {
    this.#draft = draft;
    if (this.#draftTimer !== null) clearTimeout(this.#draftTimer);
    this.#draftTimer = setTimeout(() => {
      this.#keepDraft().catch(() => {});
    }, draftAfterMs);
  }

  async #keepDraft(): Promise<void> {
    if (this.#draftTimer !== null) clearTimeout(this.#draftTimer);
    this.#draftTimer = null;
    await this.#study.setAttribute(draftKey, this.#draft).catch(() => {});
  }

  #greet(page: PageLink): void {
    const study = this.#study;
    const { name, direction } = study.objectives[0]!;
    send(page, {
      type: "state",
      protocol: protocolVersion,
      study: {
        name: study.name,
        objective: name,
        direction,
        space: study.space.toJSON(),
        storage: study.storage,
        sampler: study.sampler,
        canRun: this.#steering.canRun,
      },
      draft: this.#draft,
      rows: study.trials.map((trial) => rowOf(trial, name)),
      curves: study.runs.flatMap(({ trials }) => trials).flatMap((trial) =>
        curvesOf(trial.record())
      ),
      standing: standingOf(study, this.#usualSteps),
    });
  }

  #onEvent(event: StudyEvent): void {
    switch (event.type) {
      case "report":
        this.#reported.add(event.trial.number);
        break;
      case "trial started":
        this.#changed.add(event.trial.number);
        break;
      case "trial finished":
        this.#usualSteps = this.#longest(event.record);
        // fall through
      case "trial paused":
      case "trial queued":
      case "trial changed":
        this.#changed.add(event.record.number);
        break;
    }
    this.#activityIsOld = true;
    this.#soon();
  }

  #longest(last?: TrialRecord): number | null {
    const trials = last === undefined ? this.#study.trials : [last];
    let longest = last === undefined ? null : this.#usualSteps;
    for (const { state, curves } of trials) {
      if (state !== "complete") continue;
      for (const { steps } of curves.values()) {
        longest = Math.max(longest ?? 0, steps.at(-1) ?? 0);
      }
    }
    return longest;
  }

  /** Sends what has changed, a moment later. */
  #soon(): void {
    if (this.#flushTimer !== null || this.#closed) return;
    this.#flushTimer = setTimeout(() => this.#flush(), liveEveryMs);
  }

  #flush(): void {
    if (this.#flushTimer !== null) clearTimeout(this.#flushTimer);
    this.#flushTimer = null;
    const { trials } = this.#study;
    const reported = [...this.#reported].flatMap((number) =>
      trials[number] ?? []
    );
    const parts = reported.flatMap((trial) => this.#parts.news(trial));
    this.#reported.clear();
    if (parts.length > 0) this.#broadcast({ type: "live", parts });
    const rows = this.#newRows(trials);
    for (const { number, state } of rows) {
      if (isFinished(state)) this.#parts.drop(number);
    }
    this.#standingIsOld ||= rows.length > 0;
    if (this.#standingIsOld) {
      this.#standingIsOld = false;
      this.#activityIsOld = false;
      this.#broadcast({
        type: "rows",
        rows,
        standing: standingOf(this.#study, this.#usualSteps),
      });
      for (const listener of this.#listeners) listener();
    } else if (this.#activityIsOld) {
      this.#activityIsOld = false;
      this.#broadcast({ type: "activity", activity: this.#activity() });
    }
    for (const { number, state } of rows) {
      if (isFinished(state)) this.#read(number);
    }
    this.#readRunning(reported);
  }

  #activity(): Activity {
    return activityOf(this.#study, this.#usualSteps);
  }

  #newRows(trials: readonly TrialRecord[]): TrialRow[] {
    const { name } = this.#study.objectives[0]!;
    const rows: TrialRow[] = [];
    for (const number of this.#changed) {
      const trial = trials[number];
      if (trial === undefined) continue;
      this.#sentRows.set(number, trial);
      rows.push(rowOf(trial, name));
    }
    this.#changed.clear();
    return rows;
  }

  /** Looks at running trials' curves now and then. */
  #readRunning(trials: readonly TrialRecord[]): void {
    const now = performance.now();
    if (this.#pages.size === 0 || now - this.#readAt < readEveryMs) return;
    for (const trial of trials) {
      if (isFinished(trial.state)) continue;
      this.#readAt = now;
      this.#read(trial.number);
    }
  }

  #read(number: number): void {
    if (this.#pages.size === 0) return;
    try {
      const reading = readingOf(this.#study, number);
      this.#broadcast({ type: "reading", reading });
    } catch {
      // Nothing to read.
    }
  }

  /** Looks at what other processes have done, while somebody watches. */
  #poll(): void {
    if (this.#pollTimer !== null) return;
    this.#pollTimer = setTimeout(async () => {
      this.#pollTimer = null;
      if (this.#closed || this.#pages.size === 0) return;
      try {
        await this.#study.refresh();
        const running = new Set(
          this.#study.runs.flatMap(({ trials }) =>
            trials.map(({ number }) => number)
          ),
        );
        for (const trial of this.#study.trials) {
          const { number } = trial;
          if (running.has(number) || this.#sentRows.get(number) === trial) {
            continue;
          }
          if (isSameRow(this.#sentRows.get(number), trial)) continue;
          this.#changed.add(number);
          this.#reported.add(number);
        }
        if (this.#changed.size > 0) this.#soon();
      } catch {
        // The file may be busy: the next look will do.
      }
      this.#poll();
    }, pollEveryMs);
  }

  #broadcast(message: PanelMessage): void {
    if (this.#pages.size === 0) return;
    const text = JSON.stringify(message);
    for (const page of this.#pages) page.send(text);
  }
}

/** Whether a trial of another process looks as it did. */
function isSameRow(before: TrialRecord | undefined, now: TrialRecord): boolean {
  if (before === undefined || before.state !== now.state) return false;
  const points = ({ curves }: TrialRecord) =>
    [...curves.values()].reduce((sum, { steps }) => sum + steps.length, 0);
  return points(before) === points(now) &&
    JSON.stringify(before.attributes) === JSON.stringify(now.attributes);
}

function send(page: PageLink, message: PanelMessage): void {
  page.send(JSON.stringify(message));
}

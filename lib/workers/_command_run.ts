import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import {
  basename,
  dirname,
  isAbsolute,
  join,
  normalize,
  resolve,
} from "node:path";
import { setTimeout } from "node:timers/promises";
import type { Configuration } from "../space/mod.ts";
import { StudyStopped, type Trial, TrialPruned } from "../study/mod.ts";
import type { CheckedCommand } from "./_check_command.ts";
import { Child, type ChildEnd } from "./_child.ts";
import { CommandLog } from "./_log.ts";
import type { MetricFeed, MetricReading } from "./metric_source.ts";
import { fill, namesIn, type PlaceValues } from "./_placeholders.ts";

/** How often files are looked into, in milliseconds. */
const readEveryMs = 250;

/** One run of a command in a trial. */
export class CommandRun {
  readonly #command: CheckedCommand;
  readonly #trial: Trial;
  readonly #gpu: string | null;
  readonly #attempt: number;
  readonly #objectives: ReadonlyMap<string, string>;
  readonly #names = new Set<string>();
  /** What it said of the whole training. */
  readonly #results = new Map<string, number>();
  #child: Child | null = null;
  #log: CommandLog | null = null;
  /** The readings, taken one after the other. */
  #taking: Promise<void> = Promise.resolve();
  #problem: unknown = null;
  #isAskedToStop = false;
  #keepsCheckpoints = false;
  #checkpoints = "";
  #temporary: string | null = null;
  #hasBegun = false;

  constructor(
    command: CheckedCommand,
    trial: Trial,
    gpu: string | null,
    attempt: number,
  ) {
    this.#command = command;
    this.#trial = trial;
    this.#gpu = gpu;
    this.#attempt = attempt;
    this.#objectives = new Map(
      trial.objectives.map(({ name }) => [plain(name), name]),
    );
  }

  /** Whether it failed in a way that may go better the next time. */
  get mayBeRetried(): boolean {
    return this.#hasBegun && !this.#isAskedToStop && this.#problem === null &&
      !this.#trial.signal.aborted;
  }

  /** Runs it; the objective's value, or one an objective. */
  async result(): Promise<number | readonly number[]> {
    const trial = this.#trial;
    trial.signal.throwIfAborted();
    const onAbort = () => this.#stop(String(trial.stopReason));
    try {
      const places = await this.#places();
      const argv = this.#command.argv.map((text) => fill(text, places))
        .filter((text) => text !== null);
      checkNull([...argv, ...Object.values(this.#environment(places))]);
      const log = this.#log = await CommandLog.open(this.#logPath("log"));
      if (this.#attempt > 0) log.add(`[run again, ${this.#attempt + 1}]`);
      const feeds = await this.#feeds(places);
      const child = this.#child = new Child(argv, {
        cwd: this.#command.cwd,
        environment: this.#environment(places),
        graceMs: this.#command.graceMs,
        timeoutMs: this.#command.timeoutMs,
        memoryBytes: this.#command.memoryBytes,
        onLine: (line, source) => this.#take(line, source),
      });
      trial.signal.addEventListener("abort", onAbort, { once: true });
      // The abort may have come while the files were opened.
      if (trial.signal.aborted) onAbort();
      const end = await this.#follow(child, feeds);
      await this.#taking;
      return this.#conclude(end, argv);
    } finally {
      trial.signal.removeEventListener("abort", onAbort);
      this.#child?.kill();
      await this.#log?.close();
      if (this.#temporary !== null) {
        await rm(this.#temporary, { recursive: true, force: true });
      }
    }
  }

  /** Reads the files until it has ended, and once more. */
  async #follow(
    child: Child,
    feeds: readonly MetricFeed[],
  ): Promise<ChildEnd> {
    let isOver = false;
    const end = child.end.finally(() => isOver = true);
    end.then(() => this.#hasBegun = true, () => {});
    while (feeds.length > 0 && !isOver) {
      await Promise.race([end, setTimeout(readEveryMs)]);
      if (!isOver) await this.#readFeeds(feeds, false);
    }
    const ended = await end;
    await this.#readFeeds(feeds, true);
    return ended;
  }

  async #readFeeds(
    feeds: readonly MetricFeed[],
    isOver: boolean,
  ): Promise<void> {
    for (const feed of feeds) {
      try {
        (await feed.read(isOver)).forEach((reading) => this.#queue(reading));
      } catch (error) {
        this.#fail(error);
      }
    }
  }

  #take(line: string, source: "out" | "err"): void {
    this.#log!.add(line);
    if (source === "err") return;
    for (const metrics of this.#command.metrics) {
      try {
        const reading = metrics.readLine?.(line) ?? null;
        if (reading !== null) this.#queue(reading);
      } catch (error) {
        this.#fail(error);
      }
    }
  }

  #queue(reading: MetricReading): void {
    this.#taking = this.#taking.then(async () => {
      if (this.#problem !== null) return;
      try {
        await this.#report(reading);
      } catch (error) {
        this.#fail(error);
      }
    });
  }

  async #report({ step, values }: MetricReading): Promise<void> {
    const named: Record<string, number> = Object.create(null);
    for (const [name, value] of Object.entries(values)) {
      const own = this.#command.rename[name] ??
        this.#objectives.get(plain(name)) ?? name;
      this.#names.add(name);
      named[own] = value;
      if (step === null) this.#results.set(own, value);
    }
    if (step === null) return;
    // What is asked to stop may say its last words; they come too late to count.
    if (this.#isAskedToStop) return;
    const trial = this.#trial;
    await trial.report(step, named);
    if (this.#keepsCheckpoints) await trial.checkpoint(this.#checkpoints);
    if (trial.shouldStop()) {
      this.#stop(trial.stopReason ?? "its budget of epochs is used");
    }
  }

  #stop(reason: string): void {
    this.#isAskedToStop = true;
    this.#child?.stop(reason);
  }

  #fail(error: unknown): void {
    this.#problem ??= error;
    this.#child?.stop("its metrics cannot be taken");
  }

  #conclude(
    end: ChildEnd,
    argv: readonly string[],
  ): number | readonly number[] {
    const trial = this.#trial;
    if (this.#problem !== null && !(this.#problem instanceof StudyStopped)) {
      throw this.#problem;
    }
    if (this.#isAskedToStop || this.#problem !== null) {
      // So that the trial knows that it did not run to its end.
      trial.shouldStop();
      const values = this.#values();
      if (values !== null) return values;
      throw new TrialPruned(trial.stopReason ?? undefined);
    }
    const shown = JSON.stringify(argv.join(" ").slice(0, 200));
    if (end.stopped !== null) {
      throw failure(
        `The command ${shown} was ended: ${end.stopped}. ${this.#log!.tail()}`,
      );
    }
    if (end.code !== 0) {
      throw failure(
        `The command ${shown} ${
          end.code === null
            ? `was ended from outside by ${end.signal}${
              end.signal === "SIGKILL"
                ? " (the system does so where memory runs out)"
                : ""
            }`
            : `ended with exit code ${end.code}`
        }. ${this.#log!.tail()}`,
      );
    }
    const values = this.#values();
    if (values !== null) return values;
    const missing = trial.objectives.map(({ name }) => JSON.stringify(name));
    throw failure(
      `The command ${shown} ended well, but did not say its ${
        missing.join(", ")
      }. Looked for ${
        this.#command.metrics.map(({ description }) => description)
          .join("; ")
      }${
        this.#names.size === 0
          ? ", found none"
          : `; it named ${
            [...this.#names].map((name) => JSON.stringify(name)).join(", ")
          }: say what is what with rename`
      }. ${this.#log!.tail()}`,
    );
  }

  /** The objectives' values; null if one was not said. */
  #values(): number | readonly number[] | null {
    const trial = this.#trial;
    const values = trial.objectives.map(({ name, direction }) => {
      const said = this.#results.get(name);
      if (said !== undefined) return said;
      const curve = trial.curve(name);
      if (curve === null) return null;
      return this.#command.value === "last"
        ? curve.values.at(-1)!
        : trial.best(name, direction);
    });
    const known = values.filter((value) => value !== null);
    if (known.length < values.length) return null;
    return known.length === 1 ? known[0]! : known;
  }

  async #places(): Promise<PlaceValues> {
    const trial = this.#trial;
    const { argv, environment, metrics } = this.#command;
    const used = new Set(
      [
        ...argv,
        ...Object.values(environment),
        ...metrics.map(({ path = "" }) => path),
      ].flatMap(namesIn),
    );
    const places = new Map<string, string | null>([
      ["trial", String(trial.number)],
      ["study", trial.studyName],
      ["seed", String(trial.seed)],
      ["budget", trial.budget === Infinity ? "inf" : String(trial.budget)],
      ["startStep", String(trial.startStep)],
      ["params", ""],
      ["checkpoints", ""],
    ]);
    if (used.has("params")) {
      const path = resolve(
        this.#logPath("json") ?? join(await this.#temporaryFolder(), "p.json"),
      );
      await mkdir(resolve(path, ".."), { recursive: true });
      await writeFile(path, JSON.stringify(trial.params, null, 2));
      places.set("params", path);
    }
    if (used.has("checkpoints")) {
      this.#keepsCheckpoints = true;
      const own = resolve(
        this.#logPath("checkpoints") ??
          join(tmpdir(), "etude", safe(trial.studyName), trialName(trial)),
      );
      // Stored with the study, and others may write into its file: another machine's
      // folder of this trial counts, no other place.
      this.#checkpoints = typeof trial.resumeFrom === "string" &&
          isFolderOf(trial, trial.resumeFrom)
        ? trial.resumeFrom
        : own;
      await mkdir(this.#checkpoints, { recursive: true });
      places.set("checkpoints", this.#checkpoints);
    }
    const params = trial.params as Configuration;
    for (const name of trial.parameterNames) {
      const value = Object.hasOwn(params, name) ? params[name] : undefined;
      places.set(name, value === undefined ? null : textOf(value));
    }
    return places;
  }

  async #temporaryFolder(): Promise<string> {
    return this.#temporary ??= await mkdtemp(join(tmpdir(), "etude-"));
  }

  #environment(places: PlaceValues): Record<string, string> {
    const trial = this.#trial;
    const filled = Object.entries(this.#command.environment).flatMap(
      ([name, text]) => {
        const value = fill(text, places);
        return value === null ? [] : [[name, value] as const];
      },
    );
    return {
      ETUDE_PARAMS: JSON.stringify(trial.params),
      ETUDE_SEED: String(trial.seed),
      ETUDE_STUDY: trial.studyName,
      ETUDE_TRIAL: String(trial.number),
      ...this.#gpu === null ? {} : { CUDA_VISIBLE_DEVICES: this.#gpu },
      ...Object.fromEntries(filled),
    };
  }

  async #feeds(places: PlaceValues): Promise<MetricFeed[]> {
    const feeds: MetricFeed[] = [];
    for (const { open, path = "" } of this.#command.metrics) {
      if (open === undefined) continue;
      const filled = fill(path, placesInPath(path, places)) ?? path;
      feeds.push(await open(resolve(this.#command.cwd ?? ".", filled)));
    }
    return feeds;
  }

  #logPath(ending: string): string | null {
    const { logs } = this.#command;
    const trial = this.#trial;
    return logs === null
      ? null
      : join(logs, safe(trial.studyName), `${trialName(trial)}.${ending}`);
  }
}

/** Whether a folder is one that is made for a trial's checkpoints, on whatever machine. */
function isFolderOf(trial: Trial, path: string): boolean {
  if (!isAbsolute(path) || path.includes("\0") || normalize(path) !== path) {
    return false;
  }
  return basename(dirname(path)) === safe(trial.studyName) &&
    [trialName(trial), `${trialName(trial)}.checkpoints`].includes(
      basename(path),
    );
}

/** The values that a path names, none of which leads to a folder above. */
function placesInPath(path: string, places: PlaceValues): PlaceValues {
  for (const name of namesIn(path)) {
    const value = places.get(name) ?? "";
    if (!/(^|[\\/])\.\.([\\/]|$)/.test(value)) continue;
    throw new RangeError(
      `Cannot run the command: ${
        JSON.stringify(path)
      } is read from, and {${name}} is ${
        JSON.stringify(value)
      } in this trial, expected a value that leads to no folder above`,
    );
  }
  return places;
}

function checkNull(texts: readonly string[]): void {
  const bad = texts.find((text) => text.includes("\0"));
  if (bad === undefined) return;
  throw new RangeError(
    `Cannot run the command: ${
      JSON.stringify(bad.slice(0, 200))
    } holds a null character, which no program can be given`,
  );
}

/** A program's failure: where we stand in our own code says nothing of it. */
function failure(text: string): Error {
  const error = new Error(text);
  error.stack = `Error: ${text}`;
  return error;
}

const trialName = ({ number }: Trial) =>
  `trial-${String(number).padStart(4, "0")}`;

/** A study's name as a folder's: no name leads elsewhere. */
function safe(name: string): string {
  const text = name.replace(/[^\p{L}\p{N}._-]+/gu, "_").slice(0, 100);
  return /^\.*$/.test(text) ? `_${text}` : text;
}

/** Names that differ in case, `_` and `-` alone are the same. */
const plain = (name: string) =>
  name.toLowerCase().replace(/[\s_-]+/g, " ").trim();

/** A value as JSON writes it, texts without quotes. */
function textOf(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

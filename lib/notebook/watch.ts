import { setTimeout } from "node:timers/promises";
import { formatNumber, progressChart } from "../charts/mod.ts";
import {
  bestTrial,
  cleanText,
  type StudyView,
  type TrialRecord,
} from "../records/mod.ts";
import { formatDuration, type Study } from "../study/mod.ts";
import { bundleOf, inNotebook, OutputPlace } from "./_jupyter.ts";
import { liveFrame } from "./_live_frame.ts";
import { paramTexts, type Progress } from "./_progress.ts";
import { interrupts } from "./interrupt.ts";

/** Options of {@linkcode watch}. */
export interface WatchOptions {
  /** How often it looks, in milliseconds, above 0. Defaults to `2000`. */
  readonly everyMs?: number;
  /** Ends by itself when the study has so many trials that ended well (complete or pruned), at least 1. Defaults to no end. */
  readonly trials?: number;
  /** Ends it, when aborted. Defaults to none. */
  readonly signal?: AbortSignal;
}

/** A study that is watched. Awaiting {@linkcode Watch.done} keeps the cell until it ends. */
export class Watch {
  /** Settles when it has ended; rejects if the storage fails. */
  readonly done: Promise<void>;
  readonly #study: Study;
  readonly #everyMs: number;
  readonly #target: number;
  readonly #place = inNotebook() ? new OutputPlace() : null;
  readonly #startedAt = performance.now();
  readonly #end = new AbortController();
  #reason: string | null = null;
  #lastLine = "";

  /** Made by {@linkcode watch}. */
  constructor(study: Study, options: WatchOptions) {
    const { everyMs = 2000, trials = Infinity, signal } = options;
    this.#study = study;
    this.#everyMs = everyMs;
    this.#target = trials;
    const onAbort = () => this.stop("ended by its signal");
    if (signal?.aborted) onAbort();
    signal?.addEventListener("abort", onAbort, { once: true });
    this.done = this.#run().finally(() =>
      signal?.removeEventListener("abort", onAbort)
    );
    this.done.catch(() => {});
  }

  /** Ends it; the study and its workers go on. */
  stop(reason = "stopped by hand"): void {
    this.#reason ??= reason;
    this.#end.abort();
  }

  async #run(): Promise<void> {
    interrupts.add(this);
    try {
      while (true) {
        await this.#study.refresh();
        const { ended } = countsOf(this.#study.view());
        if (ended >= this.#target) this.stop(`it has its ${ended} trials`);
        if (this.#reason !== null) break;
        this.#show();
        const { signal } = this.#end;
        // A stop ends the wait; the loop sees it.
        await setTimeout(this.#everyMs, undefined, { signal }).catch(() => {});
      }
    } finally {
      interrupts.remove(this);
      await this.#showLast();
    }
  }

  #show(): void {
    const view = this.#study.view();
    const progress = this.#progress(view);
    const line = cleanText(
      [progress.headline, progress.counts, progress.best, progress.running]
        .filter((part) => part !== null).join(" · "),
    );
    if (this.#place !== null) {
      const html = liveFrame(view, latestRunning(view), progress);
      this.#place.show({ "text/html": html, "text/plain": line });
    } else if (line !== this.#lastLine) console.log(line);
    this.#lastLine = line;
  }

  async #showLast(): Promise<void> {
    if (this.#place === null) return this.#show();
    const view = this.#study.view();
    const { best, bestParams, headline, counts } = this.#progress(view);
    const bundle = await bundleOf(progressChart(view, {
      title: best === null ? "No result yet" : `Best ${best}`,
      subtitle: [
        ...bestParams.length === 0
          ? []
          : [bestParams.map(([name, value]) => `${name} ${value}`).join(", ")],
        `${headline} (${counts})`,
      ],
    }));
    if (bundle !== null) this.#place.show(bundle);
  }

  #progress(view: StudyView): Progress {
    const { ended, running, waiting, failed } = countsOf(view);
    const best = bestTrial(view);
    const target = this.#target === Infinity ? "" : ` of ${this.#target}`;
    return {
      headline: `${ended}${target} trials${
        this.#reason === null ? "" : `, ended: ${this.#reason}`
      }`,
      fraction: target === "" ? null : Math.min(1, ended / this.#target),
      counts: [
        `${running} running`,
        ...waiting === 0 ? [] : [`${waiting} waiting`],
        ...failed === 0 ? [] : [`${failed} failed`],
      ].join(", "),
      time: `watched for ${
        formatDuration(performance.now() - this.#startedAt)
      }`,
      best: best === null
        ? null
        : `${formatNumber(best.value!)} in trial ${best.number}`,
      bestParams: best === null ? [] : paramTexts(best.params),
      running: runningText(view),
      isSingle: false,
      outcome: null,
      lastError: view.trials.findLast(({ state }) => state === "failed")?.error
        ?.split("\n")[0] ?? null,
    };
  }
}

/**
 * Follows live a study that others work on: processes, machines, Python's
 * Optuna. Its trials and the curves of those that run are read every two seconds;
 * in a notebook they are drawn in one place, in a terminal a line is printed where
 * something has changed. ■ ends
 * the watching, not the work.
 *
 * @param study The study.
 * @throws {RangeError} If an option is out of its range.
 *
 * @example
 * ```ts
 * import { createStudy, float, minimize, space, watch } from "@etude/etude";
 * const study = await createStudy({
 *   name: "watched", storage: "memory", space: space({ x: float(0, 1) }), objective: minimize("loss"),
 * });
 * study.start((trial) => trial.params.x, { trials: 3, progress: false });
 * await watch(study, { trials: 3, everyMs: 50 }).done;
 * study.trials.length; // 3
 * ```
 */
export function watch<C>(study: Study<C>, options: WatchOptions = {}): Watch {
  const { everyMs = 2000, trials } = options;
  if (!(everyMs > 0)) {
    throw new RangeError(
      `Cannot watch the study: everyMs is ${everyMs}, expected milliseconds above 0`,
    );
  }
  if (trials !== undefined && !(trials > 0)) {
    throw new RangeError(
      `Cannot watch the study: trials is ${trials}, expected a number above 0`,
    );
  }
  return new Watch(study as unknown as Study, options);
}

function countsOf(view: StudyView) {
  let [ended, running, waiting, failed] = [0, 0, 0, 0];
  for (const { state } of view.trials) {
    if (state === "running") running++;
    else if (state === "waiting") waiting++;
    else if (state === "failed") failed++;
    else ended++;
  }
  return { ended, running, waiting, failed };
}

/** The trials that run: those with curves first, of these the latest. */
function latestRunning(view: StudyView): readonly TrialRecord[] {
  return view.trials.filter(({ state }) => state === "running").reverse()
    .sort((a, b) => b.curves.size - a.curves.size);
}

function runningText(view: StudyView): string | null {
  const running = latestRunning(view);
  const [first] = running;
  if (first === undefined) return null;
  const steps = [...first.curves.values()].flatMap(({ steps }) =>
    steps.slice(-1)
  );
  return [
    `trial ${first.number}`,
    ...steps.length === 0 ? [] : [`step ${Math.max(...steps)}`],
    ...running.length === 1 ? [] : [`and ${running.length - 1} more`],
  ].join(", ");
}

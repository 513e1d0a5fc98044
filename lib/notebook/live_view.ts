import { progressChart } from "../charts/mod.ts";
import type { TrialRecord } from "../records/mod.ts";
import type { Study, StudyRun } from "../study/mod.ts";
import { bundleOf, OutputPlace } from "./_jupyter.ts";
import { liveFrame } from "./_live_frame.ts";
import {
  type LastTrials,
  type Progress,
  progressLine,
  progressOf,
} from "./_progress.ts";

/** At most two pictures a second; fewer, down to one in three seconds, where drawing takes long. */
const frameEveryMs = 500;
const slowestMs = 3000;
/** Drawing may take one part in so many of the time. */
const share = 150;

/**
 * Shows a run in one place of a notebook's output, while it lasts at most twice
 * a second as HTML, at its end as an interactive chart that stays right when
 * the notebook is opened again without a kernel.
 */
export class LiveView {
  readonly #study: Study;
  readonly #run: StudyRun;
  readonly #place = new OutputPlace();
  readonly #timer: ReturnType<typeof setInterval>;
  #drawnAt = -Infinity;
  #pauseMs = frameEveryMs;
  #last: LastTrials = { ended: null, failed: null };
  #ended = false;

  /** Draws the first frame at once. */
  constructor(study: Study, run: StudyRun) {
    this.#study = study;
    this.#run = run;
    this.#draw();
    this.#timer = setInterval(() => this.changed(), frameEveryMs);
  }

  /** Something has changed: draws if the last picture is old enough. */
  changed(): void {
    if (!this.#ended && performance.now() - this.#drawnAt >= this.#pauseMs) {
      this.#draw();
    }
  }

  /** A trial has ended. */
  trialFinished(record: TrialRecord): void {
    const failed = record.state === "failed" ? record : this.#last.failed;
    this.#last = { ended: record, failed };
    this.changed();
  }

  #draw(): void {
    const start = performance.now();
    const { html, text } = this.frame();
    this.#place.show({ "text/html": html, "text/plain": text });
    this.#drawnAt = performance.now();
    this.#pauseMs = Math.min(
      slowestMs,
      Math.max(frameEveryMs, share * (this.#drawnAt - start)),
    );
  }

  /** The picture of now. */
  frame(): { readonly html: string; readonly text: string } {
    const progress = this.#progress();
    return {
      html: liveFrame(
        this.#study.view(),
        this.#run.trials.map((trial) => trial.record()),
        progress,
      ),
      text: progressLine(progress),
    };
  }

  #progress(): Progress {
    return progressOf(this.#study.view(), this.#run, this.#last);
  }

  /** Draws the last picture, the one that stays. */
  async end(): Promise<void> {
    clearInterval(this.#timer);
    this.#ended = true;
    const progress = this.#progress();
    const { headline, counts, time, best, bestParams, outcome, lastError } =
      progress;
    const chart = progressChart(this.#study.view(), {
      title: best === null ? "No result yet" : `Best ${best}`,
      subtitle: [
        ...(bestParams.length === 0
          ? []
          : [bestParams.map(([name, value]) => `${name} ${value}`).join(", ")]),
        `${headline} (${counts}), ${time}`,
        ...(outcome === null ? [] : [outcome]),
        ...(lastError === null ? [] : [`last failure: ${lastError}`]),
      ],
    });
    const bundle = await bundleOf(chart);
    if (bundle !== null) this.#place.show(bundle);
  }
}

import { preloadImages } from "../charts/mod.ts";
import type { Study, StudyEvent, StudyRun } from "../study/mod.ts";
import { inNotebook } from "./_jupyter.ts";
import { interrupts } from "./interrupt.ts";
import { LiveView } from "./live_view.ts";
import { ownTerminal, TerminalProgress } from "./terminal_progress.ts";

/**
 * Makes a study show its runs: live in a notebook, as a line in a terminal; and
 * makes ■ and Ctrl+C stop them cleanly. `mod.ts` calls it for each study.
 *
 * @returns A function that ends it.
 *
 * @example
 * ```ts
 * import { attachNotebook, observeStudies } from "@etude/etude";
 * // As mod.ts does it, for every study that is opened.
 * const end = observeStudies((study) => void attachNotebook(study));
 * end();
 * ```
 */
export function attachNotebook(study: Study): () => void {
  interrupts.keepKernelAlive();
  if (inNotebook()) preloadImages();
  const shown = new Map<StudyRun, LiveView | TerminalProgress>();
  const begin = (run: StudyRun): void => {
    interrupts.add(run);
    if (!run.progress) return;
    if (inNotebook()) return void shown.set(run, new LiveView(study, run));
    const terminal = ownTerminal();
    if (terminal !== null) {
      shown.set(run, new TerminalProgress(study, run, terminal));
    }
  };
  const end = (run: StudyRun): void => {
    interrupts.remove(run);
    const work = shown.get(run)?.end();
    if (work !== undefined) run.waitUntil(work);
    shown.delete(run);
  };
  return study.listen((event: StudyEvent) => {
    switch (event.type) {
      case "run started":
        return begin(event.run);
      case "run finished":
        return end(event.run);
      case "trial finished":
        for (const view of shown.values()) view.trialFinished(event.record);
        return;
      default:
        for (const view of shown.values()) view.changed();
    }
  });
}

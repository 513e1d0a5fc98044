import { quietly } from "./_quietly.ts";
import type { Study } from "./study.ts";

/** Is told of each study that is opened. */
export type StudyObserver = (study: Study) => void;

const observers = new Set<StudyObserver>();

/**
 * Calls the observer for each study opened from now on. This is how the
 * notebook's live view comes to studies that know nothing of notebooks. What
 * an observer throws is dropped.
 *
 * @returns A function that ends it.
 *
 * @example
 * ```ts
 * import { createStudy, float, observeStudies, space } from "@etude/etude";
 * const end = observeStudies(({ name }) => console.log(`${name} is opened`));
 * await createStudy({ name: "s", space: space({ x: float(0, 1) }), storage: "memory" });
 * end();
 * ```
 */
export function observeStudies(observer: StudyObserver): () => void {
  observers.add(observer);
  return () => void observers.delete(observer);
}

/** Tells the observers of a study. */
export function announceStudy(study: Study): void {
  for (const observer of observers) quietly(() => observer(study));
}

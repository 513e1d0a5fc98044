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
 */
export function observeStudies(observer: StudyObserver): () => void {
  observers.add(observer);
  return () => void observers.delete(observer);
}

/** Tells the observers of a study. */
export function announceStudy(study: Study): void {
  for (const observer of observers) quietly(() => observer(study));
}

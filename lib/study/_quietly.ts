/** Runs something that must not disturb a study: whoever watches it must not break it. */
export function quietly(work: () => void): void {
  try {
    work();
  } catch {
    // Dropped on purpose.
  }
}

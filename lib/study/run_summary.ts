import { cleanText, type TrialState } from "../records/mod.ts";

/** How many trials ended in each state. */
export type FinishedCounts = Readonly<
  Record<Extract<TrialState, "complete" | "pruned" | "failed">, number>
>;

/** How a run went: what `study.optimize` gives back. */
export class RunSummary {
  /** How many trials ended in each state. */
  readonly counts: FinishedCounts;
  /** Why it ended, in words. */
  readonly reason: string;
  /** How long it took, in milliseconds. */
  readonly durationMs: number;

  /** Made by a run; not meant to be called. */
  constructor(counts: FinishedCounts, reason: string, durationMs: number) {
    this.counts = Object.freeze({ ...counts });
    this.reason = reason;
    this.durationMs = durationMs;
    Object.freeze(this);
  }

  /** The summary as a sentence. */
  toString(): string {
    const { complete, pruned, failed } = this.counts;
    const others = [[pruned, "pruned"], [failed, "failed"]] as const;
    const parts = [
      `${complete} complete`,
      ...others.filter(([count]) => count > 0).map(([count, word]) =>
        `${count} ${word}`
      ),
    ];
    const total = complete + pruned + failed;
    return `${total} ${total === 1 ? "trial" : "trials"} in ${
      formatDuration(this.durationMs)
    }: ${parts.join(", ")}. Ended: ${cleanText(this.reason)}.`;
  }

  /** What a Jupyter notebook shows. */
  [Symbol.for("Jupyter.display")](): Record<
    string,
    string
  > {
    return { "text/plain": this.toString() };
  }

  /** What the console shows. */
  [
    Symbol.for("nodejs.util.inspect.custom")
  ](): string {
    return this.toString();
  }
}

/**
 * A duration in words, with two figures that matter: `"450 ms"`, `"1 min 20 s"`.
 *
 * @param ms Milliseconds, at least 0.
 *
 * @example
 * ```ts
 * import { formatDuration } from "@etude/etude";
 * formatDuration(80_000); // "1 min 20 s"
 * ```
 */
export function formatDuration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 10_000) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${seconds % 60} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

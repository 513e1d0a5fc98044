import { cleanText, type TrialRecord } from "../records/mod.ts";
import type { Study, StudyRun } from "../study/mod.ts";
import {
  type LastTrials,
  type Progress,
  progressLine,
  progressOf,
} from "./_progress.ts";

const lineEveryMs = 200;

/** A terminal's error stream, where a line can be written over. */
export interface Terminal {
  /** Writes text. */
  write(text: string): void;
  /** The terminal's width in columns. */
  columns(): number;
}

/** The process's own terminal, or null if its error stream is not one. */
export function ownTerminal(): Terminal | null {
  try {
    const { Deno } = globalThis as {
      Deno?: {
        stderr: { isTerminal(): boolean; writeSync(bytes: Uint8Array): number };
        consoleSize(): { columns: number };
      };
    };
    if (Deno === undefined || !Deno.stderr.isTerminal()) return null;
    const encoder = new TextEncoder();
    return {
      write: (text) => void Deno.stderr.writeSync(encoder.encode(text)),
      columns: () => Deno.consoleSize().columns || 80,
    };
  } catch {
    return null;
  }
}

/** Shows a run as one line of a terminal, written over as it goes on. */
export class TerminalProgress {
  readonly #study: Study;
  readonly #run: StudyRun;
  readonly #terminal: Terminal;
  #drawnAt = -Infinity;
  #last: LastTrials = { ended: null, failed: null };

  /** Shows nothing yet. */
  constructor(study: Study, run: StudyRun, terminal: Terminal) {
    this.#study = study;
    this.#run = run;
    this.#terminal = terminal;
  }

  #progress(): Progress {
    return progressOf(this.#study.view(), this.#run, this.#last);
  }

  /** Something has changed. */
  changed(): void {
    if (performance.now() - this.#drawnAt < lineEveryMs) return;
    this.#drawnAt = performance.now();
    this.#write(progressLine(this.#progress()));
  }

  /** A trial has ended. */
  trialFinished(record: TrialRecord): void {
    this.#last = { ended: record, failed: null };
    this.changed();
  }

  /** Writes the last line and ends it. */
  end(): void {
    this.#write(progressLine(this.#progress()));
    this.#terminal.write("\n");
  }

  #write(line: string): void {
    // Control characters in names must not steer the terminal.
    const plain = cleanText(`${this.#study.name}: ${line}`);
    const width = Math.max(20, this.#terminal.columns() - 1);
    this.#terminal.write(`\r\u001b[2K${plain.slice(0, width)}`);
  }
}

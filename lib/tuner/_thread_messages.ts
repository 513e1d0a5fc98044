/** What the two ends of an objective's thread say to each other. */

import type { Objective, TrialRecord } from "../records/mod.ts";
import type { Report } from "../storage/mod.ts";

/** To the thread. */
export type ToThread =
  | {
    readonly type: "run";
    readonly record: TrialRecord;
    readonly seed: string;
    readonly objectives: readonly Objective[];
    readonly module: string;
  }
  | { readonly type: "stop"; readonly reason: string }
  | { readonly type: "hold"; readonly on: boolean }
  | {
    readonly type: "kept";
    readonly id: number;
    readonly error: string | null;
  };

/** From the thread. */
export type FromThread =
  | { readonly type: "reports"; readonly reports: readonly Report[] }
  | {
    readonly type: "attribute";
    readonly id: number;
    readonly key: string;
    readonly value: unknown;
  }
  | {
    readonly type: "measure";
    readonly name: string;
    readonly value: number;
  }
  | { readonly type: "done"; readonly value: unknown }
  | { readonly type: "pruned"; readonly reason: string }
  | { readonly type: "failed"; readonly message: string };

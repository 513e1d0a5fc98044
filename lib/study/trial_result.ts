/** What `study.tell` takes: the objective's value, or how the trial ended. */
export type TrialResult =
  | number
  | { readonly state: "complete"; readonly value: number }
  | {
    readonly state: "pruned";
    readonly value?: number;
    readonly reason?: string;
  }
  | { readonly state: "failed"; readonly error?: string };

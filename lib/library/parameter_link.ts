import type { ParameterValue } from "../space/mod.ts";
import type { LinkReason } from "./_match.ts";

/** A parameter of the target space, and the one of the source space that it is taken from. */
export interface ParameterLink {
  /** The name in the target space. */
  readonly to: string;
  /** The name in the source space; null if it has none like it. */
  readonly from: string | null;
  /** How they were found to be the same; null if there is none. */
  readonly by: LinkReason | null;
  /** How much of the target's range the source has searched, in `[0, 1]`, on the target's scale. */
  readonly overlap: number;
  /** For lists, pairs of a source's value and the target's that it becomes. */
  readonly choices: readonly (readonly [ParameterValue, ParameterValue])[];
  /** What the parameter is taken to have been in the source's trials, where the source has none like it; null to leave it open. */
  readonly constant: ParameterValue | null;
}

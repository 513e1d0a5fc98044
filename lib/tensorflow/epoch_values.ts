/** What was measured in an epoch. */
export interface EpochValues {
  /** The epoch, from 1. */
  readonly epoch: number;
  /** By metric, e.g. `loss`, `accuracy`. */
  readonly train: Readonly<Record<string, number>>;
  /** By metric; null without validation data. */
  readonly validation: Readonly<Record<string, number>> | null;
}

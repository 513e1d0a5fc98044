/** What a command said at one moment. */
export interface MetricReading {
  /** The step; null where it is said of the whole training. */
  readonly step: number | null;
  /** Values by name; may be NaN or infinite. */
  readonly values: Readonly<Record<string, number>>;
}

/** What is read from files while they grow. */
export interface MetricFeed {
  /**
   * What is new since the last call.
   *
   * @param isOver Whether the command has ended: then a last line without its end counts.
   */
  read(isOver: boolean): Promise<readonly MetricReading[]>;
}

/** Where a command's metrics come from: {@linkcode jsonLines}, {@linkcode matching}, {@linkcode csvFile}, {@linkcode eventFiles}, or one's own. */
export interface MetricSource {
  /** What it looks for, in messages. */
  readonly description: string;
  /** What a line of the standard output says; null for nothing. Left out where lines are not looked at. */
  readLine?(line: string): MetricReading | null;
  /** The file or folder to look into; may have places such as `{trial}`. */
  readonly path?: string;
  /** Begins to look into it, before the command starts. */
  open?(path: string): Promise<MetricFeed> | MetricFeed;
}

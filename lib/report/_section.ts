/** A section of the page. */
export interface Section {
  /** The anchor; "" for the head, which has none. */
  readonly id: string;
  /** The title, plain text. */
  readonly title: string;
  /** HTML. */
  readonly html: string;
  /** Data for the page's script, by the id of its element. */
  readonly data: Readonly<Record<string, unknown>>;
}

/** What the sections must know beside the study. */
export interface SectionFacts {
  /** The report's date. */
  readonly date: Date;
  /** Whether a script will draw the charts. */
  readonly isInteractive: boolean;
}

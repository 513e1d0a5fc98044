import { formatNumber, formatValue } from "../charts/mod.ts";
import { cleanText, type StudyView, type TrialRecord } from "../records/mod.ts";
import {
  bundle,
  card,
  faint,
  line,
  plain,
  strong,
  table,
} from "./_card_parts.ts";

/**
 * Two trials to compare: what `study.nextPair` gives. Say which is better with
 * `study.prefer`.
 */
export class PreferencePair<C = unknown> {
  /** The one that is thought better so far. */
  readonly first: TrialRecord<C>;
  /** The other. */
  readonly second: TrialRecord<C>;
  /** Why these two, in a sentence. */
  readonly reason: string;
  readonly #view: StudyView;

  /** Made by a study; not meant to be called. */
  constructor(
    view: StudyView,
    pair: readonly [TrialRecord<C>, TrialRecord<C>],
    reason: string,
  ) {
    this.#view = view;
    [this.first, this.second] = pair;
    this.reason = reason;
    Object.freeze(this);
  }

  /** The two in lines, with what to write. */
  toString(): string {
    const { first, second, reason } = this;
    return [
      `Which is better, trial ${first.number} or trial ${second.number}? ${reason}`,
      ...this.#rows().map(([name, a, b]) => `  ${name}: ${a} or ${b}`),
      `  study.prefer(${first.number}, ${second.number}) or study.prefer(${second.number}, ${first.number})`,
    ].map(cleanText).join("\n");
  }

  /** What a Jupyter notebook shows: a card with the two side by side. Never throws. */
  [Symbol.for("Jupyter.display")](): Record<string, string> {
    const { first, second, reason } = this;
    return bundle(this.toString(), () =>
      card("Which is better?", {
        aside: this.#view.name,
        parts: [
          table(
            ["", `trial ${first.number}`, `trial ${second.number}`],
            this.#rows().map(([name, a, b]) => [
              plain(name),
              a === b ? faint(a) : strong(a),
              a === b ? faint(b) : strong(b),
            ]),
          ),
          line(faint(reason)),
          line(
            `<code>study.prefer(${first.number}, ${second.number})</code> or <code>study.prefer(${second.number}, ${first.number})</code>`,
          ),
        ],
      }));
  }

  /** What the console shows. */
  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return this.toString();
  }

  /** Objectives, where there are several to weigh, then parameters. */
  #rows(): [string, string, string][] {
    const { objectives, space } = this.#view;
    const both = [this.first, this.second] as const;
    const values = objectives.length === 1 ? [] : objectives.map((
      { name },
      k,
    ): [string, string, string] => {
      const [a, b] = both.map(({ values }) => formatNumber(values![k]!));
      return [name, a!, b!];
    });
    return [
      ...values,
      ...space.names.map((name): [string, string, string] => {
        const [a, b] = both.map(({ params }) => {
          const value = Object.hasOwn(params as object, name)
            ? (params as Record<string, unknown>)[name]
            : undefined;
          return value === undefined
            ? "not used"
            : formatValue(value as string | number | boolean);
        });
        return [name, a!, b!];
      }),
    ];
  }
}

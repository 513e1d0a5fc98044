import { cleanText, type Objective, type Prediction } from "../records/mod.ts";
import type { Configuration } from "../space/mod.ts";
import {
  bundle,
  card,
  faint,
  line,
  objectiveText,
  paramsText,
  plain,
  predictionText,
  strong,
  table,
} from "./_card_parts.ts";
import { formatValue } from "../charts/mod.ts";

/** What is known of a suggestion. */
interface SuggestionParts<C> {
  readonly params: C;
  readonly reason: string | null;
  readonly forecast: Prediction | null;
}

/**
 * A configuration that a sampler would try: what `study.suggest` gives back.
 *
 * @example
 * ```ts
 * import { createStudy, float, space } from "@etude/etude";
 * const study = await createStudy({ name: "s", space: space({ x: float(0, 1) }), storage: "memory" });
 * const suggestion = await study.suggest();
 * suggestion?.reason; // why this one
 * ```
 */
export class ConfigurationSuggestion<C = Configuration> {
  /** The configuration. */
  readonly params: C;
  /** Why this one, in a sentence; null if the fixed values left no choice. */
  readonly reason: string | null;
  /** What the sampler's surrogate expects of it; null where there is none. */
  readonly forecast: Prediction | null;
  readonly #objective: Objective;

  /** Made by `study.suggest`; not meant to be called. */
  constructor(parts: SuggestionParts<C>, objective: Objective) {
    this.params = parts.params;
    this.reason = parts.reason;
    this.forecast = parts.forecast;
    this.#objective = objective;
    Object.freeze(this);
  }

  /** The suggestion in two lines of text. */
  toString(): string {
    const { params, reason, forecast } = this;
    const expected = forecast === null
      ? []
      : [`expected ${predictionText(forecast)}`];
    // The reasons of some samplers say what is expected themselves.
    const why = reason === null ? expected : [reason];
    return [paramsText(params as object), ...why].map(cleanText)
      .join("\n  ");
  }

  /** What a Jupyter notebook shows: a card. */
  [Symbol.for("Jupyter.display")](): Record<string, string> {
    return bundle(this.toString(), () =>
      card("Suggestion", {
        aside: objectiveText(this.#objective),
        parts: [
          ...(this.forecast === null
            ? []
            : [line(`expected ${strong(predictionText(this.forecast))}`)]),
          table(
            ["parameter", "value"],
            Object.entries(this.params as object).map(([name, value]) => [
              plain(name),
              strong(formatValue(value)),
            ]),
          ),
          line(faint(this.reason ?? "The fixed values leave no choice.")),
        ],
      }));
  }

  /** What the console shows. */
  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return this.toString();
  }
}

/** Several suggestions, each made as if those before it were running: an array that shows itself as a table. */
export class SuggestionList<C = Configuration>
  extends Array<ConfigurationSuggestion<C>> {
  /** What `map` and the like make: plain arrays. */
  static override get [Symbol.species](): ArrayConstructor {
    return Array;
  }

  /** The suggestions, two lines of text each. */
  override toString(): string {
    return this.length === 0
      ? "nothing left to suggest"
      : this.map((one, index) => `${index + 1}. ${one}`).join("\n");
  }

  /** What a Jupyter notebook shows: a table. */
  [Symbol.for("Jupyter.display")](): Record<string, string> {
    return bundle(this.toString(), () => {
      const names = [
        ...new Set(this.flatMap(({ params }) => Object.keys(params as object))),
      ];
      return card(
        this.length === 1 ? "1 suggestion" : `${this.length} suggestions`,
        {
          parts: [
            table(
              ["", ...names, "expected"],
              this.map(({ params, forecast }, index) => [
                faint(`${index + 1}`),
                ...names.map((name) => {
                  const value = Object.hasOwn(params as object, name)
                    ? (params as Readonly<Record<string, unknown>>)[name]
                    : undefined;
                  return value === undefined
                    ? faint("–")
                    : strong(formatValue(value as string));
                }),
                forecast === null
                  ? faint("–")
                  : plain(predictionText(forecast)),
              ]),
            ),
          ],
        },
      );
    });
  }

  /** What the console shows. */
  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return this.toString();
  }
}

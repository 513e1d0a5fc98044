import type { DiagnosisContext } from "../curves/mod.ts";
import type { StudyView, TrialRecord } from "../records/mod.ts";
import type { Configuration, Space } from "../space/mod.ts";
import type { Surrogate } from "../surrogates/mod.ts";
import { CurveReader } from "./_curve_reader.ts";
import type { LibraryCurvePrior } from "./study_options.ts";
import { type Chooser, chooserWithin, chooseSeveral } from "./_suggest.ts";
import type { TrialBook } from "./_trial_book.ts";
import { type Forecast, forecastOf, surrogateOf } from "./forecast.ts";
import type { AskOptions } from "./ask_options.ts";
import { ConfigurationSuggestion, SuggestionList } from "./suggestion.ts";
import type { TrialDiagnosis } from "./trial_diagnosis.ts";

/** What is expected of configurations, and which one would come next. */
export class Oracle<C> {
  readonly #book: TrialBook<C>;
  readonly #reader: CurveReader;
  #fitted: {
    readonly version: number;
    readonly surrogate: Surrogate<C> | null;
  } | null = null;

  /** The oracle of the trials in a book, and of what prior studies' curves teach. */
  constructor(book: TrialBook<C>, curves: LibraryCurvePrior | null) {
    this.#book = book;
    this.#reader = new CurveReader(curves);
  }

  /** The surrogate of the trials so far, fitted once for each state of the study; null while they are too few. */
  get surrogate(): Surrogate<C> | null {
    const { version } = this.#book;
    if (this.#fitted?.version !== version) {
      this.#fitted = { version, surrogate: surrogateOf(this.#book.view()) };
    }
    return this.#fitted.surrogate;
  }

  /** `study.predict`. */
  predict(params: C): Forecast<C> {
    const view = this.#book.view();
    const checked = view.space.validate(params, { rules: false });
    const { surrogate } = this;
    if (surrogate === null) {
      throw new RangeError(
        `Cannot predict: fewer than two trials of ${
          JSON.stringify(view.name)
        } have a finite value; run some first`,
      );
    }
    return forecastOf(view, surrogate, checked);
  }

  /** `study.diagnose` of a trial. */
  diagnose(trial: TrialRecord<C>, context: DiagnosisContext): TrialDiagnosis {
    const view = this.#book.view() as unknown as StudyView;
    return this.#reader.read(view, trial as unknown as TrialRecord, {
      context,
      expects: (params: Configuration) =>
        this.surrogate?.predict(params as C, { noise: false }) ?? null,
    });
  }

  /** `study.suggest`, as a list. */
  async suggest(
    chooser: Chooser,
    { fixed = {}, within, count = 1 }: AskOptions<C> & {
      readonly count?: number;
    },
  ): Promise<SuggestionList<C>> {
    if (!(Number.isInteger(count) && count >= 1)) {
      throw new RangeError(
        `Cannot suggest: the count is ${
          String(count)
        }, expected a whole number of at least 1`,
      );
    }
    chooser = chooserWithin(chooser, within);
    const pinned = (chooser.view.space as unknown as Space<C>)
      .validatePartial(fixed as Partial<C>);
    const choices = await chooseSeveral(chooser, pinned, count);
    const list = new SuggestionList<C>();
    for (const choice of choices) {
      const parts = { ...choice, params: choice.params as C };
      list.push(
        new ConfigurationSuggestion(parts, chooser.view.objectives[0]!),
      );
    }
    return list;
  }
}

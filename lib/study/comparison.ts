import {
  type Chart,
  chartColors,
  chartFont,
  formatNumber,
  formatValue,
  learningCurvesChart,
} from "../charts/mod.ts";
import { cleanText, type StudyView, type TrialRecord } from "../records/mod.ts";
import { faint, plain, strong } from "./_card_parts.ts";
import type { TrialDiagnosis } from "./trial_diagnosis.ts";

/** One trial of a {@linkcode Comparison}. */
export interface ComparedTrial {
  /** The trial. */
  readonly trial: TrialRecord;
  /** What its curves show, and what to do. */
  readonly diagnosis: TrialDiagnosis;
}

/**
 * Some trials side by side: what `study.compare` gives. Their curves over each
 * other, the parameters in which they differ, and what each one's curves show.
 *
 * @example
 * ```ts
 * import { createStudy, float, space } from "@etude/etude";
 * const study = await createStudy({ name: "s", space: space({ x: float(0, 1) }), storage: "memory" });
 * await study.optimize((trial) => trial.params.x, { trials: 3, progress: false });
 * study.compare([0, 2]).toString(); // how they differ
 * ```
 */
export class Comparison {
  /** The trials, as asked for. */
  readonly trials: readonly ComparedTrial[];
  /** The names of the parameters in which they differ, in the space's order. */
  readonly differing: readonly string[];
  readonly #view: StudyView;

  /** Made by a study; not meant to be called. */
  constructor(view: StudyView, trials: readonly ComparedTrial[]) {
    this.#view = view;
    this.trials = Object.freeze([...trials]);
    this.differing = Object.freeze(
      view.space.names.filter((name) =>
        new Set(trials.map(({ trial }) => ownValue(trial, name))).size > 1
      ),
    );
    Object.freeze(this);
  }

  /** The curves over each other. */
  get chart(): Chart {
    return learningCurvesChart(this.#view, {
      title: `Trials ${
        this.trials.map(({ trial }) => trial.number).join(", ")
      } of ${this.#view.name}`,
      trials: this.trials.map(({ trial }) => trial.number),
    });
  }

  /** The comparison in lines: the parameters that differ, then each trial's value and diagnosis. */
  toString(): string {
    const { differing, trials } = this;
    return [
      ...trials.map(({ trial, diagnosis }) =>
        `${headOf(trial)}: ${
          cleanText(
            differing.map((name) => `${name} ${valueOf(trial, name)}`)
              .join(", "),
          )
        }\n  ${cleanText(sentenceOf(diagnosis))}`
      ),
      ...(differing.length === 0 ? ["They have the same configuration."] : []),
    ].join("\n");
  }

  /** What a Jupyter notebook shows: a card with the curves and a table. Never throws. */
  async [Symbol.for("Jupyter.display")](): Promise<Record<string, string>> {
    const text = this.toString();
    try {
      return { "text/html": await this.#html(), "text/plain": text };
    } catch (error) {
      return {
        "text/plain": `${text}\n(without a picture: ${
          error instanceof Error ? error.message : String(error)
        })`,
      };
    }
  }

  /** What the console shows. */
  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return this.toString();
  }

  async #html(): Promise<string> {
    const { background, text, muted, grid } = chartColors;
    const { differing, trials } = this;
    const cell =
      `style="text-align:left;vertical-align:top;padding:3px 14px 3px 0;border:none;background:none;color:${text}"`;
    const line = `border-top:1px solid ${grid}`;
    const row = (cells: readonly string[], tag = "td") =>
      `<tr style="background:none;${tag === "td" ? line : ""}">${
        cells.map((inner) => `<${tag} ${cell}>${inner}</${tag}>`).join("")
      }</tr>`;
    const head = ["trial", this.#view.objectives[0]!.name, ...differing]
      .map(plain);
    // The sentence stands below, over the whole width: there may be many parameters.
    const rows = trials.map(({ trial, diagnosis }) =>
      row([
        strong(String(trial.number)),
        trial.value === null ? faint(trial.state) : formatNumber(trial.value),
        ...differing.map((name) => plain(valueOf(trial, name))),
      ]) +
      `<tr style="background:none"><td ${cell}></td><td ${cell} colspan="${
        head.length - 1
      }">${faint(sentenceOf(diagnosis))}</td></tr>`
    );
    return `<div style="box-sizing:border-box;width:792px;max-width:100%;padding:12px 16px;background:${background};color:${text};border:1px solid ${grid};border-radius:6px;font:13px ${
      chartFont.replaceAll('"', "'")
    };line-height:1.5">${await this.chart
      .toSVG()}<table style="border-collapse:collapse;border:none;margin:6px 0 0;font-size:12px;width:100%"><thead>${
      row(head, "th")
    }</thead><tbody>${rows.join("")}</tbody></table>${
      differing.length === 0
        ? `<div style="color:${muted}">They have the same configuration.</div>`
        : ""
    }</div>`;
  }
}

function headOf({ number, state, value }: TrialRecord): string {
  return `Trial ${number} (${value === null ? state : formatNumber(value)})`;
}

function ownValue({ params }: TrialRecord, name: string) {
  return Object.hasOwn(params, name) ? params[name] : undefined;
}

function valueOf(trial: TrialRecord, name: string): string {
  const value = ownValue(trial, name);
  return value === undefined ? "not used" : formatValue(value);
}

function sentenceOf({ main, diagnosis, advice }: TrialDiagnosis): string {
  return main === null
    ? String(diagnosis).replace(/^Trial \d+: /, "")
    : `${main.sentence} → ${advice.moves[0]?.sentence ?? advice.sentence}`;
}

import { formatNumber, formatValue, historySketch } from "../charts/mod.ts";
import {
  bestTrial,
  cleanText,
  isFeasible,
  isPaused,
  lacksMeasure,
  noFeasibleText,
  type StudyView,
  type TrialState,
} from "../records/mod.ts";
import {
  card,
  faint,
  line,
  objectiveText,
  paramsText,
  plain,
  strong,
  table,
} from "./_card_parts.ts";

/** What the card says beside the view. */
export interface CardFacts {
  /** Where the study is kept. */
  readonly storage: string;
  /** The sampler's name. */
  readonly sampler: string;
  /** How many runs go on in this process. */
  readonly runs: number;
  /** What is to be said of what it began from, a sentence each. */
  readonly remarks: readonly string[];
}

const order: readonly (TrialState | "paused")[] = [
  "complete",
  "pruned",
  "failed",
  "running",
  "paused",
  "waiting",
];

function countsText(view: StudyView): string {
  const counts = new Map<TrialState | "paused", number>();
  for (const trial of view.trials) {
    const state = isPaused(trial) ? "paused" : trial.state;
    counts.set(state, (counts.get(state) ?? 0) + 1);
  }
  const parts = order.filter((state) => counts.has(state)).map((state) =>
    `${counts.get(state)} ${state}`
  );
  return parts.join(", ") || "no trials yet";
}

/** What to say in place of the best where trials are complete and none is feasible; else null. */
function infeasibleText(view: StudyView): string | null {
  if (!view.trials.some(({ state }) => state === "complete")) return null;
  return noFeasibleText(view);
}

/** The constraints and how many keep to them; what is missing, and how to say it. */
function constraintLines(view: StudyView): string[] {
  const { constraints = [], trials } = view;
  if (constraints.length === 0) return [];
  const complete = trials.filter(({ state }) => state === "complete");
  const feasible = complete.filter(isFeasible).length;
  const missing = constraints.find((_, c) =>
    complete.some((trial) => (trial.constraints?.[c] ?? null) === null)
  );
  const silent = complete.filter(lacksMeasure).length;
  return [
    `constraints ${constraints.map(({ name }) => name).join(", ")}${
      complete.length === 0
        ? ""
        : `: ${feasible} of ${complete.length} complete trials feasible`
    }`,
    ...missing === undefined ? [] : [
      `${silent} of them do not say how they stand and count as not feasible: call trial.measure(${
        JSON.stringify(missing.measure)
      }, …) in the objective`,
    ],
  ];
}

/** The overview of a study as a few lines of text. */
export function cardText(view: StudyView, facts: CardFacts): string {
  const best = bestTrial(view);
  return [
    `Study ${view.name}: ${view.objectives.map(objectiveText).join(", ")}`,
    `  ${countsText(view)}${facts.runs > 0 ? ", running now" : ""}`,
    ...(best === null
      ? infeasibleText(view) === null ? [] : [`  ${infeasibleText(view)}`]
      : [
        `  best ${formatNumber(best.value!)} in trial ${best.number}: ${
          paramsText(best.params)
        }`,
      ]),
    ...constraintLines(view).map((text) => `  ${text}`),
    ...(view.space.rules.length === 0 ? [] : [`  rules: ${rulesText(view)}`]),
    `  sampler ${facts.sampler}, kept in ${facts.storage}`,
    ...facts.remarks.map((remark) => `  ${remark}`),
  ].map(cleanText).join("\n");
}

/** The rules of the space, some of very many. */
function rulesText({ space: { rules } }: StudyView): string {
  const shown = rules.slice(0, 8).map(({ name }) => name).join("; ");
  return rules.length > 8 ? `${shown}; and ${rules.length - 8} more` : shown;
}

/** The overview of a study as HTML with an inlined picture, without scripts. */
export function cardHTML(view: StudyView, facts: CardFacts): string {
  const best = bestTrial(view);
  const rows = view.space.parameters.map(({ name }) => {
    const value = best !== null && Object.hasOwn(best.params, name)
      ? best.params[name]
      : undefined;
    const shown = best === null
      ? ""
      : value === undefined
      ? faint("not used")
      : strong(formatValue(value));
    return [plain(name), shown, faint(view.space.describe(name))];
  });
  const more = rows.length > 20 ? [[`and ${rows.length - 20} more`]] : [];
  const headline = best === null
    ? plain(infeasibleText(view) ?? "no complete trial yet")
    : `best ${strong(formatNumber(best.value!))} in trial ${best.number}`;
  const counts = `(${countsText(view)}${
    facts.runs > 0 ? ", running now" : ""
  })`;
  return card(view.name, {
    aside: objectiveText(view.objectives[0]!),
    parts: [
      line(`${headline} ${faint(counts)}`),
      ...constraintLines(view).map((text) => line(faint(text))),
      `<div style="display:flex;flex-wrap:wrap;gap:16px;align-items:flex-start;margin-top:6px">${
        table(["parameter", best === null ? "" : "best", "searched"], [
          ...rows.slice(0, 20),
          ...more,
        ])
      }<div style="flex:0 0 auto">${historySketch(view)}</div></div>`,
      ...(view.space.rules.length === 0
        ? []
        : [line(`${faint("rules")} ${plain(rulesText(view))}`)]),
      line(faint(`sampler ${facts.sampler} · kept in ${facts.storage}`)),
      ...facts.remarks.map((remark) => line(faint(remark))),
    ],
  });
}

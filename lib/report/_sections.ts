import { escapeMarkup, formatNumber, formatValue } from "../charts/mod.ts";
import { diagnoseStudy, diagnoseTrial, type Finding } from "../curves/mod.ts";
import {
  bestTrial,
  isFeasible,
  noFeasibleText,
  type StudyView,
  type TrialState,
} from "../records/mod.ts";
import { type Certainty, certaintyOf } from "./_certainty.ts";
import type { Chapter, ReportChart } from "./_chapters.ts";
import { bestTable } from "./_best_table.ts";
import { reproduction } from "./_reproduction.ts";
import { trialsSection } from "./_trials.ts";
import type { Section, SectionFacts } from "./_section.ts";
import type { ReportSource } from "./source.ts";

/** The sections of a report, in order. */
export async function sectionsOf(
  source: ReportSource,
  view: StudyView,
  chapters: readonly Chapter[],
  facts: SectionFacts,
): Promise<readonly Section[]> {
  const certainty = certaintyOf(view);
  const drawn: Section[] = [];
  for (const chapter of chapters) {
    drawn.push(await chapterSection(chapter, facts));
  }
  const at = (id: string) => drawn.filter((section) => section.id === id);
  return [
    head(source, view, facts),
    bestSection(view, certainty),
    ...at("search"),
    ...at("parameters"),
    diagnosisSection(view),
    ...at("training"),
    ...at("trust"),
    trialsSection(view, certainty.rivals),
    reproduction(source, view, facts.date),
  ];
}

const states: readonly TrialState[] = [
  "complete",
  "pruned",
  "failed",
  "running",
  "waiting",
];

function head(
  source: ReportSource,
  view: StudyView,
  { date }: SectionFacts,
): Section {
  const counts = states.map((state) => {
    const n = view.trials.filter((trial) => trial.state === state).length;
    return n === 0 ? "" : `${n} ${state}`;
  }).filter((part) => part !== "").join(", ");
  const spent = view.trials.reduce((sum, t) => sum + (t.durationMs ?? 0), 0);
  const began = view.trials.find(({ startedAt }) => startedAt !== null)
    ?.startedAt;
  const facts: readonly (readonly [string, string])[] = [
    [
      "objective",
      view.objectives.map((o) => `${o.direction} ${o.name}`).join(", "),
    ],
    ["trials", `${view.trials.length}${counts === "" ? "" : `: ${counts}`}`],
    ["constraints", constraintsText(view)],
    ["parameters", String(view.space.parameters.length)],
    ["time of training", spent === 0 ? "" : durationText(spent)],
    ["begun", began ? dayText(began) : ""],
    ["sampler", source.sampler ?? ""],
    ["report of", dayText(date)],
  ];
  const items = facts.filter(([, value]) => value !== "").map(([name, value]) =>
    `<div><dt>${name}</dt><dd>${escapeMarkup(value)}</dd></div>`
  ).join("");
  return {
    id: "",
    title: view.name,
    html: `<dl class="facts">${items}</dl>`,
    data: {},
  };
}

/** The constraints, and how many complete trials keep to them; an empty text without any. */
function constraintsText({ constraints = [], trials }: StudyView): string {
  if (constraints.length === 0) return "";
  const complete = trials.filter(({ state }) => state === "complete");
  return `${constraints.map(({ name }) => name).join(", ")}: ${
    complete.filter(isFeasible).length
  } of ${complete.length} complete trials feasible`;
}

/** What stands in place of the best. */
function withoutBest(view: StudyView): string {
  if (!view.trials.some(({ state }) => state === "complete")) {
    return "no complete trial yet";
  }
  return noFeasibleText(view);
}

/** A time in words of two parts at most: `3 h 20 min`. */
export function durationText(ms: number): string {
  const seconds = Math.round(ms / 1000);
  if (seconds < 1) return `${Math.round(ms)} ms`;
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${seconds % 60} s`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return `${hours} h ${minutes % 60} min`;
  return `${Math.floor(hours / 24)} days ${hours % 24} h`;
}

function dayText(date: Date): string {
  return `${date.toISOString().slice(0, 16).replace("T", " ")} UTC`;
}

function bestSection(view: StudyView, certainty: Certainty): Section {
  const best = bestTrial(view);
  const { short, sentences } = certainty;
  const reasons = sentences.map((s) => `<li>${escapeMarkup(s)}</li>`).join("");
  const number = best === null
    ? `<p class="number">—</p><p class="muted">${
      escapeMarkup(withoutBest(view))
    }</p>`
    : `<p class="number">${escapeMarkup(formatNumber(best.value!, 5))}</p>` +
      `<p class="muted">${
        escapeMarkup(view.objectives[0]!.name)
      }, trial ${best.number}${
        best.durationMs === null
          ? ""
          : `, trained ${durationText(best.durationMs)}`
      }</p>${otherValues(view)}`;
  return {
    id: "best",
    title: "The best, and how sure we are",
    html: `<div class="card best"><div class="headline">${number}</div>${
      best === null ? "" : bestTable(view, best)
    }</div><div class="card sure"><p class="verdict">${
      escapeMarkup(short)
    }</p>${reasons === "" ? "" : `<ul>${reasons}</ul>`}</div>`,
    data: {},
  };
}

function otherValues(view: StudyView): string {
  if (view.objectives.length < 2) return "";
  const { values } = bestTrial(view)!;
  const others = view.objectives.slice(1).map(({ name }, i) =>
    `${name} ${formatValue(values?.[i + 1] ?? null)}`
  ).join(", ");
  return `<p class="muted">with ${
    escapeMarkup(others)
  }; best by the first objective alone</p>`;
}

function diagnosisSection(view: StudyView): Section {
  const study = diagnoseStudy(view);
  const best = bestTrial(view);
  const nothing = String(study).split(": ").at(-1)!;
  const parts = [
    `<h3>Of the search</h3>${findingsList(study.findings, nothing)}`,
  ];
  if (best !== null && best.curves.size > 0) {
    const found = diagnoseTrial(view, best);
    parts.push(
      `<h3>Of the best training, trial ${best.number}</h3>${
        findingsList(found.findings)
      }`,
    );
  }
  return {
    id: "diagnosis",
    title: "What to mend",
    html: `<div class="card">${parts.join("")}</div>`,
    data: {},
  };
}

function findingsList(
  findings: readonly Finding<string>[],
  nothing = "nothing wrong to be seen.",
): string {
  if (findings.length === 0) {
    return `<p class="muted">${
      escapeMarkup(nothing[0]!.toUpperCase() + nothing.slice(1))
    }</p>`;
  }
  return `<ul class="findings">${
    findings.map(({ severity, kind, sentence, evidence }) => {
      const rows = evidence.map((e) =>
        `<tr><td>${escapeMarkup(e.statistic)}</td><td class="n">${
          escapeMarkup(`${formatNumber(e.value)} ${e.unit}`)
        }</td><td class="n">${
          e.threshold === null
            ? ""
            : `compared with ${escapeMarkup(formatNumber(e.threshold))}`
        }</td><td class="n">${
          e.p === null ? "" : `p = ${escapeMarkup(formatNumber(e.p, 2))}`
        }</td></tr>`
      ).join("");
      return `<li class="${severity}"><span class="badge">${severity}</span><div><b>${
        escapeMarkup(kind)
      }</b> ${escapeMarkup(sentence)}${
        rows === ""
          ? ""
          : `<details><summary>evidence</summary><div class="wide"><table>${rows}</table></div></details>`
      }</div></li>`;
    }).join("")
  }</ul>`;
}

/** A picture larger than this is left to the script. */
const mostPictureBytes = 150_000;

async function chapterSection(
  { id, title, charts }: Chapter,
  { isInteractive }: SectionFacts,
): Promise<Section> {
  const data: Record<string, unknown> = {};
  const figures: string[] = [];
  for (const [index, entry] of charts.entries()) {
    const name = `chart-${id}-${index}`;
    const svg = distinctIds(await pictureOf(entry), name);
    const live = isInteractive ? await vegaOf(entry) : null;
    if (live !== null) data[name] = live;
    const isDrawn = live === null || svg.length <= mostPictureBytes;
    figures.push(
      `<figure class="card"${
        live === null ? "" : ` data-chart="${name}"`
      }><div class="plot">${
        isDrawn ? `<div class="still">${svg}</div>` : ""
      }</div><figcaption>${escapeMarkup(entry.caption)}</figcaption></figure>`,
    );
  }
  return { id, title, html: figures.join(""), data };
}

async function pictureOf({ chart }: ReportChart): Promise<string> {
  try {
    return await chart.toSVG();
  } catch {
    return `<pre>${escapeMarkup(chart.text).replaceAll("\n", "<br>")}</pre>`;
  }
}

/** Gradients and clips are known by ids, which a page has once only; Vega counts them on from picture to picture. */
function distinctIds(svg: string, name: string): string {
  const ids = new Map<string, string>();
  for (const [, id] of svg.matchAll(/\bid="((?:gradient|clip)\w*)"/g)) {
    if (!ids.has(id!)) ids.set(id!, `${name}-${ids.size}`);
  }
  return svg
    .replace(
      /\bid="(\w+)"/g,
      (all, id) => ids.has(id) ? `id="${ids.get(id)}"` : all,
    )
    .replace(
      /url\(#(\w+)\)/g,
      (all, id) => ids.has(id) ? `url(#${ids.get(id)})` : all,
    );
}

async function vegaOf({ chart }: ReportChart): Promise<unknown> {
  try {
    return await chart.toVega();
  } catch {
    return null;
  }
}

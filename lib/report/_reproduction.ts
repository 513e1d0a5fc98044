import { escapeMarkup } from "../charts/mod.ts";
import { bestTrial, type StudyView } from "../records/mod.ts";
import { studyCode, trialCode } from "./_code.ts";
import { libraryVersion, runtimeVersions } from "./_versions.ts";
import type { Section } from "./_section.ts";
import type { ReportSource } from "./source.ts";

/** How to do it again: the study as code, the best configuration, the versions. */
export function reproduction(
  source: ReportSource,
  view: StudyView,
  date: Date,
): Section {
  const best = bestTrial(view);
  const { name, objectives, constraints = [], space } = view;
  const { seed } = source;
  const code = studyCode({
    name,
    objectives,
    constraints,
    space,
    ...(seed === undefined ? {} : { seed }),
  });
  const facts: readonly (readonly [string, string])[] = [
    ["study", name],
    ["kept in", source.storage ?? "unknown"],
    ["seed", seed ?? "unknown"],
    ["sampler", source.sampler ?? "unknown"],
    ["@etude/etude", libraryVersion],
    ...runtimeVersions(),
    ["report made", date.toISOString()],
  ];
  return {
    id: "again",
    title: "How to do it again",
    html: `<div class="card">${
      best === null ? "" : block(
        "The best configuration, trained anew in a study that you have open",
        trialCode(best.params),
      ) + block(
        "The same as JSON, for a training in any language",
        JSON.stringify(best.params, null, 2),
      )
    }${
      block("The study", code)
    }<h3>Versions</h3><div class="wide"><table class="params">${
      facts.map(([key, value]) =>
        `<tr><th scope="row">${escapeMarkup(key)}</th><td>${
          escapeMarkup(value)
        }</td></tr>`
      ).join("")
    }</table></div></div>`,
    data: {},
  };
}

function block(title: string, code: string): string {
  const lines = code.split("\n").map(escapeMarkup).join("\n");
  return `<h3>${title}</h3><pre><code>${lines}</code></pre>`;
}

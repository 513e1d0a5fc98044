/// <reference lib="dom" />
import { h, refill } from "./dom.ts";
import { count } from "./format.ts";
import type { Model } from "./model.ts";

const who: Readonly<Record<string, string>> = {
  manual: "you",
  sampler: "the sampler",
  enqueued: "the queue",
  "other program": "other programs",
};

/** How forecasts did, and a person beside the sampler. */
export function scoreView(model: Model): HTMLElement {
  const element = h("footer", { class: "score" });
  model.view("score", () => {
    const { forecasts, within90, sides } = model.standing.score;
    refill(
      element,
      h(
        "span",
        {},
        forecasts === 0 ? "No forecast has been put to the test yet." : [
          "forecasts held ",
          h("b", {}, `${within90} of ${forecasts}`),
          h("span", { class: "faint" }, " (9 in 10 should)"),
        ],
      ),
      sides.map(({ origin, trials, improvements, beaten }) =>
        h(
          "span",
          {},
          h("b", {}, who[origin] ?? origin),
          ` ${count(trials, "trial")}, improved the best ${improvements} ×`,
          beaten !== null &&
            h(
              "span",
              { class: "faint" },
              `, beat ${Math.round(100 * beaten)} % of the others`,
            ),
        )
      ),
      h(
        "span",
        { class: "faint place" },
        `${model.study!.sampler} · ${model.study!.storage}`,
      ),
    );
  });
  return element;
}

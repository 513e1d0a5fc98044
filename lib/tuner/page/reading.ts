/// <reference lib="dom" />
import { button, h, refill } from "./dom.ts";
import type { Reading } from "../protocol.ts";
import { number, percent, valueText } from "./format.ts";
import type { Model } from "./model.ts";

const words: Readonly<Record<string, string>> = {
  critical: "lost",
  problem: "problem",
  hint: "hint",
  question: "question",
};

/** What the shown trial's curves show, and what to do. */
export function readingView(model: Model): HTMLElement {
  const element = h("section", {
    class: "reading",
    aria: { live: "polite", label: "Diagnosis" },
  });
  model.view("reading", () => {
    const { shown } = model;
    const row = shown === null ? undefined : model.rows.get(shown);
    const reading = shown === null ? undefined : model.readings.get(shown);
    element.hidden = row === undefined;
    if (row === undefined) return;
    const isLive = row.state === "running";
    const head = h(
      "div",
      { class: "reading-head" },
      h("b", {}, `Trial ${row.number}`),
      h(
        "span",
        { class: isLive ? "state is-live" : `state is-${row.state}` },
        isLive ? "live" : row.verdict ?? row.state,
      ),
      h(
        "span",
        { class: "faint" },
        isLive ? "" : row.value === null ? "" : row.shown,
      ),
      model.focus !== null &&
        button("follow what runs", () => model.read(null), { class: "link" }),
    );
    if (row.error !== null && row.verdict === null) {
      return refill(element, head, h("p", { class: "error" }, row.error));
    }
    if (reading === undefined) {
      return refill(
        element,
        head,
        h(
          "p",
          { class: "faint" },
          row.spark.length === 0 ? "It has reported no curves." : "…",
        ),
      );
    }
    const findings = reading.findings.map(({ severity, sentence }) =>
      h(
        "li",
        { class: `finding is-${severity}` },
        h("span", { class: "severity" }, words[severity] ?? severity),
        h("span", {}, sentence),
      )
    );
    const move = reading.advice?.moves[0];
    refill(
      element,
      head,
      findings.length > 0
        ? h("ul", { class: "findings" }, findings)
        : h("p", { class: "faint" }, capital(reading.nothing)),
      isLive && onItsWay(reading),
      reading.advice !== null && h(
        "div",
        { class: "advice" },
        h("p", {}, reading.advice.sentence),
        move !== undefined && h(
          "div",
          { class: "row" },
          button("Use this", () => {
            model.setAll(move.suggestion);
            model.say(`${move.parameter} moved to ${valueText(move.to)}`);
          }, { title: "Move the controls there (U)", class: "accent" }),
          reading.advice.moves.slice(1).map((other) =>
            button(
              `${other.parameter} ${valueText(other.to)}`,
              () => model.setAll(other.suggestion),
              { class: "chip", title: other.sentence },
            )
          ),
        ),
      ),
      row.reason !== null && row.reason !== "Chosen by hand." &&
        h("p", { class: "faint small" }, row.reason),
    );
  });
  return element;
}

/** Where the objective's curve is going. */
function onItsWay({ forecasts }: Reading): HTMLElement | null {
  const found = forecasts.find(({ chance }) => chance !== null);
  const [, , low = null, high = null] = found?.path.at(-1) ?? [];
  return found === undefined || low === null || high === null ? null : h(
    "p",
    { class: "ahead" },
    h(
      "span",
      {},
      "on its way to ",
      h("b", {}, number(found.value, 3)),
      ` at step ${found.at}`,
      h(
        "span",
        { class: "faint" },
        `, 9 in 10: ${number(low, 3)} to ${number(high, 3)}`,
      ),
    ),
    h("b", { class: "chance" }, `${percent(found.chance!)} to beat the best`),
  );
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/// <reference lib="dom" />
import type { TrialRow } from "../protocol.ts";
import { copyText } from "./actions.ts";
import { h, icon, refill } from "./dom.ts";
import { asCode } from "./format.ts";
import type { Model } from "./model.ts";

/** What can be done with one trial. */
export function rowMenu(model: Model, row: TrialRow): HTMLElement {
  const { number, params, state, verdict } = row;
  const isOver = state !== "running" && state !== "waiting";
  const menu = h("div", {
    class: "popup",
    hidden: true,
    aria: { role: "menu" },
  });
  const item = (label: string, onclick: () => void, title = "") =>
    h("button", {
      type: "button",
      class: "item",
      title,
      aria: { role: "menuitem" },
      onclick: () => {
        close();
        onclick();
      },
    }, label);
  const judge = (to: "failed" | "discarded" | null) =>
    void model.act({ type: "judge", number, verdict: to, reason: "" });
  const open = h("button", {
    type: "button",
    class: "icon-button is-quiet",
    title: "More",
    aria: {
      label: `More on trial ${number}`,
      haspopup: "menu",
      expanded: "false",
    },
    onclick: () => {
      if (!menu.hidden) return close();
      refill(
        menu,
        item("Show in the controls", () => model.setAll(params)),
        isOver && model.study!.canRun &&
          item("Repeat with another seed", () => {
            model.focus = null;
            void model.act({ type: "repeat", number });
          }),
        item("Copy code", async () => {
          if (await copyText(asCode(params))) model.say("Copied");
        }),
        isOver && verdict === null &&
          item("Discard", () => judge("discarded"), "As if it had never run"),
        isOver && verdict === null && state !== "failed" &&
          item(
            "Count as failed",
            () => judge("failed"),
            "The sampler keeps away from the like",
          ),
        verdict !== null && isOver && item("Count again", () => judge(null)),
        state === "waiting" &&
          item(
            "Take out of the queue",
            () => void model.act({ type: "withdraw", number }),
          ),
      );
      menu.hidden = false;
      open.setAttribute("aria-expanded", "true");
      const box = open.getBoundingClientRect();
      menu.style.left = `${Math.max(8, box.right - 210)}px`;
      menu.style.top = `${Math.min(box.bottom + 4, innerHeight - 190)}px`;
      document.body.append(menu);
      (menu.firstElementChild as HTMLElement).focus();
      setTimeout(() => addEventListener("pointerdown", outside), 0);
      addEventListener("scroll", close, { capture: true, once: true });
    },
  }, icon("more"));
  const outside = (event: Event) => {
    if (!menu.contains(event.target as Node)) close();
  };
  const close = () => {
    menu.hidden = true;
    menu.remove();
    open.setAttribute("aria-expanded", "false");
    removeEventListener("pointerdown", outside);
  };
  menu.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      close();
      open.focus();
    }
    const step = event.key === "ArrowDown"
      ? 1
      : event.key === "ArrowUp"
      ? -1
      : 0;
    if (step === 0) return;
    event.preventDefault();
    const items = [...menu.children] as HTMLElement[];
    const now = items.indexOf(document.activeElement as HTMLElement);
    items[(now + step + items.length) % items.length]!.focus();
  });
  return open;
}

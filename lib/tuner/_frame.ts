/**
 * What stands in a notebook's output: the panel in a frame while it is served,
 * and below it a picture for when it no longer is.
 *
 * The frame is put in by a script that first asks whether anybody serves; so a
 * notebook that is opened later, or where scripts do not run (GitHub, a notebook
 * that is not trusted), shows the picture alone. A rule of style hides the
 * picture while a frame is there; no script of the picture's own is needed, and
 * drawing it anew leaves the frame alone.
 *
 * @module
 */

import { escapeMarkup } from "../charts/mod.ts";

/** Where the frame's page is. */
export interface FramePlace {
  /** Names this panel among others on the page: letters, digits and dashes. */
  readonly id: string;
  /**
   * The page's address as the browser reaches it; one that begins with a letter
   * and no scheme, such as `proxy/8000/`, is below the notebook server's base.
   */
  readonly src: string;
  /** The height before the page has told its own, in pixels. */
  readonly height: number;
}

/** The place of the frame, with the script that fills it. */
export function frameHTML({ id, src, height }: FramePlace): string {
  // The id is ours and the address is of our making: neither holds a `<` or a quote.
  const settings = JSON.stringify({ id, src, height }).replaceAll(
    "<",
    "\\u003c",
  );
  return `<div id="etude-${id}"></div><script>(${place})(${settings});</script>`;
}

/** The script, in the words of all browsers; it must not hold a closing script tag. */
const place = `function (panel) {
  var home = document.getElementById("etude-" + panel.id);
  if (!home || home.firstChild) return;
  var src = panel.src;
  if (!/^[a-z]+:|^[/]/.test(src)) {
    var told = document.getElementById("jupyter-config-data");
    var base = "/";
    try { base = JSON.parse(told.textContent).baseUrl || "/"; } catch (_) {}
    src = base + src;
  }
  function isDark() {
    var jupyter = document.body.dataset.jpThemeLight;
    if (jupyter) return jupyter === "false";
    if (document.body.classList.contains("vscode-dark")) return true;
    if (document.body.classList.contains("vscode-light")) return false;
    return null;
  }
  function insert() {
    var frame = document.createElement("iframe");
    frame.src = src;
    frame.title = "Tuning panel";
    frame.style.cssText = "display:block;width:100%;border:0;height:" + panel.height + "px";
    frame.setAttribute("sandbox", "allow-scripts allow-same-origin allow-downloads allow-popups allow-popups-to-escape-sandbox");
    frame.setAttribute("allow", "clipboard-write");
    function dress() {
      var dark = isDark();
      if (dark === null || !frame.contentWindow) return;
      frame.contentWindow.postMessage({ etudePanelTheme: dark ? "dark" : "light" }, "*");
    }
    frame.addEventListener("load", dress);
    new MutationObserver(dress).observe(document.body, { attributes: true, attributeFilter: ["data-jp-theme-light", "class"] });
    addEventListener("message", function (event) {
      var told = event.data && event.data.etudePanelHeight;
      if (event.source !== frame.contentWindow || typeof told !== "number") return;
      frame.style.height = Math.max(300, Math.min(6000, Math.ceil(told))) + "px";
    });
    home.setAttribute("data-etude-live", panel.id);
    home.appendChild(frame);
  }
  fetch(src + "alive", { mode: "no-cors", credentials: "same-origin" }).then(
    function (answer) { if (answer.type === "opaque" || answer.ok) insert(); },
    function () {}
  );
}`;

/** The picture of the last state, seen where no frame is. */
export function pictureHTML(id: string, card: string): string {
  return `<style>body:has([data-etude-live="${id}"]) [data-etude-picture="${id}"]{display:none}</style><div data-etude-picture="${id}">${card}</div>`;
}

/** A link for front ends that block frames. */
export function linkHTML(url: string): string {
  return `<a href="${
    escapeMarkup(url)
  }" target="_blank" rel="noopener">Open the panel in a tab of its own</a>`;
}

/**
 * Cards in HTML, without scripts. Charts stand above the library, so that it
 * has its own few lines; the colors are the cards' of a study.
 *
 * @module
 */

/** A text that may stand in HTML. */
export function escapeText(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}

/** What {@linkcode tableHTML} shows. */
export interface TableCard {
  /** The headline. */
  readonly title: string;
  /** What stands at its right. */
  readonly note: string;
  /** The columns' titles. */
  readonly titles: readonly string[];
  /** The cells, plain text. */
  readonly rows: readonly (readonly string[])[];
  /** What stands below, HTML. */
  readonly foot: string;
}

/** The most rows shown. */
const mostRows = 30;

/** A card with a table. */
export function tableHTML(card: TableCard): string {
  const cell =
    'style="text-align:left;vertical-align:top;padding:2px 14px 2px 0;border:none;background:none;color:#1f2328"';
  const line = (tag: string, cells: readonly string[]) =>
    `<tr style="background:none">${
      cells.map((text) => `<${tag} ${cell}>${escapeText(text)}</${tag}>`).join(
        "",
      )
    }</tr>`;
  const shown = card.rows.slice(0, mostRows);
  const more = card.rows.length - shown.length;
  return `<div style="box-sizing:border-box;max-width:792px;padding:12px 16px;background:#ffffff;color:#1f2328;border:1px solid #d9dde3;border-radius:6px;font:13px system-ui,sans-serif;line-height:1.5">` +
    `<div style="display:flex;justify-content:space-between;gap:16px"><span style="font-weight:600">${
      escapeText(card.title)
    }</span><span style="color:#656d76">${escapeText(card.note)}</span></div>` +
    `<table style="border-collapse:collapse;border:none;margin:6px 0 0;font-size:12px"><thead>${
      line("th", card.titles)
    }</thead><tbody>${shown.map((row) => line("td", row)).join("")}${
      more > 0 ? line("td", [`and ${more} more`]) : ""
    }</tbody></table>` +
    (card.foot === ""
      ? ""
      : `<div style="color:#656d76;margin-top:6px">${card.foot}</div>`) +
    `</div>`;
}

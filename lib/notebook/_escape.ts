const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** A text as HTML that shows just that text. */
export function escapeHTML(text: unknown): string {
  return String(text).replace(/[&<>"']/g, (char) => entities[char]!);
}

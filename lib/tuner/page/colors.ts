/// <reference lib="dom" />

/** The colors that canvases draw with, as the style sheet has them now. */
export interface Inks {
  readonly text: string;
  readonly muted: string;
  readonly line: string;
  readonly surface: string;
  readonly accent: string;
  readonly good: readonly [number, number, number];
  readonly poor: readonly [number, number, number];
  readonly live: string;
  readonly best: string;
  readonly series: readonly string[];
  readonly isDark: boolean;
}

let known: Inks | null = null;

/** The inks of now. */
export function inks(): Inks {
  if (known !== null) return known;
  const style = getComputedStyle(document.documentElement);
  const get = (name: string) => style.getPropertyValue(`--${name}`).trim();
  const triple = (name: string) =>
    get(name).split(/[ ,]+/).map(Number) as unknown as [number, number, number];
  known = {
    text: get("text"),
    muted: get("muted"),
    line: get("line"),
    surface: get("surface"),
    accent: get("accent"),
    good: triple("good"),
    poor: triple("poor"),
    live: get("live"),
    best: get("best"),
    series: Array.from({ length: 8 }, (_, i) => get(`series-${i + 1}`)),
    isDark: get("dark") === "1",
  };
  return known;
}

/** Forgets them: the theme has changed. */
export function forgetInks(): void {
  known = null;
}

/** The color of an expectation: 0 is poor, 1 as good as hoped for; fainter where little is known. */
export function shade(goodness: number, sureness: number): string {
  const { good, poor } = inks();
  const g = Math.min(1, Math.max(0, goodness));
  const [r, gg, b] = good.map((to, i) =>
    Math.round(poor[i]! + g * (to - poor[i]!))
  );
  return `rgba(${r},${gg},${b},${(0.1 + 0.9 * sureness).toFixed(3)})`;
}

import { chartColors, chartFont, darkChartColors } from "../charts/mod.ts";

const [light, dark] = [chartColors, darkChartColors];

/** The page's style; light and dark in the charts' colors. */
export const pageStyle = `
:root {
  color-scheme: light;
  --page: #f4f6f8; --card: ${light.background}; --text: ${light.text}; --muted: ${light.muted};
  --line: #dfe4e9; --soft: #eef2f5; --accent: ${
  light.series[0]
}; --best: ${light.best};
  --good: ${light.running}; --warn: #8a6800; --bad: #b3261e;
}
:root[data-theme=dark] {
  color-scheme: dark;
  --page: #12161a; --card: ${dark.background}; --text: ${dark.text}; --muted: ${dark.muted};
  --line: #323a43; --soft: #262d35; --accent: ${dark.complete}; --best: ${dark.best};
  --good: ${dark.running}; --warn: ${dark.pruned}; --bad: #ff8a80;
}
@media (prefers-color-scheme: dark) {
  :root:not([data-theme]) {
    color-scheme: dark;
    --page: #12161a; --card: ${dark.background}; --text: ${dark.text}; --muted: ${dark.muted};
    --line: #323a43; --soft: #262d35; --accent: ${dark.complete}; --best: ${dark.best};
    --good: ${dark.running}; --warn: ${dark.pruned}; --bad: #ff8a80;
  }
}
* { box-sizing: border-box; }
html { scroll-behavior: smooth; scroll-padding-top: 16px; }
body { margin: 0; background: var(--page); color: var(--text); font: 15px/1.55 ${
  chartFont.replaceAll('"', "'")
}; }
.layout { max-width: 1120px; margin: 0 auto; padding: 28px 16px 80px; display: grid; grid-template-columns: minmax(0, 1fr); }
header { display: flex; flex-wrap: wrap; align-items: baseline; gap: 4px 16px; }
header h1 { font-size: 28px; line-height: 1.2; margin: 0; overflow-wrap: anywhere; flex: 1 1 300px; letter-spacing: -0.01em; }
header .eyebrow { flex: 1 0 100%; color: var(--muted); font-size: 13px; }
button { font: inherit; font-size: 13px; color: var(--text); background: var(--card); border: 1px solid var(--line); border-radius: 6px; padding: 3px 10px; cursor: pointer; }
button:hover { border-color: var(--muted); }
button:focus-visible, a:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
nav { display: flex; flex-wrap: wrap; gap: 2px 14px; margin: 14px 0 0; font-size: 13px; }
nav a { color: var(--muted); text-decoration: none; padding: 2px 0; }
nav a:hover, nav a.here { color: var(--text); }
nav a.here { text-decoration: underline; text-decoration-color: var(--best); text-decoration-thickness: 2px; text-underline-offset: 4px; }
main { min-width: 0; }
section { margin-top: 36px; }
h2 { font-size: 20px; margin: 0 0 12px; line-height: 1.3; }
h3 { font-size: 14px; margin: 18px 0 6px; color: var(--muted); font-weight: 600; }
h3:first-child { margin-top: 0; }
.card { background: var(--card); border: 1px solid var(--line); border-radius: 10px; padding: 18px 20px; margin: 0 0 14px; }
.muted { color: var(--muted); }
.facts { display: flex; flex-wrap: wrap; gap: 10px 28px; margin: 16px 0 0; }
.facts dt { font-size: 12px; color: var(--muted); }
.facts dd { margin: 0; font-weight: 500; overflow-wrap: anywhere; }
.best { display: flex; flex-wrap: wrap; gap: 14px 36px; align-items: flex-start; }
.best .headline { flex: 1 0 150px; }
.best .headline p { margin: 0; }
.number { font-size: 44px; line-height: 1.1; font-weight: 650; color: var(--best); letter-spacing: -0.02em; font-variant-numeric: tabular-nums; }
.best .wide { flex: 0 1 auto; max-width: 100%; }
.sure .verdict { margin: 0; font-weight: 600; }
.sure ul { margin: 8px 0 0; padding-left: 20px; }
.sure li { margin: 4px 0; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; font-size: 13px; }
th { text-align: left; font-weight: 500; color: var(--muted); }
th, td { padding: 4px 16px 4px 0; vertical-align: top; }
thead th { border-bottom: 1px solid var(--line); white-space: nowrap; }
.params th[scope=row] { color: var(--text); overflow-wrap: anywhere; }
.params td { overflow-wrap: anywhere; }
th.n, td.n { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
.range { display: inline-block; position: relative; width: 110px; height: 4px; margin: 8px 0; border-radius: 2px; background: var(--line); }
.range i { position: absolute; top: -3px; width: 10px; height: 10px; margin-left: -5px; border-radius: 50%; background: var(--accent); }
.range.edge i { background: var(--best); }
.findings { list-style: none; margin: 0; padding: 0; }
.findings li { display: flex; gap: 12px; padding: 8px 0; border-top: 1px solid var(--line); }
.findings li:first-child { border-top: 0; }
.badge { flex: 0 0 72px; font-size: 12px; line-height: 22px; height: 22px; text-align: center; border-radius: 11px; background: var(--soft); color: var(--muted); }
.critical .badge { color: var(--bad); }
.problem .badge { color: var(--warn); }
.critical .badge, .problem .badge { font-weight: 600; }
details { margin-top: 4px; font-size: 13px; }
summary { cursor: pointer; color: var(--muted); }
figure.card { padding: 8px 8px 12px; }
figure .plot { overflow-x: auto; min-height: 60px; }
figure svg { display: block; max-width: none; }
figure figcaption { padding: 0 14px; color: var(--muted); font-size: 13.5px; }
figure.drawn .still { display: none; }
.live-charts[data-theme=dark] figure:not(.failed) .still { visibility: hidden; }
.tip { position: fixed; z-index: 9; max-width: 420px; padding: 8px 12px; border-radius: 8px; background: var(--card); border: 1px solid var(--line); box-shadow: 0 6px 20px rgb(0 0 0 / 0.18); font-size: 12.5px; pointer-events: none; overflow-wrap: anywhere; }
.tip th, .tip td { padding: 1px 12px 1px 0; }
.controls { display: flex; flex-wrap: wrap; gap: 6px; margin-bottom: 10px; }
.controls:empty { display: none; }
button[aria-pressed=true] { border-color: var(--accent); color: var(--accent); }
.trials { min-width: 100%; }
.trials th button { border: 0; background: none; padding: 0; color: var(--muted); font-weight: 500; white-space: nowrap; }
.trials th[aria-sort=ascending] button::after { content: " ↑"; color: var(--best); }
.trials th[aria-sort=descending] button::after { content: " ↓"; color: var(--best); }
.trials td { white-space: nowrap; max-width: 260px; overflow: hidden; text-overflow: ellipsis; border-bottom: 1px solid var(--soft); }
.trials tbody tr { cursor: pointer; }
.trials tbody tr:hover { background: var(--soft); }
.trials tr.top td { font-weight: 600; }
.trials tr.top td:first-child { box-shadow: inset 3px 0 0 var(--best); padding-left: 6px; }
.trials tr.near td:first-child { box-shadow: inset 3px 0 0 var(--line); padding-left: 6px; }
.trials .notes td { white-space: normal; max-width: none; color: var(--muted); background: var(--soft); padding: 8px 12px; overflow-wrap: anywhere; }
.state.complete { color: var(--accent); } .state.failed { color: var(--bad); } .state.pruned { color: var(--warn); } .state.running { color: var(--good); }
pre { margin: 0 0 8px; padding: 12px 14px; background: var(--soft); border-radius: 8px; overflow-x: auto; font-size: 12.5px; line-height: 1.5; }
footer { margin-top: 40px; color: var(--muted); font-size: 12.5px; }
@media (min-width: 1160px) {
  .layout { grid-template-columns: 190px minmax(0, 1fr); column-gap: 48px; padding-top: 40px; }
  header, .facts-row { grid-column: 2; }
  .layout > header { grid-row: 1; }
  nav { grid-column: 1; grid-row: 1 / span 3; flex-direction: column; position: sticky; top: 40px; align-self: start; gap: 6px; margin-top: 6px; }
  main { grid-column: 2; max-width: 860px; }
}
@media print {
  :root, :root[data-theme=dark] { color-scheme: light; --page: #fff; --card: #fff; --text: ${light.text}; --muted: ${light.muted}; --line: #dfe4e9; --soft: #f4f6f8; --accent: ${
  light.series[0]
}; --best: ${light.best}; }
  nav, button, .tip { display: none !important; }
  figure.drawn .still { display: block; visibility: visible !important; }
  figure.drawn .still ~ .live { display: none; }
  .card { break-inside: avoid; }
}
`;

/// <reference lib="dom" />

/** What can stand in an element. */
export type Child = Node | string | null | false | readonly Child[];

type Props<K extends keyof HTMLElementTagNameMap> =
  & Partial<Omit<HTMLElementTagNameMap[K], "style" | "children">>
  & {
    readonly class?: string;
    readonly aria?: Readonly<Record<string, string>>;
    readonly data?: Readonly<Record<string, string>>;
  };

/** An element. Texts become text nodes: no text is ever read as markup. */
export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  props: Props<K> = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  const { class: names, aria, data, ...rest } = props;
  if (names !== undefined) element.className = names;
  for (const [name, value] of Object.entries(aria ?? {})) {
    element.setAttribute(name === "role" ? name : `aria-${name}`, value);
  }
  for (const [name, value] of Object.entries(data ?? {})) {
    element.dataset[name] = value;
  }
  Object.assign(element, rest);
  fill(element, children);
  return element;
}

/** Puts children at an element's end. */
export function fill(element: Element, children: readonly Child[]): void {
  for (const child of children) {
    if (child === null || child === false) continue;
    if (Array.isArray(child)) fill(element, child);
    else element.append(child as Node | string);
  }
}

/** Puts children in the place of those that an element has. */
export function refill(element: Element, ...children: readonly Child[]): void {
  element.replaceChildren();
  fill(element, children);
}

/** Sets an element's text if it is another one. */
export function setText(element: Element, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}

const shapes = {
  play:
    "M5 3.2v9.6a.6.6 0 0 0 .92.5l7.4-4.8a.6.6 0 0 0 0-1L5.92 2.7A.6.6 0 0 0 5 3.2z",
  pause: "M4 3h3v10H4zM9 3h3v10H9z",
  stop: "M3.5 3.5h9v9h-9z",
  close:
    "M4.2 3.3 8 7.1l3.8-3.8.9.9L8.9 8l3.8 3.8-.9.9L8 8.9l-3.8 3.8-.9-.9L7.1 8 3.3 4.2z",
  star:
    "m8 1.8 1.9 4 4.4.6-3.2 3.1.8 4.4L8 11.8l-3.9 2.1.8-4.4L1.7 6.4l4.4-.6z",
  pin:
    "M9.6 1.6 14.4 6.4 12.9 7l-2.6 2.6.1 2.9-1 1-2.7-2.7-3.6 3.6-.8-.8 3.6-3.6L3.2 7.3l1-1 2.9.1L9.7 3.8z",
  more:
    "M3 6.7a1.3 1.3 0 1 1 0 2.6 1.3 1.3 0 0 1 0-2.6zm5 0a1.3 1.3 0 1 1 0 2.6 1.3 1.3 0 0 1 0-2.6zm5 0a1.3 1.3 0 1 1 0 2.6 1.3 1.3 0 0 1 0-2.6z",
  out:
    "M6 3v1.3H3.8v7.9h7.9V10H13v3.5H2.5V3zm2-.5h5.5V8h-1.3V4.7L7 9.9l-.9-.9 5.2-5.2H8z",
  moon: "M6.2 2.2a5.8 5.8 0 1 0 7.6 7.6 6 6 0 0 1-7.6-7.6z",
  keys:
    "M2 4h12v8H2zm1.2 1.2v5.6h9.6V5.2zM4.5 6.2h1.2v1.2H4.5zm2.4 0h1.2v1.2H6.9zm2.4 0h1.2v1.2H9.3zM5 8.7h6v1.2H5z",
} as const;

/** A small picture in the color of the text. */
export function icon(name: keyof typeof shapes): SVGSVGElement {
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  svg.setAttribute("viewBox", "0 0 16 16");
  svg.setAttribute("aria-hidden", "true");
  svg.classList.add("icon");
  const path = document.createElementNS(space, "path");
  path.setAttribute("d", shapes[name]);
  svg.append(path);
  return svg;
}

/** A button. */
export function button(
  label: Child,
  onclick: () => void,
  { title = "", class: names = "" }: {
    readonly title?: string;
    readonly class?: string;
  } = {},
): HTMLButtonElement {
  return h("button", { type: "button", class: names, title, onclick }, label);
}

/** Fits a canvas to its size on the page; gives its context in page pixels. */
export function contextOf(
  canvas: HTMLCanvasElement,
): { context: CanvasRenderingContext2D; width: number; height: number } | null {
  const { clientWidth: width, clientHeight: height } = canvas;
  if (width === 0 || height === 0) return null;
  const ratio = Math.min(3, devicePixelRatio || 1);
  const [w, hh] = [Math.round(width * ratio), Math.round(height * ratio)];
  if (canvas.width !== w || canvas.height !== hh) {
    canvas.width = w;
    canvas.height = hh;
  }
  const context = canvas.getContext("2d")!;
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, width, height);
  return { context, width, height };
}

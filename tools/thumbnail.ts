/**
 * Pictures so small that they can be kept in the repository, and compared.
 *
 * @module
 */

import { measureText } from "../lib/charts/_text.ts";

/** A small gray picture: 16 shades, two pixels a byte. */
export interface Thumbnail {
  /** In pixels. */
  readonly width: number;
  readonly height: number;
  /** Shades from 0, black, to 15, row by row, as hexadecimal digits. */
  readonly shades: string;
}

const width = 72;

/** A picture's thumbnail. Draws each text as a box, so that fonts do not matter. */
export async function thumbnailOf(svg: string): Promise<Thumbnail> {
  const { Resvg } = await import("@resvg/resvg-js");
  // Four times as large, then averaged: thin lines leave a trace.
  const picture = new Resvg(withoutTexts(svg), {
    fitTo: { mode: "width", value: 4 * width },
    font: { loadSystemFonts: false },
  }).render();
  const { pixels } = picture;
  const height = Math.ceil(picture.height / 4);
  let shades = "";
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      let [sum, n] = [0, 0];
      for (let dy = 0; dy < 4 && 4 * y + dy < picture.height; dy++) {
        for (let dx = 0; dx < 4; dx++) {
          const at = 4 * ((4 * y + dy) * picture.width + 4 * x + dx);
          sum += 0.3 * pixels[at]! + 0.59 * pixels[at + 1]! +
            0.11 * pixels[at + 2]!;
          n++;
        }
      }
      shades += Math.min(15, Math.floor(sum / n / 16)).toString(16);
    }
  }
  return { width, height, shades };
}

/** Each `<text>` as a box as wide as we take it to be. */
function withoutTexts(svg: string): string {
  return svg.replace(
    /<text([^>]*)>([^<]*)<\/text>/g,
    (_, attributes: string, text: string) => {
      const attribute = (name: string) =>
        new RegExp(`\\b${name}="([^"]*)"`).exec(attributes)?.[1];
      const size = parseFloat(attribute("font-size") ?? "11");
      const wide = measureText(text.replace(/&\w+;/g, "x")) * size;
      const anchor = attribute("text-anchor");
      const x = anchor === "middle" ? -wide / 2 : anchor === "end" ? -wide : 0;
      return `<rect x="${x.toFixed(1)}" y="${
        (-0.7 * size).toFixed(1)
      }" width="${wide.toFixed(1)}" height="${
        (0.7 * size).toFixed(1)
      }" transform="${attribute("transform") ?? ""}" fill="${
        attribute("fill") ?? "#000"
      }" opacity="${0.5 * Number(attribute("opacity") ?? 1)}"/>`;
    },
  );
}

/** How two pictures differ: `mean` over all pixels, `worst` over blocks of 4 × 4; shares of black against white. */
export function differenceOf(
  a: Thumbnail,
  b: Thumbnail,
): { readonly mean: number; readonly worst: number } {
  if (a.width !== b.width || Math.abs(a.height - b.height) > 1) {
    return { mean: 1, worst: 1 };
  }
  const height = Math.min(a.height, b.height);
  const shade = ({ shades }: Thumbnail, x: number, y: number) =>
    parseInt(shades[y * a.width + x]!, 16) / 15;
  let [sum, worst] = [0, 0];
  for (let y = 0; y < height; y += 4) {
    for (let x = 0; x < a.width; x += 4) {
      let [block, n] = [0, 0];
      for (let j = y; j < Math.min(height, y + 4); j++) {
        for (let i = x; i < Math.min(a.width, x + 4); i++) {
          const far = shade(a, i, j) - shade(b, i, j);
          sum += Math.abs(far);
          block += far;
          n++;
        }
      }
      worst = Math.max(worst, Math.abs(block) / n);
    }
  }
  return { mean: sum / (height * a.width), worst };
}

/** Thumbnails as JSON, one a line. */
export function thumbnailsJSON(
  thumbnails: Readonly<Record<string, Thumbnail>>,
): string {
  const lines = Object.entries(thumbnails).map((
    [name, { width, height, shades }],
  ) =>
    `${JSON.stringify(name)}: ${
      JSON.stringify([width, height, packed(shades)])
    }`
  );
  return `{\n${lines.join(",\n")}\n}\n`;
}

/** Reads what {@linkcode thumbnailsJSON} wrote. */
export function readThumbnails(
  json: string,
): Readonly<Record<string, Thumbnail>> {
  const all = JSON.parse(json) as Record<string, [number, number, string]>;
  return Object.fromEntries(
    Object.entries(all).map(([name, [width, height, text]]) => [
      name,
      { width, height, shades: unpacked(text) },
    ]),
  );
}

/** Runs of a shade: the digit, and from two on how many, between g (2) and z (21). */
function packed(shades: string): string {
  return shades.replace(
    /(.)\1{1,20}/g,
    (run, shade: string) => shade + (run.length + 14).toString(36),
  );
}

function unpacked(text: string): string {
  return text.replace(
    /([0-9a-f])([g-z])/g,
    (_, shade: string, run: string) => shade.repeat(parseInt(run, 36) - 14),
  );
}

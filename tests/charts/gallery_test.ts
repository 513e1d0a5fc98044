import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import {
  galleryChart,
  galleryCharts,
  gallerySizes,
  thumbnailsFile,
} from "../../tools/gallery.ts";
import {
  differenceOf,
  readThumbnails,
  type Thumbnail,
  thumbnailOf,
  thumbnailsJSON,
} from "../../tools/thumbnail.ts";

const circle = (radius: number, text = "text") =>
  `<svg xmlns="http://www.w3.org/2000/svg" width="100" height="60"><rect width="100" height="60" fill="#ffffff"/><circle cx="50" cy="30" r="${radius}" fill="#0a58a0"/><text transform="translate(10,20)" font-size="11px" fill="#000">${text}</text></svg>`;

describe("thumbnails", () => {
  it("survive being written and read", async () => {
    const all = { a: await thumbnailOf(circle(20)) };
    expect(readThumbnails(thumbnailsJSON(all))).toEqual(all);
  });

  it("are alike for the same picture, and differ for another or another text", async () => {
    const [one, same, other, longer] = await Promise.all(
      [circle(20), circle(20), circle(26), circle(20, "much longer text")]
        .map(thumbnailOf),
    );
    expect(differenceOf(one!, same!)).toEqual({ mean: 0, worst: 0 });
    expect(differenceOf(one!, other!).worst).toBeGreaterThan(0.12);
    expect(differenceOf(one!, longer!).worst).toBeGreaterThan(0.08);
  });
});

const kept = readThumbnails(await Deno.readTextFile(thumbnailsFile));

/** Whether a picture is the one that was looked at and accepted. */
async function compare(name: string, svg: string): Promise<string | null> {
  const before: Thumbnail | undefined = kept[name];
  if (before === undefined) return `${name}: not looked at yet`;
  const { mean, worst } = differenceOf(before, await thumbnailOf(svg));
  return mean <= 0.01 && worst <= 0.08
    ? null
    : `${name}: differs by ${mean.toFixed(3)}, in a place by ${
      worst.toFixed(2)
    }`;
}

describe("the gallery's pictures are those that were looked at (else look at `deno task gallery`, then `deno task gallery --accept`)", () => {
  for (const name of galleryCharts) {
    it(`${name}`, async () => {
      const problems: (string | null)[] = [];
      for (const trials of gallerySizes) {
        const chart = galleryChart(name, trials);
        problems.push(
          await compare(`${name}-${trials}-light`, await chart.toSVG()),
        );
        if (trials !== 100) continue;
        const dark = chart.withTheme("dark");
        problems.push(await compare(`${name}-100-dark`, await dark.toSVG()));
      }
      expect(problems.filter((problem) => problem !== null)).toEqual([]);
    });
  }
});

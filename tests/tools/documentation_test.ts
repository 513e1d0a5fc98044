import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { dirname, join } from "node:path";
import { exists, inProject } from "../../tools/project.ts";

const read = (path: string) => Deno.readTextFile(inProject(path));

/** All of a pattern's first groups in a text. */
const all = (text: string, pattern: RegExp) =>
  [...text.matchAll(pattern)].map(([, found]) => found!);

const codeBlocks = (text: string) => all(text, /^ *```(.*?)^ *```/gms);
const withoutCode = (text: string) => text.replaceAll(/^ *```.*?^ *```/gms, "");
const headings = (text: string) =>
  all(withoutCode(text), /^(#+ .*)$/gm).map((line) => ({
    level: line.indexOf(" "),
    text: line.slice(line.indexOf(" ") + 1),
  }));
const links = (text: string) => all(withoutCode(text), /\]\(([^)\s]+)\)/g);
const names = (text: string) => all(withoutCode(text), /`([^`\n]+)`/g);

/** What a heading is called in an address, as GitHub makes it. */
const anchor = (heading: string) =>
  heading.toLowerCase().replaceAll(/[^\p{L}\p{N} _-]/gu, "")
    .replaceAll(" ", "-");

async function pages(): Promise<string[]> {
  const found: string[] = [
    "CONTRIBUTING.md",
    "README.md",
    "README.zh-CN.md",
    "SECURITY.md",
    "THIRD_PARTY.md",
    "notebooks/data/README.md",
  ];
  for await (const { name } of Deno.readDir(inProject("docs"))) {
    if (name.endsWith(".md")) found.push(`docs/${name}`);
  }
  return found.sort();
}

describe("README.zh-CN.md", () => {
  it("has the code blocks of README.md, letter by letter", async () => {
    const [english, chinese] = [
      await read("README.md"),
      await read("README.zh-CN.md"),
    ];
    expect(codeBlocks(english).length).toBeGreaterThan(3);
    expect(codeBlocks(chinese)).toEqual(codeBlocks(english));
  });

  it("has a heading for each of README.md, of the same level", async () => {
    const levels = async (path: string) =>
      headings(await read(path)).map(({ level }) => level);
    expect(await levels("README.zh-CN.md")).toEqual(await levels("README.md"));
  });

  it("links where README.md links, in the same order, and names in code what it names", async () => {
    const [english, chinese] = [
      await read("README.md"),
      await read("README.zh-CN.md"),
    ];
    expect(links(chinese)).toEqual(links(english));
    expect(new Set(names(chinese))).toEqual(new Set(names(english)));
  });

  it("has as many rows and columns in its tables", async () => {
    const rows = async (path: string) =>
      all(withoutCode(await read(path)), /^(\|.*)$/gm).map((row) =>
        row.split("|").length
      );
    expect(await rows("README.zh-CN.md")).toEqual(await rows("README.md"));
  });
});

describe("the pages", () => {
  it("link to files and headings that are there", async () => {
    const lost: string[] = [];
    for (const page of await pages()) {
      for (const link of links(await read(page))) {
        if (/^[a-z]+:/.test(link)) continue;
        const [path, heading] = link.split("#") as [string, string?];
        const target = path === "" ? page : join(dirname(page), path);
        if (!await exists(inProject(target))) {
          lost.push(`${page}: ${link}`);
          continue;
        }
        if (heading === undefined) continue;
        const known = headings(await read(target)).map(({ text }) =>
          anchor(text)
        );
        if (!known.includes(heading)) lost.push(`${page}: ${link}`);
      }
    }
    expect(lost).toEqual([]);
  });

  it("are all in the index", async () => {
    const index = links(await read("docs/README.md"));
    for (const page of await pages()) {
      if (!page.startsWith("docs/") || page === "docs/README.md") continue;
      expect(index).toContain(page.slice("docs/".length));
    }
  });

  it("show pictures of 400 kB at most in all, each of which is shown somewhere", async () => {
    const shown = new Set<string>();
    for (const page of await pages()) {
      for (const link of links(await read(page))) {
        shown.add(join(dirname(page), link));
      }
    }
    let bytes = 0;
    for await (const { name } of Deno.readDir(inProject("docs", "pictures"))) {
      expect(shown).toContain(`docs/pictures/${name}`);
      bytes += (await Deno.stat(inProject("docs", "pictures", name))).size;
    }
    expect(bytes).toBeLessThan(400_000);
  });
});

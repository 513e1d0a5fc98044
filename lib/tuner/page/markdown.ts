/// <reference lib="dom" />
import { type Child, h } from "./dom.ts";

const inline =
  /`([^`\n]+)`|\*\*([^*\n]+)\*\*|\*([^*\n]+)\*|\[([^\]\n]+)\]\((https?:\/\/[^\s)]+)\)/g;

/**
 * A little Markdown as nodes: paragraphs, lists, `code`, bold, italics, and links
 * to the web. Everything else stays the text that it is.
 */
export function markdown(text: string): Child[] {
  return text.split(/\n{2,}/).map((block) => {
    const lines = block.split("\n");
    return lines.every((line) => /^\s*[-*] /.test(line))
      ? h(
        "ul",
        {},
        lines.map((line) => h("li", {}, spans(line.replace(/^\s*[-*] /, "")))),
      )
      : h("p", {}, spans(block));
  });
}

function spans(text: string): Child[] {
  const parts: Child[] = [];
  let end = 0;
  for (const match of text.matchAll(inline)) {
    parts.push(text.slice(end, match.index));
    const [whole, code, bold, italic, label, address] = match;
    parts.push(
      code !== undefined
        ? h("code", {}, code)
        : bold !== undefined
        ? h("strong", {}, bold)
        : italic !== undefined
        ? h("em", {}, italic)
        : h("a", {
          href: address!,
          target: "_blank",
          rel: "noopener noreferrer",
        }, label!),
    );
    end = match.index + whole.length;
  }
  parts.push(text.slice(end));
  return parts;
}

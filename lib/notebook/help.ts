import { cleanText } from "../records/mod.ts";
import type { MimeBundle } from "./_jupyter.ts";
import { helpTexts } from "./_help_texts.ts";

/** A page of help: shows itself in a notebook, and as text in a console. */
export class HelpPage {
  /** The page, Markdown. */
  readonly markdown: string;

  /** Made by {@linkcode help}. */
  constructor(markdown: string) {
    this.markdown = markdown;
    Object.freeze(this);
  }

  /** The page, Markdown. */
  toString(): string {
    return this.markdown;
  }

  /** What a Jupyter notebook shows. */
  [Symbol.for("Jupyter.display")](): MimeBundle {
    return { "text/markdown": this.markdown, "text/plain": this.markdown };
  }

  /** What the console shows. */
  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return this.markdown;
  }
}

/**
 * Help on a function, a class, an object, or a name: what it does, its options
 * with their defaults, an example. (The Deno kernel shows nothing on
 * Shift+Tab.) As the last expression of a cell it is shown as a page; without
 * an argument it lists what there is.
 *
 * @param thing A function or class of Étude's, an object made by one, or its
 * name.
 *
 * @example
 * ```ts
 * import { createStudy, help } from "@etude/etude";
 * help(createStudy);
 * help("float").markdown.includes("low"); // true
 * ```
 */
export function help(thing?: unknown): HelpPage {
  if (thing === undefined) return new HelpPage(overview());
  for (const name of namesOf(thing)) {
    const text = helpTexts.get(name);
    if (text !== undefined) return new HelpPage(text);
  }
  const [name] = namesOf(thing);
  return new HelpPage(
    `There is no help on ${
      name === undefined
        ? "that"
        : `\`${cleanText(name).replaceAll("`", "'").slice(0, 80)}\``
    }.\n\n${overview()}`,
  );
}

function namesOf(thing: unknown): string[] {
  if (typeof thing === "string") return [thing];
  if (typeof thing === "function") return [thing.name];
  const names: string[] = [];
  for (
    let at: unknown = thing;
    typeof at === "object" && at !== null;
    at = Object.getPrototypeOf(at)
  ) {
    const made = Object.getOwnPropertyDescriptor(at, "constructor")?.value;
    if (typeof made === "function" && made !== Object) names.push(made.name);
  }
  return names;
}

function overview(): string {
  const lines = [...helpTexts].map(([name, text]) =>
    `- \`${name}\`: ${
      text.split("\n\n")[1]?.split("\n").join(" ").split(/[.:](?:\s|$)/)[0] ??
        ""
    }.`
  );
  return `### Help\n\n\`help(thing)\` explains one of these:\n\n${
    lines.join("\n")
  }`;
}

import {
  libraryHTML,
  libraryText,
  type ShownLibrary,
} from "./_library_card.ts";

/** The overview of a library, as it was: a value that shows itself in a notebook. */
export class LibraryCard {
  readonly #html: string;
  readonly #text: string;

  /** Made by `Library.card`. */
  constructor(library: ShownLibrary) {
    this.#html = libraryHTML(library);
    this.#text = libraryText(library);
  }

  /** The overview as plain text. */
  toString(): string {
    return this.#text;
  }

  /** What a Jupyter notebook shows. */
  [Symbol.for("Jupyter.display")](): Record<string, string> {
    return { "text/html": this.#html, "text/plain": this.#text };
  }

  /** What the console shows. */
  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return this.#text;
  }
}

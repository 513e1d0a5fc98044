// Made by tools/make_help.ts from the docstrings; `deno task help` makes it anew.
// deno-fmt-ignore-file

/** Help by the name of a function or class, as Markdown. */
export const helpTexts: ReadonlyMap<string, string> = new Map([
]);

/**
 * A text with the part between two marker comments replaced:
 * `<!-- NAME -->` and `<!-- /NAME -->`.
 *
 * @throws {RangeError} If the markers are not there.
 */
export function replaceBetween(
  text: string,
  name: string,
  content: string,
): string {
  const [open, close] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
  const start = text.indexOf(open);
  const end = text.indexOf(close, start);
  if (start < 0 || end < 0) {
    throw new RangeError(
      `Cannot replace the ${name}: the text lacks the lines ${open} and ${close}`,
    );
  }
  return `${text.slice(0, start + open.length)}\n\n${content}\n\n${
    text.slice(end)
  }`;
}

import { readFileBytes } from "../storage/mod.ts";
import { unreadable } from "./_files.ts";

/** What is unpacked has no more characters. */
const largestText = 256 * 2 ** 20;

/** The text of the first file in a ZIP archive, stored or deflated, as pandas writes one. */
export async function firstFileOfZip(path: string): Promise<string> {
  const bytes = await readFileBytes(path);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  // The directory at the end has the sizes; the head of a file may lack them.
  let end = bytes.length - 22;
  while (end >= 0 && view.getUint32(end, true) !== 0x06054b50) end--;
  if (end < 0) {
    throw unreadable(
      path,
      "the archive breaks off",
      "a whole ZIP file; if it is still being written, read it again later",
    );
  }
  const entry = view.getUint32(end + 16, true);
  if (entry + 46 > bytes.length) throw damaged(path);
  const method = view.getUint16(entry + 10, true);
  const size = view.getUint32(entry + 20, true);
  const head = view.getUint32(entry + 42, true);
  if (head + 30 > bytes.length) throw damaged(path);
  const begin = head + 30 + view.getUint16(head + 26, true) +
    view.getUint16(head + 28, true);
  const content = bytes.slice(begin, begin + size);
  if (method === 0) return new TextDecoder().decode(content);
  if (method !== 8) {
    throw unreadable(
      path,
      `its compression is of kind ${method}`,
      "a stored or deflated file",
    );
  }
  const decoder = new TextDecoder();
  let text = "";
  try {
    for await (
      const part of new Blob([content]).stream().pipeThrough(
        new DecompressionStream("deflate-raw"),
      )
    ) {
      text += decoder.decode(part, { stream: true });
      // A few bytes may unpack to as many as one likes.
      if (text.length > largestText) break;
    }
  } catch {
    throw damaged(path);
  }
  if (text.length <= largestText) return text + decoder.decode();
  throw unreadable(
    path,
    `what is packed in it has more than ${largestText} characters`,
    "a table of fewer",
  );
}

function damaged(path: string): SyntaxError {
  return unreadable(
    path,
    "the archive is damaged",
    "a whole ZIP file, as pandas writes one",
  );
}

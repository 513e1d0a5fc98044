/**
 * What tfjs can compute on: the machine's own TensorFlow with (`"node-gpu"`) or
 * without (`"node"`) a graphics card, WebGPU, WebAssembly, or plain JavaScript
 * (`"cpu"`).
 */
export type BackendName = "node-gpu" | "node" | "webgpu" | "wasm" | "cpu";

/** How it went with one backend. */
export interface BackendAttempt {
  /** The backend. */
  readonly backend: BackendName;
  /** Whether it is the one in use, failed, or was left alone. */
  readonly outcome: "chosen" | "passed over" | "not tried";
  /** Why, in plain words, one line without a full stop. */
  readonly reason: string;
}

/** What each backend is, for people who have never heard of it. */
const DESCRIPTIONS: Readonly<Record<BackendName, string>> = Object.freeze({
  "node-gpu": "TensorFlow's own library, on the graphics card",
  node: "TensorFlow's own library, on the processor",
  webgpu: "WebGPU",
  wasm: "WebAssembly, on the processor",
  cpu: "plain JavaScript, on the processor",
});

/** The attempt as a line of text, e.g. `"cpu: not tried: wasm works"`. */
export function attemptLine(attempt: BackendAttempt): string {
  return `${attempt.backend}: ${attempt.outcome}: ${attempt.reason}`;
}

/** A report as plain text: the choice first, then what was passed over. */
export function reportText(
  version: string,
  report: readonly BackendAttempt[],
): string {
  return render(version, report, (text) => text, "  ");
}

/** A report as Markdown: the choice in bold, then a list of what was passed over. */
export function reportMarkdown(
  version: string,
  report: readonly BackendAttempt[],
): string {
  return render(version, report, (text) => `**${text}**`, "- ", "\n");
}

function render(
  version: string,
  report: readonly BackendAttempt[],
  strong: (text: string) => string,
  bullet: string,
  gap = "",
): string {
  const chosen = report.find(({ outcome }) => outcome === "chosen");
  const head = chosen === undefined
    ? `TensorFlow.js ${version} has no backend`
    : `TensorFlow.js ${version} computes on ${strong(chosen.backend)}: ${
      DESCRIPTIONS[chosen.backend]
    } (${chosen.reason})`;
  const others = report.filter((attempt) => attempt !== chosen)
    .map((attempt) => `${bullet}${attemptLine(attempt)}`);
  return [head, ...(others.length > 0 && gap !== "" ? [""] : []), ...others]
    .join("\n");
}

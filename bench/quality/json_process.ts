import { TextLineStream } from "../../tools/text_lines.ts";

/** A program that answers each JSON line with one. */
export class JSONProcess {
  readonly #child: Deno.ChildProcess;
  readonly #writer: WritableStreamDefaultWriter<Uint8Array>;
  readonly #answers: ReadableStreamDefaultReader<string>;
  readonly #name: string;
  readonly #errors: string[] = [];

  /**
   * Starts it.
   *
   * @param command The program and its arguments.
   * @param variables Environment variables added to the current ones.
   */
  constructor(
    command: readonly [string, ...string[]],
    variables: Readonly<Record<string, string>> = {},
  ) {
    const [program, ...args] = command;
    this.#name = args.join(" ");
    this.#child = new Deno.Command(program, {
      args,
      env: { ...variables },
      stdin: "piped",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    this.#writer = this.#child.stdin.getWriter();
    this.#answers = this.#child.stdout
      .pipeThrough(new TextDecoderStream())
      .pipeThrough(new TextLineStream())
      .getReader();
    void this.#keepErrors();
  }

  async #keepErrors(): Promise<void> {
    const lines = this.#child.stderr
      .pipeThrough(new TextDecoderStream())
      .pipeThrough(new TextLineStream());
    for await (const line of lines) {
      this.#errors.push(line);
      if (this.#errors.length > 20) this.#errors.shift();
    }
  }

  /**
   * Sends a line and waits for the answer.
   *
   * @throws {Error} If it answers with an error, or not at all.
   */
  async call<T>(request: unknown): Promise<T> {
    const line = new TextEncoder().encode(JSON.stringify(request) + "\n");
    const sent = this.#writer.write(line).catch(() => {});
    const { value, done } = await this.#answers.read();
    await sent;
    if (done) {
      throw new Error(
        `${this.#name} ended without an answer:\n${this.#errors.join("\n")}`,
      );
    }
    const answer = JSON.parse(value);
    if (typeof answer.error === "string") {
      throw new Error(`${this.#name}: ${answer.error}`);
    }
    return answer;
  }

  /** Ends it. */
  async close(): Promise<void> {
    await this.#writer.close().catch(() => {});
    await this.#answers.cancel().catch(() => {});
    await this.#child.status;
  }
}

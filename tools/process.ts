/**
 * Running other programs.
 *
 * @module
 */

/** Options of {@linkcode capture} and {@linkcode passThrough}. */
export interface ProcessOptions {
  /** Working folder. Defaults to the current one. */
  cwd?: string;
  /** Environment variables added to the current ones. */
  env?: Readonly<Record<string, string>>;
}

/** What a finished program left behind. */
export interface ProcessResult {
  /** Exit code: 0 is success. */
  readonly code: number;
  /** Standard output. */
  readonly stdout: string;
  /** Standard error. */
  readonly stderr: string;
}

/** Runs a program to its end without input and keeps what it prints. */
export async function capture(
  command: string,
  args: readonly string[],
  options: ProcessOptions = {},
): Promise<ProcessResult> {
  const output = await new Deno.Command(command, {
    args: [...args],
    cwd: options.cwd,
    env: options.env,
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).output();
  const decoder = new TextDecoder();
  return {
    code: output.code,
    stdout: decoder.decode(output.stdout),
    stderr: decoder.decode(output.stderr),
  };
}

/** Runs a program to its end on the user's own terminal; returns its exit code. */
export async function passThrough(
  command: string,
  args: readonly string[],
  options: ProcessOptions = {},
): Promise<number> {
  const child = new Deno.Command(command, {
    args: [...args],
    cwd: options.cwd,
    env: options.env,
  }).spawn();
  return (await child.status).code;
}

/** Says every ten seconds that a slow piece of work still goes on, so that nobody thinks it hangs. */
export async function withHeartbeat<T>(
  work: Promise<T>,
  say: (seconds: number) => void,
): Promise<T> {
  const start = performance.now();
  const timer = setInterval(
    () => say(Math.round((performance.now() - start) / 1000)),
    10_000,
  );
  try {
    return await work;
  } finally {
    clearInterval(timer);
  }
}

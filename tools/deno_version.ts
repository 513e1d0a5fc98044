/**
 * Whether this Deno's Jupyter kernel is good enough.
 *
 * @module
 */

/** The oldest Deno whose kernel reports errors, answers `prompt()` and highlights code. */
const oldestDeno = "2.9.4";

/**
 * Makes sure of the version: `npx -y deno@2` takes any 2.x that it finds in its cache.
 *
 * @throws {Error} if the version is too old
 */
export function requireRecentDeno(version: string = Deno.version.deno): void {
  if (isOlder(version, oldestDeno)) {
    throw new Error(
      `Cannot use Deno ${version}: its Jupyter kernel is too old, expected ${oldestDeno} or ` +
        `later. With npx: npx -y deno@latest task …`,
    );
  }
}

function isOlder(version: string, than: string): boolean {
  const parts = (text: string) => text.split(/[.+-]/).slice(0, 3).map(Number);
  const [a, b] = [parts(version), parts(than)];
  const first = a.findIndex((part, index) => part !== b[index]);
  return first >= 0 && a[first]! < b[first]!;
}

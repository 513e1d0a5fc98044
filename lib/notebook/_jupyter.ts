/** A MIME bundle: what a cell's output holds, by MIME type. */
export type MimeBundle = Readonly<Record<string, unknown>>;

interface Jupyter {
  broadcast(type: string, content: Record<string, unknown>): Promise<void>;
}

/**
 * The Deno kernel's way out, or null outside a notebook. `Deno.jupyter` throws
 * where there is no kernel, so it can only be tried.
 */
export function jupyter(): Jupyter | null {
  try {
    const { Deno } = globalThis as { Deno?: { jupyter?: Jupyter } };
    const found = Deno?.jupyter;
    return typeof found?.broadcast === "function" ? found : null;
  } catch {
    return null;
  }
}

/** Whether this runs in a notebook. */
export function inNotebook(): boolean {
  return jupyter() !== null;
}

/** What an object shows in a notebook, or null if it has no way to. */
export async function bundleOf(thing: unknown): Promise<MimeBundle | null> {
  if (typeof thing !== "object" || thing === null) return null;
  const method: unknown = Reflect.get(thing, Symbol.for("Jupyter.display"));
  return typeof method === "function" ? await method.call(thing) : null;
}

/**
 * One place in a notebook's output that can be drawn again. It never throws:
 * a picture that does not get through must not disturb what it is a picture of.
 */
export class OutputPlace {
  readonly #id: string = crypto.randomUUID();
  #shown = false;

  /** Draws, in the place of what was there. */
  show(bundle: MimeBundle): void {
    const type = this.#shown ? "update_display_data" : "display_data";
    this.#shown = true;
    try {
      // Not awaited: it is sent at once, also out of a loop that never yields.
      jupyter()?.broadcast(type, {
        data: bundle,
        metadata: {},
        transient: { display_id: this.#id },
      })
        .catch(() => {});
    } catch {
      // Dropped on purpose.
    }
  }
}

import { randomBytes } from "node:crypto";
import { admit, type DoorRules } from "./_door.ts";
import { documentOf, type PageTexts } from "./_document.ts";
import type { PageLink, Session } from "./_session.ts";

/** More sockets than these at once are refused. */
const mostPages = 16;
/** A page may send so many messages at once, and so many a second. */
const burst = 400;
const perSecond = 150;
/** After so many messages that are none, a page is shown out. */
const patience = 10;
/** What waits to be sent to a page that does not keep up, in bytes; beyond it the page is dropped, and comes again. */
const mostBuffered = 16_000_000;

/** What a server serves. */
export interface ServerParts {
  /** The texts of the page. */
  readonly texts: PageTexts;
  /** The session at a path within the token's folder: `""`, or `"study/3/"`; null if there is none. */
  readonly sessionAt: (
    path: string,
  ) => Promise<Session | null> | Session | null;
  /** A page for the folder itself, where there are several studies; null where `""` is a session. */
  readonly index: ((nonce: string) => string) | null;
  /** The port; 0 for any that is free. */
  readonly port: number;
  /** Hosts beside the loopback's own, in lower case: those of a proxy. */
  readonly hosts: readonly string[];
  /** Whether the host of the first request with the token is let in. */
  readonly learnsHost: boolean;
}

/** Node.js and Bun run all of a study but its panel. */
function needDeno(): void {
  const { Deno } = globalThis as { Deno?: { serve?: unknown } };
  if (typeof Deno?.serve === "function") return;
  throw new Error(
    "Cannot open the panel: found a runtime that is not Deno, expected Deno 2.9.4 or newer, whose Jupyter kernel is what the panel is made for; the study itself goes on here",
  );
}

/** A panel's server on this machine's loopback address. */
export class PanelServer {
  /** The secret in its address. */
  readonly token: string = newToken();
  /** Its port. */
  readonly port: number;
  readonly #parts: ServerParts;
  readonly #hosts: Set<string>;
  readonly #server: Deno.HttpServer<Deno.NetAddr>;
  readonly #sockets = new Set<WebSocket>();
  #learnsHost: boolean;

  /** Begins to serve. */
  constructor(parts: ServerParts) {
    needDeno();
    this.#parts = parts;
    this.#learnsHost = parts.learnsHost;
    this.#server = Deno.serve({
      hostname: "127.0.0.1",
      port: parts.port,
      onListen: () => {},
      onError: () => new Response("Something went wrong.", { status: 500 }),
    }, (request) => this.#serve(request));
    this.port = this.#server.addr.port;
    this.#hosts = new Set([
      `127.0.0.1:${this.port}`,
      `localhost:${this.port}`,
      ...parts.hosts,
    ]);
  }

  /** The path of the page. */
  get path(): string {
    return `/${this.token}/`;
  }

  /** The page's address on this machine. */
  get url(): string {
    return `http://127.0.0.1:${this.port}${this.path}`;
  }

  async #serve(request: Request): Promise<Response> {
    const { token } = this;
    const rules: DoorRules = {
      token,
      hosts: this.#hosts,
      learnsHost: this.#learnsHost,
    };
    let path: string;
    try {
      path = new URL(request.url).pathname;
    } catch {
      return plain(400, "not an address");
    }
    const { method, headers } = request;
    const admission = admit({ method, path, headers }, rules);
    if (admission.kind === "refused") {
      return plain(admission.status, admission.reason);
    }
    if (!this.#hosts.has(admission.host)) {
      this.#hosts.add(admission.host);
      this.#learnsHost = false;
    }
    if (admission.kind === "alive") {
      return new Response(null, {
        status: 204,
        headers: { ...common, "cross-origin-resource-policy": "cross-origin" },
      });
    }
    const folder = admission.path.replace(/live$/, "");
    const session = await this.#parts.sessionAt(folder);
    if (admission.kind === "page" && session === null) {
      const nonce = newToken();
      const index = folder === "" ? this.#parts.index?.(nonce) : undefined;
      return index === undefined ? plain(404, "not found") : html(index, nonce);
    }
    if (session === null) return plain(404, "not found");
    if (admission.kind === "page") {
      const nonce = newToken();
      const title = session.study.name;
      return html(documentOf(this.#parts.texts, { title, nonce }), nonce);
    }
    if (this.#sockets.size >= mostPages) {
      return plain(503, "too many pages are open");
    }
    return this.#connect(request, session);
  }

  #connect(request: Request, session: Session): Response {
    let upgraded: Deno.WebSocketUpgrade;
    try {
      upgraded = Deno.upgradeWebSocket(request, { idleTimeout: 60 });
    } catch {
      return plain(400, "not a socket's greeting");
    }
    const { socket, response } = upgraded;
    const link: PageLink = {
      send: (text) => {
        if (socket.readyState !== WebSocket.OPEN) return;
        if (socket.bufferedAmount > mostBuffered) {
          socket.close(1013, "too slow");
        } else socket.send(text);
      },
    };
    let tokens = burst;
    let filledAt = performance.now();
    let rubbish = 0;
    this.#sockets.add(socket);
    socket.onopen = () => session.join(link);
    socket.onmessage = ({ data }) => {
      const now = performance.now();
      tokens = Math.min(burst, tokens + perSecond * (now - filledAt) / 1000);
      filledAt = now;
      if (--tokens < 0) return socket.close(1008, "too many messages");
      if (!session.receive(link, data) && ++rubbish >= patience) {
        socket.close(1008, "not what is spoken here");
      }
    };
    const end = () => {
      this.#sockets.delete(socket);
      session.leave(link);
    };
    socket.onclose = end;
    socket.onerror = end;
    return response;
  }

  /** Says good-bye to all pages and stops serving. */
  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.close(1001, "closed");
    await this.#server.shutdown();
  }
}

/** 192 random bits. */
function newToken(): string {
  return randomBytes(24).toString("base64url");
}

const common = {
  "cache-control": "no-store",
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cross-origin-resource-policy": "same-origin",
  "x-robots-tag": "noindex",
} as const;

function plain(status: number, text: string): Response {
  return new Response(`${text}\n`, {
    status,
    headers: {
      ...common,
      "content-type": "text/plain; charset=utf-8",
      "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
    },
  });
}

/** A page: scripts and styles are those that bear the nonce; it talks to its own host alone. */
function html(text: string, nonce: string): Response {
  return new Response(text, {
    headers: {
      ...common,
      "content-type": "text/html; charset=utf-8",
      "content-security-policy": [
        "default-src 'none'",
        `script-src 'nonce-${nonce}'`,
        `style-src 'nonce-${nonce}'`,
        "connect-src 'self'",
        "img-src data: blob:",
        "base-uri 'none'",
        "form-action 'none'",
        // Notebooks' pages: on this machine, behind the same proxy, in VS Code.
        "frame-ancestors 'self' http://127.0.0.1:* http://localhost:* https://localhost:* vscode-webview:",
        "require-trusted-types-for 'script'",
      ].join("; "),
      "permissions-policy": "camera=(), microphone=(), geolocation=()",
    },
  });
}

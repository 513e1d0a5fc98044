/**
 * Who may come in: pure rules over a request's method, address and headers.
 *
 * - `Host` must be one that the panel was reached by: a page of another name
 *   that was made to point here (DNS rebinding) is refused.
 * - The address must bear the token, 192 random bits.
 * - `Origin`, which sockets must have, must be the host itself: scripts of other
 *   sites are refused, also with the token.
 * - Only GET; only the page itself, its socket, and the answer that it is alive,
 *   which notebooks ask for before they show a frame.
 *
 * @module
 */

/** What of a request is looked at. */
export interface Knock {
  /** The method. */
  readonly method: string;
  /** The path, percent-encoded as it came. */
  readonly path: string;
  /** The headers. */
  readonly headers: Headers;
}

/** The rules of one server. */
export interface DoorRules {
  /** The token, of letters, digits, `-` and `_`. */
  readonly token: string;
  /** The `Host`s that are let in, in lower case, with port. */
  readonly hosts: ReadonlySet<string>;
  /** Whether the first request that bears the token may bring its own host: behind a proxy whose name nobody knows. */
  readonly learnsHost: boolean;
}

/** What is to be done with a request. */
export type Admission =
  | {
    readonly kind: "page" | "socket" | "alive";
    readonly path: string;
    readonly host: string;
  }
  | {
    readonly kind: "refused";
    readonly status: number;
    readonly reason: string;
  };

function refused(status: number, reason: string): Admission {
  return { kind: "refused", status, reason };
}

/** Whether two texts are equal, in a time that hangs on their length alone. */
export function isSameSecret(a: string, b: string): boolean {
  if (a.length !== b.length) return false;
  let difference = 0;
  for (let i = 0; i < a.length; i++) {
    difference |= a.charCodeAt(i) ^ b.charCodeAt(i);
  }
  return difference === 0;
}

/** Looks at a request. The path within the token's folder is given back. */
export function admit(
  { method, path, headers }: Knock,
  { token, hosts, learnsHost }: DoorRules,
): Admission {
  if (method !== "GET") return refused(405, "only GET is answered");
  const host = headers.get("host")?.toLowerCase() ?? "";
  const isKnown = hosts.has(host);
  if (!isKnown && !(learnsHost && isHost(host))) {
    return refused(403, "this host is not served");
  }
  const [, given = "", rest] = path.match(/^\/([\w-]{1,100})\/(.*)$/s) ?? [];
  if (rest === undefined || !isSameSecret(given, token)) {
    return refused(404, "not found");
  }
  if (rest === "alive") return { kind: "alive", path: rest, host };
  if (!/^(?:study\/\d{1,6}\/)?(?:live)?$/.test(rest)) {
    return refused(404, "not found");
  }
  const origin = headers.get("origin");
  if (origin !== null && !isOriginOf(origin, host)) {
    return refused(403, "this origin is not served");
  }
  const isSocket = headers.get("upgrade")?.toLowerCase() === "websocket";
  if (isSocket !== rest.endsWith("live")) return refused(404, "not found");
  if (isSocket && origin === null) {
    return refused(403, "a socket needs an origin");
  }
  // Browsers say what a page is wanted for: to be looked at, not as a script or picture of another site.
  const purpose = headers.get("sec-fetch-dest");
  if (
    !isSocket && purpose !== null &&
    !["document", "iframe", "frame"].includes(purpose)
  ) return refused(403, "this is a page, to be looked at");
  return { kind: isSocket ? "socket" : "page", path: rest, host };
}

function isHost(host: string): boolean {
  return /^[a-z0-9.-]{1,253}(?::\d{1,5})?$|^\[[0-9a-f:]+\](?::\d{1,5})?$/
    .test(host);
}

function isOriginOf(origin: string, host: string): boolean {
  return origin.toLowerCase() === `http://${host}` ||
    origin.toLowerCase() === `https://${host}`;
}

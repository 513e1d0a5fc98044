import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import * as fc from "fast-check";
import { admit, type DoorRules, isSameSecret } from "../../lib/tuner/_door.ts";

const token = "abcdefghijklmnopqrstuvwxyz012345";
const host = "127.0.0.1:4321";
const rules: DoorRules = {
  token,
  hosts: new Set([host, "localhost:4321"]),
  learnsHost: false,
};

function knock(
  path: string,
  headers: Record<string, string> = {},
  method = "GET",
) {
  const all = new Headers({ host, ...headers });
  return { method, path, headers: all };
}

const socket = { upgrade: "websocket", origin: `http://${host}` };

/** What becomes of a request: the kind, or the status of the refusal. */
function fate(
  path: string,
  headers: Record<string, string> = {},
  { method = "GET", with: own = rules }: {
    method?: string;
    with?: DoorRules;
  } = {},
): string | number {
  const admission = admit(knock(path, headers, method), own);
  return admission.kind === "refused" ? admission.status : admission.kind;
}

describe("the panel's door", () => {
  it("lets in who has the token: the page, its socket, the question whether it is alive", () => {
    expect(fate(`/${token}/`)).toBe("page");
    expect(fate(`/${token}/live`, socket)).toBe("socket");
    expect(fate(`/${token}/alive`)).toBe("alive");
    expect(fate(`/${token}/study/3/`)).toBe("page");
    expect(fate(`/${token}/`, { host: "localhost:4321" })).toBe("page");
  });

  it("refuses no token, a wrong one, a part of it, one with more, and another case", () => {
    for (
      const path of [
        "/",
        "//",
        "/live",
        `/${token}`,
        `/${token.slice(1)}/`,
        `/${token}x/`,
        `/${token.toUpperCase()}/`,
        `/${"x".repeat(32)}/`,
        `/ /${token}/`,
      ]
    ) expect(fate(path)).toBe(404);
  });

  it("refuses a host that is another's name for this address (DNS rebinding)", () => {
    for (
      const foreign of [
        "evil.example:4321",
        "127.0.0.1:4322",
        "127.0.0.1",
        "127.0.0.1.evil.example:4321",
        "",
      ]
    ) {
      expect(fate(`/${token}/`, { host: foreign })).toBe(403);
      expect(
        fate(`/${token}/live`, {
          upgrade: "websocket",
          host: foreign,
          origin: `http://${foreign || "evil.example"}`,
        }),
      ).toBe(403);
    }
  });

  it("refuses sockets of other origins, of none, and of null, also with the token", () => {
    for (
      const origin of [
        "http://evil.example",
        "http://127.0.0.1:8888",
        "http://localhost:4321",
        "null",
        "file://",
        `http://${host}.evil.example`,
        `http://evil.example/${host}`,
        `ws://${host}`,
      ]
    ) {
      expect(fate(`/${token}/live`, { upgrade: "websocket", origin })).toBe(
        403,
      );
    }
    expect(fate(`/${token}/live`, { upgrade: "websocket" })).toBe(403);
  });

  it("refuses paths out of its folder", () => {
    for (
      const rest of [
        "../",
        "..%2f..%2fetc/passwd",
        "%2e%2e/",
        "study/../live",
        "study/1/../../",
        "study/x/",
        "study/12345678/",
        "page.ts",
        "live/",
        "live\n",
        "\\..\\",
      ]
    ) expect(fate(`/${token}/${rest}`)).toBe(404);
  });

  it("answers GET alone", () => {
    for (
      const method of ["POST", "PUT", "DELETE", "HEAD", "OPTIONS", "CONNECT"]
    ) {
      expect(fate(`/${token}/`, {}, { method })).toBe(405);
    }
  });

  it("gives the page to be looked at, not as a script or a picture of another site", () => {
    for (const purpose of ["script", "image", "empty", "object", "embed"]) {
      expect(fate(`/${token}/`, { "sec-fetch-dest": purpose })).toBe(403);
    }
    expect(fate(`/${token}/`, { "sec-fetch-dest": "iframe" })).toBe("page");
    expect(fate(`/${token}/`, { origin: "http://evil.example" })).toBe(403);
  });

  it("a page's path is no socket's, and the other way", () => {
    expect(fate(`/${token}/`, socket)).toBe(404);
    expect(fate(`/${token}/live`)).toBe(404);
  });

  it("behind a proxy whose name is not known, the first who has the token may bring one", () => {
    const learning = { ...rules, learnsHost: true };
    const there = { host: "hub.example.com" };
    expect(fate(`/${token}/`, there, { with: learning })).toBe("page");
    expect(fate("/wrong/", there, { with: learning })).toBe(404);
    expect(fate(`/${token}/`, { host: "a b" }, { with: learning })).toBe(403);
  });

  it("whatever the path, without the token it is refused", () => {
    fc.assert(fc.property(fc.string({ maxLength: 200 }), (path) => {
      fc.pre(!path.includes(token));
      expect(typeof fate(`/${path}`)).toBe("number");
    }));
  });

  it("isSameSecret() is equality", () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (a, b) => {
        expect(isSameSecret(a, b)).toBe(a === b);
        expect(isSameSecret(a, a)).toBe(true);
      }),
    );
  });
});

import { connect } from "node:net";
import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import { createStudy, float, randomSampler, space } from "../../mod.ts";
import { tuner } from "../../lib/tuner/mod.ts";
import { PanelClient } from "../support/panel_client.ts";

const markup = `</script><img src=x onerror="alert(1)"><b>&amp;`;

async function openPanel() {
  const study = await createStudy({
    name: `a ${markup}`,
    space: space({ [markup]: float(0, 1), x: float(0, 1) }),
    sampler: randomSampler(),
    storage: "memory",
  });
  await study.optimize((trial) => Number(trial.params.x), {
    trials: 3,
    progress: false,
  });
  const panel = await tuner(study, () => 1);
  return {
    study,
    url: panel.url,
    port: Number(new URL(panel.url).port),
    token: new URL(panel.url).pathname.split("/")[1]!,
    async [Symbol.asyncDispose]() {
      await panel.close();
      await study.close();
    },
  };
}

/** The first line of what comes back for a request as it is written. */
function raw(port: number, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, "127.0.0.1", () => socket.write(text));
    let answer = "";
    socket.setTimeout(3000, () => socket.destroy());
    socket.on("data", (data) => {
      answer += data;
      if (answer.includes("\r\n\r\n")) socket.destroy();
    });
    socket.on("close", () => resolve(answer.split("\r\n")[0]!));
    socket.on("error", reject);
  });
}

const get = (path: string, host: string, more = "") =>
  `GET ${path} HTTP/1.1\r\nHost: ${host}\r\n${more}Connection: ${
    more.includes("Upgrade") ? "Upgrade" : "close"
  }\r\n\r\n`;

const upgrade = (origin: string) =>
  `Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n${
    origin === "" ? "" : `Origin: ${origin}\r\n`
  }`;

describe("attacks on the panel", () => {
  it("listens on the loopback address alone", async () => {
    await using panel = await openPanel();
    const own = Deno.networkInterfaces().filter(({ family, address }) =>
      family === "IPv4" && !address.startsWith("127.")
    );
    for (const { address } of own) {
      await expect(
        Deno.connect({ hostname: address, port: panel.port }),
      ).rejects.toThrow();
    }
  });

  it("as raw requests: no token, wrong token, rebinding hosts, traversal, other methods", async () => {
    await using panel = await openPanel();
    const { port, token } = panel;
    const own = `127.0.0.1:${port}`;
    for (
      const [request, status] of [
        [get("/", own), "404"],
        [get(`/${"x".repeat(32)}/`, own), "404"],
        [get(`/${token}/`, "evil.example"), "403"],
        [get(`/${token}/`, `evil.example:${port}`), "403"],
        [get(`/${token}/../../etc/passwd`, own), "404"],
        [get(`/${token}/%2e%2e/%2e%2e/etc/passwd`, own), "404"],
        [get(`/${token}/..%2f..%2fetc%2fpasswd`, own), "404"],
        [get(`http://evil.example/${token}/`, `evil.example:${port}`), "403"],
        [get(`/${token}/`, own).replace("GET", "POST"), "405"],
        [get(`/${token}/`, own, "Origin: http://evil.example\r\n"), "403"],
        [get(`/${token}/live`, own, upgrade("http://evil.example")), "403"],
        [get(`/${token}/live`, own, upgrade("")), "403"],
        [get(`/${token}/live`, own, upgrade("null")), "403"],
        [
          get(
            `/${token}/live`,
            `evil.example:${port}`,
            upgrade(`http://evil.example:${port}`),
          ),
          "403",
        ],
        [get(`/wrong/live`, own, upgrade(`http://${own}`)), "404"],
        [get(`/${token}/live`, own, upgrade(`http://${own}`)), "101"],
      ] as const
    ) {
      expect(`${request.slice(0, 60)} → ${await raw(port, request)}`)
        .toContain(` ${status} `);
    }
  });

  it("a request of enormous headers, or of none that is HTTP, ends without harm", async () => {
    await using panel = await openPanel();
    const own = `127.0.0.1:${panel.port}`;
    const long = get(
      `/${panel.token}/`,
      own,
      `X: ${"a".repeat(2_000_000)}\r\n`,
    );
    expect(await raw(panel.port, long).catch(() => "reset"))
      .not.toMatch(/ 200 /);
    await raw(panel.port, "\0\x16\x03\x01 rubbish\r\n\r\n").catch(() => "");
    expect(await raw(panel.port, get(`/${panel.token}/`, own))).toMatch(
      / 200 /,
    );
  });

  it("the page lets nothing in from elsewhere, and says where it may be framed", async () => {
    await using panel = await openPanel();
    const response = await fetch(panel.url);
    const policy = response.headers.get("content-security-policy")!;
    const text = await response.text();
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("require-trusted-types-for 'script'");
    expect(policy).not.toMatch(/unsafe|\*(?!;| |:)/);
    const [, nonce] = policy.match(/script-src 'nonce-([\w-]+)'/)!;
    expect(text.split(`nonce="${nonce}"`).length).toBe(3);
    const again = await (await fetch(panel.url)).text();
    expect(again).not.toContain(nonce);
    expect(response.headers.get("referrer-policy")).toBe("no-referrer");
    expect(response.headers.get("x-content-type-options")).toBe("nosniff");
    expect(response.headers.get("cache-control")).toBe("no-store");
    expect(response.headers.get("access-control-allow-origin")).toBe(null);
    // Its own script and style, and nothing of the study but its escaped name.
    expect(text.match(/<script|<style/g)!.length).toBe(2);
    const head = text.slice(0, text.indexOf("<style"));
    expect(head).not.toContain("<img");
    expect(head).toContain("&lt;img src=x");
    expect(/ (src|href)="/.test(text)).toBe(false);
  });

  it("malformed messages are answered, never obeyed; who sends ten is shown out", async () => {
    await using panel = await openPanel();
    const client = await PanelClient.open(panel.url);
    const before = panel.study.trials.length;
    for (
      const text of [
        "",
        "{",
        "[]",
        '{"type":"eval","id":1,"code":"Deno.exit(1)"}',
        '{"type":"close","id":1}',
        '{"type":"constructor","id":1}',
        '{"type":"run","id":1,"candidate":{"params":{"x":{}},"chosenBy":"manual"}}',
        JSON.stringify({
          type: "note",
          id: 1,
          number: 0,
          text: "x".repeat(70_000),
        }),
      ]
    ) client.send(text);
    client.send(new Uint8Array([1, 2, 3]));
    await client.until(() =>
      client.messages.filter(({ type }) => type === "answer").length === 9
    );
    expect(client.closed).toBe(null);
    client.send("one more");
    await client.until(() => client.closed !== null);
    expect(client.closed).toBe(1008);
    expect(panel.study.trials.length).toBe(before);
  });

  it("who floods is shown out, and others are served on", async () => {
    await using panel = await openPanel();
    const [flood, other] = [
      await PanelClient.open(panel.url),
      await PanelClient.open(panel.url),
    ];
    const look = (id: number) =>
      JSON.stringify({ type: "look", id, params: { x: 0.5 } });
    for (let id = 0; id < 3000 && flood.closed === null; id++) {
      flood.send(look(id));
    }
    await flood.until(() => flood.closed !== null);
    expect(flood.closed).not.toBe(null);
    const found = await other.ask<{ reason: string | null }>({
      type: "look",
      params: { x: 0.5, [markup]: 0.5 },
    });
    expect(found.reason).toBe(null);
    await other.close();
  });

  it("no more than sixteen pages at once", async () => {
    await using panel = await openPanel();
    const pages: PanelClient[] = [];
    for (let n = 0; n < 16; n++) pages.push(await PanelClient.open(panel.url));
    const late = await PanelClient.open(panel.url);
    expect(late.closed).not.toBe(null);
    for (const page of pages) await page.close();
  });

  it("values that the space does not allow are refused by the study's own rules", async () => {
    await using panel = await openPanel();
    const client = await PanelClient.open(panel.url);
    const candidate = (params: Record<string, number | string>) => ({
      params: { [markup]: 0.5, ...params },
      chosenBy: "manual" as const,
      reason: null,
    });
    for (const x of [2, -1, "0.5"]) {
      await expect(client.ask({ type: "run", candidate: candidate({ x }) }))
        .rejects.toThrow(/"x"/);
      await expect(
        client.ask({ type: "queue", candidates: [candidate({ x })] }),
      ).rejects.toThrow(/"x"/);
    }
    await expect(client.ask({ type: "diagnose", number: 99 })).rejects
      .toThrow(/Cannot find trial 99/);
    await client.close();
  });

  it("what a panel knows is gone when it is closed", async () => {
    const panel = await openPanel();
    const { port, token } = panel;
    await panel[Symbol.asyncDispose]();
    await expect(fetch(`http://127.0.0.1:${port}/${token}/`)).rejects.toThrow();
  });
});

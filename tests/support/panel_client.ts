/**
 * A page without a browser, for tests and the bench: a socket to a panel.
 *
 * @module
 */

import type {
  PanelMessage,
  PanelRequest,
  TrialRow,
} from "../../lib/tuner/protocol.ts";

type WithoutId<T> = T extends { id: number } ? Omit<T, "id"> : never;

/** A socket to a panel that keeps what it is told. */
export class PanelClient {
  /** All messages that were no answers. */
  readonly messages: PanelMessage[] = [];
  /** The rows as they are now. */
  readonly rows = new Map<number, TrialRow>();
  /** With which code it was closed; null while it is open. */
  closed: number | null = null;
  readonly #socket: WebSocket;
  readonly #waiting = new Map<number, PromiseWithResolvers<unknown>>();
  #lastId = 0;
  #wake: () => void = () => {};

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.onmessage = ({ data }) => this.#receive(JSON.parse(data));
    socket.onclose = ({ code }) => {
      this.closed = code;
      this.#wake();
    };
    socket.onerror = () => {};
  }

  /**
   * Connects to a panel's page.
   *
   * @param headers Headers in place of a browser's.
   */
  static async open(
    url: string,
    headers: Record<string, string> = { origin: new URL(url).origin },
  ): Promise<PanelClient> {
    // The types of browsers' sockets, which take no headers, may be in force.
    const Socket = WebSocket as unknown as new (
      url: string,
      options: { headers: Record<string, string> },
    ) => WebSocket;
    const client = new PanelClient(
      new Socket(`${url.replace("http", "ws")}live`, { headers }),
    );
    await client.until(() => client.messages.length > 0);
    return client;
  }

  /** Waits until something holds, or the socket is closed. */
  async until(holds: () => boolean, timeoutMs = 30_000): Promise<void> {
    const end = performance.now() + timeoutMs;
    while (!holds()) {
      if (performance.now() > end) {
        throw new Error(`It does not hold: ${holds}`);
      }
      if (this.closed !== null) return;
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#wake = resolve;
      const timer = setTimeout(resolve, 50);
      await promise;
      clearTimeout(timer);
    }
  }

  /** Sends a text as it is. */
  send(text: string | Uint8Array<ArrayBuffer>): void {
    this.#socket.send(text);
  }

  /** Asks for something. */
  ask<T = unknown>(request: WithoutId<PanelRequest>): Promise<T> {
    const id = ++this.#lastId;
    const waiting = Promise.withResolvers<unknown>();
    this.#waiting.set(id, waiting);
    this.send(JSON.stringify({ ...request, id }));
    return waiting.promise as Promise<T>;
  }

  /** The messages of a type. */
  of<T extends PanelMessage["type"]>(
    type: T,
  ): (PanelMessage & { type: T })[] {
    return this.messages.filter((message) => message.type === type) as (
      & PanelMessage
      & { type: T }
    )[];
  }

  /** Closes the socket. */
  async close(): Promise<void> {
    this.#socket.close();
    await this.until(() => this.closed !== null);
  }

  #receive(message: PanelMessage): void {
    if (message.type === "state" || message.type === "rows") {
      for (const row of message.rows) this.rows.set(row.number, row);
    }
    if (message.type !== "answer" || message.id === null) {
      this.messages.push(message);
    } else {
      const waiting = this.#waiting.get(message.id);
      this.#waiting.delete(message.id);
      if (message.ok) waiting?.resolve(message.result);
      else waiting?.reject(new Error(message.message));
    }
    this.#wake();
  }
}

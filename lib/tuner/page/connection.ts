/// <reference lib="dom" />
import type { PanelMessage, PanelRequest } from "../protocol.ts";

type WithoutId<T> = T extends { id: number } ? Omit<T, "id"> : never;
/** A request that is answered. */
export type Question = WithoutId<PanelRequest>;

/** What is told of a connection. */
export interface ConnectionListener {
  /** A message that is no answer. */
  message(message: PanelMessage): void;
  /** Whether the kernel is there. */
  connected(is: boolean): void;
}

/** The socket to the kernel. It comes again by itself when it was lost. */
export class Connection {
  readonly #listener: ConnectionListener;
  readonly #waiting = new Map<
    number,
    { resolve: (result: unknown) => void; reject: (error: Error) => void }
  >();
  #socket: WebSocket | null = null;
  #lastId = 0;
  #pauseMs = 250;

  constructor(listener: ConnectionListener) {
    this.#listener = listener;
    this.#open();
  }

  /** Asks for something. */
  ask<T = unknown>(question: Question): Promise<T> {
    const id = ++this.#lastId;
    return new Promise((resolve, reject) => {
      if (this.#socket?.readyState !== WebSocket.OPEN) {
        reject(new Error("The kernel cannot be reached just now"));
        return;
      }
      this.#waiting.set(id, {
        resolve: resolve as (result: unknown) => void,
        reject,
      });
      this.#socket.send(JSON.stringify({ ...question, id }));
    });
  }

  /** Tells something that is not answered. */
  tell(request: Extract<PanelRequest, { type: "draft" }>): void {
    if (this.#socket?.readyState === WebSocket.OPEN) {
      this.#socket.send(JSON.stringify(request));
    }
  }

  /** The last number that a question bore. */
  get lastId(): number {
    return this.#lastId;
  }

  #open(): void {
    const socket = new WebSocket(
      new URL(
        "live",
        location.href.replace(/^http/, "ws").replace(/[?#].*$/, ""),
      ),
    );
    this.#socket = socket;
    socket.onopen = () => {
      this.#pauseMs = 250;
      this.#listener.connected(true);
    };
    socket.onmessage = ({ data }) => this.#receive(JSON.parse(data));
    socket.onclose = () => {
      if (this.#socket !== socket) return;
      this.#socket = null;
      for (const { reject } of this.#waiting.values()) {
        reject(new Error("The connection to the kernel was lost"));
      }
      this.#waiting.clear();
      this.#listener.connected(false);
      setTimeout(() => this.#open(), this.#pauseMs);
      this.#pauseMs = Math.min(5000, this.#pauseMs * 1.6);
    };
  }

  #receive(message: PanelMessage): void {
    if (message.type !== "answer") return this.#listener.message(message);
    const waiting = this.#waiting.get(message.id ?? -1);
    if (waiting === undefined) return;
    this.#waiting.delete(message.id!);
    if (message.ok) waiting.resolve(message.result);
    else waiting.reject(new Error(message.message));
  }
}

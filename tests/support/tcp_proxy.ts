import { connect, createServer, type Server, type Socket } from "node:net";

/** A way to a port that can be cut, as a network is. */
export class TCPProxy {
  /** The port on 127.0.0.1 to connect to. */
  readonly port: number;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #isCut = false;

  private constructor(server: Server, port: number) {
    this.#server = server;
    this.port = port;
  }

  /** Opens a way to a port. */
  static open(target: number): Promise<TCPProxy> {
    return new Promise((resolve) => {
      const server = createServer((incoming) => {
        if (proxy.#isCut) return void incoming.destroy();
        const outgoing = connect(target, "127.0.0.1");
        for (
          const [socket, other] of [[incoming, outgoing], [
            outgoing,
            incoming,
          ]] as const
        ) {
          proxy.#sockets.add(socket);
          socket.on("data", (bytes) => {
            // What is on its way when the network is cut arrives nowhere, and nobody is told.
            if (!proxy.#isCut) other.write(bytes);
          });
          socket.on("error", () => {});
          socket.on("close", () => {
            proxy.#sockets.delete(socket);
            if (!proxy.#isCut) other.destroy();
          });
        }
      });
      let proxy: TCPProxy;
      server.listen(0, "127.0.0.1", () => {
        const { port } = server.address() as { port: number };
        resolve(proxy = new TCPProxy(server, port));
      });
    });
  }

  /** Nothing comes through any more, and nobody is told. */
  cut(): void {
    this.#isCut = true;
  }

  /** What was connected is gone; new connections come through. */
  mend(): void {
    this.#isCut = false;
    for (const socket of this.#sockets) socket.destroy();
  }

  /** Ends it. */
  close(): void {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
  }
}

/** A way to a database server that a test can close for a while: what waits for an answer is seen waiting. */

import type { AddressInfo } from 'node:net';
import { connect, createServer, type Server, type Socket } from 'node:net';

export class Gate {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #held = false;

  private constructor(server: Server) {
    this.#server = server;
  }

  static async to(host: string, port: number): Promise<Gate> {
    const server = createServer();
    const gate = new Gate(server);
    server.on('connection', (client) => {
      const upstream = connect(port, host);
      for (const [from, to] of [
        [client, upstream],
        [upstream, client],
      ] as const) {
        gate.#sockets.add(from);
        from.on('data', (bytes) => to.write(bytes));
        from.on('close', () => {
          gate.#sockets.delete(from);
          to.destroy();
        });
        // A broken side closes the other; whoever used it says what that means.
        from.on('error', () => from.destroy());
        if (gate.#held) from.pause();
      }
    });
    await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
    return gate;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** From now on nothing passes, until `release`. */
  hold(): void {
    this.#held = true;
    for (const socket of this.#sockets) socket.pause();
  }

  release(): void {
    this.#held = false;
    for (const socket of this.#sockets) socket.resume();
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise<void>((done) => this.#server.close(() => done()));
  }
}

import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';

/** A way to a server that can lose what comes back. */
export class FaultyWay {
  private readonly sockets = new Set<Socket>();
  private toCut: string | undefined;
  /** How often it has been cut. */
  cuts = 0;
  private state: 'open' | 'cut' | 'silent' = 'open';

  private constructor(
    private readonly server: Server,
    readonly url: string,
  ) {}

  static async to(port: number): Promise<FaultyWay> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const way = new FaultyWay(server, `nats://127.0.0.1:${(server.address() as { port: number }).port}`);
    server.on('connection', (client) => {
      if (way.state === 'cut') client.destroy();
      else way.join(client, connect(port, '127.0.0.1'));
    });
    return way;
  }

  /** The next time that a text goes to the server it arrives there, and the answer does not come. */
  cutBehind(text: string): void {
    this.toCut = text;
  }

  /** From now on nothing comes through, and nobody can connect. */
  cut(): void {
    this.state = 'cut';
    for (const socket of this.sockets) socket.destroy();
  }

  /** From now on nothing comes through, and nobody hears of it. */
  silence(): void {
    this.state = 'silent';
  }

  /** What was on its way meanwhile is lost, with the connections that it was on. */
  mend(): void {
    for (const socket of this.sockets) socket.destroy();
    this.state = 'open';
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    this.server.close();
    await once(this.server, 'close');
  }

  private join(client: Socket, server: Socket): void {
    let isCut = false;
    for (const socket of [client, server]) {
      this.sockets.add(socket);
      socket
        .on('error', () => {})
        .on('close', () => {
          this.sockets.delete(socket);
          client.destroy();
          server.destroy();
        });
    }
    client.on('data', (data) => {
      if (this.state === 'silent') return;
      server.write(data);
      if (this.toCut === undefined || !data.includes(this.toCut)) return;
      this.toCut = undefined;
      this.cuts++;
      isCut = true;
    });
    server.on('data', (data) => {
      if (isCut) client.destroy();
      else if (this.state !== 'silent') client.write(data);
    });
  }
}

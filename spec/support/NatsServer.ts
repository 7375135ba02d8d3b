import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';

/** Debian has it where only root looks. */
const PATHS = [process.env['PATH'], '/usr/sbin', '/usr/local/sbin'].join(':');
const env = { ...process.env, PATH: PATHS };

/** Whether there is a server on this machine. */
export const hasNatsServer = spawnSync('nats-server', ['--version'], { env }).status === 0;

const PATIENCE = 20_000;

/** A server of its own: on a free port, in a temporary folder. */
export class NatsServer {
  private child: ChildProcess | undefined;

  private constructor(
    readonly port: number,
    private readonly folder: string,
    private config: string,
    private readonly hasJetStream: boolean,
  ) {}

  /** @param config lines of the server's config besides its port and its store */
  static async start(config = '', { jetstream = true } = {}): Promise<NatsServer> {
    const folder = await mkdtemp(join(tmpdir(), 'rx-nats-'));
    const server = new NatsServer(await freePort(), folder, config, jetstream);
    await server.start();
    return server;
  }

  get url(): string {
    return `nats://127.0.0.1:${this.port}`;
  }

  /** Takes effect at its next start. */
  reconfigure(config: string): void {
    this.config = config;
  }

  /** Starts it again, if it does not run. */
  async start(): Promise<void> {
    if (this.child !== undefined) return;
    const file = join(this.folder, 'server.conf');
    const store = `jetstream { store_dir: "${join(this.folder, 'store')}" }`;
    const lines = ['host: 127.0.0.1', `port: ${this.port}`, this.hasJetStream ? store : ''];
    await writeFile(file, [...lines, this.config].join('\n'));
    const child = spawn('nats-server', ['-c', file], { stdio: ['ignore', 'ignore', 'pipe'], env });
    let output = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => (output = (output + text).slice(-4000)));
    this.child = child;
    const end = Date.now() + PATIENCE;
    while (!output.includes('Server is ready') || !(await answers(this.port))) {
      if (child.exitCode !== null || Date.now() > end)
        throw new Error(`nats-server does not start:\n${output}`);
      await setTimeout(10);
    }
  }

  /** As it is when the machine fails. */
  async kill(): Promise<void> {
    const { child } = this;
    if (child === undefined) return;
    this.child = undefined;
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  }

  /** It stands still, and its connections stay open. */
  freeze(): void {
    this.child?.kill('SIGSTOP');
  }

  thaw(): void {
    this.child?.kill('SIGCONT');
  }

  async stop(): Promise<void> {
    await this.kill();
    await rm(this.folder, { recursive: true, force: true });
  }
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as { port: number };
  probe.close();
  await once(probe, 'close');
  return port;
}

async function answers(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'data');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

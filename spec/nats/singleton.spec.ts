import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { natsStore } from 'rx-agent-kit/nats';
import { bundled } from '../support/bundled';
import { describeWithServer, NatsServer } from './support/natsServer';

const LEASE = 2000;
/** What a machine with much else to do may add to what is waited for. */
const LOADED = 20_000;

interface Line {
  readonly text: string;
  readonly at: number;
}

/** A host in a process of its own. */
class HostProcess {
  readonly lines: Line[] = [];
  private waiting: (() => void)[] = [];

  constructor(
    readonly name: string,
    readonly child: ChildProcess,
  ) {
    createInterface({ input: child.stdout! }).on('line', (text) => {
      this.lines.push({ text, at: performance.now() });
      for (const look of this.waiting.splice(0)) look();
    });
  }

  /** The next line of a text, from a place among its lines on. */
  async next(text: string, from = this.lines.length): Promise<Line> {
    for (;;) {
      const line = this.lines.slice(from).find((other) => other.text === text);
      if (line !== undefined) return line;
      await new Promise<void>((resolve) => this.waiting.push(resolve));
    }
  }

  async end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const exit = once(this.child, 'exit');
    this.child.kill(signal);
    await exit;
  }
}

describeWithServer('a singleton over NATS', () => {
  const program = bundled(join(__dirname, 'support/singletonChild.ts'));
  let server: NatsServer;
  let hosts: HostProcess[];

  beforeEach(async () => {
    server = await NatsServer.start();
    hosts = [];
  });

  afterEach(async () => {
    for (const { child } of hosts) child.kill('SIGCONT');
    for (const host of hosts) await host.end('SIGKILL');
    await server.stop();
  });

  async function start(name: string): Promise<HostProcess> {
    const args = [program, server.url, name, `${LEASE}ms`];
    const host = new HostProcess(
      name,
      spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] }),
    );
    hosts.push(host);
    await Promise.race([host.next('ready', 0), host.next('standby', 0)]);
    return host;
  }

  /** Who has written what is kept, each once for all of its lines in a row. All lines have to be there, each once. */
  async function writers(): Promise<string[]> {
    const entries = await natsStore({ servers: server.url }).entries('singleton/ledger');
    const [, [{ lines }]] = entries.get('ledger/state/(state)/1') as unknown as [
      number,
      [{ readonly lines: readonly string[] }],
    ];
    expect(lines.map((line) => Number(line.split(' ')[1]))).toEqual(lines.map((_, n) => n));
    const names = lines.map((line) => line.split(' ')[0] ?? '');
    return names.filter((name, n) => name !== names[n - 1]);
  }

  const firstOf = (others: readonly HostProcess[]): Promise<HostProcess> =>
    Promise.race(
      others.map(async (host) => {
        const from = host.lines.length;
        await host.next('wrote', from);
        return host;
      }),
    );

  it('goes on within the lease when its host is killed in mid-run, and again when the next one is', async () => {
    const one = await start('one');
    const others = [await start('two'), await start('three')];
    await one.next('wrote');
    const killed = performance.now();
    await one.end('SIGKILL');
    const next = await firstOf(others);
    const taken = next.lines.find(({ text }) => text === 'ready')!;
    expect(taken.at - killed).toBeLessThan(LEASE + LOADED);
    const last = others.find((host) => host !== next)!;
    expect(last.lines.map(({ text }) => text)).toEqual(['standby']);
    await next.next('wrote');
    await next.end('SIGKILL');
    await firstOf([last]);
    await last.end('SIGTERM');
    expect(await writers()).toEqual(
      ['one', next.name, 'three', 'two'].filter((name, n) => n < 2 || name === last.name),
    );
  }, 90_000);

  it('is refused what it writes where its host has stood still for longer than the lease, and stands by there', async () => {
    const one = await start('one');
    const two = await start('two');
    await one.next('wrote');
    one.child.kill('SIGSTOP');
    await two.next('wrote');
    const from = one.lines.length;
    one.child.kill('SIGCONT');
    await one.next('standby', from);
    const at = two.lines.length;
    for (let n = 1; n <= 5; n++) await two.next('wrote', at + n);
    expect(await writers()).toEqual(['one', 'two']);
    // It takes it back, when the other one lets go of it.
    const later = one.lines.length;
    await two.end('SIGTERM');
    await one.next('wrote', later);
    await one.end('SIGTERM');
    expect(await writers()).toEqual(['one', 'two', 'one']);
  }, 90_000);

  it('runs on one host again, and has lost nothing, when the server has been killed', async () => {
    const one = await start('one');
    const two = await start('two');
    for (let kills = 0; kills < 3; kills++) {
      await firstOf([one, two]);
      await server.kill();
      await new Promise((resolve) => setTimeout(resolve, kills * LEASE));
      await server.start();
    }
    const running = await firstOf([one, two]);
    const other = running === one ? two : one;
    const from = other.lines.length;
    for (let n = 0; n < 10; n++) await running.next('wrote');
    expect(other.lines.slice(from).filter(({ text }) => text === 'wrote')).toEqual([]);
    await other.end('SIGTERM');
    await running.end('SIGTERM');
    await writers();
  }, 90_000);
});

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { createInterface } from 'node:readline';
import { join } from 'node:path';
import { startNatsServer } from '../../examples/openadr/cluster/natsServer';
import { describeWithServer } from './support/natsServer';

const SCRIPT = join(__dirname, '../../examples/openadr/cluster/start.ts');

it('says how to install a server where there is none', async () => {
  await expect(startNatsServer('/nowhere')).rejects.toThrow(/apt-get install nats-server[^]*--servers/);
});

describeWithServer('npm run start:cluster', () => {
  let child: ChildProcess | undefined;

  afterEach(() => {
    child?.kill('SIGTERM');
  });

  it('kills a machine in mid-event, shows which one has taken over, and leaves nothing behind Ctrl-C', async () => {
    const args = ['--import', 'tsx', SCRIPT, '--speed', '150'];
    child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    // Machines write there, too: it is closed when the last of them has ended.
    const closed = once(child, 'close');
    const lines: string[] = [];
    const text = (): string => lines.join('\n');
    for await (const line of createInterface({ input: child.stdout! })) {
      lines.push(line);
      if (/has taken over ven[^]*SIMPLE [123], active[^]*registered: ven-1/.test(text())) break;
    }
    child.stdout!.setEncoding('utf8').on('data', (more: string) => lines.push(more));
    child.stdout!.resume();
    child.kill('SIGINT');
    expect(await closed).toEqual([0, null]);

    const killed = lines.findIndex((line) => line.includes('✗ killed, with ven'));
    const isBack = lines.findIndex((line, index) => index > killed && line.includes(', active'));
    // In between nobody was told that there is no event.
    expect(lines.slice(killed, isBack).filter((line) => line.includes('idle'))).toEqual([]);
    expect(text()).toMatch(/^ven {8}site-a → site-[bc]$/m);
    expect(text()).toMatch(/one registration/);
    expect(text()).toContain('nothing is left');
    const [, port] = /over NATS at nats:\/\/127\.0\.0\.1:(\d+)/.exec(text()) ?? [];
    const [refused] = await once(connect(Number(port), '127.0.0.1'), 'error').catch((error: unknown) => [
      error,
    ]);
    expect(refused).toMatchObject({ code: 'ECONNREFUSED' });
  }, 120_000);
});

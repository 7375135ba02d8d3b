import { createHost } from 'rx-agent-kit';
import { stopOnSignals } from 'rx-agent-kit/node';
import { script } from './support/script';

// Real processes and real signals.

const stopping = script('stopping.ts');

describe('stopOnSignals', () => {
  it.each(['SIGINT', 'SIGTERM'] as const)('stops cleanly at %s, with exit code 0', async (signal) => {
    const { child, lines, ended, wrote } = stopping('10ms');
    await wrote('ready');
    child.kill(signal);
    expect(await ended).toEqual([0, null]);
    expect(lines).toEqual(['ready', signal, 'stopped']);
  });

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('ends at once at a second %s, with exit code %i', async (signal, code) => {
    const { child, lines, ended, wrote } = stopping('1h');
    await wrote('ready');
    child.kill('SIGTERM');
    await wrote('SIGTERM');
    // One signal may come several times at once: the second one is another only after a while.
    const repeated = setInterval(() => child.kill(signal), 100);
    expect(await ended).toEqual([code, null]);
    clearInterval(repeated);
    expect(lines).toEqual(['ready', 'SIGTERM']);
  });

  it('can be undone, and leaves no listener behind when the host has stopped', async () => {
    const count = () => process.listenerCount('SIGINT') + process.listenerCount('SIGTERM');
    const before = count();
    const host = createHost();
    const undo = stopOnSignals(host);
    expect(count()).toBe(before + 2);
    undo();
    expect(count()).toBe(before);
    await host.stop();
  });
});

import { createHost, silentLog } from 'rx-agent-kit';
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

  it('leaves no listener behind when the host has been stopped otherwise', async () => {
    const count = () => process.listenerCount('SIGINT') + process.listenerCount('SIGTERM');
    const before = count();
    const host = createHost();
    stopOnSignals(host);
    await host.stop();
    expect(count()).toBe(before);
  });

  it('stops the host though who is told of the signal throws', async () => {
    const host = createHost({ log: silentLog });
    const errors: unknown[] = [];
    host.errors$.subscribe(({ code, message }) => errors.push([code, message]));
    const stopped = new Promise<void>((resolve) => host.trace$.subscribe({ complete: resolve }));
    stopOnSignals(host, {
      onSignal: () => {
        throw new Error('no');
      },
    });
    process.emit('SIGTERM');
    await stopped;
    expect(errors).toEqual([['observer-failed', 'onSignal of stopOnSignals threw: no']]);
  });

  it('leaves no listener behind when the host cannot be stopped, and says so', async () => {
    const host = createHost({ log: silentLog });
    jest.spyOn(host, 'stop').mockRejectedValue(new Error('the bus is stuck'));
    const warned = new Promise((resolve) => {
      jest.spyOn(process, 'emitWarning').mockImplementationOnce(resolve);
    });
    const before = process.listenerCount('SIGTERM');
    stopOnSignals(host);
    process.emit('SIGTERM');
    expect(await warned).toBe('host could not be stopped: the bus is stuck');
    expect(process.listenerCount('SIGTERM')).toBe(before);
    jest.restoreAllMocks();
  });
});

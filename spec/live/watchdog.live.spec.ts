import { createHost } from 'rx-agent-kit';
import { watchdog } from 'rx-agent-kit/node';
import { script } from './support/script';

// A real thread and a real event loop that stands still.

const blocking = script('blocking.ts');
const blockingOutside = script('blockingOutside.ts');

describe('watchdog', () => {
  it('names the handler while it blocks the event loop, and tells the host afterwards', async () => {
    const { lines, ended } = blocking();
    expect(await ended).toEqual([0, null]);
    expect(lines[0]).toMatch(
      /^The event loop has been blocked for \d+ ms. Last at work: parser.parsed\$, handler parse.$/,
    );
    expect(lines[1]).toBe('parsed');
    expect(JSON.parse(lines[2]!)).toEqual({
      code: 'blocked',
      agent: 'parser',
      stream: 'parsed$',
      message: expect.stringMatching(
        /^The event loop was blocked for about .*s. Last at work: parser.parsed\$, handler parse. Give such work to run.offload/,
      ),
    });
    expect(lines).toHaveLength(3);
  });

  it('blames no agent for what blocks outside of all, however busy they are', async () => {
    const { lines, ended } = blockingOutside();
    expect(await ended).toEqual([0, null]);
    expect(lines[0]).toMatch(/^The event loop has been blocked for \d+ ms. No agent was at work.$/);
    expect(JSON.parse(lines[1]!)).toEqual({
      message: expect.stringMatching(
        /^The event loop was blocked for about .*s, when no agent of host was at work. Give such work to run.offload/,
      ),
    });
  });

  it('names the handlers that may have gone on by something of their own', async () => {
    const { lines, ended } = blockingOutside('waiting');
    expect(await ended).toEqual([0, null]);
    expect(JSON.parse(lines[1]!).message).toMatch(
      / when no agent of host was at work. If it was one of them, it was a handler that had waited for something of its own: innocent.foreign\$, handler ask. Give/,
    );
  });

  it('refuses a span that is none, and can be ended twice', async () => {
    const host = createHost();
    expect(() => watchdog(host, { after: 0 })).toThrow(expect.objectContaining({ code: 'bad-duration' }));
    const end = watchdog(host);
    end();
    end();
    await host.stop();
  });
});

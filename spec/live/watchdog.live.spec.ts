import { createHost } from 'rx-agent-kit';
import { watchdog } from 'rx-agent-kit/node';
import { script } from './support/script';

// A real thread and a real event loop that stands still.

const blocking = script('blocking.ts');

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

  it('refuses a span that is none, and can be ended twice', async () => {
    const host = createHost();
    expect(() => watchdog(host, { after: 0 })).toThrow(expect.objectContaining({ code: 'bad-duration' }));
    const end = watchdog(host);
    end();
    end();
    await host.stop();
  });
});

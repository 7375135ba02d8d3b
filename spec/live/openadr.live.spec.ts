import { createServer, type RequestListener } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { filter, firstValueFrom, take, toArray } from 'rxjs';
import { createHost, liveClock, silentLog } from 'rx-agent-kit';
import { HttpVtn } from '../../examples/openadr/ven/HttpVtn';
import { encodeMessage, message } from '../../examples/openadr/ven/protocol/message';
import type { EventStep } from '../../examples/openadr/ven/present';
import { createVen } from '../../examples/openadr/ven/ven';
import type { Notice } from '../../examples/openadr/vtn/Desk';
import { vtn } from '../../examples/openadr/vtn/vtn';

const POLL = message('oadrPoll', { venId: 'ven-1' });
const ANSWER = message('oadrResponse', { response: { code: '200', requestId: '' }, venId: 'ven-1' });

/** A server on loopback while something is done with it. */
async function served<T>(listener: RequestListener, use: (url: string) => Promise<T>): Promise<T> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    return await use(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}

async function send(listener: RequestListener, signal = new AbortController().signal) {
  return served(listener, async (url) => {
    const http = new HttpVtn({ url, timeout: 5000 });
    try {
      return await http.send(POLL, signal);
    } finally {
      http.close();
    }
  });
}

describe('HttpVtn', () => {
  it('posts XML to the service of the message, and reads the answer', async () => {
    const seen: (string | undefined)[] = [];
    const { message: answer, date } = await send(({ method, url, headers }, response) => {
      seen.push(method, url, headers['content-type']);
      response.setHeader('date', 'Sat, 31 Jan 2026 08:00:00 GMT');
      response.setHeader('content-type', 'application/xml; charset=utf-8').end(encodeMessage(ANSWER));
    });
    expect(seen).toEqual(['POST', '/OpenADR2/Simple/2.0b/OadrPoll', 'application/xml']);
    expect(answer).toEqual(ANSWER);
    expect(date).toBe(Date.UTC(2026, 0, 31, 8));
  });

  it.each<[string, RequestListener, RegExp]>([
    [
      'an HTTP error',
      (_request, response) => response.writeHead(500).end('out of order'),
      /HTTP status 500: "out of order"/,
    ],
    [
      'another type',
      (_request, response) => response.setHeader('content-type', 'text/html').end('<html/>'),
      /answered with text\/html, not with XML/,
    ],
    [
      'half an XML',
      (_request, response) => response.end(encodeMessage(ANSWER).slice(0, 300)),
      /answered with no whole XML/,
    ],
    ['no answer', (request) => request.socket.destroy(), /cannot be reached/],
  ])('says clearly that it got %s', async (_what, listener, reason) => {
    await expect(send(listener)).rejects.toThrow(reason);
  });

  it('takes an empty answer for what it is', async () => {
    const { message: answer } = await send((_request, response) => response.end());
    expect(answer).toBeUndefined();
  });

  it('gives up when the run is aborted', async () => {
    const controller = new AbortController();
    const sent = send(() => {
      controller.abort(new Error('enough'));
    }, controller.signal);
    await expect(sent).rejects.toThrow('enough');
  });
});

describe('the VTN over HTTP', () => {
  it('answers the next one, whatever the one before has said, or not said to the end', async () => {
    const host = createHost({ log: silentLog });
    const url$ = firstValueFrom(host.outputs$.pipe(filter(({ stream }) => stream === 'url$')));
    const agent = await host.start(vtn, { programme: {} });
    const service = `${(await url$).value as string}/OpenADR2/Simple/2.0b`;
    const post = (body: string, path = 'OadrPoll') =>
      fetch(`${service}/${path}`, { method: 'POST', body }).then(({ status }) => status);
    expect(await post('no XML')).toBe(400);
    expect(await post('x', 'Elsewhere')).toBe(404);
    expect(await post('x'.repeat(5_000_000)).catch(() => 413)).toBe(413);
    const { port } = new URL(service);
    const cut = connect(Number(port), '127.0.0.1');
    const half =
      'POST /OpenADR2/Simple/2.0b/OadrPoll HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n<half';
    await new Promise<void>((resolve) => cut.write(half, () => resolve()));
    cut.destroy();
    expect(await post(encodeMessage(POLL))).toBe(200);
    expect(agent.state).toBe('ready');
    expect((await host.stop()).left).toEqual([]);
  });
});

describe('a VEN and a VTN over HTTP', () => {
  it('register, follow an event from its ramp-up to its end, and report', async () => {
    const host = createHost({ clock: liveClock({ speed: 60 }), log: silentLog, stopTimeout: '10m' });
    const errors: string[] = [];
    host.errors$.subscribe((error) => errors.push(error.message));
    const noticed = firstValueFrom(
      host.outputs$.pipe(
        filter(({ stream, value }) => stream === 'notices$' && (value as Notice).kind === 'reported'),
      ),
    );
    const steps = firstValueFrom(
      host.outputs$.pipe(
        filter(({ stream }) => stream === 'timeline$'),
        take(4),
        toArray(),
      ),
    );
    const url = firstValueFrom(host.outputs$.pipe(filter(({ stream }) => stream === 'url$')));
    await host.start(vtn, {
      programme: {
        pollInterval: '10s',
        report: { granularity: '10s', reportBack: '1m' },
        events: [
          {
            id: 'e1',
            startsAt: '1m',
            rampUp: '20s',
            recovery: '10s',
            intervals: [{ lasts: '30s', value: 2 }],
          },
        ],
      },
    });
    const ven = createVen({ decide: () => 'optIn', measure: () => 1 });
    await host.start(
      { ...ven, needs: ['vtn'] },
      {
        venName: 'v1',
        vtnUrl: (await url).value as string,
        requestTimeout: '10m', // a minute a second: the machine may be busy for a while
        reports: [{ specifierId: 'site', points: [{ rId: 'load' }] }],
      },
    );
    expect((await steps).map(({ value }) => (value as EventStep).phase)).toEqual([
      'ramp-up',
      'active',
      'ramp-down',
      'completed',
    ]);
    await noticed;
    expect((await host.stop()).left).toEqual([]);
    expect(errors).toEqual([]);
  });
});

// A VTN for runs without a utility: an agent that serves a programme of events over HTTP, to VENs that pull.
import { filter, map, mergeMap, share, shareReplay, switchMap } from 'rxjs';
import { defineAgent } from 'rx-agent-kit';
import { z } from 'zod';
import { decodeMessage, encodeMessage } from '../ven/protocol/message';
import { ProtocolError } from '../ven/protocol/ProtocolError';
import { Desk } from './Desk';
import { EventBook } from './EventBook';
import { openServer, type Request } from './openServer';
import { Programme } from './programme';
import { textOf } from './textOf';

const PATH = /^\/OpenADR2\/Simple\/2\.0b\/(?:EiRegisterParty|EiEvent|EiReport|OadrPoll)$/;

export const vtn = defineAgent({
  name: 'vtn',
  config: z.object({
    /** 0 takes a free one. */
    port: z.number().int().min(0).default(0),
    programme: Programme,
  }),
  streams: ({ lifecycle, time, handle, config }) => {
    const server$ = lifecycle.start$.pipe(
      switchMap(() => {
        const desk = new Desk(config.programme, new EventBook(config.programme, time.wallNow()));
        return openServer(config.port).pipe(map((server) => ({ ...server, desk })));
      }),
      shareReplay({ bufferSize: 1, refCount: true }),
    );
    const answers$ = server$.pipe(
      switchMap(({ requests$, desk }) =>
        requests$.pipe(
          handle.merge(
            async ({ incoming, outgoing }: Request, { external }) => {
              const now = time.wallNow();
              outgoing.setHeader('date', new Date(now).toUTCString());
              if (incoming.method !== 'POST' || !PATH.test(incoming.url ?? '')) {
                outgoing.writeHead(404).end();
                return [];
              }
              const body = await external(textOf(incoming), 'the rest of a request');
              if (body === undefined) {
                outgoing.writeHead(413, { connection: 'close' }).end();
                return [];
              }
              try {
                const { reply, notices } = desk.answer(decodeMessage(body), now);
                outgoing.writeHead(200, { 'content-type': 'application/xml' }).end(encodeMessage(reply));
                return notices;
              } catch (error) {
                // Whoever asks gets an answer, whatever has gone wrong here.
                const isTheirs = error instanceof ProtocolError;
                outgoing.writeHead(isTheirs ? 400 : 500, { 'content-type': 'text/plain' });
                outgoing.end(isTheirs ? error.message : 'the VTN has failed');
                if (!isTheirs) throw error;
                return [];
              }
            },
            { name: 'answer' },
          ),
        ),
      ),
      share(),
    );
    return {
      url$: server$.pipe(map(({ url }) => url)),
      notices$: answers$.pipe(
        filter((notices) => notices.length > 0),
        mergeMap((notices) => notices),
      ),
    };
  },
  readyWhen: ({ url$ }) => url$,
});

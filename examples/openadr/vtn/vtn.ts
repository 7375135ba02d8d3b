// A VTN for runs without a utility: an agent that serves a programme of events over HTTP, to VENs that pull.
import { filter, map, mergeMap, share, shareReplay, switchMap, tap } from 'rxjs';
import { defineAgent } from 'rx-agent-kit';
import { z } from 'zod';
import { decodeMessage, encodeMessage } from '../ven/protocol/message';
import { ProtocolError } from '../ven/protocol/ProtocolError';
import { Desk, type DeskNotes } from './Desk';
import { EventBook } from './EventBook';
import { openServer, type Request } from './openServer';
import { Programme } from './programme';
import { textOf } from './textOf';

const PATH = /^\/OpenADR2\/Simple\/2\.0b\/(?:EiRegisterParty|EiEvent|EiReport|OadrPoll)$/;

/** What outlives the process of a VTN: where it listens, when its programme began, and what it knows of VENs. */
const vtnNotes = z.object({
  port: z.number().default(0),
  start: z.number().optional(),
  desk: z.custom<DeskNotes>().optional(),
});

/** @param isKept whether what it knows outlives its process; then its host needs a store */
const createVtn = (isKept: boolean) =>
  defineAgent({
    name: 'vtn',
    ...(isKept && { state: vtnNotes }),
    config: z.object({
      /** 0 takes a free one. */
      port: z.number().int().min(0).default(0),
      programme: Programme,
    }),
    streams: (context) => {
      const { lifecycle, time, handle, config } = context;
      const notes = (): z.infer<typeof vtnNotes> => (isKept ? context.state.get() : { port: 0 });
      const note = (change: Partial<z.infer<typeof vtnNotes>>): void => {
        if (isKept) context.state.update((before) => ({ ...before, ...change }));
      };
      const server$ = lifecycle.start$.pipe(
        switchMap(() => {
          const { port, start = time.wallNow(), desk: kept } = notes();
          const desk = new Desk(config.programme, new EventBook(config.programme, start), kept);
          return openServer(config.port || port).pipe(
            tap(({ url }) => note({ start, port: Number(new URL(url).port) })),
            map((server) => ({ ...server, desk })),
          );
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
                  note({ desk: desk.notes });
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

export const vtn = createVtn(false);

/** The same, which knows in its next life what it knew. */
export const durableVtn = createVtn(true);

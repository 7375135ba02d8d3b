// Invoices are sent after the start, and each is taken off the list when the mailer has answered: if the agent is
// restarted between the two, its next life sends the invoice again.
import { defineAgent, procedure } from 'rx-agent-kit';
import type { ExploreBody } from 'rx-agent-kit/testing';
import { z } from 'zod';
import type { SeededBug } from './support/SeededBug';

const send = procedure('mail/send', { input: z.string(), output: z.string() });

const mailerInto = (sent: string[], isKnown: (invoice: string) => boolean) =>
  defineAgent({
    name: 'mailer',
    streams: ({ bus }) => ({
      sent$: bus.serve(send, async (invoice, { sleep }) => {
        if (!isKnown(invoice)) sent.push(invoice);
        await sleep('20ms');
        return `${invoice} is on its way`;
      }),
    }),
  });

const billerOf = (open: Set<string>) =>
  defineAgent({
    name: 'biller',
    needs: ['mailer'],
    restart: { backoff: { from: '1s', jitter: 0 } },
    streams: ({ lifecycle, time, handle }) => ({
      billed$: lifecycle.start$.pipe(
        time.after('1s'),
        handle.switch(async function* (_start, { call }) {
          for (const invoice of [...open]) {
            yield await call(send, invoice);
            open.delete(invoice);
          }
        }),
      ),
    }),
  });

const breaks = 'an invoice is sent once at most';

const story =
  (isKnown: (sent: string[], invoice: string) => boolean): ExploreBody =>
  async ({ host, clock, always, eventually }) => {
    const [open, sent] = [new Set(['i1', 'i2', 'i3']), new Array<string>()];
    always(() => new Set(sent).size === sent.length, breaks);
    eventually(() => sent.length === 3, 'each invoice is sent');
    await host.startAll([mailerInto(sent, (invoice) => isKnown(sent, invoice)), billerOf(open)]);
    await clock.sleep('10s');
  };

export const billedTwice: SeededBug = {
  name: 'restart that runs something twice',
  breaks,
  wrong: story(() => false),
  right: story((sent, invoice) => sent.includes(invoice)),
  options: { latency: { calls: '0..50ms' }, disturb: { most: 1, restart: ['biller'] } },
};

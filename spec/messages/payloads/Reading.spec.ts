import { defineAgent, procedure, type ServedCall, topic } from 'rx-agent-kit';
import { marbleTest, type MarbleHelpers } from 'rx-agent-kit/testing';
import { z } from 'zod';

/** A schema that counts what it reads. */
function counted<T extends z.ZodType>(inner: T) {
  const count = { reads: 0 };
  const schema = inner.refine(() => {
    count.reads++;
    return true;
  });
  return { schema, count };
}

interface Place {
  n: number;
}
const place = z.object({ n: z.number() });

/** Calls once, and gives what the handler and the caller got, and what the server's stream showed. */
async function exchange({ start, clock }: MarbleHelpers, output: z.ZodType<Place>, input: z.ZodType<Place>) {
  const move = procedure('site/move', { input, output });
  const got: { taken?: Place; answer?: Place; served?: ServedCall<Place, Place> } = {};
  const server = start(
    defineAgent({
      name: 'server',
      streams: ({ bus }) => ({
        moves$: bus.serve(move, async (taken) => {
          got.taken = taken;
          return { n: taken.n + 1 };
        }),
      }),
    }),
  );
  server.streams.moves$.subscribe((served) => (got.served = served));
  start(
    defineAgent({
      name: 'caller',
      streams: ({ lifecycle, handle }) => ({
        calls$: lifecycle.start$.pipe(
          handle.switch(async (_start, { call }) => {
            got.answer = await call(move, { n: 1 });
          }),
        ),
      }),
    }),
  );
  await clock.sleep(1);
  return got;
}

describe('Reading', () => {
  it(
    'spares the server of a call to read its input once more',
    marbleTest(async (helpers) => {
      const { schema, count } = counted(place);
      const { taken, answer } = await exchange(helpers, place, schema);
      expect(taken).toEqual({ n: 1 });
      expect(answer).toEqual({ n: 2 });
      expect(count.reads).toBe(1);
    }),
  );

  it(
    'gives the caller an answer of its own, which is not what the stream of the server shows',
    marbleTest(async (helpers) => {
      const { answer, served, taken } = await exchange(helpers, place, place);
      expect(served).toEqual({ input: { n: 1 }, output: { n: 2 } });
      expect(served?.input).toBe(taken);
      expect(answer).toEqual({ n: 2 });
      expect(answer).not.toBe(served?.output);
    }),
  );

  it(
    'is no use to a receiver with another schema of the same name',
    marbleTest(async ({ start, clock }) => {
      const strict = topic('site/power', z.object({ kw: z.number() }));
      const coerced = topic('site/power', z.object({ kw: z.number().transform(String) }));
      const seen: unknown[] = [];
      start(
        defineAgent({
          name: 'both',
          streams: ({ bus, lifecycle, handle }) => ({
            heard$: bus.messages(coerced),
            sent$: lifecycle.start$.pipe(
              handle.switch(async () => {
                bus.publish(strict, { kw: 3 });
              }),
            ),
          }),
        }),
      ).streams.heard$.subscribe(({ payload }) => seen.push(payload));
      await clock.sleep(1);
      expect(seen).toEqual([{ kw: '3' }]);
    }),
  );

  it(
    'gives each of many subscribers a payload of its own',
    marbleTest(async ({ start, clock }) => {
      const { schema, count } = counted(place);
      const places = topic('site/places', schema);
      const seen: Place[] = [];
      start(
        defineAgent({
          name: 'many',
          streams: ({ bus, lifecycle, handle }) => {
            for (let n = 0; n < 3; n++)
              bus.messages(places).subscribe(({ payload }) => {
                payload.n *= 10;
                seen.push(payload);
              });
            return {
              sent$: lifecycle.start$.pipe(
                handle.switch(async () => {
                  bus.publish(places, { n: 1 });
                }),
              ),
            };
          },
        }),
      );
      await clock.sleep(1);
      expect(seen).toEqual([{ n: 10 }, { n: 10 }, { n: 10 }]);
      expect(count.reads).toBe(3);
    }),
  );
});

import { firstValueFrom, filter } from 'rxjs';
import { type Bus, type BusMessage, liveClock, Scheduler } from 'rx-agent-kit';

/** What is published to see that all before it is delivered. */
const SETTLED = 'contract/settled';

/** What the contract is tried on: a bus that is made anew for each case. */
export interface Ground {
  readonly bus: Bus;
  /** Makes the bus lose its connection, and find it again; both resolve when its status says so. */
  drop(): PromiseLike<void> | void;
  restore(): PromiseLike<void> | void;
}

/** What any {@link Bus} has to do. Real time passes, but no case waits for a span. */
export function busContract(name: string, createGround: () => Ground): void {
  describe(`${name} as a Bus`, () => {
    let ground: Ground;
    let bus: Bus;
    let thrown: unknown[];

    beforeEach(async () => {
      ground = createGround();
      bus = ground.bus;
      thrown = [];
      const timers = new Scheduler(liveClock());
      bus.connect({ timers, onError: (error) => thrown.push(error) });
      await reached(bus, 'connected');
    });

    afterEach(() => bus.close());

    /** Takes down what a filter gives. */
    function record(topicFilter: string): { readonly seen: string[]; readonly end: () => void } {
      const seen: string[] = [];
      const end = bus.subscribe(topicFilter, ({ topic, payload }) => {
        if (topic !== SETTLED) seen.push(`${topic} ${JSON.stringify(payload)}`);
      });
      return { seen, end };
    }

    /** Resolves when all that has been published so far is delivered. */
    async function delivered(): Promise<void> {
      let end = () => {};
      await new Promise<void>((resolve) => {
        end = bus.subscribe(SETTLED, () => resolve());
        bus.publish(SETTLED, null, false);
      });
      end();
    }

    function ask(procedure: string, payload: BusMessage['payload'] = null) {
      return new Promise((resolve) => void bus.request(procedure, payload, resolve));
    }

    describe('publish', () => {
      it('delivers any JSON, and nothing at all', async () => {
        const seen: unknown[] = [];
        bus.subscribe('data', ({ payload }) => seen.push(payload));
        const payloads = [null, true, -1.5, 'ü€😀', '', [], {}, { a: [{ b: null }] }, undefined];
        for (const payload of payloads) bus.publish('data', payload, false);
        await delivered();
        expect(seen).toEqual(payloads);
      });

      it('delivers later, never within the call', async () => {
        const { seen } = record('data');
        bus.publish('data', 1, false);
        expect(seen).toEqual([]);
        await delivered();
        expect(seen).toEqual(['data 1']);
      });

      it('keeps the order for each subscriber, over all of its topics [B28]', async () => {
        const { seen } = record('data/*');
        const expected = Array.from({ length: 2500 }, (_, n) => `data/${n % 3} ${n}`);
        for (let n = 0; n < 2500; n++) bus.publish(`data/${n % 3}`, n, false);
        await delivered();
        expect(seen).toEqual(expected);
      });

      it('refuses a payload of a million characters', () => {
        expect(() => bus.publish('data', 'x'.repeat(1_000_000), false)).toThrow(
          expect.objectContaining({ code: 'message-too-large' }),
        );
      });

      it('refuses a payload that is nested a thousand times', () => {
        let payload: BusMessage['payload'] = 0;
        for (let level = 0; level < 1000; level++) payload = [payload];
        expect(() => bus.publish('data', payload, false)).toThrow(
          expect.objectContaining({ code: 'message-too-large' }),
        );
      });

      it('takes a payload that is right below both limits', async () => {
        let payload: BusMessage['payload'] = 'x'.repeat(900_000);
        for (let level = 0; level < 999; level++) payload = [payload];
        const { seen } = record('data');
        bus.publish('data', payload, false);
        await delivered();
        expect(seen).toHaveLength(1);
      });
    });

    describe('subscribe', () => {
      it.each([
        ['devices/a', ['devices/a']],
        ['devices/+', ['devices/a', 'devices/ab']],
        ['devices/*', ['devices', 'devices/a', 'devices/a/b', 'devices/ab']],
        ['devices/a/*', ['devices/a', 'devices/a/b']],
        ['+/a', ['devices/a']],
        ['+/+/b', ['devices/a/b']],
        ['*', ['devices', 'devices/a', 'devices/a/b', 'devices/ab']],
        ['device', []],
      ])('matches %s by segment [B27]', async (topicFilter, expected) => {
        const { seen } = record(topicFilter);
        const topics = ['devices', 'devices/a', 'devices/a/b', 'devices/ab'];
        for (const topic of topics) bus.publish(topic, 0, false);
        await delivered();
        expect(seen).toEqual(expected.map((topic) => `${topic} 0`));
      });

      it('gives each of two subscribers of one topic each message', async () => {
        const one = record('data');
        const two = record('data');
        bus.publish('data', 1, false);
        await delivered();
        expect([one.seen, two.seen]).toEqual([['data 1'], ['data 1']]);
      });

      it('goes on for the others when a listener throws, and tells of it [B28]', async () => {
        const error = new Error('no thanks');
        const before = record('data');
        bus.subscribe('data', () => {
          throw error;
        });
        const behind = record('data');
        bus.publish('data', 1, false);
        bus.publish('data', 2, false);
        await delivered();
        expect(before.seen).toEqual(['data 1', 'data 2']);
        expect(behind.seen).toEqual(['data 1', 'data 2']);
        expect(thrown).toEqual([error, error]);
      });

      it('may be called and ended during a delivery [B28]', async () => {
        const log: string[] = [];
        const endFirst = bus.subscribe('data', () => {
          log.push('first');
          endFirst();
          endSecond();
          bus.subscribe('data', () => log.push('late'));
        });
        const endSecond = bus.subscribe('data', () => log.push('second'));
        bus.subscribe('data', () => log.push('third'));
        bus.publish('data', 1, false);
        await delivered();
        expect(log).toEqual(['first', 'third']);
        bus.publish('data', 2, false);
        await delivered();
        expect(log.slice(2)).toEqual(['third', 'late']);
      });

      it('gives nothing after its end, however often that is called', async () => {
        const { seen, end } = record('data');
        const other = record('data');
        end();
        end();
        bus.publish('data', 1, false);
        await delivered();
        expect(seen).toEqual([]);
        expect(other.seen).toEqual(['data 1']);
      });
    });

    describe('retain', () => {
      it('gives the last message of each topic to whoever subscribes later, before any other', async () => {
        for (const n of [1, 2]) {
          bus.publish('state/a', n, true);
          bus.publish('state/b', n, true);
        }
        bus.publish('other', 1, true);
        await delivered();
        const { seen } = record('state/+');
        bus.publish('state/a', 3, true);
        await delivered();
        expect(seen.slice(0, 2).sort()).toEqual(['state/a 2', 'state/b 2']);
        expect(seen.slice(2)).toEqual(['state/a 3']);
      });

      it('keeps nothing that is not to be kept', async () => {
        bus.publish('state/a', 1, true);
        bus.publish('state/a', 2, false);
        await delivered();
        const { seen } = record('state/a');
        await delivered();
        expect(seen).toEqual(['state/a 1']);
      });
    });

    describe('request', () => {
      it('brings the payload to the server, and its answer back', async () => {
        bus.serve('double', (payload, answer) => {
          answer({ isOk: true, payload: { twice: Number(payload) * 2 } });
          return () => {};
        });
        expect(await ask('double', 21)).toEqual({ isOk: true, payload: { twice: 42 } });
      });

      it('brings the code and the message of a failure back', async () => {
        bus.serve('double', (_payload, answer) => {
          answer({ isOk: false, code: 'too-hot', message: 'no' });
          return () => {};
        });
        expect(await ask('double')).toEqual({ isOk: false, code: 'too-hot', message: 'no' });
      });

      it('fails at once when nobody serves it, but not within the call [B30]', async () => {
        let isWithin = true;
        const reply = new Promise((resolve) => {
          bus.request('nobody', null, (answer) => resolve({ isWithin, answer }));
        });
        isWithin = false;
        expect(await reply).toMatchObject({ isWithin: false, answer: { isOk: false, code: 'unreachable' } });
      });

      it('reaches no server after that has ended', async () => {
        const end = bus.serve('double', (_payload, answer) => {
          answer({ isOk: true, payload: null });
          return () => {};
        });
        end();
        expect(await ask('double')).toMatchObject({ isOk: false, code: 'unreachable' });
      });

      it('takes one answer only', async () => {
        const replies: unknown[] = [];
        bus.serve('double', (_payload, answer) => {
          answer({ isOk: true, payload: 1 });
          answer({ isOk: true, payload: 2 });
          return () => {};
        });
        bus.request('double', null, (reply) => replies.push(reply));
        await ask('double');
        expect(replies).toEqual([{ isOk: true, payload: 1 }]);
      });

      it('tells the server when the caller calls off, and brings no answer then [B30]', async () => {
        const begun = moment();
        const calledOff = moment();
        let answerLate = () => {};
        bus.serve('slow', (_payload, answer) => {
          answerLate = () => answer({ isOk: true, payload: null });
          begun.come();
          return calledOff.come;
        });
        const replies: unknown[] = [];
        const callOff = bus.request('slow', null, (reply) => replies.push(reply));
        await begun.promise;
        callOff();
        await calledOff.promise;
        answerLate();
        await delivered();
        expect(replies).toEqual([]);
      });

      it('refuses a payload beyond the limits', () => {
        expect(() => bus.request('double', 'x'.repeat(1_000_000), () => {})).toThrow(
          expect.objectContaining({ code: 'message-too-large' }),
        );
      });

      it('lets a procedure have one server', () => {
        const serve = () => bus.serve('double', () => () => {});
        const end = serve();
        expect(serve).toThrow(expect.objectContaining({ code: 'duplicate-server' }));
        end();
        expect(serve).not.toThrow();
      });
    });

    describe('status$', () => {
      it('gives the present status, then each change [B10]', async () => {
        const log: string[] = [];
        bus.status$.subscribe((status) => log.push(status));
        await ground.drop();
        await ground.restore();
        await reached(bus, 'connected');
        expect(log.filter((status) => status !== 'connecting')).toEqual([
          'connected',
          'disconnected',
          'connected',
        ]);
      });

      it('is disconnected while nothing can be sent [B10]', async () => {
        await ground.drop();
        for (const send of [() => bus.publish('data', 1, false), () => bus.request('double', 1, () => {})])
          expect(send).toThrow(expect.objectContaining({ code: 'bus-disconnected' }));
      });

      it('comes back with all subscriptions and servers [B10]', async () => {
        const { seen } = record('data');
        bus.serve('double', (_payload, answer) => {
          answer({ isOk: true, payload: 1 });
          return () => {};
        });
        await ground.drop();
        await ground.restore();
        await reached(bus, 'connected');
        bus.publish('data', 1, false);
        await delivered();
        expect(seen).toEqual(['data 1']);
        expect(await ask('double')).toMatchObject({ isOk: true });
      });

      it('fails the open requests when it drops', async () => {
        const begun = moment();
        bus.serve('slow', () => {
          begun.come();
          return () => {};
        });
        const reply = ask('slow');
        await begun.promise;
        await ground.drop();
        expect(await reply).toMatchObject({ isOk: false, code: 'bus-disconnected' });
      });

      it('is closed for good, and completes', async () => {
        const log: string[] = [];
        bus.status$.subscribe({ next: (status) => log.push(status), complete: () => log.push('|') });
        await bus.close();
        expect(log).toEqual(['connected', 'closed', '|']);
        expect(() => bus.publish('data', 1, false)).toThrow();
      });
    });
  });
}

async function reached(bus: Bus, wanted: string): Promise<void> {
  await firstValueFrom(bus.status$.pipe(filter((status) => status === wanted)));
}

/** Something that is waited for. */
function moment(): { readonly promise: Promise<void>; readonly come: () => void } {
  let come = () => {};
  const promise = new Promise<void>((resolve) => (come = resolve));
  return { promise, come };
}

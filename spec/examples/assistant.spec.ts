import { everyCrash, marbleTest, runMarbles, type MarbleHelpers } from 'rx-agent-kit/testing';
import { defineAgent } from 'rx-agent-kit';
import { assistantWith } from '../../examples/assistant/assistant';
import {
  answerPart,
  approval,
  asked,
  question,
  reminder,
  stopButton,
  type Turn,
} from '../../examples/assistant/contracts';
import { scripted } from '../../examples/assistant/scripted';
import { shop } from '../../examples/assistant/shop';

const HOUR = 3_600_000;
const LOOKED_UP = 'This is what I know: {"order":"7","euros":42,"state":"delivered"}';
const REFUNDED = 'This is what I know: {"order":"7","receipt":"receipt 1"}';

/** A person before the screen: sees what the assistant says, and says something until it is kept. */
class Person {
  open: string | undefined;
  readonly reminders: string[] = [];
  readonly answers: string[] = [];
  conversation: readonly Turn[] = [];
  private text: string[] = [];

  constructor(private readonly helpers: Pick<MarbleHelpers, 'start' | 'host' | 'bus' | 'clock'>) {
    const { start, clock } = helpers;
    start(shop);
    const { streams } = start(assistantWith(scripted));
    streams.conversation$.subscribe((now) => (this.conversation = now));
    streams.answers$.subscribe((answer) => this.answers.push(`${answer} (${hours(clock.now())})`));
    const screen = defineAgent({
      name: 'screen',
      streams: ({ bus }) => {
        bus.messages(asked).subscribe(({ payload }) => (this.open = payload?.id));
        bus
          .messages(reminder)
          .subscribe(({ payload }) => this.reminders.push(`${payload} (${hours(clock.now())})`));
        bus.messages(answerPart).subscribe(({ payload: { index, text } }) => {
          this.text = [...this.text.slice(0, index), text];
        });
        return {};
      },
    });
    start(screen);
  }

  get screen(): string {
    return this.text.join('');
  }

  ask(text: string): Promise<void> {
    return this.send((bus) => bus.publish(question, text));
  }

  async decide(yes: boolean): Promise<void> {
    const id = this.open ?? 'nothing is asked';
    await this.send((bus) => bus.publish(approval, { id, yes }));
  }

  /** Until it is kept. */
  private async send(publish: (bus: MarbleHelpers['bus']) => void): Promise<void> {
    const { host, bus, clock } = this.helpers;
    for (;;) {
      try {
        if (host.agents.get('assistant')?.state !== 'ready') throw new Error('nobody is there');
        publish(bus);
        await host.kept();
        return;
      } catch {
        await clock.sleep('1s');
      }
    }
  }
}

function hours(at: number): string {
  return `${Math.round((at / HOUR) * 100) / 100} h`;
}

describe('the assistant', () => {
  it(
    'answers in parts, as they come',
    marbleTest(async (helpers) => {
      const { clock } = helpers;
      const person = new Person(helpers);
      await clock.sleep(0);
      await person.ask('Where is order 7?');
      await clock.sleep('500ms');
      expect(person.screen).toBe('This is ');
      await clock.sleep('2s');
      expect(person.screen).toBe(LOOKED_UP);
      expect(person.answers).toEqual([`${LOOKED_UP} (0 h)`]);
    }),
  );

  it(
    'asks a person before it refunds, reminds after an hour, and goes on when there is a yes',
    marbleTest(async (helpers) => {
      const { clock } = helpers;
      const person = new Person(helpers);
      await clock.sleep(0);
      await person.ask('Please refund order 7');
      await clock.sleep('30m');
      expect(person.open).toBeDefined();
      expect(person.reminders).toEqual([]);
      await clock.sleep('90m');
      expect(person.reminders).toEqual(['refund order 7 (1 h)']);
      await person.decide(true);
      await clock.sleep('1m');
      expect(person.answers).toEqual([`${REFUNDED} (2 h)`]);
      expect(person.open).toBeUndefined();
    }),
  );

  it.each([
    ['when there is a no', async (person: Person) => person.decide(false), '1 h'],
    ['after two days', async () => {}, '48 h'],
  ])('refunds nothing %s', async (_when, decide, at) => {
    const { trace } = await runMarbles(
      async (helpers) => {
        const person = new Person(helpers);
        await helpers.clock.sleep(0);
        await person.ask('Please refund order 7');
        await helpers.clock.sleep('1h');
        await decide(person);
        await helpers.clock.sleep('3d');
        expect(person.answers).toEqual([`This is what I know: "nobody has allowed it" (${at})`]);
      },
      { assertsElsewhere: true },
    );
    expect(trace.filter((event) => event.type === 'value' && event.stream === 'refunds$')).toEqual([]);
  });

  it(
    'stops at once at the stop button, in an answer and at a question of its own',
    marbleTest(async (helpers) => {
      const { clock, bus, host } = helpers;
      const person = new Person(helpers);
      await clock.sleep(0);
      for (const text of ['Where is order 7?', 'Please refund order 7']) {
        await person.ask(text);
        await clock.sleep('500ms');
        bus.publish(stopButton, null);
        await clock.sleep(1);
        expect(host.ledger().filter(({ agent, kind }) => agent === 'assistant' && kind === 'run')).toEqual(
          [],
        );
      }
      await clock.sleep('3d');
      expect(person.answers).toEqual([]);
      expect(person.reminders).toEqual([]);
    }),
  );

  it(
    'asks again on a new screen when the process has died, and knows what was said before',
    marbleTest(async (helpers) => {
      const { clock, crash } = helpers;
      const person = new Person(helpers);
      await clock.sleep(0);
      await person.ask('Where is order 7?');
      await person.ask('Please refund order 7');
      crash('10m', { down: '10m' });
      await clock.sleep('15m');
      person.open = undefined;
      await clock.sleep('15m');
      expect(person.open).toBeDefined();
      await clock.sleep('1h');
      expect(person.reminders).toEqual(['refund order 7 (1 h)']);
      await person.decide(true);
      await clock.sleep('1m');
      expect(person.answers).toEqual([`${LOOKED_UP} (0 h)`, `${REFUNDED} (1.5 h)`]);
    }),
  );

  it(
    'forgets nothing and refunds once, wherever the process dies',
    everyCrash(
      async (helpers) => {
        const { clock } = helpers;
        const person = new Person(helpers);
        await clock.sleep(0);
        await person.ask('Where is order 7?');
        await clock.sleep('1m');
        await person.ask('Please refund order 7');
        await clock.sleep('2h');
        await person.decide(true);
        await clock.sleep('1h');
        await person.ask('Where is order 7?');
        await clock.sleep('1h');
        expect(person.conversation.filter(({ by }) => by === 'person').map(({ text }) => text)).toEqual([
          'Where is order 7?',
          'Please refund order 7',
          'Where is order 7?',
        ]);
        expect(person.conversation.map(({ by }) => by[0]).join('')).toBe('ptaptapta');
        const texts = person.answers.map((answer) => answer.replace(/ \(.*/, ''));
        expect(texts.at(-1)).toBe(LOOKED_UP.replace('delivered', 'refunded'));
        expect(texts.filter((text) => text.includes('receipt'))).toEqual([REFUNDED]);
      },
      { down: '5m' },
    ),
  );
});

// An assistant takes the next answer for the answer to its question: the one that comes after the question before has
// been given up is told as the answer to another one.
import { filter } from 'rxjs';
import { AgentError, defineAgent, topic } from 'rx-agent-kit';
import type { ExploreBody } from 'rx-agent-kit/testing';
import { z } from 'zod';
import type { SeededBug } from './support/SeededBug';

const text = z.object({ id: z.int(), text: z.string() });
const asked = topic('chat/asked', z.string());
const question = topic('model/questions', text);
const answer = topic('model/answers', text);

const model = defineAgent({
  name: 'model',
  streams: ({ bus, handle }) => ({
    answered$: bus.messages(question).pipe(
      handle.merge(async ({ payload: { id, text: asks } }, { sleep }) => {
        await sleep('200ms');
        bus.publish(answer, { id, text: `about ${asks}` });
      }),
    ),
  }),
});

const assistantThat = (looksAtId: boolean) =>
  defineAgent({
    name: 'assistant',
    needs: ['model'],
    streams: ({ bus, handle }) => {
      let id = 0;
      return {
        told$: bus.messages(asked).pipe(
          handle.concat(async ({ payload: asks }, { next }) => {
            const mine = ++id;
            const answers$ = bus
              .messages(answer)
              .pipe(filter(({ payload }) => !looksAtId || payload.id === mine));
            const told = next(answers$, { what: 'the answer', timeout: '1s' });
            bus.publish(question, { id: mine, text: asks });
            try {
              return { asks, told: (await told).payload.text };
            } catch (error) {
              if (error instanceof AgentError && error.code === 'wait-timeout')
                return { asks, told: 'no idea' };
              throw error;
            }
          }),
        ),
      };
    },
  });

const breaks = 'what is told belongs to what was asked';

const story =
  (looksAtId: boolean): ExploreBody =>
  async ({ host, bus, clock, always }) => {
    const seen: { asks: string; told: string }[] = [];
    await host.start(model);
    const assistant = await host.start(assistantThat(looksAtId));
    assistant.streams.told$.subscribe((one) => seen.push(one));
    always(() => seen.every(({ asks, told }) => told === 'no idea' || told === `about ${asks}`), breaks);
    for (const asks of ['tea', 'milk']) {
      bus.publish(asked, asks);
      await clock.sleep('1500ms');
    }
  };

export const lateReply: SeededBug = {
  name: 'late reply taken for the next question',
  breaks,
  wrong: story(false),
  right: story(true),
  options: { latency: '0..1s' },
};

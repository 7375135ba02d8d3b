// An assistant that outlives its process: what was said, what its tools have given, and what it waits for.
import { filter, map } from 'rxjs';
import { type AgentError, defineAgent, type Run } from 'rx-agent-kit';
import { z } from 'zod';
import * as contracts from './contracts';
import type { Model, Part } from './Model';

const { question, stopButton, answerPart, asked, reminder, approval, lookUp, refund, Turn } = contracts;

export const assistantWith = (model: Model) =>
  defineAgent({
    name: 'assistant',
    config: z.object({ remindAfter: z.string().default('1h'), giveUpAfter: z.string().default('2d') }),
    state: z.object({ conversation: z.array(Turn).default([]) }),
    streams: ({ bus, handle, state, config }) => {
      /** One turn of the model. Its text is told as it comes; when the process dies in it, it is asked again. */
      async function write(conversation: readonly contracts.Turn[], run: Run): Promise<Part> {
        let text = '';
        let index = 0;
        for await (const part of model(conversation, run)) {
          if (!('text' in part)) return part;
          text += part.text;
          bus.publish(answerPart, { index: index++, text: part.text });
        }
        return { text };
      }

      /** Asks a person, reminds him once, and gives up at last. */
      async function isAllowed(
        what: string,
        name: string,
        { key, step, next, sleep }: Run,
      ): Promise<boolean> {
        const id = `${key} ${name}`;
        bus.publish(asked, { id, what });
        const yes$ = bus.messages(approval).pipe(
          filter(({ payload }) => payload.id === id),
          map(({ payload }) => payload.yes),
        );
        const said = next(yes$, { step: `${name}: yes`, timeout: config.giveUpAfter }).catch(ifTooLate);
        const first = await Promise.race([said, sleep(config.remindAfter, { step: `${name}: patience` })]);
        if (first === undefined) await step(`${name}: reminder`, async () => bus.publish(reminder, what));
        return said.finally(() => {
          bus.publish(asked, null);
        });
      }

      async function use(part: Exclude<Part, { text: string }>, name: string, run: Run): Promise<unknown> {
        const { order } = part.input;
        if (part.tool === 'lookUp') return run.call(lookUp, { order }, { step: name });
        if (!(await isAllowed(`refund order ${order}`, name, run))) return 'nobody has allowed it';
        return run.call(refund, { order, key: `${run.key} ${name}` }, { step: name });
      }

      return {
        conversation$: state.state$.pipe(map(({ conversation }) => conversation)),
        answers$: bus.messages(question).pipe(
          map(({ payload }) => payload),
          handle.concat(
            async (text, run) => {
              const conversation = [...state.get().conversation, said('person', text)];
              for (let round = 1; ; round++) {
                const part = await run.step(`round ${round}`, () => write(conversation, run));
                if ('text' in part) {
                  state.set({ conversation: [...conversation, said('assistant', part.text)] });
                  return part.text;
                }
                const given = await use(part, `tool ${round}`, run);
                conversation.push(said('tool', JSON.stringify(given)));
              }
            },
            // What is stopped has not been said.
            {
              durable: 'questions',
              until: () => bus.messages(stopButton),
              retry: { count: 3, backoff: '5s' },
            },
          ),
        ),
      };
    },
  });

function said(by: contracts.Turn['by'], text: string): contracts.Turn {
  return { by, text };
}

function ifTooLate(error: unknown): false {
  if ((error as AgentError).code !== 'wait-timeout') throw error;
  return false;
}

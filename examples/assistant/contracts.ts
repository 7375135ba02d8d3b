// What a person and an assistant say to each other, and the tools that it may use.
import { z } from 'zod';
import { procedure, topic } from 'rx-agent-kit';

export const question = topic('assistant/questions', z.string());
export const stopButton = topic('assistant/stop', z.null());

/** An answer as it is written. One that is begun again begins with the part 0. */
export const answerPart = topic('assistant/parts', z.object({ index: z.number(), text: z.string() }));

/** What a person is asked before it is done; null when nothing is asked any more. */
export const asked = topic('assistant/asked', z.object({ id: z.string(), what: z.string() }).nullable(), {
  retain: 'last',
});
export const reminder = topic('assistant/reminders', z.string());
export const approval = topic('assistant/approvals', z.object({ id: z.string(), yes: z.boolean() }));

const order = z.string();
const euros = z.number();

export const lookUp = procedure('shop/look-up', {
  input: z.object({ order }),
  output: z.object({ order, euros, state: z.enum(['delivered', 'refunded']) }),
});
/** Whoever asks twice by one key gets what he got, and it is done once. */
export const refund = procedure('shop/refund', {
  input: z.object({ order, key: z.string() }),
  output: z.object({ order, receipt: z.string() }),
});

/** One thing that was said, or that a tool has given. */
export const Turn = z.object({ by: z.enum(['person', 'assistant', 'tool']), text: z.string() });
export type Turn = z.infer<typeof Turn>;

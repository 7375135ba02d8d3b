import type { Model } from './Model';

/** A model that follows a script, and writes five words a second. */
export const scripted: Model = async function* (conversation, { sleep }) {
  const { by, text } = conversation.at(-1) ?? { by: 'person', text: '' };
  const order = /order (\w+)/i.exec(text)?.[1];
  if (by === 'person' && order !== undefined) {
    yield { tool: /refund/i.test(text) ? 'refund' : 'lookUp', input: { order } };
    return;
  }
  const answer = by === 'tool' ? `This is what I know: ${text}` : 'Ask me about an order, or to refund one.';
  for (const word of answer.split(/(?<= )/)) {
    await sleep('200ms');
    yield { text: word };
  }
};

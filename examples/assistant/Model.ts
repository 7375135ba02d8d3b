import type { Run } from 'rx-agent-kit';
import type { Turn } from './contracts';

/** What a model gives: pieces of its text as they come, and then maybe a tool that it wants to use. */
export type Part =
  | { readonly text: string }
  | { readonly tool: 'lookUp' | 'refund'; readonly input: { readonly order: string } };

/**
 * A client of a model: all that the assistant knows of one. Give the run's `signal` to the client, so that the stop
 * button reaches it:
 * ```ts
 * const real: Model = async function* (conversation, { signal }) {
 *   for await (const event of client.stream({ messages: toMessages(conversation), tools }, { signal })) yield toPart(event);
 * };
 * ```
 */
export type Model = (
  conversation: readonly Turn[],
  run: Pick<Run, 'signal' | 'sleep'>,
) => AsyncIterable<Part>;

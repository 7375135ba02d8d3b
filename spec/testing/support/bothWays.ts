import { type RunHelpers, TestScheduler } from 'rxjs/testing';
import { runMarbles } from 'rx-agent-kit/testing';

/** What a test has compared, in order, and what it has thrown. */
export interface Seen {
  readonly compared: readonly { readonly actual: unknown; readonly expected: unknown }[];
  readonly thrown: unknown;
}

/** A body that both RxJS's `TestScheduler.run` and `runMarbles` take. */
export type Body = (helpers: RunHelpers) => void;

export function seenByTestScheduler(body: Body): Seen {
  const compared: Seen['compared'][number][] = [];
  try {
    new TestScheduler((actual, expected) => {
      compared.push(copy({ actual, expected }));
    }).run(body);
    return { compared, thrown: undefined };
  } catch (thrown) {
    return { compared, thrown };
  }
}

export async function seenByMarbles(body: Body): Promise<Seen> {
  const compared: Seen['compared'][number][] = [];
  const assertDeepEqual = (actual: unknown, expected: unknown): void => {
    compared.push(copy({ actual, expected }));
  };
  try {
    await runMarbles(body, { assertDeepEqual, assertsElsewhere: true });
    return { compared, thrown: undefined };
  } catch (thrown) {
    return { compared, thrown };
  }
}

/** What is compared goes on changing; classes do not matter. */
function copy<T>(value: T): T {
  if (Array.isArray(value)) return value.map(copy) as T;
  if (typeof value !== 'object' || value === null || value instanceof Error) return value;
  const { constructor } = value;
  if (constructor !== Object && constructor.name !== 'SubscriptionLog') return `[${constructor.name}]` as T;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, copy(one)])) as T;
}

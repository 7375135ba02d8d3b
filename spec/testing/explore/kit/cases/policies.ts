import { map } from 'rxjs';
import { defineAgent, type Policy } from 'rx-agent-kit';
import type { ExploreBody } from 'rx-agent-kit/testing';
import type { KitCase } from '../KitCase';

interface Trigger {
  readonly key: string;
  readonly n: number;
}

/** Triggers of two keys, of which several come at one instant. */
const TRIGGERS = ['a', 'b', 'a', 'a', 'b', 'a', 'b', 'b'];

/** The runs of each key, as their handlers see them. */
class Runs {
  readonly begun: Trigger[] = [];
  readonly done: Trigger[] = [];
  private readonly live = new Map<string, Set<number>>();

  begin(trigger: Trigger, signal: AbortSignal): () => void {
    this.begun.push(trigger);
    const live = this.live.get(trigger.key) ?? new Set();
    this.live.set(trigger.key, live);
    live.add(trigger.n);
    const end = () => live.delete(trigger.n);
    signal.addEventListener('abort', end);
    return end;
  }

  get most(): number {
    return Math.max(0, ...[...this.live.values()].map(({ size }) => size));
  }

  of(list: readonly Trigger[], key: string): number[] {
    return list.filter((trigger) => trigger.key === key).map(({ n }) => n);
  }
}

/** How many runs of a key there may be at once. */
const MOST: Readonly<Record<Policy, number>> = { switch: 1, concat: 1, merge: 2, exhaust: 1 };

const body =
  (policy: Policy, isDisturbed: boolean): ExploreBody =>
  ({ start, hot, always, eventually, choose, fault }) => {
    const runs = new Runs();
    const source$ = hot(
      'a-bc--d--(ef)-g---h|',
      Object.fromEntries(TRIGGERS.map((key, n) => ['abcdefgh'[n]!, { key, n }])),
    );
    const work = async (
      trigger: Trigger,
      run: {
        sleep(ms: number): Promise<void>;
        external(p: Promise<unknown>): Promise<unknown>;
        readonly signal: AbortSignal;
      },
    ) => {
      const end = runs.begin(trigger, run.signal);
      try {
        await run.sleep(choose(4, 'a sleep of so many ms'));
        fault('a handler');
        await run.external(Promise.resolve());
        await run.sleep(2);
        return trigger;
      } finally {
        end();
      }
    };
    const options = {
      key: ({ key }: Trigger) => key,
      retry: { count: 1, backoff: 2, jitter: 0 },
    };
    const worker = defineAgent({
      name: 'worker',
      streams: ({ handle }) => ({
        done$: source$.pipe(
          policy === 'merge'
            ? handle.merge(work, { ...options, concurrency: 2 })
            : handle[policy](work, options),
          map((trigger: Trigger) => {
            runs.done.push(trigger);
            return trigger;
          }),
        ),
      }),
    });
    start(worker);
    always(() => runs.most <= MOST[policy], `${policy} runs no more than ${MOST[policy]} of a key at once`);
    always(
      () => new Set(runs.done.map(({ n }) => n)).size === runs.done.length,
      'no trigger gives its value twice',
    );
    always(
      () => policy === 'merge' || ['a', 'b'].every((key) => isAscending(runs.of(runs.done, key))),
      'the values of a key are in the order of its triggers',
    );
    if (isDisturbed) return;
    eventually(
      () => policy === 'switch' || policy === 'exhaust' || runs.done.length === TRIGGERS.length,
      `${policy} loses no trigger`,
    );
    eventually(
      () => policy !== 'switch' || ['a', 'b'].every((key) => runs.of(runs.done, key).at(-1) === lastOf(key)),
      'switch gives the value of the last trigger of each key',
    );
  };

function lastOf(key: string): number {
  return TRIGGERS.lastIndexOf(key);
}

function isAscending(numbers: readonly number[]): boolean {
  return numbers.every((n, at) => at === 0 || n > numbers[at - 1]!);
}

export const policies: readonly KitCase[] = (['switch', 'concat', 'merge', 'exhaust'] as const).flatMap(
  (policy) => [
    {
      name: `${policy} with keys and retries`,
      body: body(policy, false),
      options: { latency: '0..5ms', stall: '0..10ms' },
    },
    {
      name: `${policy} with keys, retries and lives`,
      body: body(policy, true),
      options: { latency: '0..5ms', disturb: { most: 2, restart: ['worker'], stop: ['worker'] } },
    },
  ],
);

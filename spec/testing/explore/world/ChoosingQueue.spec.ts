import fc from 'fast-check';
import { FINITE } from '../../../../lib/time/queue/rank';
import { TimerQueue } from '../../../../lib/time/queue/TimerQueue';
import type { Task } from '../../../../lib/time/queue/Timers';
import { ChoosingQueue } from '../../../../lib/testing/explore/world/ChoosingQueue';

type Step =
  | { readonly do: 'add'; readonly in: number }
  | { readonly do: 'move'; readonly which: number; readonly in: number }
  | { readonly do: 'remove'; readonly which: number }
  | { readonly do: 'pass'; readonly ms: number }
  | { readonly do: 'take' };

const steps: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.oneof(
    fc.record({ do: fc.constant('add' as const), in: fc.nat(5) }),
    fc.record({ do: fc.constant('move' as const), which: fc.nat(), in: fc.nat(5) }),
    fc.record({ do: fc.constant('remove' as const), which: fc.nat() }),
    fc.record({ do: fc.constant('pass' as const), ms: fc.nat(4) }),
    fc.record({ do: fc.constant('take' as const) }),
  ),
  { maxLength: 60 },
);

const task = (): Task => ({ run: () => undefined, fail: () => undefined });

/** Plays the steps on a queue, and gives what was taken, and how much was left each time. */
function play(
  list: readonly Step[],
  make: (clock: {
    now(): number;
  }) => Pick<TimerQueue<Task>, 'add' | 'move' | 'remove' | 'take' | 'size' | 'nextDue' | 'count'>,
) {
  let now = 0;
  const queue = make({ now: () => now });
  const names = new Map<Task, number>();
  const armed: { readonly task: Task; readonly slot: number }[] = [];
  const seen: (number | string | undefined)[] = [];
  for (const step of list) {
    const one = 'which' in step ? armed[step.which % Math.max(1, armed.length)] : undefined;
    if (step.do === 'add') {
      const added = task();
      names.set(added, names.size);
      armed.push({ task: added, slot: queue.add(now + step.in, added, FINITE) });
    } else if (step.do === 'pass') now += step.ms;
    else if (step.do === 'take') {
      const taken = queue.take(now);
      seen.push(taken && names.get(taken));
      const at = armed.findIndex((other) => other.task === taken);
      if (at >= 0) armed.splice(at, 1);
    } else if (one !== undefined) {
      if (step.do === 'move') queue.move(one.slot, now + step.in);
      else {
        queue.remove(one.slot);
        armed.splice(armed.indexOf(one), 1);
      }
    }
    seen.push(`${queue.size} ${queue.count(FINITE)} ${Math.max(queue.nextDue(), now)}`);
  }
  return seen;
}

describe('ChoosingQueue', () => {
  it('is the plain queue where all that is chosen is 0', () => {
    fc.assert(
      fc.property(steps, (list) => {
        expect(play(list, (clock) => new ChoosingQueue({ choose: () => 0 }, clock))).toEqual(
          play(list, () => new TimerQueue<Task>()),
        );
      }),
      { numRuns: 500 },
    );
  });

  it('gives each task once, at its instant, whatever is chosen', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(5), { maxLength: 20 }), fc.array(fc.nat()), (spans, answers) => {
        let now = 0;
        let at = 0;
        const choose = (n: number) => (answers[at++ % Math.max(1, answers.length)] ?? 0) % n;
        const queue = new ChoosingQueue({ choose }, { now: () => now });
        const due = new Map<Task, number>();
        for (const span of spans) {
          const one = task();
          due.set(one, span);
          queue.add(span, one);
        }
        for (; now <= 5; now++)
          for (let misses = 0; misses < 3;) {
            const taken = queue.take(now);
            if (taken === undefined) misses++;
            else {
              expect(due.get(taken)).toBe(now);
              due.delete(taken);
              misses = 0;
            }
            if (queue.nextDue() > now) break;
          }
        for (let rest = queue.take(9); rest !== undefined || queue.size > 0; rest = queue.take(9))
          if (rest !== undefined) due.delete(rest);
        expect(due.size).toBe(0);
      }),
    );
  });
});

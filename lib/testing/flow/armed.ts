import { RestartTimer } from '../../host/supervision/RestartTimer';
import { formatMs } from '../../time/spans/duration';
import { ScheduledAction } from '../../time/queue/ScheduledAction';
import type { Task } from '../../time/queue/Timers';
import { KeyedWait } from '../../time/operators/KeyedAfterSubscriber';
import { TimerSubscriber } from '../../time/operators/TimerSubscriber';
import { Sleep } from '../session/TestClock';
import { TimeoutPlace } from '../../time/virtual/VirtualTimeouts';

/** How much is named. */
const NAMED = 5;

const TIMERS = { immediate: 'setImmediate', interval: 'setInterval', timeout: 'setTimeout' } as const;

/** Those on whom something is armed. */
export interface Armed {
  armed(): Iterable<{ readonly due: number; readonly owner: Task }>;
}

/** Says what is armed, and for when; no more than a few. */
export function describeArmed(hosts: Armed, start: number): string[] {
  const armed = [...hosts.armed()]
    .filter(({ owner }) => !(owner instanceof TimeoutPlace) || owner.isWaiting)
    .sort((one, other) => one.due - other.due);
  const named = armed
    .slice(0, NAMED)
    .map(({ due, owner }) => `${nameOf(owner)} for ${formatMs(due - start)}`);
  return armed.length > NAMED ? [...named, `${armed.length - NAMED} more`] : named;
}

function nameOf(task: Task): string {
  if (task instanceof TimeoutPlace) return TIMERS[task.lane];
  if (task instanceof RestartTimer) return 'a restart';
  if (task instanceof TimerSubscriber) return `${task.kind}()`;
  if (task instanceof KeyedWait) return 'after()';
  if (task instanceof Sleep) return 'a sleep of the body';
  return task instanceof ScheduledAction ? 'scheduled work' : 'a wait of a run';
}

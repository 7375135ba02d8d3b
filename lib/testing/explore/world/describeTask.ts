import { ActiveRun } from '../../../handlers/run/ActiveRun';
import { Deadline } from '../../../handlers/run/Deadline';
import { Wait } from '../../../handlers/waits/Wait';
import type { RunScope } from '../../../handlers/run/RunScope';
import { RestartTimer } from '../../../host/supervision/RestartTimer';
import { Dispatch } from '../../../messages/memory/Dispatch';
import { TimerSubscriber } from '../../../time/operators/TimerSubscriber';
import { formatMs } from '../../../time/spans/duration';
import type { Task } from '../../../time/queue/Timers';
import { TimeoutPlace } from '../../../time/virtual/VirtualTimeouts';
import { FrameAction } from '../../flow/Frames';

const TIMERS = { immediate: 'setImmediate', interval: 'setInterval', timeout: 'setTimeout' } as const;

/** Says what a task is, and whose. */
export function describeTask(task: Task): string {
  if (task.title !== undefined) return task.title;
  if (task instanceof FrameAction) return task.lane?.what ?? 'the test itself';
  if (task instanceof Wait) {
    const { scope, stream, id } = task.waiter;
    return `${scope.agent}.${stream} run ${id} (${task.on} ${task.detail})`;
  }
  if (task instanceof ActiveRun) return `the timeout of ${task.scope.agent}.${task.stream} run ${task.id}`;
  if (task instanceof Deadline) return 'the deadline of a wait';
  if (task instanceof TimeoutPlace) return `${TIMERS[task.lane]} of ${formatMs(task.timeout.delay)}`;
  if (task instanceof RestartTimer) return 'a restart';
  if (task instanceof Dispatch) return 'what is under way on the bus';
  const { place } = task;
  const whose =
    place === undefined ? '' : `${(place.owner as Partial<RunScope>).agent ?? ''}.${place.stream}`;
  if (task instanceof TimerSubscriber) return `${whose} (${task.kind})`;
  return whose === '' ? 'the body of the test' : `${whose} (scheduled work)`;
}

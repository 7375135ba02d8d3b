import { Alarm } from '../../../agent/life/Alarms';
import { ScheduledAction } from '../../../time/queue/ScheduledAction';
import type { Task } from '../../../time/queue/Timers';
import { TimeoutPlace } from '../../../time/virtual/VirtualTimeouts';
import { Arrival } from '../../network/Road';
import { Sleep } from '../../session/TestClock';
import { FrameAction } from '../../flow/Frames';
import { LateDelivery } from './LateDelivery';

/** What is done at once is done in the order in which it was asked for. */
const AT_ONCE = {};

/**
 * The lane of a task: those of one lane keep their order, as the scheduler promises it. Undefined for what belongs to
 * the test itself, which stays in its place.
 *
 * @param isAtOnce whether it was armed for the very instant at which that was done
 * @param armedNow stands for all that is armed at this instant
 */
export function laneOf(task: Task, isAtOnce: boolean, armedNow: object): object | undefined {
  if (task instanceof FrameAction) return task.lane;
  if (task instanceof LateDelivery) return task.receiver;
  if (task instanceof Arrival) return task.lane;
  // Agents that are started at one instant are told apart: which is first is nobody's business.
  if (task instanceof Alarm) return task;
  if (isAtOnce) return AT_ONCE;
  // What RxJS schedules for one stream has an order: `delay` gives its values in the order in which it took them. Where
  // it is not known for whom, that holds for what is scheduled at one instant.
  if (task instanceof ScheduledAction || task instanceof Sleep) return task.place ?? armedNow;
  // Whoever's place comes up, their own line says who is called.
  return task instanceof TimeoutPlace ? task.timeout.timeouts : task;
}

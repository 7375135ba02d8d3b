import { formatMs } from '../../time/spans/duration';
import type { DeadlineTask } from '../../time/queue/Deadlines';
import type { Rank } from '../../time/queue/rank';
import { NO_SLOT } from '../../time/queue/TimerQueue';
import type { Answer, Callable, Caller } from './Callable';
import { CallError } from './CallError';
import { PromisedWait } from './PromisedWait';
import type { WaitList } from './Wait';

/** A wait for the answer to a call, up to its deadline. */
export class Call<V> extends PromisedWait<V> implements Answer, DeadlineTask {
  deadlineSlot = NO_SLOT;
  constructor(
    waits: WaitList,
    private readonly caller: Caller,
    private readonly procedure: Callable<unknown, V>,
    readonly timeout: number,
  ) {
    super(waits, 'call', procedure.name, true, waits.run.scope.lately().at);
    caller.deadlines.arm(this);
  }

  get rank(): Rank {
    return this.waits.run.rank;
  }

  send(input: unknown): this {
    this.open();
    try {
      this.release = this.caller.send(this.procedure, input, this);
    } catch (error) {
      this.fail(error);
    }
    return this;
  }

  /** As a task, a call is its deadline. */
  run(): void {
    this.deadlineSlot = NO_SLOT;
    const { agent } = this.waits.run.scope;
    const { name: procedure } = this.procedure;
    const message = `${agent}: the call of ${procedure} was not answered within ${formatMs(this.timeout)}. See whether its server is at work, or give the call a longer timeout.`;
    this.fail(new CallError({ code: 'call-timeout', agent, procedure, message }));
    this.release?.();
  }

  override close(): boolean {
    if (!super.close()) return false;
    this.caller.deadlines.disarm(this);
    return true;
  }
}

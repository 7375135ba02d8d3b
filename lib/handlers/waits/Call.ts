import { formatMs } from '../../time/spans/duration';
import { NO_SLOT } from '../../time/queue/TimerQueue';
import type { Task } from '../../time/queue/Timers';
import type { Answer, Callable } from './Callable';
import { CallError } from './CallError';
import { PromisedWait } from './PromisedWait';
import type { WaitList } from './Wait';

/** A wait for the answer to a call, up to its deadline. */
export class Call<V> extends PromisedWait<V> implements Answer, Task {
  private slot: number;

  constructor(
    waits: WaitList,
    private readonly procedure: Callable<unknown, V>,
    private readonly timeout: number,
  ) {
    super(waits, 'call', procedure.name);
    const { scope, rank } = waits.run;
    this.slot = scope.arm(this.since + timeout, this, rank);
  }

  send(input: unknown): this {
    this.open();
    try {
      this.release = this.waits.run.scope.caller?.send(this.procedure, input, this);
    } catch (error) {
      this.fail(error);
    }
    return this;
  }

  /** As a task, a call is its deadline. */
  run(): void {
    this.slot = NO_SLOT;
    const { agent } = this.waits.run.scope;
    const { name: procedure } = this.procedure;
    const message = `${agent}: the call of ${procedure} was not answered within ${formatMs(this.timeout)}. See whether its server is at work, or give the call a longer timeout.`;
    this.fail(new CallError({ code: 'call-timeout', agent, procedure, message }));
    this.release?.();
  }

  override close(): boolean {
    if (!super.close()) return false;
    if (this.slot !== NO_SLOT) this.waits.run.scope.disarm(this.slot);
    this.slot = NO_SLOT;
    return true;
  }
}

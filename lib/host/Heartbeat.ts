import { type Observable, of, type Subscription } from 'rxjs';
import type { ZodType } from 'zod';
import type { Health } from '../agent/AgentHandle';
import type { HostBus } from '../messages/bus/HostBus';
import { toPayload } from '../messages/payloads/json';
import { type Topic, topic } from '../messages/topics/topic';
import type { Duration } from '../time/spans/duration';
import { every } from '../time/operators/every';
import type { Scheduler } from '../time/queue/Scheduler';
import type { Trace } from '../trace/Trace';

/** What a host says of its health on {@link hostHealth}. */
export interface HostBeat {
  readonly host: string;
  readonly status: Health['status'];
  /** Why it is bad. */
  readonly reason?: string | undefined;
  /** Since when, in ms. */
  readonly since: number;
  /** When it was said, in ms. */
  readonly at: number;
}

/** Written by hand, as the kit itself does without zod: only those who define schemas load it. */
const beat = {
  safeParse: (data: unknown) => {
    const { host, status, reason = '', since, at } = (data ?? {}) as Partial<Record<keyof HostBeat, unknown>>;
    const texts = [host, status, reason];
    const isBeat =
      texts.every((text) => typeof text === 'string') &&
      [since, at].every((instant) => typeof instant === 'number');
    if (isBeat) return { success: true, data };
    return { success: false, error: { issues: [{ path: [], message: "is no host's heartbeat" }] } };
  },
} as unknown as ZodType<HostBeat>;

/**
 * The topic on which hosts with a `heartbeat` publish their health; the last one of each host is retained.
 * ```ts
 * bus.messages(hostHealth).pipe(filter(({ payload }) => payload.status === 'bad'))
 * ```
 */
export const hostHealth: Topic<{ host: string }, ZodType<HostBeat>> = topic('hosts/:host/health', beat, {
  retain: 'last',
});

/** What a heartbeat needs of its host. */
export interface BeatingHost {
  readonly name: string;
  readonly condition: { readonly current: Health };
  readonly scheduler: Scheduler;
  readonly bus: HostBus;
  readonly trace: Trace;
  observerFailed(error: unknown): void;
}

/** Publishes a host's health at once and then over and over, and its end. A beat is left out while there is no connection. */
export class Heartbeat {
  private readonly address: string;
  private readonly beat$: Observable<unknown>;
  private subscription: Subscription | undefined;

  /** @throws AgentError `bad-duration`; `bad-topic` if the host's name cannot be part of one */
  constructor(
    private readonly host: BeatingHost,
    period: Duration,
  ) {
    ({ address: this.address } = hostHealth.at({ host: host.name }));
    this.beat$ = of(undefined).pipe(every(period, { immediate: true }, host.scheduler));
  }

  begin(): void {
    // eslint-disable-next-line rxjs-x/no-ignored-error -- it never fails
    this.subscription = this.beat$.subscribe(() => {
      this.beat();
    });
  }

  /** The process has ended: it says nothing any more. */
  vanish(): void {
    this.subscription?.unsubscribe();
  }

  /** Says for the last time how the host is. */
  end(): void {
    this.subscription?.unsubscribe();
    this.beat();
  }

  private beat(): void {
    const { host, address } = this;
    if (!host.bus.connection.isConnected) return;
    const said: HostBeat = { host: host.name, ...host.condition.current, at: host.scheduler.now() };
    try {
      const payload = toPayload(address, said);
      host.bus.bus.publish(address, payload, true);
      if (host.trace.isWatched)
        host.trace.write({ type: 'message-published', agent: host.name, topic: address, payload });
    } catch (error) {
      host.observerFailed(error);
    }
  }
}

// Hears what the site says on the bus, and which machine has said it.
import { map, merge, type Observable } from 'rxjs';
import { defineAgent, type Message } from 'rx-agent-kit';
import type { Style } from '../show/Board';
import { drEvent, drSignal, siteLimit, venStatus } from '../topics';

/** Something that an agent of the site has said. */
export interface Heard {
  /** The machine that it runs on. */
  readonly machine: string;
  readonly text: string;
  readonly style: Style;
  /** Whether the site is asked to use less at present. */
  readonly isEvent?: boolean;
}

const from =
  <Params, Payload>(tell: (payload: Payload, params: Params) => Omit<Heard, 'machine'>) =>
  (messages$: Observable<Message<Params, Payload>>): Observable<Heard> =>
    messages$.pipe(
      map(({ payload, params, origin }) => ({ machine: origin?.sender ?? '', ...tell(payload, params) })),
    );

export const watcher = defineAgent({
  name: 'watcher',
  streams: ({ bus }) => ({
    heard$: merge(
      bus.messages(venStatus).pipe(
        from(({ state, venId }) => ({
          text: venId === null ? state : `${state}: ${venId}`,
          style: state === 'unreachable' || state === 'refused' ? 'red' : 'green',
        })),
      ),
      bus
        .messages(drEvent)
        .pipe(from(({ status, opt }, { id }) => ({ text: `${id} ${status}, ${opt}`, style: 'yellow' }))),
      bus.messages(drSignal).pipe(
        from(({ signal, value, phase }) => ({
          text: phase === 'idle' ? 'signal idle' : `${signal} ${value}, ${phase}`,
          style: 'magenta',
          isEvent: phase === 'active',
        })),
      ),
      bus.messages(siteLimit).pipe(
        from(({ limit }) => ({
          text: `limit ${Math.round(limit * 100)} %`,
          style: limit < 1 ? 'red' : 'green',
        })),
      ),
    ),
  }),
});

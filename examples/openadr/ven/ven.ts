// A VEN of OpenADR 2.0b: it registers with a VTN, polls it, follows its events, and reports.
import { EMPTY, map, merge, Subject } from 'rxjs';
import { defineAgent, type RandomSource } from 'rx-agent-kit';
import { clients } from './clients';
import { type VenConfig, venConfig } from './config';
import { eventing } from './eventing';
import { following } from './following';
import { HttpVtn } from './HttpVtn';
import type { Measure } from './measuring';
import { noNotebook, notebookIn, venNotes } from './Notebook';
import { polling } from './polling';
import { publishing } from './publishing';
import type { Decide } from './receive';
import { registering } from './registering';
import { reporting } from './reporting';
import { replying } from './replying';
import { status } from './status';
import { VenClient } from './VenClient';
import type { Vtn } from './Vtn';

export interface VenOptions {
  /** Default `'ven'`. */
  readonly name?: string;
  /** Makes the way to the VTN. Default simple HTTP. */
  readonly connect?: (config: VenConfig) => Vtn;
  /** Whether the site takes part in an event. Default it does not. */
  readonly decide?: Decide;
  /** Measures what is reported. Default nothing can be measured. */
  readonly measure?: Measure;
  /** What jitter and the spread of starts are drawn from. Default the host's. */
  readonly random?: RandomSource;
  /**
   * Whether its registration, its events and its unsent reports outlive its process; then a stop does not cancel the
   * registration. The host needs a store. Default false.
   */
  readonly durable?: boolean;
}

/**
 * Makes the VEN agent. Each part of it is a pipeline from a trigger by a timer to an async handler:
 * ```
 * start --3s--> client --> registration --> session --> polls --> events --> timeline --> signal
 *                 ^ config     ^ retry          \--> offers --> samples --> reports
 * ```
 */
export function createVen({
  name = 'ven',
  connect = overHttp,
  decide = () => 'optOut',
  measure = () => Promise.reject(new Error('Nothing can be measured: give createVen a measure.')),
  random,
  durable = false,
}: VenOptions = {}) {
  return defineAgent({
    name,
    config: venConfig,
    ...(durable && { state: venNotes }),
    streams: (context) => {
      const notebook = durable ? notebookIn(context.state) : noNotebook;
      const present = clients(
        context,
        (config) =>
          new VenClient(
            config,
            connect(config),
            () => context.time.wallNow(),
            random ?? context.random,
            notebook,
          ),
        durable,
      );
      const { client$, left$ } = present;
      const rejoin$ = new Subject<VenClient>(); // closes the circle: what a poll brings may ask for another registration
      const { registration$, session$, failure$: unregistered$ } = registering(context, client$, rejoin$);
      const { polls$, failure$: unpolled$ } = polling(context, session$, rejoin$);
      const reports = reporting(context, present, session$, measure);
      const { setBack } = reports.control;
      const { events$, responses$ } = eventing(context, session$, polls$, decide, setBack);
      const { timeline$, signal$ } = following(context, client$, events$);
      const { replies$, expelled$ } = replying(context, polls$, reports, rejoin$);
      const status$ = status({
        start$: merge(context.lifecycle.start$, durable ? left$ : EMPTY),
        registration$,
        polls$,
        failure$: merge(unregistered$, unpolled$),
        cancelled$: merge(
          durable ? EMPTY : left$,
          expelled$.pipe(map(() => 'the VTN has cancelled the registration')),
        ),
      });
      return {
        events$,
        timeline$,
        signal$,
        status$,
        published$: publishing(context, { events$, timeline$, signal$, status$ }),
        registration$,
        polls$,
        responses$,
        replies$,
        offers$: reports.offers$,
        batches$: reports.batches$,
        reports$: reports.reports$,
        sensors$: reports.sensors$,
        recorded$: reports.recorded$,
        setbacks$: reports.setbacks$,
        // The last one: when a client comes, all others are subscribed.
        client$: client$.pipe(map((client) => client?.config.vtnUrl)),
        left$,
      };
    },
  });
}

function overHttp({ vtnUrl: url, tls, requestTimeout: timeout }: VenConfig): Vtn {
  return new HttpVtn({ url, tls, timeout });
}

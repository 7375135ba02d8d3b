import { type AgentHandle, seededRandom } from 'rx-agent-kit';
import type { MarbleHelpers } from 'rx-agent-kit/testing';
import { createVen, type VenOptions } from '../../../../examples/openadr/ven/ven';
import type { EventStep, PresentSignal } from '../../../../examples/openadr/ven/present';
import type { VenStatus } from '../../../../examples/openadr/ven/status';
import { FakeVtn } from './FakeVtn';
import { MINUTE } from './drEvent';

type VenDefinition = ReturnType<typeof createVen>;
export type Ven = AgentHandle<ReturnType<VenDefinition['streams']>, NonNullable<VenDefinition['config']>>;
type Config = Parameters<Ven['configure']>[0];

export interface Play {
  readonly vtn: FakeVtn;
  readonly ven: Ven;
  readonly clock: MarbleHelpers['clock'];
  /** What happened, each with its minute. */
  readonly signals: string[];
  readonly steps: string[];
  readonly states: string[];
  readonly errors: string[];
  /** Stops the VEN, and checks that nothing of it is left. */
  readonly stop: () => Promise<void>;
}

const CONFIG: Config = { venName: 'my ven', vtnUrl: 'https://vtn.example.com' };

/** Starts a VEN that opts in, with a scripted VTN. */
export async function playVen(
  { host, clock }: Pick<MarbleHelpers, 'host' | 'clock'>,
  { config = {}, ...options }: VenOptions & { readonly config?: Partial<Config> } = {},
): Promise<Play> {
  const vtn = new FakeVtn(clock);
  const definition = createVen({
    connect: () => vtn,
    decide: () => 'optIn',
    measure: () => 1.5,
    random: seededRandom(1),
    ...options,
  });
  const [signals, steps, states, errors]: string[][] = [[], [], [], []];
  const note = (lines: string[] | undefined, text: string): unknown =>
    lines?.push(`${clock.now() / MINUTE} ${text}`);
  host.outputs$.subscribe(({ stream, value }) => {
    if (stream === 'signal$') {
      const { phase, value: level } = value as PresentSignal;
      note(signals, `${phase} ${level}`);
    }
    if (stream === 'timeline$') {
      const { phase, values } = value as EventStep;
      note(steps, `${phase} ${values.map(({ value: level }) => level).join()}`);
    }
    if (stream === 'status$') note(states, (value as VenStatus).state);
  });
  host.errors$.subscribe(({ message }) => note(errors, message));
  const ven = await host.start(definition, { ...CONFIG, ...config });
  const stop = async (): Promise<void> => {
    const { left } = await ven.stop();
    expect(left).toEqual([]);
    expect(ven.ledger()).toEqual([]);
  };
  return { vtn, ven, clock, signals: signals!, steps: steps!, states: states!, errors: errors!, stop };
}

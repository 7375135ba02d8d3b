import fc from 'fast-check';
import { map, NEVER, type Observable, of, tap } from 'rxjs';
import {
  type AgentContext,
  type AgentError,
  type AgentDefinition,
  type AgentHandle,
  group,
  type Host,
  memoryBus,
  type OnError,
  procedure,
  type RestartOptions,
  type Startable,
  type Strategy,
  topic,
} from 'rx-agent-kit';
import { runMarbles } from 'rx-agent-kit/testing';
import { z } from 'zod';
import type { MemoryBus } from '../../../lib/messages/memory/InMemoryBus';
import { agentOf, armedIn, hostOn } from './support';

const HOSTS = Number(process.env['LIVES_HOSTS'] ?? 200);

const reading = topic('reading/:from', z.string());

/** Whatever is to be chosen, from a seed. */
class Choice {
  constructor(private state: number) {
    this.state |= 1;
  }

  below(n: number): number {
    this.state ^= this.state << 13;
    this.state ^= this.state >>> 17;
    this.state ^= this.state << 5;
    return (this.state >>> 0) % n;
  }

  /** Whether one of so many is it. */
  one(of: number): boolean {
    return this.below(of) === 0;
  }

  among<T>(...all: readonly T[]): T {
    return all[this.below(all.length)]!;
  }
}

/** All trouble is over after this, in ms and in lives. */
const TROUBLE = 3000;
const LIVES = 3;

interface Plan {
  readonly name: string;
  readonly needs: readonly string[];
}

const throwing = (what: string) => (): never => {
  throw new Error(what);
};

/** An agent that does as it likes for some lives, and well after that. */
function randomAgent(choice: Choice, { name, needs }: Plan, restart?: RestartOptions) {
  let lives = 0;
  const isOnBus = choice.one(2);
  const isDeaf = choice.one(5);
  const ping = procedure(`${name}/ping`, { input: z.number(), output: z.number() });
  const streams = ({ lifecycle, time, handle, bus, scheduler }: AgentContext<object>) => {
    const { setup$, start$, stop$, finish$ } = lifecycle;
    const life = ++lives;
    const isTroubled = life <= LIVES && time.now() < TROUBLE;
    const made: Record<string, Observable<unknown>> = {
      up$: start$.pipe(time.after(choice.among(0, 0, 10, 100))),
      closing$: stop$.pipe(
        handle.merge(async (_event, { sleep }) =>
          isDeaf && isTroubled ? new Promise<void>(() => undefined) : sleep(choice.among(0, 0, 5, 30, 200)),
        ),
      ),
      closed$: finish$.pipe(handle.merge((_event, { sleep }) => sleep(choice.among(0, 0, 10)))),
    };
    if (isOnBus) {
      made['message$'] = bus.messages(reading);
      made['served$'] = bus.serve(ping, async () => 1);
      made['said$'] = stop$.pipe(tap(() => bus.publish(reading.at({ from: name }), 'bye')));
    }
    if (!isTroubled) return made;
    if (choice.one(life === 1 ? 50 : 8)) throw new Error('no set-up');
    scheduler.schedule(() => undefined, 10_000).add(throwing('teardown of work'));
    const at =
      life === 1 ? choice.among(undefined, 200, 500, 900, 1500) : choice.among(undefined, 0, 1, 50, 150, 400);
    if (at !== undefined) {
      const failure = choice.among<'stream' | OnError>('stream', 'stream', 'restart', 'continue', 'stop');
      const due$ = start$.pipe(time.after(at));
      made['fault$'] =
        failure === 'stream'
          ? due$.pipe(map(throwing('stream')))
          : due$.pipe(handle.merge(async () => throwing('run')(), { onError: failure }));
    }
    const seldom = life === 1 ? 60 : 10;
    if (choice.one(seldom)) made['setup$'] = setup$.pipe(map(throwing('setup$')));
    if (choice.one(10)) made['late$'] = stop$.pipe(map(throwing('stop$')));
    if (choice.one(10))
      made['fatal$'] = stop$.pipe(handle.merge(async () => throwing('fatal')(), { onError: 'stop' }));
    if (choice.one(seldom)) made['broken$'] = of(1).pipe(map(throwing('at once')));
    return made;
  };
  return agentOf(name, streams, {
    needs,
    ...(restart && { restart }),
    startTimeout: '2s',
    stopTimeout: 50,
    readyWhen: ({ up$ }) => up$ ?? NEVER,
  });
}

function randomRestart(choice: Choice): RestartOptions {
  return {
    max: choice.among(0, 1, 3, Infinity),
    within: choice.among('100ms', '1s', '1h'),
    backoff: { from: choice.among(0, 50, 500), to: '2s', factor: 2, jitter: 0 },
  };
}

function randomList(choice: Choice): { readonly list: Startable[]; readonly plans: readonly Plan[] } {
  const count = 2 + choice.below(5);
  const plans: Plan[] = [];
  const list: Startable[] = [];
  let members: AgentDefinition[] = [];
  const close = (): void => {
    if (members.length > 0)
      list.push(
        group({
          name: `group ${list.length}`,
          strategy: choice.among<Strategy>('one-for-one', 'rest-for-one', 'one-for-all'),
          restart: randomRestart(choice),
          agents: members,
        }),
      );
    members = [];
  };
  for (let index = 0; index < count; index++) {
    const plan = {
      name: `a${index}`,
      needs: plans.filter(() => choice.one(3)).map(({ name }) => name),
    };
    plans.push(plan);
    const isAlone = choice.one(3);
    const agent = randomAgent(choice, plan, isAlone && choice.one(2) ? randomRestart(choice) : undefined);
    if (isAlone) list.push(agent);
    else members.push(agent);
    if (choice.one(3)) close();
  }
  close();
  return { list, plans };
}

function needsOf(host: Host, name: string): readonly string[] {
  return (host.agents.get(name) as unknown as { needs: readonly string[] }).needs;
}

/** Notes whoever starts before those that it needs are ready, and whoever comes back who was gone. */
function watch(host: Host): { readonly handles: Set<AgentHandle>; readonly wrong: string[] } {
  const handles = new Set<AgentHandle>();
  const wrong: string[] = [];
  host.trace$.subscribe((event) => {
    if (event.type !== 'phase') return;
    const handle = host.agents.get(event.agent);
    if (handle !== undefined && !handles.has(handle)) {
      handles.add(handle);
      handle.state$.subscribe({
        complete: () => host.agents.get(handle.name) === handle && wrong.push('no free name'),
      });
    }
    if (event.phase !== 'start') return;
    for (const need of needsOf(host, event.agent)) {
      const state = host.agents.get(need)?.state ?? 'gone';
      if (state !== 'ready' && state !== 'gone')
        wrong.push(`${event.agent} starts while ${need} is ${state}`);
    }
  });
  return { handles, wrong };
}

/** Stops agents, starts others of their names, and cuts the bus, now and then. */
async function meddle(
  choice: Choice,
  host: Host,
  bus: MemoryBus,
  sleepUntil: (at: number) => Promise<void>,
  plans: readonly Plan[],
) {
  const acts = Array.from({ length: choice.below(6) }, () => choice.below(TROUBLE)).sort(
    (one, other) => one - other,
  );
  for (const at of acts) {
    await sleepUntil(at);
    const { name } = choice.among(...plans);
    const act = choice.among('drop', 'restore', 'restore', 'stop', 'start');
    if (act === 'drop') bus.drop();
    else if (act === 'restore') bus.restore();
    else if (act === 'stop') void host.agents.get(name)?.stop();
    else if (!host.agents.has(name))
      void host.start(randomAgent(choice, { name, needs: [] })).catch(() => undefined);
  }
}

async function play(seed: number): Promise<void> {
  const choice = new Choice(seed);
  await runMarbles(
    async ({ clock }) => {
      const bus = memoryBus();
      const host = hostOn(clock, { bus, startTimeout: '2s', stopTimeout: 50, stopDeadline: '1s' });
      const told = new Set<string>();
      host.errors$.subscribe(({ agent = 'host' }) => told.add(agent));
      const { list, plans } = randomList(choice);
      const { handles, wrong } = watch(host);
      let started = 'pending';
      const start = host.startAll(list).then(
        () => (started = 'ready'),
        (error: unknown) => (started = (error as AgentError).code),
      );
      const sleepUntil = (at: number) => clock.sleep(Math.max(0, at - clock.now()));
      await meddle(choice, host, bus, sleepUntil, plans);
      if (!choice.one(6)) {
        bus.restore();
        await sleepUntil(3_600_000);
        const atRest = [...handles].every(
          ({ name, state }) =>
            state === 'ready' ||
            state === 'stopped' ||
            (state === 'failed' && (told.has(name) || started !== 'ready')),
        );
        const waiting = host.ledger().filter(({ kind }) => kind !== 'run');
        const isStarted = started === 'ready' || started === 'start-failed';
        expect({ seed, isStarted, atRest, waiting }).toEqual({
          seed,
          isStarted: true,
          atRest: true,
          waiting: [],
        });
      }
      const begun = clock.now();
      await host.stop();
      await start;
      const isInTime = clock.now() - begun <= 1000;
      const left = [...handles].flatMap((handle) => handle.ledger()).filter(({ kind }) => kind !== 'run');
      const areGone = [...handles].every(({ state }) => state === 'stopped' || state === 'failed');
      expect({
        seed,
        wrong,
        isInTime,
        left,
        areGone,
        armed: armedIn(host),
        agents: host.agents.size,
      }).toEqual({
        seed,
        wrong: [],
        isInTime: true,
        left: [],
        areGone: true,
        armed: 0,
        agents: 0,
      });
    },
    { assertsElsewhere: true },
  );
}

describe('Any host', () => {
  it('comes to rest when nothing fails any more, and stops by its deadline without a trace', async () => {
    await fc.assert(fc.asyncProperty(fc.integer(), play), { numRuns: HOSTS });
  }, 300_000);
});

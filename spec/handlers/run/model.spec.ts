import fc from 'fast-check';
import { Subject } from 'rxjs';
import { defineAgent, type QueueOptions } from 'rx-agent-kit';
import { runMarbles } from 'rx-agent-kit/testing';

type Policy = 'switch' | 'concat' | 'merge' | 'exhaust';

/** A trigger at an instant, whose handler takes a while and succeeds or fails. */
interface Job {
  readonly at: number;
  readonly takes: number;
  readonly fails: boolean;
}

interface Options extends Required<QueueOptions> {
  readonly concurrency: number;
}

/** What becomes of the jobs: `0 start 3`, `trigger index, what, instant`. */
type Story = string[];

/** The policies, as plainly as they can be said. Ends at an instant come behind its triggers, in the order of their starts. */
function reference(policy: Policy, jobs: readonly Job[], { concurrency, buffer, overflow }: Options): Story {
  const story: Story = [];
  const running: { index: number; end: number }[] = [];
  const waiting: number[] = [];
  const room = policy === 'merge' ? concurrency : 1;
  const begin = (index: number, at: number): void => {
    story.push(`${index} start ${at}`);
    running.push({ index, end: at + jobs[index]!.takes });
  };
  const take = (index: number, at: number): void => {
    if (policy === 'switch') {
      for (const { index: old } of running.splice(0)) story.push(`${old} abort ${at}`);
      begin(index, at);
    } else if (running.length < room) begin(index, at);
    else if (policy === 'exhaust') story.push(`${index} drop ${at}`);
    else if (waiting.length < buffer) waiting.push(index);
    else if (overflow === 'drop-oldest' && buffer > 0) {
      story.push(`${waiting.shift()} drop ${at}`);
      waiting.push(index);
    } else story.push(`${index} drop ${at}`);
  };
  const instants = jobs.reduce((last, { at, takes }) => last + at + takes, 0);
  for (let now = 0; now <= instants; now++) {
    jobs.forEach(({ at }, index) => {
      if (at === now) take(index, now);
    });
    for (const done of running.filter(({ end }) => end === now)) {
      running.splice(running.indexOf(done), 1);
      story.push(`${done.index} ${jobs[done.index]!.fails ? 'fail' : 'settle'} ${now}`);
      while (waiting.length > 0 && running.length < room) begin(waiting.shift()!, now);
    }
  }
  return story;
}

/** What becomes of the jobs in an agent, as its trace tells it. */
async function observed(policy: Policy, jobs: readonly Job[], options: Options): Promise<Story> {
  const story: Story = [];
  const { concurrency, ...queue } = options;
  const known = { switch: {}, concat: queue, merge: { concurrency, ...queue }, exhaust: {} }[policy];
  const { errors } = await runMarbles(
    ({ start, host }) => {
      const trigger$ = new Subject<number>();
      const triggerOf = new Map<number, number>();
      let starting = -1;
      host.trace$.subscribe((event) => {
        if (event.type === 'trigger-dropped') story.push(`${String(event.value)} drop ${event.at}`);
        else if (event.type === 'run-started') starting = event.run;
        else if (
          event.type === 'run-settled' ||
          event.type === 'run-failed' ||
          event.type === 'run-aborted'
        ) {
          const what = { 'run-settled': 'settle', 'run-failed': 'fail', 'run-aborted': 'abort' }[event.type];
          story.push(`${triggerOf.get(event.run)} ${what} ${event.at}`);
        }
      });
      start(
        defineAgent({
          name: 'agent',
          streams: ({ handle }) => ({
            result$: trigger$.pipe(
              handle[policy](async (index, { sleep, now }) => {
                triggerOf.set(starting, index);
                story.push(`${index} start ${now()}`);
                await sleep(jobs[index]!.takes);
                if (jobs[index]!.fails) throw new Error(`${index}`);
                return index;
              }, known),
            ),
          }),
        }),
      );
      jobs.forEach(({ at }, index) => setTimeout(() => trigger$.next(index), at));
    },
    { assertsElsewhere: true },
  );
  expect(errors.filter(({ code }) => code === 'handler-failed')).toHaveLength(
    story.filter((line) => line.includes('fail')).length,
  );
  return story;
}

const job = fc.record({
  at: fc.integer({ min: 1, max: 30 }),
  takes: fc.integer({ min: 1, max: 12 }),
  fails: fc.boolean(),
});
// Triggers that come at one instant come in the order of their numbers.
const jobs = fc.array(job, { maxLength: 12 }).map((list) => list.sort((a, b) => a.at - b.at));
const options = fc.record({
  concurrency: fc.integer({ min: 1, max: 3 }),
  buffer: fc.integer({ min: 0, max: 3 }),
  overflow: fc.constantFrom('fail', 'drop-oldest', 'drop-newest'),
});

describe.each(['switch', 'concat', 'merge', 'exhaust'] as const)('handle.%s', (policy) => {
  it('does what a naive reference does, instant for instant', async () => {
    await fc.assert(
      fc.asyncProperty(jobs, options, async (list, given) => {
        expect(await observed(policy, list, given)).toEqual(reference(policy, list, given));
      }),
      { numRuns: 150 },
    );
  }, 30_000);
});

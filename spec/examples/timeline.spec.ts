import { merge, tap } from 'rxjs';
import { type AgentDefinition, defineAgent, type Duration } from 'rx-agent-kit';
import { runMarbles } from 'rx-agent-kit/testing';
import { greeter } from '../../examples/01-delayed-async-handler';
import { Summary } from '../../examples/support/summary';
import { type Paint, timeline } from '../../examples/support/timeline';

const plain: Paint = (_style, text) => text;

/** What is drawn of an agent that is stopped after a span. */
async function drawn(agent: AgentDefinition, span: Duration, paint = plain): Promise<string[]> {
  const lines: string[] = [];
  const summary = new Summary();
  await runMarbles(
    async ({ host, clock }) => {
      timeline(host.trace$.pipe(tap((event) => summary.add(event))), paint).subscribe((line) =>
        lines.push(line),
      );
      await host.start(agent);
      await clock.sleep(span);
      await host.stop();
    },
    { assertsElsewhere: true },
  );
  return [...lines, String(summary)];
}

describe('timeline', () => {
  it('draws an agent from setup to stop', async () => {
    expect(await drawn(greeter, '5s')).toEqual([
      '    time  agents                timers                    runs and values',
      '  0.000s  ● greeter setup',
      '  0.000s  ● greeter configured',
      '  0.000s  ● greeter start',
      '  0.000s                        ┌ greeting$ armed: after 3s',
      '  0.000s  ● greeter ready       │',
      '  3.000s                        └ greeting$ fired: after',
      '  3.000s                                                  ┌ run 1 of greeting$',
      '  3.000s                                                  ├ run 1 waits: sleep 1s',
      '  4.000s                                                  ├ run 1 goes on',
      "  4.000s                                                  │ → greeting$ 'hello!'",
      '  4.000s                                                  └ run 1 settled',
      '  5.000s  ● greeter stopping',
      '  5.000s  ● greeter finish',
      '  5.000s  ● greeter stopped',
      '5.000s: 1 timer fired, 1 run settled, 1 value, no errors',
    ]);
  });

  it('draws what a stop cuts off', async () => {
    expect((await drawn(greeter, '3500ms')).slice(7)).toEqual([
      '  3.000s                                                  ┌ run 1 of greeting$',
      '  3.000s                                                  ├ run 1 waits: sleep 1s',
      '  3.500s  ● greeter stopping                              │',
      '  3.500s                                                  └ run 1 aborted: stopped',
      '  3.500s  ● greeter finish',
      '  3.500s  ● greeter stopped',
      '3.500s: 1 timer fired, no runs settled, 1 run aborted, no values, no errors',
    ]);
    expect((await drawn(greeter, '2s')).slice(6)).toEqual([
      '  2.000s  ● greeter stopping    │',
      '  2.000s                        └ greeting$ cancelled: after',
      '  2.000s  ● greeter finish',
      '  2.000s  ● greeter stopped',
      '2.000s: no timers fired, no runs settled, no values, no errors',
    ]);
  });

  it('draws retries, errors and dropped triggers', async () => {
    const flaky = defineAgent({
      name: 'flaky',
      streams: ({ lifecycle, time, handle }) => ({
        work$: lifecycle.start$.pipe(
          time.every('2s'),
          handle.exhaust(
            async (_tick, { sleep }) => {
              await sleep('1s');
              throw new Error('no luck');
            },
            { retry: { count: 1, backoff: '500ms' } },
          ),
        ),
      }),
    });
    expect((await drawn(flaky, '5s')).slice(6, -5)).toEqual([
      '  2.000s                        ├ work$ fired: every',
      '  2.000s                        ├ work$ armed: every 2s',
      '  2.000s                        │                         ┌ run 1 of work$',
      '  2.000s                        │                         ├ run 1 waits: sleep 1s',
      '  3.000s                        │                         ├ run 1 goes on',
      '  3.000s                        │                         └ run 1 failed: Error: no luck',
      '  3.000s                        │                         ┌ run 2 waits: retry 500ms',
      '  3.500s                        │                         ├ run 2 goes on',
      '  3.500s                        │                         ├ run 2 of work$, attempt 2',
      '  3.500s                        │                         ├ run 2 waits: sleep 1s',
      '  4.000s                        ├ work$ fired: every      │',
      '  4.000s                        ├ work$ armed: every 2s   │',
      '  4.000s                        │                         │ ✖ work$ dropped a trigger (exhaust)',
      '  4.500s                        │                         ├ run 2 goes on',
      '  4.500s                        │                         └ run 2 failed: Error: no luck',
      '  4.500s  ✖ HandlerError: flaky.work$: work$ failed at attempt 2: no luck │',
    ]);
  });

  it('gives each run and each timer a lane of its own, and uses a free one again', async () => {
    const pair = defineAgent({
      name: 'pair',
      streams: ({ lifecycle: { start$ }, time, handle }) => ({
        one$: merge(start$, start$.pipe(time.after('3s'))).pipe(
          handle.merge(async (_event, { sleep }) => sleep('2s')),
        ),
        two$: start$.pipe(
          time.after('1s'),
          handle.merge(async (_event, { sleep }) => sleep('5s')),
        ),
      }),
    });
    const lines = await drawn(pair, '4s');
    expect(lines.filter((line) => /[┌└][ │]* run/.test(line)).map((line) => line.slice(58))).toEqual([
      '┌ run 1 of one$',
      '│ ┌ run 2 of two$',
      '└ │ run 1 settled',
      '┌ │ run 3 of one$',
      '└ │ run 3 aborted: stopped',
      '  └ run 2 aborted: stopped',
    ]);
    expect(lines.filter((line) => line.includes('armed')).map((line) => line.slice(32))).toEqual([
      '┌ one$ armed: after 3s    │',
      '│ ┌ two$ armed: after 1s  │',
    ]);
  });

  it('gives each column its style, and the rest of the line another', async () => {
    const marked: Paint = (style, text) => (text.trim() === '' ? text : `<${style}>${text.trim()}</>`);
    const lines = await drawn(greeter, '5s', marked);
    expect(lines[1]).toBe('<dim>0.000s</>  <cyan>● greeter setup</>');
    expect(lines[4]).toContain('<yellow>┌ greeting$ armed: after 3s</>');
    expect(lines[5]).toContain('<cyan>● greeter ready</>');
    expect(lines[5]).toContain('<dim>│</>');
    expect(lines[7]).toContain('<green>┌ run 1 of greeting$</>');
    expect(lines[10]).toContain("<bold>│ → greeting$ 'hello!'</>");
  });
});

import { filter, firstValueFrom, take, toArray } from 'rxjs';
import type { Host } from 'rx-agent-kit';
import { controller, keeper, latecomer, thermometer } from './twoAgents';

/** Runs a body with the host of one agent and that of another; the two may be one. */
export type WithHosts = (body: (one: Host, two: Host) => Promise<void>) => () => Promise<unknown>;

/** What two agents do, wherever they are: in real time, or in that of a marble test. */
export function twoAgentsSuite(title: string, withHosts: WithHosts): void {
  describe(`Two agents ${title}`, () => {
    it(
      'send each other messages',
      withHosts(async (one, two) => {
        const { seen$ } = (await two.start(controller)).streams;
        const seen = firstValueFrom(seen$.pipe(take(3), toArray()));
        await one.start(thermometer);
        const readings = await seen;
        const first = Number(readings[0]?.split(' ')[2]);
        expect(readings).toEqual([0, 1, 2].map((n) => `r1.2 ${first + n + 18} ${first + n}`));
      }),
    );

    it(
      'call each other, and get answers, errors with their codes and deadlines',
      withHosts(async (one, two) => {
        const { target$ } = (await one.start(thermometer)).streams;
        const target = firstValueFrom(target$);
        const { asked$, refused$, late$ } = (await two.start(controller)).streams;
        const [asked, refused, late] = [asked$, refused$, late$].map((source$) =>
          firstValueFrom<unknown>(source$),
        );
        expect(await asked).toBe(true);
        expect(await refused).toBe('too-hot');
        expect(await late).toBe('call-timeout');
        expect(await target).toBeGreaterThanOrEqual(28);
        // The caller's deadline reaches the server.
        while (one.ledger().some((entry) => entry.kind === 'run' && entry.stream === 'set$'))
          await new Promise((resolve) => setTimeout(resolve, 5));
      }),
    );

    it(
      'find what was retained before they came',
      withHosts(async (one, two) => {
        await one.start(keeper);
        // Over a network it may not be kept yet.
        let found: unknown;
        while (found === undefined) {
          const heard = firstValueFrom(
            two.outputs$.pipe(filter(({ agent: name }) => name === latecomer.name)),
          );
          const agent = await two.start(latecomer);
          const nothing = new Promise<undefined>((resolve) => setTimeout(resolve, 100));
          found = await Promise.race([heard, nothing]);
          await agent.stop();
        }
        expect(found).toMatchObject({ value: { topic: 'rooms/attic/target', payload: 19 } });
      }),
    );
  });
}

// A config update replaces a running client: the handler of config$ is switched, and its client closed.
import { firstValueFrom, interval, map, type Observable, Subject, timer } from 'rxjs';
import { defineAgent, type Host } from 'rx-agent-kit';
import { z } from 'zod';
import { runLive } from './support/runLive';

/** Stands for a client of some server, which knows nothing of agents. */
class Client {
  readonly messages$: Observable<string>;

  constructor(readonly server: string) {
    this.messages$ = interval(1000).pipe(map((count) => `message ${count + 1} from ${server}`));
  }
}

export const feed = defineAgent({
  name: 'feed',
  config: z.object({ server: z.string() }),
  streams: ({ config$, handle }) => {
    const clients$ = new Subject<string>();
    return {
      clients$,
      messages$: config$.pipe(
        handle.switch(async function* ({ server }, { each }) {
          const client = new Client(server);
          clients$.next(`connected to ${server}`);
          try {
            yield* each(client.messages$);
          } finally {
            clients$.next(`left ${server}`);
          }
        }),
      ),
    };
  },
});

export async function story(host: Host): Promise<void> {
  const agent = await host.start(feed, { server: 'alpha' });
  await firstValueFrom(timer(2500));
  agent.configure({ server: 'beta' });
  await firstValueFrom(timer(2500));
  await agent.stop();
}

runLive(import.meta.url, story);

import { connect, type NatsConnection } from '@nats-io/transport-node';
import { type AgentBus, defineAgent, type Host, type Run } from 'rx-agent-kit';
import { natsBus } from 'rx-agent-kit/nats';
import { NatsServer } from '../../../support/NatsServer';
import { createStrictHost } from '../../harness/agents';
import type { Figures } from '../../harness/BenchCase';

/** What the raw client is called in the table. */
export const RAW = 'raw client';

/** Works with a server of its own, which is gone afterwards. */
export async function withServer(work: (servers: string) => Promise<Figures>): Promise<Figures> {
  const server = await NatsServer.start();
  try {
    return await work(server.url);
  } finally {
    await server.stop();
  }
}

/** Works with a raw client. */
export async function withClient<Result>(
  servers: string,
  work: (client: NatsConnection) => Promise<Result>,
): Promise<Result> {
  const client = await connect({ servers });
  try {
    return await work(client);
  } finally {
    await client.close();
  }
}

/** A host on the server. */
export function hostOn(servers: string, name: string): Host {
  return createStrictHost({ name, bus: natsBus({ servers, buffer: 100_000 }) });
}

/** A run of a handler that stays open, to call from. */
export function openRun(host: Host): Promise<Run> {
  return new Promise((resolve) => {
    void host.start(
      defineAgent({
        name: 'caller',
        streams: ({ lifecycle, handle }) => ({
          calls$: lifecycle.start$.pipe(
            handle.switch((_start, run) => {
              resolve(run);
              return new Promise(() => undefined);
            }),
          ),
        }),
      }),
    );
  });
}

/** The bus as an agent has it. */
export async function busOf(host: Host): Promise<AgentBus> {
  let own!: AgentBus;
  await host.start(
    defineAgent({
      name: 'publisher',
      streams: ({ bus }) => {
        own = bus;
        return {};
      },
    }),
  );
  return own;
}

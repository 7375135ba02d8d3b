import {
  createHost,
  defineAgent,
  type AgentContext,
  type AgentHandle,
  type Host,
  type HostOptions,
  type Streams,
} from 'rx-agent-kit';

/** Starts agents that differ in their numbers only, and resolves when all are ready. */
export function startAgents(
  host: Host,
  count: number,
  streams: (context: AgentContext<object>, index: number) => Streams,
): Promise<AgentHandle[]> {
  return Promise.all(
    Array.from({ length: count }, (_, index) =>
      host.start(defineAgent({ name: `agent-${index}`, streams: (context) => streams(context, index) })),
    ),
  );
}

/** A host whose failures end the benchmark instead of being measured. */
export function createStrictHost(options: HostOptions = {}): Host {
  const host = createHost(options);
  host.errors$.subscribe((error) => {
    throw error;
  });
  return host;
}

import type { AgentDefinition, Host } from 'rx-agent-kit';

/** An example is an agent, or a story that starts agents in a host and does something with them. */
export type Example = AgentDefinition | ((host: Host) => Promise<unknown>);

/** Plays an example in a host, up to where its story ends or its agent is ready. */
export function play(example: Example, host: Host): Promise<unknown> {
  return typeof example === 'function' ? example(host) : host.start(example);
}

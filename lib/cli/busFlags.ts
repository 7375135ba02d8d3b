import type { Bus } from '../messages/bus/Bus';
import { memoryBus } from '../messages/memory/memoryBus';
import { isServerUrl } from '../nats/connection/servers';
import { natsBus } from '../nats/natsBus';
import { CommandError } from './CommandError';

/** The bus within the process. */
export const MEMORY = 'memory:';

/** What the command line says of the bus. */
export interface BusFlags {
  /** {@link MEMORY}, or servers with commas between. */
  readonly bus: string;
  readonly busCredentials?: string;
  readonly busCa?: string;
}

export function isBus(text: string): boolean {
  return (
    text === MEMORY || text.split(',').every((server) => /^(nats|tls):/.test(server) && isServerUrl(server))
  );
}

/** @throws CommandError or AgentError */
export function toBus({ bus: servers, busCredentials: credentials, busCa: ca }: BusFlags): Bus {
  if (servers === MEMORY) {
    if (credentials === undefined && ca === undefined) return memoryBus();
    throw new CommandError('--bus-credentials and --bus-ca are for a bus with servers: give its --bus, too.');
  }
  return natsBus({
    servers: servers.split(','),
    ...(credentials !== undefined && { credentials }),
    ...(ca !== undefined && { tls: { ca } }),
  });
}

import { hasNatsServer } from '../../support/NatsServer';

export { NatsServer } from '../../support/NatsServer';

/** `describe`, where there is a server; else it is skipped, in a line that says why. */
export const describeWithServer: (title: string, body: () => void) => void = hasNatsServer
  ? describe
  : (title, body) => describe.skip(`${title} (no nats-server on this machine)`, body);

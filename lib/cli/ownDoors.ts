import * as kit from '../index';
import * as lmdb from '../lmdb';
import * as nats from '../nats';
import * as node from '../node';

/**
 * What the modules that the command loads are given for these names, instead of a copy of their own: so there is one
 * kit, wherever the command was installed, and what their agents throw is what the host knows.
 */
export const ownDoors: Readonly<Record<string, unknown>> = {
  'rx-agent-kit': kit,
  'rx-agent-kit/node': node,
  'rx-agent-kit/lmdb': lmdb,
  'rx-agent-kit/nats': nats,
};

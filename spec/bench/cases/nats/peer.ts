// The entry of the other process of a case over NATS: peer.js <role> <arguments …>
import type { Figures } from '../../harness/BenchCase';
import type { Role } from '../../harness/Peer';
import { callRoles } from './calls';
import { messageRoles } from './messages';
import { takeoverRoles } from './takeover';

const roles: Readonly<Record<string, Role>> = { ...messageRoles, ...callRoles, ...takeoverRoles };

const [name = '', ...args] = process.argv.slice(2);
const role = roles[name];
if (role === undefined) throw new Error(`There is no role ${name}.`);
process.on('disconnect', () => process.exit());
await role((figures: Figures = {}) => process.send?.(figures), ...args);

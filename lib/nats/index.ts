export { natsBus } from './natsBus';
export type { NatsBusOptions, NatsCredentials, NatsTls } from './options';

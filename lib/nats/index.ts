export { natsBus } from './natsBus';
export { natsLeases } from './leases/natsLeases';
export { natsStore, type NatsStore } from './store/natsStore';
export type {
  NatsBusOptions,
  NatsCredentials,
  NatsServerOptions,
  NatsStoreOptions,
  NatsTls,
} from './options';

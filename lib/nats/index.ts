export { natsBus } from './natsBus';
export { natsStore, type NatsStore } from './store/natsStore';
export type {
  NatsBusOptions,
  NatsCredentials,
  NatsServerOptions,
  NatsStoreOptions,
  NatsTls,
} from './options';

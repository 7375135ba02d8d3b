export { natsBus } from './natsBus';
export { natsConfigs } from './configs/natsConfigs';
export { natsLeases } from './leases/natsLeases';
export { natsStore, type NatsStore } from './store/natsStore';
export type {
  NatsBusOptions,
  NatsConfigsOptions,
  NatsCredentials,
  NatsServerOptions,
  NatsStoreOptions,
  NatsTls,
} from './options';

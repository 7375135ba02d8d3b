import { hasNatsServer } from '../../support/NatsServer';
import type { BenchCase } from '../harness/BenchCase';
import { callCases } from './nats/calls';
import { durableCases } from './nats/durable';
import { messageCases } from './nats/messages';
import { storeCases } from './nats/store';
import { subscriptionCases } from './nats/subscriptions';
import { takeoverCases } from './nats/takeover';

export const cases: readonly BenchCase[] = [
  ...messageCases,
  ...callCases,
  ...durableCases,
  ...subscriptionCases,
  ...takeoverCases,
  ...storeCases,
].map((benchCase) =>
  hasNatsServer ? benchCase : { ...benchCase, lacks: 'there is no nats-server on this machine' },
);

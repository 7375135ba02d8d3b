import type { KitCase } from '../KitCase';
import { clusters } from './clusters';
import { configuring } from './configs';
import { durable } from './durable';
import { durableTopics } from './durableTopics';
import { flagship } from './flagship';
import { hosts } from './hosts';
import { messages } from './messages';
import { policies } from './policies';
import { supervision } from './supervision';
import { timers } from './timers';

/** What of the kit is searched. */
export const cases: readonly KitCase[] = [
  ...policies,
  ...timers,
  ...supervision,
  ...hosts,
  ...configuring,
  ...messages,
  ...flagship,
  ...durable,
  ...clusters,
  ...durableTopics,
];

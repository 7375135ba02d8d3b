import type { ConfigStore } from '../agent/config/ConfigStore';
import { checkOptions } from '../options/checkOptions';
import { liveClock } from '../time/clock/liveClock';
import type { ConfiguredHost, Host, HostOptions } from './Host';
import { HOST } from './hostOptions';
import { HostRuntime } from './HostRuntime';

/**
 * Creates a host.
 *
 * @throws AgentError `bad-duration` or `bad-option`
 */
export function createHost(options: HostOptions & { readonly configs: ConfigStore }): ConfiguredHost;
export function createHost(options?: HostOptions): Host;
export function createHost(options: HostOptions = {}): Host {
  checkOptions('createHost', HOST, options);
  return new HostRuntime(options, options.clock ?? liveClock());
}

import { isDeepStrictEqual } from 'node:util';
import type { ConfigStore, ConfigWatcher } from '../../agent/config/ConfigStore';
import { AgentError, messageOf } from '../../AgentError';
import { checkOptions } from '../../options/checkOptions';
import { timersOf } from '../../time/queue/ForeignTimers';
import { Link } from '../connection/Link';
import { JetStream } from '../jetstream/JetStream';
import { ensureBucket, isDeleted } from '../jetstream/bucket';
import { NATS_CONFIGS, type NatsConfigsOptions } from '../options';
import { Subjects, toBucket, toKey } from '../wire/Subjects';
import { Following } from './Following';

/**
 * Reads the configs of agents from a bucket of NATS, an entry in JSON for each agent by its name, and follows it while a
 * host uses it: what is put there reaches all hosts that have it. Needs the packages `@nats-io/transport-node`,
 * `@nats-io/kv` and `@nats-io/jetstream`.
 * ```ts
 * const host = createHost({ configs: await natsConfigs({ servers: 'nats://broker:4222' }) });
 * await host.start(meter); // with what `nats kv put rx-configs meter '{ "rate": 3 }'` has put
 * ```
 * A change is on `config$` of just the agents that it concerns. One that does not fit, or is no JSON, is on `errors$`,
 * and the present config stays; so it does while the servers are away.
 *
 * Rejects with AgentError `bad-config-file` for an entry that is no JSON, `bus-failed`, `bus-unsupported` or
 * `missing-package`.
 */
export async function natsConfigs(options: NatsConfigsOptions = {}): Promise<ConfigStore> {
  checkOptions('natsConfigs', NATS_CONFIGS, options);
  const { bucket = toBucket(`${options.prefix ?? 'rx'}-configs`), ...server } = options;
  const configs = new ConfigsOverNats(new JetStream(new Link('natsConfigs', server)), bucket);
  await configs.load();
  return configs;
}

class ConfigsOverNats implements ConfigStore {
  readonly origin: string;
  private readonly present = new Map<string, unknown>();
  private readonly names = new Subjects();

  constructor(
    private readonly js: JetStream,
    private readonly bucket: string,
  ) {
    this.origin = `the bucket ${bucket}`;
  }

  /** Nothing stays open behind it: whoever follows connects again. */
  async load(): Promise<void> {
    const { js, bucket, present } = this;
    const stream = `KV_${bucket}`;
    const root = `$KV.${bucket}.`;
    await js.link.enter('natsConfigs', timersOf());
    try {
      await ensureBucket(js, bucket);
      for (const subject of await js.subjectsOf(stream, `${root}>`)) {
        const last = await js.lastOf(stream, subject);
        if (last === undefined || isDeleted(last.headers)) continue;
        const key = subject.slice(root.length);
        present.set(this.agentOf(key), this.parse(key, Buffer.from(last.data).toString('utf8')));
      }
    } finally {
      await js.link.leave();
    }
  }

  sections(): readonly string[] {
    return [...this.present.keys()];
  }

  read(agent: string): unknown {
    return this.present.get(agent);
  }

  watch(watcher: ConfigWatcher): () => void {
    const following = new Following(this.js.link, this.bucket, {
      put: (key, text) => {
        this.take(key, text, watcher);
      },
      failed: (error) => {
        const message = `${this.origin} cannot be followed: ${messageOf(error)}. The configs stay as they are; it is tried again.`;
        watcher.failed(new AgentError('bus-failed', message, { cause: error }));
      },
    });
    following.begin();
    return () => {
      following.end();
    };
  }

  private take(key: string, text: string | undefined, watcher: ConfigWatcher): void {
    const { present } = this;
    const agent = this.agentOf(key);
    try {
      const config = text === undefined ? undefined : this.parse(key, text);
      if (isDeepStrictEqual(config, present.get(agent))) return;
      if (text === undefined) present.delete(agent);
      else present.set(agent, config);
    } catch (error) {
      watcher.failed(error as AgentError);
      return;
    }
    watcher.changed([agent]);
  }

  private agentOf(key: string): string {
    return this.names.topicOf(key) ?? key;
  }

  private parse(key: string, text: string): unknown {
    try {
      return JSON.parse(text) as unknown;
    } catch (cause) {
      const message = `${key} in ${this.origin} is no JSON: ${messageOf(cause)}. Put some: nats kv put ${this.bucket} ${toKey(key)} '{ "rate": 3 }'`;
      throw new AgentError('bad-config-file', message, { cause });
    }
  }
}

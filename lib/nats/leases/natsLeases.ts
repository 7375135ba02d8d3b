import { checkOptions } from '../../options/checkOptions';
import {
  type Leases,
  type LeasesContext,
  type Mark,
  NO_MARK,
  type OpenLeases,
} from '../../store/leases/Leases';
import { timersOf } from '../../time/queue/ForeignTimers';
import { Link } from '../connection/Link';
import { ensureBucket, isDeleted } from '../jetstream/bucket';
import { JetStream } from '../jetstream/JetStream';
import { NATS_LEASES, type NatsServerOptions } from '../options';
import { Subjects, toBucket, toKey } from '../wire/Subjects';

const utf8 = new TextEncoder();

/**
 * Leases on servers of NATS with JetStream: which host has which is in the bucket `rx-leases`, so that
 * `nats kv watch rx-leases` shows it. A {@link natsBus} has them already; these are for other buses. Needs the package
 * `@nats-io/transport-node`.
 *
 * To open them rejects with AgentError `bus-failed`, `bus-unsupported` or `missing-package`.
 *
 * @throws AgentError `bad-option` or `bad-duration`
 */
export function natsLeases(options: NatsServerOptions = {}): Leases {
  checkOptions('natsLeases', NATS_LEASES, options);
  return new LeasesOverNats(options);
}

/** Leases as entries of a bucket, each a revision behind the other: the revision is the mark's number. */
export class LeasesOverNats implements Leases {
  private readonly js: JetStream;
  private readonly bucket: string;
  private readonly subjects = new Subjects();

  constructor({ servers, name, credentials, tls, prefix, connectTimeout, pingInterval }: NatsServerOptions) {
    this.bucket = toBucket(`${prefix ?? 'rx'}-leases`);
    const options = { servers, name, credentials, tls, prefix, connectTimeout, pingInterval };
    const given = Object.entries(options).filter(([, value]) => value !== undefined);
    this.js = new JetStream(new Link('singleton', Object.fromEntries(given)));
  }

  async open(host: string, { scheduler, signal }: LeasesContext): Promise<OpenLeases> {
    const { js } = this;
    await js.link.enter(host, timersOf(scheduler), signal);
    const leave = (): Promise<void> => js.link.leave();
    try {
      await ensureBucket(js, this.bucket);
    } catch (error) {
      await leave();
      throw error;
    }
    let isOpen = true;
    return {
      read: (name) => this.read(name),
      write: (name, holder, after) => js.append(this.subjectOf(name), utf8.encode(holder), '', after),
      close: async () => {
        if (isOpen) await leave();
        isOpen = false;
      },
    };
  }

  private async read(name: string): Promise<Mark> {
    const last = await this.js.lastOf(`KV_${this.bucket}`, this.subjectOf(name));
    if (last === undefined) return NO_MARK;
    // What somebody has deleted by other means is kept as a mark of nobody.
    const holder = isDeleted(last.headers) ? '' : Buffer.from(last.data).toString('utf8');
    return { number: last.seq, holder };
  }

  private subjectOf(name: string): string {
    return `$KV.${this.bucket}.${toKey(this.subjects.of(name))}`;
  }
}

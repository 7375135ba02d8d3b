import type { Msg, MsgHdrs, NatsConnection } from '@nats-io/transport-node';
import { AgentError } from '../../AgentError';
import { isA } from '../../readError';
import { captureContext, runIn } from '../../time/present/Context';
import { toMs } from '../../time/spans/duration';
import type { Timers } from '../../time/queue/Timers';
import type { NatsServerOptions } from '../options';
import { Answers } from './Answers';
import { connectionError } from './connectionError';
import { connectionOptions, dial, loadClient, steadyWaits, toServers } from './dial';
import { Secrets } from './Secrets';
import { checkVersion, noJetStream } from './serverFeatures';

/** How long a server may take for one answer, in ms. */
const TIMEOUT = 5000;

/**
 * A connection to servers with JetStream that is asked, and waits for answers: open as long as somebody uses it, and
 * sought again when it is lost. What is asked while it is away, or lost meanwhile, is refused.
 */
export class Link {
  private readonly secrets = new Secrets();
  private readonly retry = steadyWaits();
  private readonly context = captureContext();
  private users = 0;
  private dialled: Promise<NatsConnection> | undefined;
  private over: AbortController | undefined;
  private isAway = false;
  private readonly answers = new Answers();
  private readonly listeners = new Set<() => void>();

  /** @param what what it is for, as messages name it */
  constructor(
    readonly what: string,
    private readonly options: NatsServerOptions,
  ) {}

  /**
   * Whoever calls this calls `leave`, too, unless it rejects.
   *
   * @param signal says that the connection is not waited for any more
   * @throws AgentError `bus-failed`, `bus-unsupported` or `missing-package`
   */
  async enter(name: string, timers: Timers, signal?: AbortSignal): Promise<NatsConnection> {
    this.users++;
    const dialled = (this.dialled ??= runIn(this.context, () =>
      this.dial(this.options.name ?? name, timers, (this.over = new AbortController()).signal),
    ));
    dialled.catch(() => {
      if (this.dialled === dialled) this.dialled = undefined;
    });
    try {
      return await (signal === undefined ? dialled : Promise.race([dialled, this.unlessAborted(signal)]));
    } catch (error) {
      await this.leave();
      throw isA(error, AgentError) ? error : this.toError('no connection', error);
    }
  }

  private unlessAborted(signal: AbortSignal): Promise<never> {
    return new Promise((_resolve, reject) => {
      const end = (): void => {
        reject(this.away());
      };
      if (signal.aborted) end();
      else signal.addEventListener('abort', end, { once: true });
    });
  }

  async leave(): Promise<void> {
    if (--this.users > 0) return;
    const { dialled } = this;
    this.dialled = undefined;
    this.over?.abort();
    this.answers.lost(this.away());
    await dialled?.then(
      (connection) => connection.close(),
      () => undefined, // It has not come to a connection.
    );
  }

  /** Calls back whenever the connection is back. Gives the way to end it. */
  onBack(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => {
      this.listeners.delete(listener);
    };
  }

  /**
   * Asks, and gives the answer. When this rejects, it may have been done, and may be done still.
   *
   * @throws AgentError `bus-failed`
   */
  async ask(subject: string, data: string | Uint8Array, headers?: MsgHdrs, timeout = TIMEOUT): Promise<Msg> {
    const connection = await this.dialled;
    if (connection === undefined || connection.isClosed() || this.isAway) throw this.away();
    try {
      const reply = connection.request(subject, data, { timeout, ...(headers && { headers }) });
      return await this.answers.unlessLost(reply);
    } catch (error) {
      throw isA(error, AgentError) ? error : this.toError(`no answer to ${this.what}`, error);
    }
  }

  /** Asks for several answers: ends when all are there, or when nothing more comes within a time in ms. */
  async *askMany(subject: string, data: string, most: number, within: number): AsyncGenerator<Msg, void> {
    const connection = await this.dialled;
    if (connection === undefined || connection.isClosed() || this.isAway) throw this.away();
    const options = { strategy: 'count', maxMessages: most, maxWait: within, noMux: true } as const;
    yield* await connection.requestMany(subject, data, options);
  }

  toError(what: string, cause: unknown): AgentError {
    return connectionError(toServers(this.options), what, cause, this.secrets);
  }

  private away(): AgentError {
    return this.toError(this.what, new Error('the connection is away'));
  }

  private async dial(name: string, timers: Timers, signal: AbortSignal): Promise<NatsConnection> {
    const client = await loadClient(this.what);
    const options = {
      ...connectionOptions(client, this.options, name, this.secrets),
      reconnectDelayHandler: this.retry.wait,
    };
    const deadline = timers.now() + toMs(this.options.connectTimeout ?? '10s');
    const connection = await dial(client, options, timers, deadline, signal);
    if (connection === undefined) throw this.away();
    try {
      const { info } = connection;
      if (info !== undefined) checkVersion(info, this.what);
      if (info?.jetstream !== true) throw noJetStream(this.what, info);
    } catch (error) {
      await connection.close();
      throw error;
    }
    this.isAway = false;
    void this.follow(connection);
    return connection;
  }

  private async follow(connection: NatsConnection): Promise<void> {
    for await (const { type } of connection.status()) {
      if (type === 'disconnect') this.lost();
      else if (type === 'reconnecting') this.retry.tried();
      else if (type === 'reconnect') this.back();
    }
    this.lost();
  }

  private lost(): void {
    this.isAway = true;
    this.answers.lost(this.away());
  }

  private back(): void {
    this.isAway = false;
    this.retry.back();
    for (const listener of this.listeners) listener();
  }
}

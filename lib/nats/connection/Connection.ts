import type { NatsConnection, Status } from '@nats-io/transport-node';
import { type Observable, ReplaySubject } from 'rxjs';
import { AgentError } from '../../AgentError';
import type { BusContext, BusStatus } from '../../messages/bus/Bus';
import { isA } from '../../readError';
import { captureContext, runIn } from '../../time/present/Context';
import { toMs } from '../../time/spans/duration';
import type { NatsBusOptions } from '../options';
import { connectionError } from './connectionError';
import { connectionOptions, dial, loadClient, type NatsClient, steadyWaits, toServers } from './dial';
import { pause } from './pause';
import { Secrets } from './Secrets';
import { checkVersion } from './serverFeatures';

/** Who lives on a connection. */
export interface Tenant {
  /** It is there for the first time: what has been asked for meanwhile is sent. */
  opened(connection: NatsConnection): void;
  /** It is back. The client has subscribed to all again. */
  back(): void;
  lost(): void;
  onError(error: unknown): void;
  /** The server does not allow something. */
  refused(operation: 'publish' | 'subscription', subject: string, error: AgentError): void;
}

/** One connection to the servers, sought again whenever it is lost, until it is closed. */
export class Connection {
  readonly secrets = new Secrets();
  current: BusStatus = 'disconnected';
  private readonly status = new ReplaySubject<BusStatus>(1);
  /** The client's part, from the first connection on. */
  connection: NatsConnection | undefined;
  private failure: AgentError | undefined;
  private isClosing = false;
  /** Ends the looking for a first connection. */
  private readonly over = new AbortController();
  private readonly retry = steadyWaits();
  /** What comes in from outside has the context of whoever made the bus, and not that of the first agent. */
  private readonly context = captureContext();
  private hasComplained = false;

  constructor(
    private readonly options: NatsBusOptions,
    private readonly tenant: Tenant,
    private readonly host: () => BusContext,
  ) {
    this.status.next(this.current);
  }

  get status$(): Observable<BusStatus> {
    return this.status.asObservable();
  }

  get isConnected(): boolean {
    return this.current === 'connected' && !this.isClosing;
  }

  /** Whether it has been there and may be back. */
  get isAway(): boolean {
    return this.connection !== undefined && !this.isClosing && this.current !== 'closed';
  }

  get error(): AgentError | undefined {
    return this.failure;
  }

  open(name: string): void {
    this.enter('connecting');
    runIn(this.context, () => {
      void this.dial(name).catch((error: unknown) => {
        this.fail(error);
      });
    });
  }

  /** @param settle waits for what is under way, before the connection is drained */
  async close(settle: () => Promise<void>): Promise<void> {
    if (this.isClosing) return;
    this.isClosing = true;
    this.over.abort();
    const { connection } = this;
    if (connection !== undefined && !connection.isClosed()) {
      if (this.current === 'connected') await this.drain(connection, settle);
      await connection.close();
    }
    if (this.current !== 'closed') this.enter('closed');
    this.status.complete();
  }

  private async drain(connection: NatsConnection, settle: () => Promise<void>): Promise<void> {
    const { drainTimeout = '2s' } = this.options;
    const deadline = pause(this.host().timers, toMs(drainTimeout));
    const drained = settle()
      .then(() => connection.drain())
      // The connection has gone meanwhile: nothing is left to be drained.
      .catch(() => undefined);
    await Promise.race([drained, deadline.passed]);
    deadline.end();
  }

  private async dial(name: string): Promise<void> {
    const client = await loadClient();
    const options = {
      ...connectionOptions(client, this.options, name, this.secrets),
      reconnectDelayHandler: this.retry.wait,
    };
    const { timers } = this.host();
    const deadline = timers.now() + toMs(this.options.connectTimeout ?? '10s');
    const connection = await dial(client, options, timers, deadline, this.over.signal);
    if (connection !== undefined) this.begin(client, connection);
  }

  private begin(client: NatsClient, connection: NatsConnection): void {
    if (this.isClosing) {
      void connection.close();
      return;
    }
    const { info } = connection;
    try {
      if (info !== undefined) checkVersion(info);
    } catch (error) {
      void connection.close();
      throw error;
    }
    this.connection = connection;
    void this.follow(client, connection);
    this.tenant.opened(connection);
    this.enter('connected');
  }

  private async follow(client: NatsClient, connection: NatsConnection): Promise<void> {
    void connection.closed().then((reason) => {
      if (!this.isClosing) this.fail(reason ?? new Error('the connection has been closed'));
    });
    for await (const status of connection.status()) this.hear(client, status);
  }

  private hear({ PermissionViolationError, AuthorizationError }: NatsClient, status: Status): void {
    if (this.isClosing) return;
    switch (status.type) {
      case 'disconnect':
        if (this.current !== 'connected') return;
        this.enter('disconnected');
        this.tenant.lost();
        return;
      case 'reconnecting':
        this.retry.tried();
        if (this.current === 'disconnected') this.enter('connecting');
        return;
      case 'reconnect':
        this.retry.back();
        this.hasComplained = false;
        this.tenant.back();
        this.enter('connected');
        return;
      case 'error': {
        const { error } = status;
        if (isA(error, PermissionViolationError)) this.refused(error);
        else if (!isA(error, AuthorizationError) || !this.hasComplained) {
          this.hasComplained = isA(error, AuthorizationError);
          this.tenant.onError(this.toAgentError('the server says', error));
        }
        return;
      }
      default:
    }
  }

  private refused(error: { readonly operation: 'publish' | 'subscription'; readonly subject: string }): void {
    const { operation, subject } = error;
    const agentError = this.toAgentError('the server does not allow it', error);
    this.tenant.onError(agentError);
    this.tenant.refused(operation, subject, agentError);
  }

  private fail(cause: unknown): void {
    if (this.isClosing) return;
    const error = isA(cause, AgentError) ? cause : this.toAgentError('no connection', cause);
    this.failure = error;
    this.isClosing = true;
    this.tenant.lost();
    this.current = 'closed';
    this.status.error(error);
  }

  private toAgentError(what: string, thrown: unknown): AgentError {
    return connectionError(toServers(this.options), what, thrown, this.secrets);
  }

  private enter(status: BusStatus): void {
    this.current = status;
    this.status.next(status);
  }
}

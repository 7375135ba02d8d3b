import type { NatsConnection, Subscription } from '@nats-io/transport-node';
import type { Server } from '../../messages/bus/Bus';
import { duplicateServer } from '../../messages/messageErrors';
import { moment, type Moment } from '../topics/moment';
import { Serving, type ServingOwner } from './Serving';
import { type Service, serviceReply, toServiceName, type Verb, VERBS } from './serviceReplies';

/** What a host serves, listed as a micro service of NATS while there is something. */
export class Services implements Service {
  name = '_';
  started = 0;
  private readonly servings = new Map<string, Serving>();
  /** Those whose procedure has been taken off, and which have calls to answer still. */
  private readonly ending = new Set<Serving>();
  private readonly owner: ServingOwner;
  private connection: NatsConnection | undefined;
  private listing: readonly Subscription[] = [];
  private readonly idle: Moment[] = [];

  constructor(
    owner: Omit<ServingOwner, 'settled'>,
    private readonly subjectOf: (procedure: string) => string,
    readonly id: string,
  ) {
    const settled = (): void => {
      this.settled();
    };
    this.owner = Object.assign(Object.create(owner) as typeof owner, { settled });
  }

  get endpoints(): Iterable<Serving> {
    return this.servings.values();
  }

  opened(connection: NatsConnection, name: string, now: number): void {
    this.connection = connection;
    this.name = toServiceName(name);
    this.started = now;
    for (const serving of this.servings.values()) serving.opened(connection);
    if (this.servings.size > 0) this.list(connection);
  }

  /** @throws AgentError `duplicate-server` */
  serve(procedure: string, server: Server): () => void {
    if (this.servings.has(procedure)) throw duplicateServer(procedure);
    const serving = new Serving(procedure, this.subjectOf(procedure), server, this.owner);
    this.servings.set(procedure, serving);
    const { connection } = this;
    if (connection !== undefined) {
      serving.opened(connection);
      if (this.servings.size === 1) this.list(connection);
    }
    return () => {
      if (this.servings.get(procedure) !== serving) return;
      this.end(procedure, serving);
    };
  }

  /** Takes no more calls, and resolves when those that have been taken are answered. */
  async settle(): Promise<void> {
    for (const [procedure, serving] of [...this.servings]) this.end(procedure, serving);
    const done = moment();
    this.idle.push(done);
    this.settled();
    await done.promise;
  }

  private end(procedure: string, serving: Serving): void {
    this.servings.delete(procedure);
    this.ending.add(serving);
    serving.end();
    this.settled();
    if (this.servings.size > 0) return;
    for (const subscription of this.listing) if (!subscription.isClosed()) subscription.unsubscribe();
    this.listing = [];
  }

  private settled(): void {
    for (const serving of this.ending) if (serving.isIdle) this.ending.delete(serving);
    if (this.ending.size === 0) for (const done of this.idle.splice(0)) done.come();
  }

  private list(connection: NatsConnection): void {
    const subscribe = (verb: Verb, subject: string): Subscription =>
      connection.subscribe(subject, {
        callback: (error, message) => {
          if (error === null && !connection.isClosed()) message.respond(serviceReply(verb, this));
        },
      });
    this.listing = VERBS.flatMap((verb) => [
      subscribe(verb, `$SRV.${verb}`),
      subscribe(verb, `$SRV.${verb}.${this.name}`),
      subscribe(verb, `$SRV.${verb}.${this.name}.${this.id}`),
    ]);
  }
}

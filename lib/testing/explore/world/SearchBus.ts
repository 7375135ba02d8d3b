import type { BusContext, Reply } from '../../../messages/bus/Bus';
import { Dispatch, type Item } from '../../../messages/memory/Dispatch';
import { Exchange } from '../../../messages/calls/Exchange';
import { Parcel } from '../../../messages/memory/Parcel';
import type { Payload } from '../../../messages/payloads/Payload';
import { TestBus } from '../../session/TestBus';
import { LateDelivery } from './LateDelivery';
import type { Network } from './Network';

type Deliver = (reply: Reply) => void;

const LOST: Reply = {
  isOk: false,
  code: 'bus-disconnected',
  message: 'the bus has lost its connection',
};

/** The bus of a search: what it carries may come late, and a call may be unreachable. */
export class SearchBus extends TestBus {
  private busContext: BusContext | undefined;
  /** The answers that are on their way. */
  private readonly answers = new Set<Deliver>();

  constructor(private readonly network: Network) {
    super();
  }

  /** Whether a host has it, and so may lose it. */
  get isInUse(): boolean {
    return this.busContext !== undefined;
  }

  override connect(context: BusContext): void {
    this.busContext = context;
    super.connect(context);
  }

  override drop(): void {
    super.drop();
    for (const deliver of this.answers) deliver(LOST);
  }

  override request(procedure: string, payload: Payload, onAnswer: Deliver): () => void {
    const { network } = this;
    if (network.isUnreachable(procedure)) {
      return this.answerLater(
        procedure,
        0,
        { isOk: false, code: 'unreachable', message: 'nobody answers' },
        onAnswer,
      );
    }
    let callOffAnswer: (() => void) | undefined;
    const callOff = super.request(procedure, payload, (reply) => {
      const late = network.latenessOfCall(`the answer of ${procedure}`);
      if (late === 0) onAnswer(reply);
      else callOffAnswer = this.answerLater(procedure, late, reply, onAnswer);
    });
    return () => {
      callOff();
      callOffAnswer?.();
    };
  }

  protected override dispatchOn(context: BusContext): LateDispatch {
    return new LateDispatch(context, this.network);
  }

  /** Gives the way to call it off. */
  private answerLater(procedure: string, late: number, reply: Reply, onAnswer: Deliver): () => void {
    const context = this.busContext;
    if (context === undefined) return () => undefined;
    const { answers } = this;
    const deliver = (given: Reply): void => {
      if (answers.delete(deliver)) onAnswer(given);
    };
    answers.add(deliver);
    const { timers } = context;
    new LateDelivery(
      deliver,
      `the answer of ${procedure}`,
      () => {
        deliver(reply);
      },
      (error) => {
        context.onError(error);
      },
    ).send(timers, timers.now() + late, timers.present.rank);
    return () => answers.delete(deliver);
  }
}

/** Hands over as the plain bus does, but for what comes late. */
class LateDispatch {
  private readonly plain: Dispatch;
  /** Until when something is on its way to somebody, and how much. */
  private readonly roads = new WeakMap<object, { until: number; count: number }>();

  constructor(
    private readonly context: BusContext,
    private readonly network: Network,
  ) {
    this.plain = new Dispatch(context);
  }

  get rank(): Dispatch['rank'] {
    return this.plain.rank;
  }

  get isEmpty(): boolean {
    return this.plain.isEmpty;
  }

  /** Each of its receivers gets a message on a way of its own. */
  send(item: Item): void {
    if (!(item instanceof Parcel)) {
      this.plain.send(item);
      return;
    }
    const { topic, payload, rank } = item;
    const atOnce = item.to.filter((listener) => {
      const road = this.roads.get(listener) ?? { until: 0, count: 0 };
      this.roads.set(listener, road);
      const late = this.network.latenessOfMessage(`the message on ${topic}`);
      if (late === 0 && road.count === 0) return true;
      const { timers } = this.context;
      road.until = Math.max(timers.now() + late, road.count > 0 ? road.until : 0);
      road.count++;
      const parcel = new Parcel(topic, payload, rank, [listener]);
      const deliver = (): void => {
        road.count--;
        parcel.handOver();
      };
      this.sendLate(listener, `the message on ${topic}`, deliver, road.until, rank);
      return false;
    });
    if (atOnce.length > 0)
      this.plain.send(atOnce.length === item.to.length ? item : new Parcel(topic, payload, rank, atOnce));
  }

  sendSoon(item: Item): void {
    const what = item instanceof Exchange ? `the call of ${item.procedure}` : 'a call';
    const late = this.network.latenessOfCall(what);
    if (late === 0) {
      this.plain.sendSoon(item);
      return;
    }
    const deliver = (): void => {
      item.handOver();
    };
    this.sendLate(item, what, deliver, this.context.timers.now() + late, item.rank);
  }

  private sendLate(to: object, what: string, deliver: () => void, due: number, rank: Item['rank']): void {
    const { context } = this;
    new LateDelivery(to, what, deliver, (error) => {
      context.onError(error);
    }).send(context.timers, due, rank);
  }
}

import { captureContext } from '../../time/present/Context';
import type { Rank } from '../../time/queue/rank';
import type { BusMessage } from '../bus/Bus';
import type { Item } from './Dispatch';
import type { Payload } from '../payloads/Payload';
import type { Reading } from '../payloads/Reading';

/** One subscription on a bus in memory. */
export class Listener {
  isOpen = true;

  /** @param onError is told what `hear` throws */
  constructor(
    readonly hear: (message: BusMessage) => void,
    readonly onError: (error: unknown) => void,
  ) {}
}

/** A message on its way to those who were subscribed when it was published. */
export class Parcel implements Item, BusMessage {
  readonly context = captureContext();

  constructor(
    readonly topic: string,
    readonly payload: Payload,
    readonly rank: Rank,
    readonly to: readonly Listener[],
    readonly reading?: Reading,
  ) {}

  handOver(): void {
    for (const listener of this.to) {
      if (!listener.isOpen) continue;
      try {
        listener.hear(this);
      } catch (error) {
        listener.onError(error);
      }
    }
  }
}

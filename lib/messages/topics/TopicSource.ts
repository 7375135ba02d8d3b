import type { Subscriber, TeardownLogic } from 'rxjs';
import type { NamedSource } from '../../handlers/waits/nameOf';
import { IsolatingObservable, type OnThrow } from '../../trace/IsolatingObservable';

/** The messages of a topic, which goes by its name in reports. */
export class TopicSource<T> extends IsolatingObservable<T> implements NamedSource {
  constructor(
    readonly what: string,
    subscribe: (subscriber: Subscriber<T>) => TeardownLogic,
    onThrow: OnThrow,
  ) {
    super(subscribe, onThrow);
  }
}

import { Wait, type WaitList } from './Wait';

/** Waits until something is kept, or has begun, before it goes on. */
export class StoreWait extends Wait {
  constructor(
    waits: WaitList,
    private readonly then: () => void,
    private readonly onCancel: () => void,
  ) {
    super(waits, 'store', 'what it begins with');
  }

  readonly goOn = (): void => {
    if (this.close()) this.then();
  };

  protected override cancelled(): void {
    this.onCancel();
  }
}

import { type Context, runIn } from '../../time/present/Context';
import { type Effect, type LifeEvent, type LifeState, NEW } from './LifeState';
import { knownStep } from './knownStep';

/** Who does what the table says. */
export interface Performer {
  /** Where it is done. */
  readonly context: Context | undefined;
  /** Does it, and says what has come of it at once. */
  perform(effect: Effect): LifeEvent | undefined;
}

/**
 * Takes one event after the other and has done what the table in {@link step} says of it. What happens meanwhile, by
 * the agent's own doing or by anybody else's, is taken when that has been done.
 */
export class LifeMachine {
  state: LifeState = NEW;
  private isBusy = false;
  private waiting: LifeEvent[] | undefined;
  /** What has come of what was done last. What others have asked for meanwhile comes before it. */
  private outcome: LifeEvent | undefined;

  constructor(private readonly performer: Performer) {}

  send(event: LifeEvent): void {
    if (this.isBusy) {
      (this.waiting ??= []).push(event);
      return;
    }
    const { context } = this.performer;
    // There mostly is none.
    if (context === undefined) this.takeAll(event);
    else
      runIn(context, () => {
        this.takeAll(event);
      });
  }

  private takeAll(event: LifeEvent): void {
    this.isBusy = true;
    try {
      for (let next: LifeEvent | undefined = event; next !== undefined; next = this.next()) this.take(next);
    } finally {
      this.isBusy = false;
    }
  }

  private next(): LifeEvent | undefined {
    const { waiting } = this;
    const event = waiting?.shift();
    if (event !== undefined) return event;
    this.waiting = undefined;
    const { outcome } = this;
    this.outcome = undefined;
    return outcome;
  }

  private take(event: LifeEvent): void {
    const [state, effects] = knownStep(this.state, event);
    this.state = state;
    for (const effect of effects) {
      const outcome = this.performer.perform(effect);
      // A supervisor's answer comes before all else.
      if (outcome === 'returns' || outcome === 'refused') this.take(outcome);
      else if (outcome !== undefined) this.outcome = outcome;
    }
  }
}

import type { LifeEvent, LifeState } from './LifeState';
import { step, type Step } from './step';

/** There are some hundred states and steps at most, the same for all agents. */
const states = new Map<string, LifeState>();
const steps = new Map<LifeState, Map<LifeEvent, Step>>();

/** As {@link step}, which is asked once for each step: what it gives is kept, so that a life allocates nothing by it. */
export function knownStep(state: LifeState, event: LifeEvent): Step {
  let known = steps.get(state);
  if (known === undefined) steps.set(state, (known = new Map<LifeEvent, Step>()));
  let found = known.get(event);
  if (found === undefined) {
    const [next, effects] = step(state, event);
    known.set(event, (found = [theOne(next), effects]));
  }
  return found;
}

function theOne(state: LifeState): LifeState {
  const key = JSON.stringify(Object.values(state));
  const known = states.get(key);
  if (known === undefined) states.set(key, state);
  return known ?? state;
}

import { comesBack, type Effect, type Fate, type LifeEvent, type LifeState, type Stage } from './LifeState';

export type Step = readonly [LifeState, readonly Effect[]];

const NOTHING: readonly Effect[] = [];

/** One step in the life of an agent: what it is next, and what is to be done, in that order. */
export function step(state: LifeState, event: LifeEvent): Step {
  if (event === 'hurry' && !state.isHurried) return hurry({ ...state, isHurried: true });
  switch (state.stage) {
    case 'new':
    case 'down':
      return whenDown(state, event);
    case 'standby':
      return whenStandingBy(state, event);
    case 'setup':
      return whenSettingUp(state, event);
    case 'waiting':
    case 'connecting':
    case 'joining':
    case 'configured':
    case 'start':
    case 'ready':
      return forward(state, event) ?? whenAlive(state, event);
    case 'draining':
    case 'stopping':
    case 'leaving':
    case 'clearing':
    case 'finishing':
      return backward(state, event) ?? whenEnding(state, event);
    case 'gone':
      return stay(state);
  }
}

function whenDown(state: LifeState, event: LifeEvent): Step {
  if (event === 'begin') return [{ ...state, stage: 'setup', fate: 'open', isLate: false }, ['set up']];
  if (event === 'stand by') return [{ ...state, stage: 'standby' }, ['be standby']];
  if (event === 'stop') return [{ ...state, stage: 'gone', fate: 'stopped' }, ['announce', 'be gone']];
  // Only one that has never been ready is still waited for.
  if (event === 'overdue')
    return [{ ...state, stage: 'gone', fate: 'failed' }, ['tell overdue', 'announce', 'be gone']];
  return stay(state);
}

/** Nobody but the one who has the turn begins a life. */
function whenStandingBy(state: LifeState, event: LifeEvent): Step {
  if (event === 'turn') return [{ ...state, stage: 'down' }, ['take turn']];
  return event === 'begin' || event === 'stand by' ? stay(state) : whenDown(state, event);
}

/** Nothing of a life that ends here has been started: there is nothing to wait for, and no `stop$`. */
function whenSettingUp(state: LifeState, event: LifeEvent): Step {
  switch (event) {
    case 'set-up':
      return [{ ...state, stage: 'waiting' }, NOTHING];
    case 'go':
      return [state, ['go soon']];
    case 'fails':
      if (state.fate !== 'open') return stay(state);
      return state.hasLived
        ? [{ ...state, fate: 'failing' }, ['blame', 'ask']]
        : undone(state, 'failed', ['blame', ...UNDO]);
    case 'fails-for-good':
      return undone(state, 'failed', ['blame', ...UNDO]);
    case 'overdue':
      return undone(state, 'failed', ['tell overdue', 'blame', ...UNDO]);
    case 'refused':
      return undone(state, 'failed', UNDO);
    case 'stop':
      return undone(state, 'stopped', UNDO);
    case 'returns':
    case 'suspend':
      return over({ ...state, fate: 'back' }, ['halt', 'leave bus', 'emit finish']);
    case 'stand by':
      return over({ ...state, fate: 'standby' }, ['halt', 'leave bus', 'emit finish']);
    default:
      return stay(state);
  }
}

const UNDO: readonly Effect[] = ['halt', 'leave bus', 'emit finish', 'close', 'announce', 'be gone'];

function undone(state: LifeState, fate: 'stopped' | 'failed', effects: readonly Effect[]): Step {
  return [{ ...state, stage: 'gone', fate }, effects];
}

/** From being set up to being ready, as long as nothing has gone wrong. */
function forward(state: LifeState, event: LifeEvent): Step | undefined {
  if (state.fate !== 'open') return undefined;
  const { stage } = state;
  if (stage === 'waiting' && event === 'go') return [{ ...state, stage: 'connecting' }, ['connect']];
  if (stage === 'connecting' && event === 'connected') return [{ ...state, stage: 'joining' }, ['join']];
  if (stage === 'joining' && event === 'joined') return [{ ...state, stage: 'configured' }, ['configure']];
  if (stage === 'configured' && event === 'configured') return [{ ...state, stage: 'start' }, ['start']];
  if (stage === 'start' && event === 'started') return [state, ['await ready']];
  if (stage === 'start' && event === 'came')
    return [{ ...state, stage: 'ready', hasLived: true }, ['be ready']];
  return undefined;
}

function whenAlive(state: LifeState, event: LifeEvent): Step {
  const { fate } = state;
  switch (event) {
    case 'fails':
      return fate === 'open' ? [failing(state), ['blame', 'end soon']] : stay(state);
    case 'overdue':
      return fate === 'open' ? [failing(state), ['tell overdue', 'blame', 'end soon']] : stay(state);
    case 'fails-for-good':
      return [{ ...state, fate: 'failed' }, fate === 'open' ? ['blame', 'end soon'] : NOTHING];
    case 'end':
      if (fate === 'failing') return [state, ['ask']];
      return fate === 'failed' ? end(state, fate) : stay(state);
    case 'returns':
      return end(state, 'back');
    case 'refused':
      return end(state, 'failed');
    case 'stop':
      return end(state, fate === 'open' ? 'stopped' : 'failed');
    case 'suspend':
      return fate === 'failed' ? stay(state) : end(state, 'back');
    case 'stand by':
      return fate === 'failed' ? stay(state) : end(state, 'standby');
    default:
      return stay(state);
  }
}

/** One that has never been ready is not started again. */
function failing(state: LifeState): LifeState {
  return { ...state, fate: state.hasLived ? 'failing' : 'failed' };
}

function end(state: LifeState, fate: 'back' | 'standby' | 'stopped' | 'failed'): Step {
  const effects: readonly Effect[] = comesBack(fate)
    ? ['begin stop', 'halt', 'await drained']
    : ['begin stop', 'announce', 'halt', 'await drained'];
  return [{ ...state, stage: 'draining', fate, isLate: false }, effects];
}

/** From the beginning of the end to its end. */
function backward(state: LifeState, event: LifeEvent): Step | undefined {
  const isQuiet = event === 'quiet';
  if (!isQuiet && event !== 'late' && event !== 'turned') return undefined;
  switch (state.stage) {
    case 'draining':
      if (event === 'turned') return undefined;
      return [{ ...state, stage: 'stopping' }, cut(isQuiet, 'cut in flight', ['emit stop', 'await stopped'])];
    case 'stopping':
      if (event === 'turned') return undefined;
      return [{ ...state, stage: 'leaving', isLate: !isQuiet }, cut(isQuiet, 'cut all', ['let pass'])];
    case 'leaving':
      if (event === 'late') return [{ ...state, isLate: true }, NOTHING];
      if (event === 'quiet') return undefined;
      return state.isLate || state.isHurried
        ? finish(state, 'cut all')
        : [{ ...state, stage: 'clearing' }, ['await cleared']];
    case 'clearing':
      return event === 'turned' ? undefined : finish(state, isQuiet ? undefined : 'cut all');
    case 'finishing':
      return event === 'turned' ? undefined : over(state, isQuiet ? NOTHING : ['cut in flight']);
    default:
      return undefined;
  }
}

function finish(state: LifeState, cutting: Effect | undefined): Step {
  const effects: readonly Effect[] = ['leave bus', 'emit finish', 'await finished'];
  return [
    { ...state, stage: 'finishing', isLate: false },
    cutting === undefined ? effects : [cutting, ...effects],
  ];
}

function cut(isQuiet: boolean, cutting: Effect, effects: readonly Effect[]): readonly Effect[] {
  return isQuiet ? effects : [cutting, ...effects];
}

/** The life is over. @param last what is to be done before */
function over(state: LifeState, last: readonly Effect[]): Step {
  const [stage, effects] = AFTERWARDS[state.fate];
  return [{ ...state, stage }, [...last, 'close', ...effects]];
}

const GONE: readonly [Stage, readonly Effect[]] = ['gone', ['be gone']];

const AFTERWARDS: Readonly<Record<Fate, readonly [Stage, readonly Effect[]]>> = {
  back: ['down', ['be down']],
  standby: ['standby', ['be standby']],
  turn: ['down', ['be down', 'take turn']],
  open: GONE,
  failing: GONE,
  stopped: GONE,
  failed: GONE,
};

/** What goes wrong on the way down, or is asked then, decides only what follows. */
function whenEnding(state: LifeState, event: LifeEvent): Step {
  const { fate } = state;
  switch (event) {
    case 'stop':
      return comesBack(fate) ? [{ ...state, fate: 'stopped' }, ['announce']] : stay(state);
    case 'stand by':
      return comesBack(fate) ? [{ ...state, fate: 'standby' }, NOTHING] : stay(state);
    case 'turn':
      return fate === 'standby' ? [{ ...state, fate: 'turn' }, NOTHING] : stay(state);
    case 'fails':
      return fate === 'stopped' ? [{ ...state, fate: 'failed' }, NOTHING] : stay(state);
    case 'fails-for-good':
      return [{ ...state, fate: 'failed' }, comesBack(fate) ? ['announce'] : NOTHING];
    case 'overdue':
      return comesBack(fate) ? [{ ...state, fate: 'failed' }, ['tell overdue', 'announce']] : stay(state);
    default:
      return stay(state);
  }
}

/** Whoever is waited for is cut off now; those who are not there yet will be. */
function hurry(state: LifeState): Step {
  const isWaiting = ['draining', 'stopping', 'clearing', 'finishing'].includes(state.stage);
  return (isWaiting ? backward(state, 'late') : undefined) ?? stay(state);
}

function stay(state: LifeState): Step {
  return [state, NOTHING];
}

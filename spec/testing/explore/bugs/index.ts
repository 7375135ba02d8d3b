import { billedTwice } from './billedTwice';
import { bothTrip } from './bothTrip';
import { checkThenAct } from './checkThenAct';
import { deadlineTie } from './deadlineTie';
import { doubleCharge } from './doubleCharge';
import { drainWaits } from './drainWaits';
import { droppedOff } from './droppedOff';
import { forgetfulDebounce } from './forgetfulDebounce';
import { lateCancel } from './lateCancel';
import { lateReply } from './lateReply';
import { lateSubscription } from './lateSubscription';
import { lostLease } from './lostLease';
import { lostSwitch } from './lostSwitch';
import { lostUpdate } from './lostUpdate';
import { notReady } from './notReady';
import { olderEvent } from './olderEvent';
import { retryOvertakes } from './retryOvertakes';
import { setBack } from './setBack';
import { staleCache } from './staleCache';
import { startOrder } from './startOrder';
import { noStep } from './noStep';
import { settledTwice } from './settledTwice';
import { splitState } from './splitState';
import { wrongOrder } from './wrongOrder';
import { armedAgain } from './armedAgain';
import { effectBeforeCommit } from './effectBeforeCommit';
import { earlyAck } from './earlyAck';
import { keptSeat } from './keptSeat';
import { lostInDrain } from './lostInDrain';
import { newAgain } from './newAgain';
import { sharedLease } from './sharedLease';
import { uncheckedFence } from './uncheckedFence';
import type { SeededBug } from './support/SeededBug';
import { twoTimers } from './twoTimers';
import { uncalibrated } from './uncalibrated';
import { undoneTwice } from './undoneTwice';
import { unknownDuplicate } from './unknownDuplicate';

/** In the order in which a reader may take them: first what awaits do, then calls and retries, then lives, time, crashes, and hosts. */
export const bugs: readonly SeededBug[] = [
  lostUpdate,
  checkThenAct,
  startOrder,
  uncalibrated,
  setBack,
  staleCache,
  lateSubscription,
  doubleCharge,
  retryOvertakes,
  lateReply,
  unknownDuplicate,
  olderEvent,
  lateCancel,
  undoneTwice,
  lostSwitch,
  droppedOff,
  forgetfulDebounce,
  notReady,
  billedTwice,
  bothTrip,
  drainWaits,
  lostLease,
  deadlineTie,
  twoTimers,
  noStep,
  effectBeforeCommit,
  settledTwice,
  armedAgain,
  splitState,
  wrongOrder,
  sharedLease,
  uncheckedFence,
  earlyAck,
  newAgain,
  keptSeat,
  lostInDrain,
];

import { one, optional, sequence } from './sequence';
import { text, type Value } from './shape';

/** Whether the other side could do what it was asked for. */
export const eiResponse = sequence({
  code: one('ei:responseCode', text),
  description: optional('ei:responseDescription', text),
  requestId: one('pyld:requestID', text),
});
export type EiResponse = Value<typeof eiResponse>;

/** The response codes of OpenADR 2.0b that are used here. */
export const RESPONSE = {
  ok: '200',
  outOfSequence: '450',
  notAllowed: '451',
  invalidId: '452',
  notRecognized: '453',
  invalidData: '454',
  signalNotSupported: '460',
  reportNotSupported: '461',
  targetMismatch: '462',
  notRegistered: '463',
} as const;

export function isGood({ code }: EiResponse): boolean {
  return code.startsWith('2');
}

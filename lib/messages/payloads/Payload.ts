import type { Json } from '../../store/Json';

/** What a payload is on its way: data as JSON has it, or nothing. Whoever gets one leaves it as it is. */
export type { Json };
export type Payload = Json | undefined;

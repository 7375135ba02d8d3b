import { aPort } from '../options/checks';

/** Whether something is given a host that has been created. */
export const aHost = aPort(['start', 'stop', 'report'], 'a host, which createHost() gives');

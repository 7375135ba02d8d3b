import { marbleTest } from 'rx-agent-kit/testing';
import { groupSuite } from './groupSuite';
import { twoAgentsSuite } from './twoAgentsSuite';

twoAgentsSuite('on one host in memory', (body) => marbleTest(({ host }) => body(host, host)));

groupSuite('on one host in memory', (body) => marbleTest(({ host }) => body(host, host)));

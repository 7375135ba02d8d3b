import { AgentError, topic, type TopicOptions } from 'rx-agent-kit';
import { z } from 'zod';

const reading = topic('devices/:building/:unit', z.number());
const logs = topic('logs/:host/*', z.string());

function refusalOf(work: () => unknown): AgentError {
  try {
    work();
  } catch (error) {
    if (error instanceof AgentError) return error;
  }
  throw new Error('It was not refused.');
}

describe('topic', () => {
  it('is an address by itself without parameters', () => {
    const { address, filter } = topic('site/state', z.string());
    expect({ address, filter }).toEqual({ address: 'site/state', filter: 'site/state' });
  });

  it('is a filter as long as a parameter is missing', () => {
    expect(reading.filter).toBe('devices/+/+');
    expect(reading.at({ building: 'b1' }).filter).toBe('devices/b1/+');
    expect(reading.at({ unit: 'u7' }).filter).toBe('devices/+/u7');
    expect(logs.filter).toBe('logs/+/*');
    expect(logs.at({ host: 'a' }).filter).toBe('logs/a/*');
  });

  it('is an address with all parameters', () => {
    expect(reading.at({ building: 'b1', unit: 'u7' }).address).toBe('devices/b1/u7');
    expect(logs.at({ host: 'a', '*': 'app/db' }).address).toBe('logs/a/app/db');
    expect(logs.at({ host: 'a', '*': '' }).address).toBe('logs/a');
  });

  it('finds the parameters of a topic again', () => {
    expect(reading.paramsOf('devices/b1/u7')).toEqual({ building: 'b1', unit: 'u7' });
    expect(logs.paramsOf('logs/a/app/db')).toEqual({ host: 'a', '*': 'app/db' });
    expect(logs.paramsOf('logs/a')).toEqual({ host: 'a', '*': '' });
  });

  it('forgets the parameters of topics when there are many, and finds them anew', () => {
    for (let n = 0; n < 3000; n++)
      expect(reading.paramsOf(`devices/b/${n % 1500}`)).toEqual({ building: 'b', unit: String(n % 1500) });
  });

  it.each([
    ['', 'a segment is empty'],
    ['/devices', 'a segment is empty'],
    ['devices//a', 'a segment is empty'],
    ['devices/', 'a segment is empty'],
    ['devices/*/a', '* stands for the rest of a topic, so it has to be the last segment'],
    ['devices/:', "':' is no parameter: a name has to follow the colon"],
    ['devices/:a-b', "':a-b' is no parameter: a name has to follow the colon"],
    ['devices/:a/:a', ':a stands in it twice'],
    ['devices/a b', "a segment such as 'a b' may have neither white space nor + or * in it"],
    ['devices/+', "a segment such as '+' may have neither white space nor + or * in it"],
    ['a*', "a segment such as 'a*' may have neither white space nor + or * in it"],
  ])('refuses the pattern %j', (pattern, why) => {
    const { code, message } = refusalOf(() => topic(pattern, z.number()));
    expect(code).toBe('bad-topic');
    expect(message).toBe(
      `'${pattern}' is no pattern of topics: ${why}. Write segments between slashes, such as 'devices/:building/:unit' or 'logs/*'.`,
    );
  });

  it('refuses what is no string, no schema, no option', () => {
    expect(refusalOf(() => topic(7 as unknown as string, z.number())).message).toContain(
      '7 is no pattern of topics: it has to be a string.',
    );
    expect(refusalOf(() => topic('a', {} as z.ZodNumber)).message).toBe(
      "a needs a zod schema of its payloads: topic('a', z.number()).",
    );
    const options = { retain: 'all' } as unknown as TopicOptions;
    expect(refusalOf(() => topic('a', z.number(), options)).code).toBe('bad-option');
  });

  it.each([
    [{ building: '' }, "parameter building: '' is not one segment"],
    [{ building: 'a/b' }, "parameter building: 'a/b' is not one segment"],
    [{ building: '+' }, "parameter building: '+' is not one segment"],
    [{ building: '*' }, "parameter building: '*' is not one segment"],
    [{ building: 'a b' }, "parameter building: 'a b' is not one segment"],
    [{ building: 7 }, 'parameter building: 7 is not one segment'],
    [{ floor: '1' }, 'parameter floor: there is none of that name. It has building, unit.'],
  ])('refuses the parameters %j', (params, why) => {
    const { code, message } = refusalOf(() => reading.at(params as { building: string }));
    expect(code).toBe('bad-topic');
    expect(message).toContain(`devices/:building/:unit: ${why}`);
  });

  it('refuses an empty topic', () => {
    const all = topic('*', z.number());
    expect(refusalOf(() => all.at({ '*': '' })).code).toBe('bad-topic');
    expect(refusalOf(() => all.at({ '*': 'a//b' })).code).toBe('bad-topic');
    expect(all.at({ '*': 'a/b' }).address).toBe('a/b');
  });

  it('takes what devices are called', () => {
    const unit = '00:1A:2b.ü-_#$€';
    expect(reading.at({ building: 'b', unit }).address).toBe(`devices/b/${unit}`);
  });
});
